"""Figures of a decision: the frontier of budgets, and diminishing returns by intervention."""

import textwrap

import numpy as np

from pipeline_sim.decide.objective import unit_of, words_of
from pipeline_sim.decide.search.report_best import BestReport
from pipeline_sim.report.figures.frame import Picture, blank_figure, captioned, figure_style
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.number_format import counted, format_money, format_number
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.intervals import Estimate

MILLION = 1e6
SHOWN = 12  # interventions with the largest gain alone
ACROSS = 4  # panels
INTERVALS = "Mean and 95 % credible interval"


def short(label: str) -> str:
    """Label of an intervention, without what explains it."""
    return label.partition(":")[0].partition(",")[0]


def size_text(study: Study) -> str:
    """Size of the model in words."""
    return "the size of England" if study.scale == 1 else f"{study.scale:g} of England's size, scaled up"


def usual_size(report: BestReport) -> str:
    """Size of what stands beside the mixes compared; empty where it is theirs."""
    study = report.asked.study
    same = study == report.asked.reported
    return "" if same else f"{counted(study.replications, 'replication')} at {size_text(study)}"


def frontier_figure(report: BestReport) -> Picture | None:
    """Gain of the best mix of each budget."""
    rows = report.frontier
    if len(rows) < 2:
        return None
    unit = unit_of(report.asked.decision)
    pounds = np.array([row.mix.budget.value for row in rows]) / MILLION
    mean, low, high = (np.array([getattr(row.gain, end) for row in rows]) for end in ("mean", "low", "high"))
    first, last = rows[0], rows[-1]
    least = words_of(report.asked.decision).gained.format(format_number(first.gain.mean))
    most = f"{format_money(last.mix.budget.value)} {format_number(last.gain.mean)}"
    finding = f"On average {format_money(first.mix.budget.value)} {least}, {most}"
    with figure_style():
        drawn = blank_figure(3.6)
        axes = drawn.subplots()
        look = LINES[0]
        axes.fill_between(pounds, low, high, color=look.colour, alpha=0.15, linewidth=0)
        axes.plot(pounds, mean, color=look.colour, marker=look.marker)
        chosen = [at for at, row in enumerate(rows) if row.pounds == report.asked.decision.budget]
        axes.plot(pounds[chosen], mean[chosen], "o", ms=10, mfc="none", mec=LINES[1].colour, mew=1.6)
        axes.set_xlim(0, None)
        axes.set_ylim(min(0.0, float(np.nanmin(low))), None)
        axes.set_xlabel("spent, £m")
        axes.set_ylabel(unit)
        note = f"{INTERVALS} of the best found for each budget, on the report's own draws. Ring: the budget asked for."
        usual = usual_size(report)
        note += f" From {usual}." if usual else ""
        alt = "Line chart. " + " ".join(f"£{p:.0f}m: {format_number(m)}." for p, m in zip(pounds, mean, strict=True))
        return captioned("frontier", "What would other budgets buy?", finding, alt, drawn, note)


def returns_figure(report: BestReport) -> Picture | None:
    """Gain of every intervention alone, by pounds."""
    by_line: dict[str, list[tuple[float, Estimate]]] = {}
    for name, pounds, gain in report.alone:
        by_line.setdefault(name, []).append((pounds, gain))
    ranked = sorted(by_line.items(), key=lambda row: -row[1][-1][1].mean)[:SHOWN]
    if not ranked:
        return None
    unit = unit_of(report.asked.decision)
    down = -(-len(ranked) // ACROSS)
    with figure_style():
        drawn = blank_figure(1.0 + 1.55 * down)
        panels = drawn.subplots(down, ACROSS, sharey=True, squeeze=False)
        for axes, (label, points) in zip(panels.ravel(), ranked, strict=False):
            across = np.array([0.0, *(each / MILLION for each, _ in points)])
            mean, low, high = (
                np.array([0.0, *(getattr(e, end) for _, e in points)]) for end in ("mean", "low", "high")
            )
            axes.axhline(0, color="black", linewidth=0.8)
            axes.fill_between(across, low, high, color=LINES[0].colour, alpha=0.15, linewidth=0)
            axes.plot(across, mean, color=LINES[0].colour, marker="o", ms=3)
            axes.set_title(textwrap.shorten(short(label), 27, placeholder="…"), fontsize=7)
            axes.tick_params(labelsize=6.5)
        for axes in panels.ravel()[len(ranked) :]:
            axes.set_visible(False)
        drawn.supylabel(f"{unit}, alone", fontsize=8)
        clear = any(points[-1][1].low > 0 for _, points in ranked)
        finding = f"Alone, {short(ranked[0][0])} seems to gain most" if clear else "Alone, no line clearly gains so far"
        note = (
            f"Each alone, at a quarter, half and all that can be spent on it in time, £m. {INTERVALS}, on the few "
            "draws of the search, which also put them in order: what looks best here looks a little too good."
        )
        alt = "Small line charts. " + " ".join(f"{name}: {format_number(own[-1][1].mean)}." for name, own in ranked)
        return captioned(
            "returns", "What does each line gain alone, and where does it level off?", finding, alt, drawn, note
        )
