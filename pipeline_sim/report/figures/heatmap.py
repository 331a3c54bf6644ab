"""Heat map of months of extension avoided per 100 doctors, by specialty group and office."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.figures import frame
from pipeline_sim.report.figures.subgroup_gains import FEWEST
from pipeline_sim.report.style import LINES, luminance
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import GROUP, OFFICE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

QUESTION = "In which specialties and regions are the gains?"
PER = 100
MONTHS = "extension_months"
ALL = "All"
GAIN, HARM = LINES[0].colour, LINES[1].colour
PALE, WHITE, BLACK = "#f7f7f7", "#ffffff", "#000000"
CHANCE = 0.05  # share of cells without any gain that are bold by chance
DARKEST = 0.179  # luminance below which white letters can be read better than black ones
STRONG = 95  # per cent of cells that lie within the colours
AROUND = 0.25  # gap before the last row and column

Cells = Mapping[tuple[str, str], "Cell"]


class Cell(NamedTuple):
    """Effect of a programme in one specialty group and office."""

    group: str
    office: str
    doctors: float
    avoided: Estimate  # months of extension per 100 doctors in post, over all reported years

    @property
    def is_shown(self) -> bool:
        """Whether there are enough doctors and a number."""
        return self.doctors >= FEWEST and not np.isnan(self.avoided.mean)

    @property
    def is_sure(self) -> bool:
        """Whether the interval excludes zero."""
        return self.is_shown and self.avoided.excludes_zero


def heatmap(answer: Answer) -> frame.Picture | None:
    """Heat map; None without a programme or a cell with enough doctors."""
    best = frame.leading_programme(answer)
    if best is None:
        return None
    cells = cells_of(answer, best)
    shown_cells = [cell for cell in cells.values() if cell.is_shown and ALL not in (cell.group, cell.office)]
    if not shown_cells:
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(5.2)
        _grid(drawn.subplots(), cells, shown_cells)
        title = finding(answer, best, shown_cells)
        notes = frame.source_note(answer, note(shown_cells))
        return frame.captioned("heatmap", QUESTION, title, alt_text(answer, best, shown_cells), drawn, notes)


def cells_of(answer: Answer, best: str) -> dict[tuple[str, str], Cell]:
    """Cells by specialty group and office, with the totals of each."""
    change = answer.group_office_differences.xs((best, MONTHS), level=("world", "indicator"))
    cells = _cells(change, answer.group_office_levels.xs("headcount", level="indicator")["mean"])
    for by in (GROUP, OFFICE):
        more = answer.subgroup_differences.xs((best, by, MONTHS), level=("world", "by", "indicator"))
        doctors = answer.subgroup_levels.xs((by, "headcount"), level=("by", "indicator"))["mean"]
        for name, values in zip(more.index, more.to_numpy(), strict=True):
            key = (str(name), ALL) if by == GROUP else (ALL, str(name))
            cells[key] = Cell(
                *key, float(doctors[name]), frame.avoided_rate(PER, Estimate(*values), float(doctors[name]))
            )
    return cells


def finding(answer: Answer, best: str, shown_cells: Sequence[Cell]) -> str:
    """Finding: cell with the largest clear gain, and how many cells have one."""
    name = f"“{answer.label(best)}”"
    if all(np.isnan(cell.avoided.low) for cell in shown_cells):
        return f"{name}: one replication is too few to show where extensions are avoided ({len(shown_cells)} cells)"
    sure = [cell for cell in shown_cells if cell.is_sure]
    if not sure:
        return f"{name}: no clear gain in any of {len(shown_cells)} combinations of specialty and office"
    gained = [cell for cell in sure if cell.avoided.mean > 0]
    count = f"a clear gain in {len(gained)} of {len(shown_cells)} combinations of specialty and office"
    if not gained:
        return f"{name}: {count}"
    chance = max(1, round(CHANCE * len(shown_cells) / 2))
    return f"{name}: months of extension avoided, with {count}; about {chance} would show one by chance"


def note(shown_cells: Sequence[Cell]) -> str:
    """Notes: what is shown, and how many cells would be bold by chance."""
    chance = max(1, round(CHANCE * len(shown_cells)))
    return (
        f"Months of extension avoided per {PER} doctors in post, all years; hatched: added. Bold: the interval "
        f"excludes zero. Of {len(shown_cells)} cells without any gain about {chance} would be bold by chance, and the "
        f"largest is partly due to chance. Dot: fewer than {FEWEST} doctors."
    )


def alt_text(answer: Answer, best: str, shown_cells: Sequence[Cell]) -> str:
    """Alternative text with the numbers of the figure."""
    sure = [cell for cell in shown_cells if cell.is_sure]
    order = sorted(sure, key=lambda cell: -abs(cell.avoided.mean))[:5]
    summary = (
        f"Heat map of months of extension that “{answer.label(best)}” avoids per {PER} doctors, by specialty group and"
        f" office; {len(sure)} of {len(shown_cells)} cells with at least {FEWEST} doctors show a clear difference"
    )
    cells = [f"{cell.group}, {cell.office} {clause_with_interval(cell.avoided, '')}" for cell in order]
    return f"{summary}. The largest with 95 % intervals: {'; '.join(cells)}." if cells else f"{summary}."


def _cells(change: "pd.DataFrame", doctors: "pd.Series") -> dict[tuple[str, str], Cell]:
    shown_cells = {}
    for (group, office), values in zip(change.index, change.to_numpy(), strict=True):
        many = float(doctors[(group, office)])
        shown_cells[(str(group), str(office))] = Cell(
            str(group), str(office), many, frame.avoided_rate(PER, Estimate(*values), many)
        )
    return shown_cells


def _grid(axes: "Axes", cells: Cells, shown_cells: Sequence[Cell]) -> None:
    """Draw groups down and offices across, totals at the ends; rows without a shown cell are left out."""
    groups = [group for group in _once(group for group, _ in cells) if any(cell.group == group for cell in shown_cells)]
    offices = [office for office in _once(office for _, office in cells) if office != ALL]
    rows, columns = _places(groups), _places(offices)
    limit = float(np.percentile([abs(cell.avoided.mean) for cell in shown_cells], STRONG)) or 1.0
    frame.bare_axes(axes)
    for group, top in rows.items():
        for office, left in columns.items():
            if (group, office) in cells:
                _cell(axes, cells[(group, office)], (left, top), limit)
    axes.set_xlim(-0.02, columns[ALL] + 1.02)
    axes.set_ylim(rows[ALL] + 1.02, -0.02)
    axes.set_yticks([top + 0.5 for top in rows.values()], [frame.wrapped(name, 22) for name in rows], size=7.5)
    axes.set_xticks([left + 0.5 for left in columns.values()], [frame.wrapped(name, 9) for name in columns], size=6.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=2)


def _once(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


def _places(names: Sequence[str]) -> dict[str, float]:
    """Start of every row or column; the total follows after a gap."""
    return {**{name: float(place) for place, name in enumerate(names)}, ALL: len(names) + AROUND}


def _cell(axes: "Axes", cell: Cell, corner: tuple[float, float], limit: float) -> None:
    from matplotlib.patches import Rectangle

    left, top = corner
    part = min(abs(cell.avoided.mean) / limit, 1.0) if cell.is_shown else 0.0
    harms = cell.is_shown and cell.avoided.mean < 0
    fill = _mixed(HARM if harms else GAIN, part) if cell.is_shown else PALE
    axes.add_artist(Rectangle((left, top), 1, 1, facecolor=fill, edgecolor=WHITE, linewidth=1.0))
    if harms:
        axes.add_artist(Rectangle((left, top), 1, 1, fill=False, edgecolor=frame.SHADE, hatch="////", linewidth=0))
    text = rounded(cell.avoided.mean) if cell.is_shown else "·"
    weight = "bold" if cell.is_sure else "normal"
    colour = WHITE if luminance(fill) < DARKEST else BLACK
    axes.text(left + 0.5, top + 0.5, text, ha="center", va="center", size=7, weight=weight, color=colour)


def _mixed(colour: str, part: float) -> str:
    """Colour mixed with white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (1 - part * (1 - value) for value in to_rgb(colour))
    return to_hex((red, green, blue))
