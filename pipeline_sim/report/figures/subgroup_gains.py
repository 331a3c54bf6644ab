"""Who gains? Extensions that the best programme avoids per 1,000 doctors, by stage, pattern, region and specialty."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.report.figures.frame import (
    DARK,
    QUIET,
    Picture,
    fewer_per,
    leader,
    rules,
    sheet,
    small_print,
    told,
    wrapped,
)
from pipeline_sim.report.style import LINES
from pipeline_sim.report.text.figure_clauses import level
from pipeline_sim.report.text.number_format import in_words, listed
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import GROUP, PATTERN, REGION, STAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION = "Who gains most from the best programme?"
HEADS = {STAGE: "Stage of training", PATTERN: "Working pattern", REGION: "NHS region", GROUP: "Specialty group"}
SIDES = ((STAGE, PATTERN, REGION), (GROUP,))
FEWEST = 50  # doctors, at England's size: of fewer nothing is said
PER = 1000
COLOUR = LINES[0].colour


class Group(NamedTuple):
    """What a programme avoids among some doctors."""

    by: str
    name: str
    doctors: float
    avoided: Estimate  # extensions per 1,000 doctors in post, over all reported years

    @property
    def says(self) -> str:
        """The name as a reader would write it."""
        return in_words(self.name) if self.by != GROUP else self.name


def gainers(answer: Answer) -> Picture | None:
    """Dot and whisker; none where there is no programme."""
    best = leader(answer)
    found = groups(answer, best) if best is not None else []
    if best is None or not found:
        return None
    with rules():
        drawn = sheet(4.9)
        axes = drawn.subplots(1, 2, sharex=True)
        whole = overall(answer, best)
        for side, kinds in zip(axes, SIDES, strict=True):
            _side(side, [(HEADS[by], [each for each in found if each.by == by]) for by in kinds], whole)
        says = finding(answer, best, found)
        notes = small_print(answer, note(found))
        return Picture("gainers", QUESTION, says, alt(answer, best, found), told(drawn, says, notes))


def groups(answer: Answer, best: str) -> list[Group]:
    """All groups of doctors that are large enough; stages in the order of training, the others by what they gain."""
    avoided = answer.gains.xs((best, "extensions"), level=("world", "indicator"))
    doctors = answer.who.xs("headcount", level="indicator")["mean"]
    found = []
    for by in HEADS:
        kinds = [
            Group(by, str(who), doctors[(by, who)], fewer_per(PER, Estimate(*values), doctors[(by, who)]))
            for who, values in zip(avoided.loc[by].index, avoided.loc[by].to_numpy(), strict=True)
            if doctors[(by, who)] >= FEWEST
        ]
        found += kinds if by in (STAGE, PATTERN) else sorted(kinds, key=lambda each: -each.avoided.mean)
    return found


def overall(answer: Answer, best: str) -> Estimate:
    """What the programme avoids per 1,000 doctors of all."""
    doctors = answer.who.xs((PATTERN, "headcount"), level=("by", "indicator"))["mean"].sum()
    return fewer_per(PER, answer.difference(best, "extensions"), float(doctors))


def finding(answer: Answer, best: str, found: list[Group]) -> str:
    """The finding."""
    name = f"“{answer.label(best)}”"
    told_apart = [each for each in found if each.avoided.can_tell]
    if np.isnan(found[0].avoided.low):
        return f"{name}: who gains cannot be told from one replication"
    if not told_apart:
        return f"{name}: for no group of doctors can it be told whether extensions are avoided"
    gain = [each for each in told_apart if each.by == GROUP and each.avoided.mean > 0]
    if not gain:
        return f"{name} avoids extensions in {sum(each.avoided.mean > 0 for each in told_apart)} of {len(found)} groups"
    most = max(gain, key=lambda each: each.avoided.mean)
    return f"{name} helps most in {mid(most.says)}: {level(most.avoided)} extensions avoided for 1,000 doctors in post"


def mid(name: str) -> str:
    """A name inside a sentence: GP and Yorkshire stay as they are."""
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def note(found: list[Group]) -> str:
    """What is shown, and how much chance there is in so many groups."""
    hollow = sum(not each.avoided.can_tell for each in found)
    return (
        "Extensions avoided over all years per 1,000 doctors in post; dashed: all doctors. Hollow: the interval holds"
        f" zero, cannot tell ({hollow} of {len(found)}). Of so many intervals one in twenty misses its true value."
    )


def alt(answer: Answer, best: str, found: list[Group]) -> str:
    """What the picture shows, with its numbers."""
    parts = [
        f"Dot and whisker chart of extensions that “{answer.label(best)}” avoids per 1,000 doctors, 95 % intervals;"
        f" all doctors {level(overall(answer, best), False)}."
    ]
    for by, head in HEADS.items():
        kinds = [each for each in found if each.by == by]
        sure = [f"{each.says} {level(each.avoided, False)}" for each in kinds if each.avoided.can_tell]
        unsure = [each.says for each in kinds if not each.avoided.can_tell]
        said = [listed(sure)] if sure else []
        said += [f"cannot tell for {listed(unsure)}"] if unsure else []
        if said:
            parts.append(f"{head}: {'; '.join(said)}.")
    return " ".join(parts)


def _side(axes: "Axes", kinds: list[tuple[str, list[Group]]], whole: Estimate) -> None:
    """Groups one below the other, each kind under its head."""
    row, ticks = 0.0, []
    axes.axvline(0, color=DARK, linewidth=0.8)
    axes.axvline(whole.mean, color=QUIET, linewidth=0.9, dashes=(4, 3))
    for head, found in kinds:
        if not found:
            continue
        axes.text(-0.02, row, head, transform=axes.get_yaxis_transform(), ha="right", va="center", weight="bold")
        for each in found:
            row += 1
            ticks.append((row, wrapped(each.says, 34)))
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
    sure = each.avoided.can_tell
    colour = COLOUR if sure else QUIET
    if not np.isnan(each.avoided.low):
        axes.plot([each.avoided.low, each.avoided.high], [row, row], color=colour, linewidth=1.6 if sure else 1.0)
    axes.plot([each.avoided.mean], [row], "o", ms=5, color=colour, markerfacecolor=colour if sure else "white")
