"""What took training away, and what gave it back? Shocks and interventions one after another, in the study's order."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.figures.frame import DARK, Picture, counted, rules, sheet, small_print, told
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import avoids, level, signed, span
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.attribution import INTERVENTION, SHOCK
from pipeline_sim.study.estimates.intervals import Estimate, estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "What took training away, and what gave it back?"
NOTE = (
    "Added one after another from the top; in another order the shares would be others. Hatched: cannot be told from"
    " nothing. Whiskers: interval of what the one step adds."
)
INDICATOR, MONTHS = "months_short", "months of training"
LOSES, GAINS, TOTAL = LINES[1].colour, LINES[0].colour, DARK
NAME_LETTERS, NAME_LINES, NAME_SIZE = 27, 3, 7.0
THICK = 0.62


class Step(NamedTuple):
    """One bar."""

    label: str
    adds: Estimate  # months of training lost; below zero they are given back
    start: float  # where the bar begins


class Panel(NamedTuple):
    """Bars of one kind and their sum."""

    head: str
    axis: str
    steps: list[Step]
    total: Step


def waterfall(answer: Answer) -> Picture | None:
    """Shocks on the left, interventions on the right, each with its own axis; none without an attribution."""
    shown = panels(answer)
    if not shown:
        return None
    with rules():
        drawn = sheet(1.75 + 0.345 * max(len(panel.steps) + 1 for panel in shown))
        for axes, panel in zip(drawn.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
            _bars(axes, panel)
        finding = found(answer)
        return Picture("waterfall", QUESTION, finding, alt(answer), told(drawn, finding, _small_print(answer)))


def panels(answer: Answer) -> list[Panel]:
    """The kinds of which there are rungs."""
    if answer.study.attribution is None or answer.attribution.empty:
        return []
    programme = answer.label(answer.study.attribution.programme)
    heads = {
        SHOCK: ("What the shocks took", "All shocks", "Months of training lost, thousands"),
        INTERVENTION: (
            f"What “{programme}” gave back",
            "The whole programme",
            "Change in months of training lost, thousands",
        ),
    }
    found = []
    for kind, (head, whole, axis) in heads.items():
        steps = steps_of(answer, kind)
        if steps:
            total = Step(whole, _total(answer, kind, steps), 0.0)
            found.append(Panel("\n".join(textwrap.wrap(head, 44)), axis, steps, total))
    return found


def steps_of(answer: Answer, kind: str) -> list[Step]:
    """Bars of a kind, each beginning where the one before it ends."""
    table = answer.attribution
    rows = table[(table["kind"] == kind) & (table["indicator"] == INDICATOR)]
    adds = [Estimate(*row) for row in rows[list(Estimate._fields)].to_numpy(np.float64).tolist()]
    ends = np.cumsum([0.0, *(each.mean for each in adds)])
    return [Step(*parts) for parts in zip(rows["label"], adds, ends[:-1].tolist(), strict=True)]


def attributed(answer: Answer) -> tuple[int, int]:
    """Replications and draws that the attribution rests on."""
    asked = answer.study.attribution
    number = min(asked.replications if asked else 0, answer.replications)
    return number, -(-number // answer.study.lucks)


def found(answer: Answer) -> str:
    """The finding: the shock that took most of those that can be told, and what the programme gave back."""
    parts = []
    for panel in panels(answer):
        told_apart = [step for step in panel.steps if step.adds.can_tell]
        if panel.total.label == "All shocks":
            parts.append(_taken(panel, [step for step in told_apart if step.adds.mean > 0]))
        else:
            parts.append(_given(answer, panel, [step for step in told_apart if step.adds.mean < 0]))
    return "; ".join(parts)


def alt(answer: Answer) -> str:
    """What the picture shows, with its numbers."""
    number, _ = attributed(answer)
    parts = [
        f"Horizontal bars, one after another in the study's order, over the first {counted(number, 'replication')}:"
        f" {MONTHS} lost, below zero given back."
    ]
    for panel in panels(answer):
        said = [f"{step.label} {level(step.adds, named=False)}" for step in panel.steps]
        head = panel.head.replace("\n", " ")
        parts.append(f"{head}: {'; '.join(said)}. {panel.total.label}: {level(panel.total.adds)}.")
    return " ".join(parts)


def _taken(panel: Panel, sure: Sequence[Step]) -> str:
    whole = signed(panel.total.adds.mean)
    if not sure:
        return f"The shocks took {whole} {MONTHS}, but of no single one can it be told how many"
    most = max(sure, key=lambda step: step.adds.mean)
    rivals = sum(step.adds.high > most.adds.mean for step in panel.steps if step is not most)
    return (
        f"“{most.label}” took {rounded(most.adds.mean)} ({span(most.adds)}) of {whole} {MONTHS} lost, the most of the"
        f" shocks that can be told{_doubt(rivals)}"
    )


def _doubt(rivals: int) -> str:
    """How many others may have taken more."""
    if not rivals:
        return ""
    return f", but {counted(rivals, 'other')} may have taken more"


def _given(answer: Answer, panel: Panel, sure: Sequence[Step]) -> str:
    asked = answer.study.attribution
    name = answer.label(asked.programme) if asked else ""
    clause = f"“{name}” {avoids(panel.total.adds.turned(), f'{MONTHS} lost', named=False)}"
    if not sure:
        return f"{clause}, though no single part can be told to" if panel.total.adds.can_tell else clause
    best = min(sure, key=lambda step: step.adds.mean)
    return f"{clause}; of its parts most by “{best.label}”: {rounded(-best.adds.mean)}"


def _total(answer: Answer, kind: str, steps: Sequence[Step]) -> Estimate:
    """The sum, with its interval where two worlds of the study are the two ends."""
    mean = float(sum(step.adds.mean for step in steps))
    asked = answer.study.attribution
    _, draws = attributed(answer)
    after = asked.programme if asked and kind == INTERVENTION else answer.study.baseline
    ends = [answer.study.baseline] if kind == INTERVENTION else [name for name in answer.worlds if name != after]
    for before in ends:
        change = (answer.draws[after] - answer.draws[before])[INDICATOR].to_numpy(np.float64)[:draws]
        paired = estimate(change)
        if np.isclose(paired.mean, mean, rtol=1e-6, atol=1e-6):
            return paired
    return Estimate(mean, np.nan, np.nan)


def _small_print(answer: Answer) -> str:
    number, draws = attributed(answer)
    asked = answer.study.attribution
    kept = f"The steps rest on the first {counted(number, 'replication')} ({counted(draws, 'draw')})."
    if asked is None or asked.programme == answer.study.baseline:
        return small_print(answer, NOTE, kept)
    whole = answer.difference(asked.programme, INDICATOR).turned()
    everything = f"Over all {answer.replications} the programme {avoids(whole, f'{MONTHS} lost', named=False)}."
    return small_print(answer, NOTE, kept, everything if number < answer.replications else "")


def _bars(axes: "Axes", panel: Panel) -> None:
    """One bar a row from the top, its sum below."""
    rows = [*panel.steps, panel.total]
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color="black", linewidth=0.9, zorder=2.5)
    axes.axhline(len(rows) - 1.5, color="#b5b5b5", linewidth=0.8)
    for row, step in enumerate(rows):
        _bar(axes, row, step, TOTAL if step is panel.total else _colour(step))
    for row, step in enumerate(panel.steps):
        end = step.start + step.adds.mean
        axes.plot([end, end], [row + THICK / 2, row + 1 - THICK / 2], color="#8a8a8a", linewidth=0.7)
    _scale(axes, rows)
    axes.set_yticks(range(len(rows)), [_name(step.label) for step in rows], size=NAME_SIZE, linespacing=1.0)
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_title(panel.head, size=8.5, weight="bold", loc="center")
    axes.set_xlabel(panel.axis, size=7.5)


def _bar(axes: "Axes", row: int, step: Step, colour: str) -> None:
    """Full where its sign can be told, hatched where not; its mean in a column at the right."""
    sure = step.adds.can_tell
    look: dict[str, Any] = {"color": colour} if sure else {"facecolor": "white", "edgecolor": colour, "hatch": "//////"}
    axes.barh(row, step.adds.mean, THICK, left=step.start, linewidth=0.9, **look)
    end = step.start + step.adds.mean
    if not np.isnan(step.adds.low) and step.adds.low < step.adds.high:
        reach = [end + step.adds.low - step.adds.mean, end + step.adds.high - step.adds.mean]
        axes.plot(reach, [row, row], color="white", linewidth=2.6, zorder=3)
        axes.plot(reach, [row, row], "-|", color="black", linewidth=1.0, ms=5, mew=1.0, zorder=3.1)
    axes.text(
        1.02, row, signed(step.adds.mean), transform=axes.get_yaxis_transform(), va="center", size=NAME_SIZE,
        color="black" if sure else "#6a6a6a",
    )  # fmt: skip


def _colour(step: Step) -> str:
    return LOSES if step.adds.mean >= 0 else GAINS


def _name(label: str) -> str:
    return "\n".join(textwrap.wrap(label, NAME_LETTERS, max_lines=NAME_LINES, placeholder="…"))


def _scale(axes: "Axes", rows: Sequence[Step]) -> None:
    """Thousands of months, with room for every whisker."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    values = np.array([step.start + bound for step in rows for bound in (0.0, *step.adds)])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = 0.05 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1000:,.3g}"))
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.tick_params(axis="x", labelsize=7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
