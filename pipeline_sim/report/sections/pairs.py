"""Which mixes can be told apart?"""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, cell, number
from pipeline_sim.report.text.headline import count, second, than
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.study.comparison.answer import Answer

MANY_PAIRS = 10


def section(answer: Answer) -> Section:
    """Every pair under the same luck."""
    title, order = "Which mixes can be told apart", answer.ranked()
    if len(order) < 2:
        return Section("told", title, ["There are not two mixes to compare."])
    pairs = len(answer.between)
    apart = int(((answer.between["low"] > 0) | (answer.between["high"] < 0)).sum())
    says = [
        second(answer),
        f"{count(apart).capitalize()} of {pairs} {'pair' if pairs == 1 else 'pairs'} can be told apart. Two mixes are "
        "compared doctor by doctor under the same luck and the same beliefs, so a pair can be told apart even where "
        "the intervals of the two overlap.",
    ]
    if pairs >= MANY_PAIRS:
        says.append(
            f"Each pair is judged on its own: among {pairs} pairs that do not differ at all, about "
            f"{max(1, round(pairs / 20))} would seem to. Which mix may be the best is judged over all of them at once, "
            "so that the truly best is left out in one study of twenty at most."
        )
    return Section("told", title, says, (), [summary(answer)], [all_pairs(answer)])


def summary(answer: Answer) -> Table:
    """For every mix, which others it gains more than, less than, or cannot be told from."""
    order = answer.ranked()
    rows = []
    for world in order:
        found = {other: than(answer, world, other) for other in order if other != world}
        more = [other for other, gap in found.items() if gap.low > 0]
        less = [other for other, gap in found.items() if gap.high < 0]
        rest = [other for other in found if other not in more and other not in less]
        may = Cell("yes" if world in answer.may_be_best else "no")
        rows.append(Row(answer.label(world), (may, *(Cell(_names(answer, each)) for each in (more, rest, less)))))
    head = ("Mix", "May be the best", "Gains more than", "Cannot be told from", "Gains less than")
    return Table("told-summary", "What each mix can be told from", head, rows)


def all_pairs(answer: Answer) -> Table:
    """The differences themselves."""
    order = answer.ranked()
    rows = []
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            rows.append(
                Row(f"{answer.label(one)} less {answer.label(other)}", (cell(than(answer, one, other), number),))
            )
    what = "Extensions avoided more" if answer.study.headline == "extensions" else "Months recovered more"
    return Table("told-pairs", "Every pair of mixes", ("Pair", what), rows)


def _names(answer: Answer, worlds: list[str]) -> str:
    if not worlds:
        return "none"
    if len(worlds) == len(answer.programmes) - 1 and len(worlds) > 1:
        return "all others"
    return listed(answer.label(world) for world in worlds)
