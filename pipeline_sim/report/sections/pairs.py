"""Section on differences between mixes: which is best, how surely, and pair by pair."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, chance_cell, estimate_cell
from pipeline_sim.report.text.headline import best_clause, quoted
from pipeline_sim.report.text.number_format import format_number, listed
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.ranking import BANDS, NOT_SETTLED, Chance, band

TITLE = "Which mix gains most, and how surely"
MOST = BANDS[0][1]


def section(answer: Answer) -> Section:
    """Probability of being best, and paired differences of all mixes with the same random numbers."""
    order = answer.ranked()
    if len(order) < 2:
        return Section("told", TITLE, ["There are fewer than two mixes to compare."])
    first = order[0]
    paragraphs = [
        f"That {quoted(answer, first)} gains most is {best_clause(answer, first)}.",
        "A mix is the best in a draw of the uncertain figures if it gains most there. Two mixes are compared with "
        "the same random numbers and the same figures, so one may gain more for certain even where the intervals of "
        "the two overlap. The expected loss is what one would forgo on average by choosing a mix now instead of the "
        f"best one of each draw: where it is small, the choice matters little. For {quoted(answer, first)} it is "
        f"{format_number(float(answer.best.loc[first, 'expected_loss']))} {_what(answer)}.",
    ]
    return Section("told", TITLE, paragraphs, (), [summary_table(answer)], [pairs_table(answer)])


def _what(answer: Answer) -> str:
    return "extensions" if answer.study.headline == "extensions" else "months of training"


def summary_table(answer: Answer) -> Table:
    """Table of the probability of being best, the expected loss, and the mixes that each very likely exceeds or not."""
    order = answer.ranked()
    rows = []
    for world in order:
        chances = {other: pair_chance(answer, world, other) for other in order if other != world}
        more = [other for other, chance in chances.items() if chance.verdict == MOST]
        less = [other for other in chances if pair_chance(answer, other, world).verdict == MOST]
        cells = (
            chance_cell(Chance(*answer.best.loc[world, list(Chance._fields)])),
            Cell(format_number(float(answer.best.loc[world, "expected_loss"]))),
            *(Cell(_names(answer, each)) for each in (more, less)),
        )
        rows.append(Row(answer.label(world), cells))
    head = (
        "Mix", "Gains most: probability", f"Expected loss, {_what(answer)}", f"{MOST.capitalize()} gains more than",
        f"{MOST.capitalize()} gains less than",
    )  # fmt: skip
    note = "Below a probability: its Monte Carlo interval, and its verdict."
    return Table("told-summary", "How surely each mix is the best", head, rows, note)


def pairs_table(answer: Answer) -> Table:
    """Table of the difference of every pair."""
    order = answer.ranked()
    rows = []
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            difference = estimate_cell(pair_difference(answer, one, other), format_number)
            chance = pair_chance(answer, one, other)
            cells = (difference, chance_cell(chance))
            rows.append(Row(f"{answer.label(one)} less {answer.label(other)}", cells))
    what = "More extensions avoided" if answer.study.headline == "extensions" else "More months recovered"
    return Table("told-pairs", "Every pair of mixes", ("Pair", what, "That it is more: probability"), rows)


def _names(answer: Answer, worlds: list[str]) -> str:
    if not worlds:
        return "none"
    if len(worlds) == len(answer.programmes) - 1 and len(worlds) > 1:
        return "all others"
    return listed(answer.label(world) for world in worlds)


def pair_difference(answer: Answer, one: str, other: str) -> Estimate:
    """Gain of one mix less that of another, whichever way the pair is stored."""
    columns = list(Estimate._fields)
    if (one, other) in answer.pairwise_differences.index:
        return Estimate(*answer.pairwise_differences.loc[(one, other), columns])
    return Estimate(*answer.pairwise_differences.loc[(other, one), columns]).negated()


def pair_chance(answer: Answer, one: str, other: str) -> Chance:
    """Chance that one mix gains more than another, whichever way the pair is stored."""
    if (one, other) in answer.pairwise_differences.index:
        return Chance(*answer.pairwise_differences.loc[(one, other), list(Chance._fields)])
    turned = Chance(*answer.pairwise_differences.loc[(other, one), list(Chance._fields)])
    if turned.probability_high == 0:  # they gain the same in every draw
        return turned
    low, high = 1 - turned.probability_high, 1 - turned.probability_low
    verdict = band(low) if band(low) == band(high) else NOT_SETTLED
    return Chance(1 - turned.probability, low, high, verdict, turned.draws_to_settle)
