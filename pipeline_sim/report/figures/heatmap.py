"""Where is it gained? Months of extension that the best programme avoids per 100 doctors, by specialty and office."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.figures.frame import (
    DARK,
    QUIET,
    SHADE,
    Picture,
    fewer_per,
    leader,
    plain,
    rules,
    sheet,
    small_print,
    told,
    wrapped,
)
from pipeline_sim.report.figures.subgroup_gains import FEWEST, mid
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import level, signed
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import GROUP, OFFICE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

QUESTION = "In which specialties and regions is it gained?"
PER = 100
MONTHS = "extension_months"
ALL = "All"
GAIN, HARM = LINES[0].colour, LINES[1].colour
PALE, WHITE, BLACK = "#f7f7f7", "#ffffff", "#000000"
CHANCE = 0.05  # of cells in which nothing is gained, told from nothing all the same
DARKEST = 0.55  # of the scale, from where on letters are white
STRONG = 95  # per cent of cells that lie within the colours
AROUND = 0.25  # gap before the last row and column

Cells = Mapping[tuple[str, str], "Cell"]


class Cell(NamedTuple):
    """What a programme avoids in a specialty group and an office."""

    group: str
    office: str
    doctors: float
    avoided: Estimate  # months of extension per 100 doctors in post, over all reported years

    @property
    def is_shown(self) -> bool:
        """Enough doctors, and a number?"""
        return self.doctors >= FEWEST and not np.isnan(self.avoided.mean)

    @property
    def is_sure(self) -> bool:
        """Can it be told from nothing?"""
        return self.is_shown and self.avoided.can_tell


def heatmap(answer: Answer) -> Picture | None:
    """Cells in colour with their numbers; none where there is no programme or no cell is large enough."""
    best = leader(answer)
    if best is None:
        return None
    cells = cells_of(answer, best)
    found = [cell for cell in cells.values() if cell.is_shown and ALL not in (cell.group, cell.office)]
    if not found:
        return None
    with rules():
        drawn = sheet(5.2)
        _grid(drawn.subplots(), cells, found)
        says = finding(answer, best, found)
        notes = small_print(answer, note(found))
        return Picture("heatmap", QUESTION, says, alt(answer, best, found), told(drawn, says, notes))


def cells_of(answer: Answer, best: str) -> dict[tuple[str, str], Cell]:
    """Every group and office, and at the ends all of each."""
    change = answer.places.xs((best, MONTHS), level=("world", "indicator"))
    cells = _cells(change, answer.who_by_place.xs("headcount", level="indicator")["mean"])
    for by in (GROUP, OFFICE):
        more = answer.gains.xs((best, by, MONTHS), level=("world", "by", "indicator"))
        doctors = answer.who.xs((by, "headcount"), level=("by", "indicator"))["mean"]
        for name, values in zip(more.index, more.to_numpy(), strict=True):
            key = (str(name), ALL) if by == GROUP else (ALL, str(name))
            cells[key] = Cell(*key, float(doctors[name]), fewer_per(PER, Estimate(*values), float(doctors[name])))
    return cells


def finding(answer: Answer, best: str, found: Sequence[Cell]) -> str:
    """The cell that stands out, with its interval, or that none can be told."""
    name = f"“{answer.label(best)}”"
    if all(np.isnan(cell.avoided.low) for cell in found):
        return f"{name}: where extension is avoided cannot be told from one replication ({len(found)} cells)"
    sure = [cell for cell in found if cell.is_sure]
    if not sure:
        return f"{name}: in no single one of {len(found)} pairs of specialty and office can a gain be told from nothing"
    gained = [cell for cell in sure if cell.avoided.mean > 0]
    says = f"a gain can be told from nothing in {len(gained)} of {len(found)} pairs of specialty and office"
    if not gained:
        return f"{name}: {says}"
    most = max(gained, key=lambda cell: cell.avoided.mean)
    return (
        f"{name} avoids most months of extension per {PER} doctors in {mid(most.group)}, {most.office}:"
        f" {level(most.avoided)}; {says}"
    )


def note(found: Sequence[Cell]) -> str:
    """What is shown, and how much chance there is in so many cells."""
    chance = max(1, round(CHANCE * len(found)))
    return (
        f"Months of extension avoided per {PER} doctors in post, all years; hatched: added. Bold: can be told from 0."
        f" Of {len(found)} cells in which nothing is gained about {chance} would be bold by chance, and the largest is"
        f" partly luck. Dot: fewer than {FEWEST} doctors."
    )


def alt(answer: Answer, best: str, found: Sequence[Cell]) -> str:
    """What the picture shows, with its numbers."""
    sure = [cell for cell in found if cell.is_sure]
    order = sorted(sure, key=lambda cell: -abs(cell.avoided.mean))[:5]
    says = (
        f"Heat map of months of extension that “{answer.label(best)}” avoids per {PER} doctors, by specialty group and"
        f" office; {len(sure)} of {len(found)} cells with at least {FEWEST} doctors can be told from nothing"
    )
    cells = [f"{cell.group}, {cell.office} {level(cell.avoided, False)}" for cell in order]
    return f"{says}. The largest with 95 % intervals: {'; '.join(cells)}." if cells else f"{says}."


def _cells(change: "pd.DataFrame", doctors: "pd.Series") -> dict[tuple[str, str], Cell]:
    found = {}
    for (group, office), values in zip(change.index, change.to_numpy(), strict=True):
        many = float(doctors[(group, office)])
        found[(str(group), str(office))] = Cell(str(group), str(office), many, fewer_per(PER, Estimate(*values), many))
    return found


def _grid(axes: "Axes", cells: Cells, found: Sequence[Cell]) -> None:
    """Groups down, offices across, all of them at the ends; only rows in which something can be shown."""
    groups = [group for group in _once(group for group, _ in cells) if any(cell.group == group for cell in found)]
    offices = [office for office in _once(office for _, office in cells) if office != ALL]
    rows, columns = _places(groups), _places(offices)
    limit = float(np.percentile([abs(cell.avoided.mean) for cell in found], STRONG)) or 1.0
    plain(axes)
    for group, top in rows.items():
        for office, left in columns.items():
            if (group, office) in cells:
                _cell(axes, cells[(group, office)], (left, top), limit)
    axes.set_xlim(-0.02, columns[ALL] + 1.02)
    axes.set_ylim(rows[ALL] + 1.02, -0.02)
    axes.set_yticks([top + 0.5 for top in rows.values()], [wrapped(name, 22) for name in rows], size=7.5)
    axes.set_xticks([left + 0.5 for left in columns.values()], [wrapped(name, 9) for name in columns], size=6.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=2)


def _once(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


def _places(names: Sequence[str]) -> dict[str, float]:
    """Where rows or columns begin, the last after a gap."""
    return {**{name: float(place) for place, name in enumerate(names)}, ALL: len(names) + AROUND}


def _cell(axes: "Axes", cell: Cell, corner: tuple[float, float], limit: float) -> None:
    from matplotlib.patches import Rectangle

    left, top = corner
    part = min(abs(cell.avoided.mean) / limit, 1.0) if cell.is_shown else 0.0
    harms = cell.is_shown and cell.avoided.mean < 0
    fill = _mixed(HARM if harms else GAIN, part) if cell.is_shown else PALE
    axes.add_patch(Rectangle((left, top), 1, 1, facecolor=fill, edgecolor=WHITE, linewidth=1.0))
    if harms:
        axes.add_patch(Rectangle((left, top), 1, 1, fill=False, edgecolor=SHADE, hatch="////", linewidth=0))
    text = signed(cell.avoided.mean) if cell.is_shown else "·"
    is_dark = part > DARKEST and not harms
    colour = (WHITE if is_dark else BLACK) if cell.is_sure else (SHADE if is_dark else DARK)
    weight = "bold" if cell.is_sure else "normal"
    colour = colour if cell.is_shown else QUIET
    axes.text(left + 0.5, top + 0.5, text, ha="center", va="center", size=7, weight=weight, color=colour)


def _mixed(colour: str, part: float) -> str:
    """A colour thinned with white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (1 - part * (1 - value) for value in to_rgb(colour))
    return to_hex((red, green, blue))
