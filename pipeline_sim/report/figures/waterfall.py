"""Waterfall chart: training lost by shock and recovered by intervention, in the order of the study."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline_sim.report.figures.frame import DARK, Picture, blank_figure, captioned, figure_style, reach, source_note
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import clause_with_interval, effect_clause, interval_clause
from pipeline_sim.report.text.number_format import MINUS, counted, listed, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.attribution import INTERVENTION, SHOCK
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.study.estimates.intervals import Estimate, estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Which shocks cost training time, and which interventions recovered it?"
NOTE = (
    "Added one after another from the top; another order would give other shares. Hatched: the interval includes zero."
)
INDICATOR, MONTHS = "months_short", "months of training"
LOSES, GAINS, TOTAL = LINES[1].colour, LINES[0].colour, DARK
NAME_LETTERS, NAME_LINES, NAME_SIZE = 27, 3, 7.0
THICK = 0.62


class Step(NamedTuple):
    """Bar of one step."""

    label: str
    adds: Estimate  # months of training lost to a shock, or recovered by an intervention
    start: float  # where the bar begins


class Panel(NamedTuple):
    """Bars of one kind and their total."""

    head: str
    axis: str
    colour: str  # of steps that do as the head says
    steps: list[Step]
    total: Step


def waterfall(answer: Answer) -> Picture | None:
    """Waterfall chart, shocks on the left, interventions on the right; None without an attribution."""
    shown = panels(answer)
    if not shown:
        return None
    with figure_style():
        drawn = blank_figure(1.75 + 0.345 * max(len(panel.steps) + 1 for panel in shown))
        for axes, panel in zip(drawn.subplots(1, len(shown), squeeze=False)[0], shown, strict=True):
            _bars(axes, panel)
        title = finding(answer)
        return captioned("waterfall", QUESTION, title, alt_text(answer), drawn, _small_print(answer))


def panels(answer: Answer) -> list[Panel]:
    """Panels of the kinds that have steps."""
    if answer.study.attribution is None or answer.attribution.empty:
        return []
    programme = answer.label(answer.study.attribution.programme)
    heads = {
        SHOCK: ("Training lost by shock", "All shocks", "Months of training lost"),
        INTERVENTION: (
            f"Training recovered by “{programme}”",
            "The whole programme",
            "Months of training recovered",
        ),
    }
    shown = []
    for kind, (head, whole, axis) in heads.items():
        steps = [step for step in steps_of(answer, kind) if not step.adds.low == step.adds.high == 0]
        if steps:
            total = Step(whole, _total(answer, kind, steps), 0.0)
            shown.append(
                Panel("\n".join(textwrap.wrap(head, 44)), axis, LOSES if kind == SHOCK else GAINS, steps, total)
            )
    return shown


def steps_of(answer: Answer, kind: str) -> list[Step]:
    """Bars of one kind, each starting where the previous one ends."""
    table = answer.attribution
    rows = table[(table["kind"] == kind) & (table["indicator"] == INDICATOR)]
    adds = [Estimate(*row) for row in rows[list(Estimate._fields)].to_numpy(np.float64).tolist()]
    adds = adds if kind == SHOCK else [Estimate(*(part + 0.0 for part in each.negated())) for each in adds]
    ends = np.cumsum([0.0, *(each.mean for each in adds)])
    return [Step(*parts) for parts in zip(rows["label"], adds, ends[:-1].tolist(), strict=True)]


def attributed(answer: Answer) -> tuple[int, int]:
    """Numbers of replications and draws of the attribution."""
    attribution = answer.study.attribution
    number = min(attribution.replications if attribution else 0, answer.replications)
    return number, len(draws_of(answer.study, number).weights)


def finding(answer: Answer) -> str:
    """Finding: shock with the largest clear loss, and training recovered by the programme."""
    parts = []
    for panel in panels(answer):
        clear = [step for step in panel.steps if step.adds.excludes_zero]
        if panel.total.label == "All shocks":
            parts.append(_loss_clause(panel, [step for step in clear if step.adds.mean > 0]))
        else:
            name = panel.head.replace("\n", " ").removeprefix("Training recovered by ")
            parts.append(f"{name} {effect_clause(panel.total.adds, f'{MONTHS} lost', name='')}")
    return "; ".join(parts)


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    number, _ = attributed(answer)
    parts = [
        f"Horizontal bars, one after another in the study's order, over the first {counted(number, 'replication')}:"
        f" {MONTHS} lost to shocks, and recovered by interventions."
    ]
    for panel in panels(answer):
        bars = [f"{step.label} {clause_with_interval(step.adds, name='')}" for step in panel.steps]
        head = panel.head.replace("\n", " ")
        parts.append(f"{head}: {'; '.join(bars)}. {panel.total.label}: {clause_with_interval(panel.total.adds)}.")
    return " ".join(parts)


def _loss_clause(panel: Panel, sure: Sequence[Step]) -> str:
    whole = rounded(panel.total.adds.mean)
    if not sure:
        return f"The shocks cost {whole} {MONTHS}, but no single one has a clear effect"
    most = max(sure, key=lambda step: step.adds.mean)
    rivals = sum(step.adds.high > most.adds.mean for step in panel.steps if step is not most)
    doubt = f", but {counted(rivals, 'other')} may have cost more" if rivals else ""
    return (
        f"“{most.label}” cost {rounded(most.adds.mean)} ({interval_clause(most.adds)}) of {whole} {MONTHS} lost, the "
        f"largest clear effect of a shock{doubt}"
    )


def _total(answer: Answer, kind: str, steps: Sequence[Step]) -> Estimate:
    """Total of the steps, with its interval where two worlds of the study are the two ends."""
    mean = float(sum(step.adds.mean for step in steps))
    attribution = answer.study.attribution
    number, _ = attributed(answer)
    after = attribution.programme if attribution and kind == INTERVENTION else answer.study.baseline
    ends = [answer.study.baseline] if kind == INTERVENTION else [name for name in answer.worlds if name != after]
    for before in ends:
        change = (answer.runs[after] - answer.runs[before])[INDICATOR].to_numpy(np.float64)[:number]
        paired = estimate(change if kind == SHOCK else -change, answer.sampling.first(len(change)))
        if np.isclose(paired.mean, mean, rtol=1e-6, atol=1e-6):
            return paired
    return Estimate(mean, np.nan, np.nan)


def _small_print(answer: Answer) -> str:
    number, draws = attributed(answer)
    attribution = answer.study.attribution
    basis = f"The steps are from the first {counted(number, 'replication')} ({counted(draws, 'draw')})."
    table = answer.attribution[answer.attribution["indicator"] == INDICATOR]
    idle = table[table["kind"].isin([SHOCK, INTERVENTION]) & (table["low"] == 0) & (table["high"] == 0)]["label"]
    basis += f" Without any effect: {listed(map(str, idle))}." if len(idle) else ""
    if attribution is None or attribution.programme == answer.study.baseline:
        return source_note(answer, NOTE, basis)
    whole = answer.difference(attribution.programme, INDICATOR).negated()
    everything = f"Over all {answer.replications} the programme {effect_clause(whole, f'{MONTHS} lost', name='')}."
    return source_note(answer, NOTE, basis, everything if number < answer.replications else "")


def _bars(axes: "Axes", panel: Panel) -> None:
    """Draw one bar a row from the top, the total below."""
    rows = [*panel.steps, panel.total]
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color="black", linewidth=0.9, zorder=2.5)
    axes.axhline(len(rows) - 1.5, color="#b5b5b5", linewidth=0.8)
    for row, step in enumerate(rows):
        usual, other = (LOSES, GAINS) if panel.colour == LOSES else (GAINS, LOSES)
        _bar(axes, row, step, TOTAL if step is panel.total else usual if step.adds.mean >= 0 else other)
    for row, step in enumerate(panel.steps):
        end = step.start + step.adds.mean
        axes.plot([end, end], [row + THICK / 2, row + 1 - THICK / 2], color="#8a8a8a", linewidth=0.7)
    _scale(axes, rows)
    axes.set_yticks(range(len(rows)), [_name(step.label) for step in rows], size=NAME_SIZE, linespacing=1.0)
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_title(panel.head, size=8.5, weight="bold", loc="center")
    axes.set_xlabel(panel.axis, size=7.5)


def _bar(axes: "Axes", row: int, step: Step, colour: str) -> None:
    """Draw a bar, hatched where its interval includes zero, and its mean at the right."""
    sure = step.adds.excludes_zero
    look: dict[str, Any] = {"color": colour} if sure else {"facecolor": "white", "edgecolor": colour, "hatch": "//////"}
    axes.barh(row, step.adds.mean, THICK, left=step.start, linewidth=0.9, **look)
    end = step.start + step.adds.mean
    if not np.isnan(step.adds.low) and step.adds.low < step.adds.high:
        reach = [end + step.adds.low - step.adds.mean, end + step.adds.high - step.adds.mean]
        axes.plot(reach, [row, row], color="white", linewidth=2.6, zorder=3)
        axes.plot(reach, [row, row], "-|", color="black", linewidth=1.0, ms=5, mew=1.0, zorder=3.1)
    axes.text(
        1.02, row, rounded(step.adds.mean).replace("-", MINUS), transform=axes.get_yaxis_transform(), va="center",
        size=NAME_SIZE, color="black" if sure else "#6a6a6a",
    )  # fmt: skip


def _name(label: str) -> str:
    return "\n".join(textwrap.wrap(label, NAME_LETTERS, max_lines=NAME_LINES, placeholder="…"))


def _scale(axes: "Axes", rows: Sequence[Step]) -> None:
    """Set an axis of months with room for every whisker."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(reach(step.start + bound for step in rows for bound in (0.0, *step.adds)))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace("-", MINUS)))
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.tick_params(axis="x", labelsize=7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
