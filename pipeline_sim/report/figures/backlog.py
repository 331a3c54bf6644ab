"""Hidden backlog and extensions by year, as levels and as differences from the baseline."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import BASELINE, CONTEXT, LINES, Line, thousands, year_axis
from pipeline_sim.report.text.figure_clauses import INTERVAL, clause_with_interval, effect_clause
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.random_effects import effects

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "How much training have doctors missed, and how many are extended, year by year?"
NOTE = "Pale band: 95 % interval; dark band: eight draws in ten."
ROWS = (
    ("hidden_backlog", "Hidden backlog at the end of the year, months"),
    ("extensions", "Extensions given in the year"),
)
LEAD = LINES[0]


class Fan(NamedTuple):
    """Mean, interval and deciles of one quantity by year."""

    years: list[int]
    mean: list[float]
    low: list[float]  # 95 % interval
    high: list[float]
    tenth: list[float]  # of the draws
    ninetieth: list[float]


def backlog(answer: Answer) -> frame.Picture:
    """Backlog and extensions: levels on the left, differences from the baseline on the right."""
    with frame.figure_style():
        drawn = frame.blank_figure(5.6)
        grid = drawn.subplots(len(ROWS), 2, squeeze=False)
        for row, (indicator, heading) in enumerate(ROWS):
            _levels(grid[row, 0], answer, indicator)
            _differences(grid[row, 1], answer, indicator)
            grid[row, 0].set_title(heading)
            grid[row, 1].set_title("Programmes, difference from the baseline")
        title = finding(answer)
        return frame.captioned(
            "hidden_backlog", QUESTION, title, alt_text(answer), drawn, frame.source_note(answer, NOTE)
        )


def finding(answer: Answer) -> str:
    """Finding: effect of the leading programme on extensions, and of the world without shocks."""
    base, best, normal = answer.study.baseline, frame.leading_programme(answer), frame.context_world(answer)
    total = Estimate(*answer.totals.loc[(base, "extensions")])
    parts = []
    if normal is not None:
        spared = answer.difference(normal, "extensions").negated()
        parts.append(f"“{answer.label(normal)}” {effect_clause(spared, out_of=level_only(total))}")
    if best is not None:
        parts.append(
            f"“{answer.label(best)}” "
            f"{effect_clause(answer.difference(best, 'extensions').negated(), name=INTERVAL if normal is None else '')}"
        )
    return "; ".join(parts) or f"“{answer.label(base)}” gives {clause_with_interval(total)} extensions"


def level_only(total: Estimate) -> str:
    """Mean of an estimate as text."""
    return clause_with_interval(total).split(" ", maxsplit=1)[0]


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    parts = [
        "Four line charts by training year: hidden backlog above, extensions below; worlds on the left, programmes"
    ]
    parts[0] += f" less “{answer.label(answer.study.baseline)}” on the right."
    for indicator, what in (("hidden_backlog", "months of hidden backlog"), ("extensions", "extensions")):
        for world in _shown(answer):
            values = answer.yearly.xs((world, indicator), level=("world", "indicator"))
            year = int(values["mean"].idxmax())
            most, last = Estimate(*values.loc[year]), Estimate(*values.iloc[-1])
            parts.append(
                f"{answer.label(world)}: most {what} in {year_name(year)}, {clause_with_interval(most)};"
                f" in {year_name(int(values.index[-1]))} {clause_with_interval(last, '')}."
            )
    for world in answer.programmes:
        gained = answer.difference(world, "mean_backlog").negated()
        parts.append(f"{answer.label(world)} {effect_clause(gained, 'months of hidden backlog on average')}.")
    return " ".join(parts)


def fan(answer: Answer, world: str, indicator: str, beside: bool = False) -> Fan:
    """Quantity of a world by year, or with `beside` its difference from the baseline."""
    table = answer.yearly_differences if beside else answer.yearly
    values = table.xs((world, indicator), level=("world", "indicator"))
    draws = answer.yearly_runs[world][indicator]
    if beside:
        draws = draws - answer.yearly_runs[answer.study.baseline][indicator]
    wide = effects(draws.unstack("year").to_numpy(np.float64), answer.sampling).drawn
    tenth, ninetieth = np.quantile(wide, [0.1, 0.9], axis=0)
    years = [int(year) for year in values.index]
    mean, low, high = (list(values[name]) for name in Estimate._fields[:3])
    return Fan(years, mean, low, high, list(tenth), list(ninetieth))


def _shown(answer: Answer) -> list[str]:
    normal = frame.context_world(answer)
    return [answer.study.baseline, *([normal] if normal else [])]


def _levels(axes: "Axes", answer: Answer, indicator: str) -> None:
    for world in _shown(answer)[::-1]:
        line = BASELINE if world == answer.study.baseline else CONTEXT
        drawn = fan(answer, world, indicator)
        band(axes, drawn, line)
    axes.set_ylim(bottom=0)
    _finish(axes, drawn.years)
    _name_lines(axes, answer, indicator)


def _name_lines(axes: "Axes", answer: Answer, indicator: str) -> None:
    """Draw the names at the peak: the upper line above it, the lower line below."""
    shown = _shown(answer)
    peaks = {world: answer.yearly.xs((world, indicator), level=("world", "indicator"))["mean"] for world in shown}
    top = peaks[shown[0]]
    year = int(top.idxmax())
    axes.set_ylim(top=1.22 * max(axes.get_ylim()[1], 1e-9))
    axes.annotate(answer.label(shown[0]), (year, top[year]), (0, 9), textcoords="offset points", ha="center", size=8)
    for world in shown[1:]:
        lower = peaks[world]
        axes.annotate(
            answer.label(world), (year, lower[year]), (0, -16), textcoords="offset points", ha="center", size=8,
            color="#5c5c5c",
        )  # fmt: skip


def _differences(axes: "Axes", answer: Answer, indicator: str) -> None:
    axes.axhline(0, color=BASELINE.colour, linewidth=1)
    best = frame.leading_programme(answer)
    fans = {world: fan(answer, world, indicator, beside=True) for world in answer.programmes}
    years = list(answer.years)
    for world, drawn in fans.items():
        if world != best:
            axes.plot(drawn.years, drawn.mean, color=frame.QUIET, linewidth=0.9)
    if best is not None:
        band(axes, fans[best], LEAD)
        _name_differences(axes, answer, fans, best)
    else:
        axes.set_yticks([0])
        axes.text(0.5, 0.6, "This study has no programme", transform=axes.transAxes, ha="center", size=frame.LABEL_SIZE)
    _finish(axes, years)


def _name_differences(axes: "Axes", answer: Answer, fans: dict[str, Fan], best: str) -> None:
    """Draw the name of the leading programme, and of the others together."""
    drawn = fans[best]
    depth = int(np.argmax(np.abs(drawn.mean)))
    below = drawn.mean[depth] < 0
    edge = [*drawn.low, *drawn.tenth] if below else [*drawn.high, *drawn.ninetieth]
    reach = np.nanmin(edge) if below else np.nanmax(edge)
    low, high = axes.get_ylim()
    room = 0.3 * (high - low)
    axes.set_ylim((reach - room, high) if below else (low, reach + room))
    others = len(fans) - 1
    more = "" if not others else f"\ngrey: the other {others}" if others > 1 else "\ngrey: the other one"
    text = f"{frame.wrapped(answer.label(best), 44)}{more}"
    axes.text(0.02, 0.03 if below else 0.97, text, transform=axes.transAxes, size=frame.LABEL_SIZE, color=LEAD.colour,
              va="bottom" if below else "top")  # fmt: skip


def band(axes: "Axes", drawn: Fan, line: Line) -> None:
    """Draw the mean, its interval and the spread of the draws."""
    axes.fill_between(drawn.years, drawn.tenth, drawn.ninetieth, color=line.colour, alpha=0.12, linewidth=0)
    axes.fill_between(drawn.years, drawn.low, drawn.high, color=line.colour, alpha=0.3, linewidth=0)
    axes.plot(drawn.years, drawn.mean, color=line.colour, linestyle=line.dashes, marker=line.marker, ms=3.5)


def _finish(axes: "Axes", years: list[int]) -> None:
    year_axis(axes, years)
    thousands(axes.yaxis)
