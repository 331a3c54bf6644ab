"""ARCP outcomes by year: COVID outcomes (10.1, 10.2) against outcomes 2 and 3 of the first year."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.figures.backlog import Fan, band, fan
from pipeline_sim.report.figures.frame import DARK, Picture, blank_figure, captioned, figure_style, source_note
from pipeline_sim.report.style import CONTEXT, LINES, ink, year_axis
from pipeline_sim.report.text.figure_clauses import clause_with_interval, interval_clause
from pipeline_sim.report.text.number_format import rounded, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Did more doctors receive a COVID outcome than an unsatisfactory one before COVID?"
COVID, OWN = "outcome_10_share", "outcome_2_3_share"
NOTE = "Share of all reviews with an outcome. Pale band: 95 % interval; dark band: eight draws in ten."
NAMES = {COVID: "10.1 and 10.2: short because of COVID", OWN: "2 and 3: behind (from 2022 whatever the cause)"}
LOOKS = {COVID: LINES[1], OWN: LINES[0]}


def outcomes(answer: Answer) -> Picture:
    """ARCP outcomes of the baseline by year, against outcomes 2 and 3 of the first year."""
    with figure_style():
        drawn = blank_figure(3.9)
        axes = drawn.subplots()
        fans = {name: fan(answer, answer.study.baseline, name) for name in (OWN, COVID)}
        for name, each in fans.items():
            band(axes, each, LOOKS[name])
        _before(axes, fans[OWN])
        axes.set_title(f"{answer.label(answer.study.baseline)}: % of reviews with an outcome")
        axes.set_ylim(0, 1.25 * max(np.nanmax([*each.high, *each.ninetieth, *each.mean]) for each in fans.values()))
        _names(axes, fans)
        year_axis(axes, fans[OWN].years)
        title = finding(answer)
        return captioned("outcomes", QUESTION, title, alt_text(answer), drawn, source_note(answer, NOTE))


def finding(answer: Answer) -> str:
    """Finding: peak share of outcomes 10.1 and 10.2, against outcomes 2 and 3 of the first year."""
    peak, first = _peak(answer), answer.years[0]
    most, before = _of(answer, COVID, peak), _of(answer, OWN, first)
    if not most.mean > 0:
        others = f"outcomes 2 and 3 were {clause_with_interval(before)} % of those of {year_name(first)}"
        return f"No outcome 10.1 or 10.2 was given; {others}"
    runs = answer.yearly_runs[answer.study.baseline]
    gap = (runs[COVID].xs(peak, level="year") - runs[OWN].xs(first, level="year")).to_numpy()
    more = estimate(gap, answer.sampling)
    share = f"outcomes 10.1 and 10.2 were {rounded(most.mean)} % of all ({interval_clause(most)})"
    against = f"the {rounded(before.mean)} % with outcome 2 or 3 in {year_name(first)}"
    if not more.excludes_zero:
        return f"In {year_name(peak)} {share}; no clear difference from {against}"
    return f"In {year_name(peak)} {share}, {'more' if more.mean > 0 else 'fewer'} than {against}"


def alt_text(answer: Answer) -> str:
    """Alternative text with the numbers of the figure."""
    parts = [
        f"Line chart of review outcomes by training year in “{answer.label(answer.study.baseline)}”, in % of reviews."
    ]
    for name in (COVID, OWN):
        values = [f"{year_name(year)} {clause_with_interval(_of(answer, name, year), '')}" for year in answer.years]
        parts.append(f"Outcomes {NAMES[name]}, with 95 % intervals: {', '.join(values)}.")
    return " ".join(parts)


def _of(answer: Answer, name: str, year: int) -> Estimate:
    return Estimate(*answer.yearly.loc[(answer.study.baseline, year, name)])


def _peak(answer: Answer) -> int:
    values = answer.yearly.xs((answer.study.baseline, COVID), level=("world", "indicator"))["mean"]
    return int(values.fillna(0.0).idxmax())


def _before(axes: "Axes", own: Fan) -> None:
    """Draw the level of the first year across all years."""
    axes.axhline(own.mean[0], color=CONTEXT.colour, linestyle=CONTEXT.dashes, linewidth=1)
    axes.annotate(
        f"dashed: outcomes 2 and 3 in {year_name(own.years[0])}", (own.years[-1], own.low[-1]), (0, -4), ha="right",
        va="top", textcoords="offset points", size=7.5, color=DARK,
    )  # fmt: skip


def _names(axes: "Axes", fans: dict[str, Fan]) -> None:
    for name, each in fans.items():
        if np.all(np.isnan(each.mean)):
            continue
        top = int(np.nanargmax(each.mean))
        height = np.nanmax([each.mean[top], each.high[top]])
        across = (-10, "right") if top <= len(each.years) // 2 and name == COVID else (8, "left")
        axes.annotate(
            NAMES[name].replace(": ", ":\n"), (each.years[top], height), (across[0], -14), ha=across[1], size=8,
            textcoords="offset points", color=ink(LOOKS[name].colour), weight="bold",
        )  # fmt: skip
