"""Section on differences between mixes, pair by pair."""

from itertools import pairwise

from pipeline_sim.report.page_model import Cell, Row, Section, Table, estimate_cell
from pipeline_sim.report.text.headline import best_sentence, pair_difference
from pipeline_sim.report.text.number_format import format_number, listed, number_word
from pipeline_sim.study.comparison.answer import Answer

MANY_PAIRS = 10


def section(answer: Answer) -> Section:
    """Paired differences of all mixes, with the same random numbers."""
    title, order = "Which mixes differ clearly", answer.ranked()
    if len(order) < 2:
        return Section("told", title, ["There are fewer than two mixes to compare."])
    pairs = len(answer.pairwise_differences)
    apart = int(((answer.pairwise_differences["low"] > 0) | (answer.pairwise_differences["high"] < 0)).sum())
    paragraphs = [
        best_sentence(answer),
        f"{number_word(apart).capitalize()} of {pairs} {'pair differs' if pairs == 1 else 'pairs differ'} clearly. "
        "Two mixes are compared with the same random numbers and the same parameter values, so a pair may differ "
        "clearly even where the intervals of the two overlap.",
    ]
    if pairs >= MANY_PAIRS:
        paragraphs.append(
            f"Each pair is tested on its own: of {pairs} pairs without any true difference, about "
            f"{max(1, round(pairs / 20))} would appear to differ. The mixes that may be the best are tested all at "
            "once, so that the true best is left out in at most one study in twenty."
        )
    may = [world in answer.best_set for world in order]
    if any(not one and other for one, other in pairwise(may)):
        paragraphs.append(
            "A mix may be the best although one with a higher mean may not, because the intervals of differences are "
            "not equally wide."
        )
    return Section("told", title, paragraphs, (), [summary_table(answer)], [pairs_table(answer)])


def summary_table(answer: Answer) -> Table:
    """Table of the mixes that every mix clearly exceeds, does not clearly differ from, or falls behind."""
    order = answer.ranked()
    rows = []
    for world in order:
        differences = {other: pair_difference(answer, world, other) for other in order if other != world}
        more = [other for other, gap in differences.items() if gap.low > 0]
        less = [other for other, gap in differences.items() if gap.high < 0]
        rest = [other for other in differences if other not in more and other not in less]
        may = Cell("yes" if world in answer.best_set else "no")
        rows.append(Row(answer.label(world), (may, *(Cell(_names(answer, each)) for each in (more, rest, less)))))
    head = ("Mix", "May be the best", "Gains more than", "No clear difference from", "Gains less than")
    return Table("told-summary", "How each mix differs from the others", head, rows)


def pairs_table(answer: Answer) -> Table:
    """Table of the difference of every pair."""
    order = answer.ranked()
    rows = []
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            rows.append(
                Row(
                    f"{answer.label(one)} less {answer.label(other)}",
                    (estimate_cell(pair_difference(answer, one, other), format_number),),
                )
            )
    what = "More extensions avoided" if answer.study.headline == "extensions" else "More months recovered"
    return Table("told-pairs", "Every pair of mixes", ("Pair", what), rows)


def _names(answer: Answer, worlds: list[str]) -> str:
    if not worlds:
        return "none"
    if len(worlds) == len(answer.programmes) - 1 and len(worlds) > 1:
        return "all others"
    return listed(answer.label(world) for world in worlds)
