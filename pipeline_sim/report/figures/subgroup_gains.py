"""Extensions avoided by the leading programme per 1,000 doctors, by subgroup of doctors."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.report.figures import frame
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.number_format import in_words, listed
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import AGE, GROUP, PATTERN, PLACE, REGION, SEX, STAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Who gains most from the best programme?"
HEADS = {
    STAGE: "Stage of training",
    PATTERN: "Working pattern",
    REGION: "NHS region",
    GROUP: "Specialty group",
    SEX: "Sex",
    AGE: "Age at entry",
    PLACE: "Place of qualification",
}
SIDES = ((STAGE, PATTERN, REGION, SEX), (GROUP, AGE, PLACE))
IN_ORDER = (STAGE, PATTERN, SEX, AGE, PLACE)  # not by gain
FEWEST = 50  # doctors in England; smaller groups are not shown
PER = 1000
COLOUR = LINES[0].colour


class Group(NamedTuple):
    """Effect of a programme in one subgroup of doctors."""

    by: str
    name: str
    doctors: float
    avoided: Estimate  # extensions per 1,000 doctors in post, over all reported years

    @property
    def label(self) -> str:
        """Name of the subgroup in words."""
        return in_words(self.name) if self.by != GROUP else self.name


def subgroup_gains(answer: Answer) -> frame.Picture | None:
    """Subgroup gains as dots with intervals; None without a programme."""
    best = frame.leading_programme(answer)
    subgroups = groups(answer, best) if best is not None else []
    if best is None or not subgroups:
        return None
    with frame.figure_style():
        drawn = frame.blank_figure(6.2)
        axes = drawn.subplots(1, 2, sharex=True)
        whole = overall(answer, best)
        for side, kinds in zip(axes, SIDES, strict=True):
            _side(side, [(HEADS[by], [each for each in subgroups if each.by == by]) for by in kinds], whole)
        title = finding(answer, best, subgroups)
        notes = frame.source_note(answer, note(subgroups))
        return frame.captioned("gainers", QUESTION, title, alt_text(answer, best, subgroups), drawn, notes)


def groups(answer: Answer, best: str) -> list[Group]:
    """Subgroups that are large enough; stages in the order of training, others by gain."""
    avoided = answer.subgroup_differences.xs((best, "extensions"), level=("world", "indicator"))
    doctors = answer.subgroup_levels.xs("headcount", level="indicator")["mean"]
    subgroups = []
    for by in HEADS:
        kinds = [
            Group(by, str(who), doctors[(by, who)], frame.avoided_rate(PER, Estimate(*values), doctors[(by, who)]))
            for who, values in zip(avoided.loc[by].index, avoided.loc[by].to_numpy(), strict=True)
            if doctors[(by, who)] >= FEWEST
        ]
        subgroups += kinds if by in IN_ORDER else sorted(kinds, key=lambda each: -each.avoided.mean)
    return subgroups


def overall(answer: Answer, best: str) -> Estimate:
    """Extensions avoided per 1,000 doctors, all doctors together."""
    doctors = answer.subgroup_levels.xs((PATTERN, "headcount"), level=("by", "indicator"))["mean"].sum()
    return frame.avoided_rate(PER, answer.difference(best, "extensions"), float(doctors))


def finding(answer: Answer, best: str, subgroups: list[Group]) -> str:
    """Finding: specialty group with the largest clear gain."""
    name = f"“{answer.label(best)}”"
    clear = [each for each in subgroups if each.avoided.excludes_zero]
    if np.isnan(subgroups[0].avoided.low):
        return f"{name}: one replication is too few to show who gains"
    if not clear:
        return f"{name}: no clear effect on extensions in any group of doctors"
    gained = sum(each.avoided.mean > 0 for each in clear)
    whole = f"{clause_with_interval(overall(answer, best))} extensions avoided per 1,000 doctors in post"
    return f"{name}: {whole}; a clear gain in {gained} of {len(subgroups)} groups of doctors"


def note(subgroups: list[Group]) -> str:
    """Notes: what is shown, and how many intervals include zero."""
    hollow = sum(not each.avoided.excludes_zero for each in subgroups)
    return (
        "Extensions avoided over all years per 1,000 doctors in post; dashed: all doctors. Hollow: the interval"
        f" includes zero ({hollow} of {len(subgroups)}). About one interval in twenty misses its true value."
    )


def alt_text(answer: Answer, best: str, subgroups: list[Group]) -> str:
    """Alternative text with the numbers of the figure."""
    parts = [
        f"Dot and whisker chart of extensions that “{answer.label(best)}” avoids per 1,000 doctors, 95 % "
        f"intervals; all doctors {clause_with_interval(overall(answer, best), '')}."
    ]
    for by, head in HEADS.items():
        kinds = [each for each in subgroups if each.by == by]
        sure = [
            f"{each.label} {clause_with_interval(each.avoided, '')}" for each in kinds if each.avoided.excludes_zero
        ]
        unclear = [each.label for each in kinds if not each.avoided.excludes_zero]
        clauses = [listed(sure)] if sure else []
        clauses += [f"no clear difference for {listed(unclear)}"] if unclear else []
        if clauses:
            parts.append(f"{head}: {'; '.join(clauses)}.")
    return " ".join(parts)


def _side(axes: "Axes", kinds: list[tuple[str, list[Group]]], whole: Estimate) -> None:
    """Draw groups one below the other, under a heading for each kind."""
    row, ticks = 0.0, []
    axes.axvline(0, color=frame.DARK, linewidth=0.8)
    axes.axvline(whole.mean, color=frame.QUIET, linewidth=0.9, dashes=(4, 3))
    for head, subgroups in kinds:
        if not subgroups:
            continue
        axes.text(-0.02, row, head, transform=axes.get_yaxis_transform(), ha="right", va="center", weight="bold")
        for each in subgroups:
            row += 1
            ticks.append((row, frame.wrapped(each.label, 34)))
            _dot(axes, row, each)
        row += 1.5
    axes.set_yticks([at for at, _ in ticks], [name for _, name in ticks])
    axes.set_ylim(row - 0.7, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.set_xlabel("avoided per 1,000 doctors")
    axes.spines["left"].set_visible(False)


def _dot(axes: "Axes", row: float, each: Group) -> None:
    sure = each.avoided.excludes_zero
    colour = COLOUR if sure else frame.QUIET
    if not np.isnan(each.avoided.low):
        axes.plot([each.avoided.low, each.avoided.high], [row, row], color=colour, linewidth=1.6 if sure else 1.0)
    axes.plot([each.avoided.mean], [row], "o", ms=5, color=colour, markerfacecolor=colour if sure else "white")
