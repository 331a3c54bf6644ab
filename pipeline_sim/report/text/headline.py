"""Headline of a comparison: sentences made from the numbers, none of which claims more than its interval supports.

A mix gains extensions avoided or months recovered, whichever is the study's headline indicator. A gain is clear where
its 95 % interval excludes zero.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pipeline_sim.report.text.figure_clauses import effect_clause, interval_clause
from pipeline_sim.report.text.harm_sentences import harm_sentences
from pipeline_sim.report.text.number_format import listed, number_word, plural, pounds, rounded
from pipeline_sim.report.text.supply_sentences import supply_sentences
from pipeline_sim.report.text.waiting_sentences import waiting_sentences
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.cost_effectiveness import payments
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.replication.prepare import world_of

NAMED = 3  # mixes named in one sentence; more are counted
WHOLE_POUND = 1.0
ONLY_ELSEWHERE = (
    "Every mix differs from the baseline in more than its mix, so none is ranked against it: each is compared with its "
    "own scenario without a programme."
)
NO_PROGRAMME = "This study has no programme that spends money: there is nothing to rank or to price."


class GainWords(NamedTuple):
    """Words for the gains and losses of one headline indicator."""

    what: str
    gains: str
    loses: str
    worse: str
    better: str
    ratio: str  # field of a Price


GAIN_WORDS = {
    "extensions": GainWords("extensions", "avoids", "more extensions", "more", "fewer", "per_extension_avoided_gbp"),
    "months_short": GainWords(
        "months of training", "recovers", "months of training lost", "lost", "recovered", "per_month_recovered_gbp"
    ),
}


def quoted(answer: Answer, world: str) -> str:
    """Label of a world in quotation marks."""
    return f"“{answer.label(world)}”"


def headline(answer: Answer) -> list[str]:
    """Headline: largest gain, COVID's harm, best, payback, no effect, waiting list, then what levers of supply do."""
    levers = supply_sentences(answer)
    if not answer.programmes:
        return [ONLY_ELSEWHERE if len(answer.scenarios) else NO_PROGRAMME, *levers]
    idle = [world for world in answer.ranked() if has_no_effect(answer, world)]
    no_effect = [f"{listed(no_effect_clause(answer, world) for world in idle)}."] if idle else []
    if len(idle) == len(answer.programmes):
        return [*no_effect, *levers]
    best = [best_sentence(answer)] if len(answer.programmes) > 1 else []
    money, waiting = payback_sentence(answer), waiting_sentences(answer, ahead(answer))
    return [first_sentence(answer), *harm_of_covid(answer), *best, money, *no_effect, *waiting, *levers]


def ahead(answer: Answer) -> str:
    """Mix that the headline names first: the highest on average of those with a clear gain, or of all."""
    order = mixes_with_effect(answer)
    return next((world for world in order if answer.avoided(world).low > 0), order[0])


def harm_of_covid(answer: Answer) -> list[str]:
    """Sentences on COVID's harm and the first mix that the headline names; none where no gain is clear."""
    first = ahead(answer)
    return harm_sentences(answer, first) if answer.avoided(first).low > 0 else []


def has_no_effect(answer: Answer, world: str) -> bool:
    """Whether a mix changes no indicator in any draw."""
    return not answer.differences.loc[world].fillna(0.0).to_numpy().any()


def mixes_with_effect(answer: Answer) -> list[str]:
    """Mixes that change some indicator, ranked by mean gain."""
    return [world for world in answer.ranked() if not has_no_effect(answer, world)]


def no_effect_clause(answer: Answer, world: str) -> str:
    """Clause on a mix without effect, and what it pays for instead."""
    clause = f"{quoted(answer, world)} changes nothing for any doctor"
    units = answer.units_bought.loc[world]
    paid = units[units.index.isin(_paid(answer, world))]
    months = float(paid["units"].sum())
    if not months > 0:
        return clause
    net = answer.prices[world].net_budget_gbp if world in answer.prices else None
    free = ", so it adds no net cost" if net is not None and abs(net.mean) < WHOLE_POUND else ""
    covers = f"it covers about {rounded(months)} {plural(paid['unit'].iloc[0])}"
    return f"{clause}: {covers} that would be given anyway{free}"


def paying(answer: Answer) -> list[str]:
    """Mixes without effect that pay for extensions given anyway."""
    buys = [world for world in answer.programmes if world in answer.units_bought.index]
    pays = (world for world in buys if answer.units_bought.loc[world].index.isin(_paid(answer, world)).any())
    return [world for world in pays if has_no_effect(answer, world)]


def _paid(answer: Answer, world: str) -> list[str]:
    return list(payments(world_of(answer.specs[world])))


def payment_notes(answer: Answer) -> list[str]:
    """Note on the net cost of mixes that pay for extensions given anyway; none without such a mix."""
    names = [quoted(answer, world) for world in paying(answer)]
    if not names:
        return []
    one = len(names) == 1
    return [
        f"{listed(names)} {'pays' if one else 'pay'} for extensions that are given anyway: {'its' if one else 'their'} "
        f"payments are counted once, in the cost of extensions, so {'it costs' if one else 'they cost'} no more than "
        "no programme."
    ]


def first_sentence(answer: Answer) -> str:
    """Sentence on the mix with the largest clear gain, and its unit cost."""
    order = mixes_with_effect(answer)
    proven = [world for world in order if answer.avoided(world).low > 0]
    top = order[0]
    if not proven:
        return _none_proven(answer, order)
    world = proven[0]
    sentence = mix_sentence(answer, world)
    if len(order) == 1:
        return sentence
    if world == top:
        return f"Highest on average: {sentence}"
    return f"{sentence[:-1]}; {quoted(answer, top)} is higher on average, but {_doubt(answer, top)}."


def _none_proven(answer: Answer, order: Sequence[str]) -> str:
    gain = GAIN_WORDS[answer.study.headline]
    top = order[0]
    if any(math.isnan(answer.avoided(world).low) for world in order):
        return mix_sentence(answer, top)
    if all(answer.avoided(world).high < 0 for world in order):
        which = "The mix does" if len(order) == 1 else "All mixes do"
        return f"{which} harm in this model: {mix_sentence(answer, top)}"
    if len(order) == 1:
        return mix_sentence(answer, top)
    none = "Neither" if len(order) == 2 else "None"
    return (
        f"{none} of the {number_word(len(order))} mixes clearly {gain.gains} {gain.what}; "
        f"highest on average: {mix_sentence(answer, top)}"
    )


def mix_sentence(answer: Answer, world: str) -> str:
    """Sentence on the gain of one mix."""
    gain, estimate, name = GAIN_WORDS[answer.study.headline], answer.avoided(world), quoted(answer, world)
    size = rounded(abs(estimate.mean))
    if has_no_effect(answer, world):
        return f"{no_effect_clause(answer, world)}."
    if math.isnan(estimate.mean):
        return f"{name}: what it gains is not known."
    if math.isnan(estimate.low):
        way = f"{gain.gains} {size} {gain.what}" if estimate.mean >= 0 else f"means {size} {gain.loses}"
        return f"{name} {way}{other_gain(answer, world)} in the only draw made, too few for an interval."
    if estimate.low == estimate.high == 0:
        return f"{name} {gain.gains} no {gain.what}."
    if not estimate.excludes_zero:
        return f"{name} has no clear effect on {gain.what} ({_doubt(answer, world)}){other_gain(answer, world)}."
    if estimate.mean < 0:
        return f"{name} means {size} {gain.loses} ({interval_clause(estimate.negated())}){other_gain(answer, world)}."
    price = unit_cost_clause(getattr(answer.prices[world], gain.ratio)) if world in answer.prices else ""
    return f"{name} {gain.gains} {size} {gain.what} ({interval_clause(estimate)}){price}{other_gain(answer, world)}."


def other_gain(answer: Answer, world: str) -> str:
    """Clause on the gain of a mix by the other of extensions and months, which stand beside each other everywhere."""
    other = "months_short" if answer.study.headline == "extensions" else "extensions"
    gained = answer.difference(world, other).negated()
    if math.isnan(gained.mean):
        return ""
    words = GAIN_WORDS[other]
    if math.isnan(gained.low) or gained.low > 0:
        interval = "" if math.isnan(gained.low) else f" ({interval_clause(gained, False)})"
        return f", and {words.gains} {rounded(gained.mean)} {words.what}{interval}"
    return f", and {effect_clause(gained, 'months of lost training' if other == 'months_short' else words.what, False)}"


def unit_cost_clause(ratio: Ratio) -> str:
    """Clause on the cost of one unit gained, with its interval."""
    if math.isnan(ratio.mean):
        return ""
    if not ratio.excludes_zero:
        return ", at an unclear cost each"
    if ratio.low == ratio.high == 0:
        return ", for no more money"
    return f", at {pounds(ratio.mean)} each ({pounds(ratio.low)} to {pounds(ratio.high)})"


def best_sentence(answer: Answer) -> str:
    """Sentence on the best set."""
    top = mixes_with_effect(answer)[0]
    others = [world for world in answer.ranked() if world != top]
    if any(math.isnan(pair_difference(answer, top, other).low) for other in others):
        return f"One draw is too few to compare {quoted(answer, top)} with the other mixes."
    return f"{best_clause(answer)}."


def best_clause(answer: Answer) -> str:
    """Clause on the mixes that may be the best with 95 % confidence, all compared at once."""
    may = [quoted(answer, world) for world in answer.ranked() if world in answer.best_set]
    all_ = len(answer.programmes)
    best = "the better of the two mixes" if all_ == 2 else f"the best of the {number_word(all_)} mixes"
    if len(may) == 1:
        return f"With 95 % confidence {best} is {may[0]}"
    shown = listed(may) if len(may) <= NAMED else f"{may[0]} and {may[1]} are ahead on average"
    if len(may) == all_:
        return f"{'Either' if all_ == 2 else 'Any'} of the {number_word(all_)} mixes may be the best: {shown}"
    return f"With 95 % confidence {best} is one of {number_word(len(may))}: {shown}"


def pair_difference(answer: Answer, one: str, other: str) -> Estimate:
    """Gain of one mix less that of another, whichever way the pair is stored."""
    if (one, other) in answer.pairwise_differences.index:
        return Estimate(*answer.pairwise_differences.loc[(one, other)])
    return Estimate(*answer.pairwise_differences.loc[(other, one)]).negated()


def payback_sentence(answer: Answer) -> str:
    """Sentence on the mixes that pay for themselves in extensions saved."""
    net = {world: answer.prices[world].net_budget_gbp for world in mixes_with_effect(answer)}
    known = {world: estimate for world, estimate in net.items() if estimate is not None}
    if not known:
        return "The study has no prices of time, so what a mix saves on extensions is not known."
    if any(math.isnan(estimate.low) for estimate in known.values()):
        return "One draw is too few to show whether a mix pays for itself in extensions saved."
    pays = [world for world, estimate in known.items() if estimate.high < 0]
    costs = [world for world, estimate in known.items() if estimate.low > 0]
    unclear = [world for world in known if world not in pays and world not in costs]
    if len(costs) == len(known):
        return f"{_nobody(answer, costs)} for itself in extensions saved: {_left_to_pay(answer, list(known.values()))}."
    parts, saved = [], " in extensions saved"
    if pays:
        parts.append(f"{listed(quoted(answer, world) for world in pays)} {_pay(len(pays))}{saved}")
    if unclear:
        names = listed(quoted(answer, world) for world in unclear)
        saved = "" if pays else saved
        parts.append(f"{'whether' if pays else 'Whether'} {names} {_pay(len(unclear))}{saved} is unclear")
    if costs:
        parts.append("the others do not" if len(costs) > 1 else f"{quoted(answer, costs[0])} does not")
    return f"{'; '.join(parts)}."


def _nobody(answer: Answer, mixes: Sequence[str]) -> str:
    return "None of the mixes pays" if len(mixes) > 1 else f"{quoted(answer, mixes[0])} does not pay"


def _pay(mixes: int) -> str:
    return "pays for itself" if mixes == 1 else "pay for themselves"


def _left_to_pay(answer: Answer, net: Sequence[Estimate]) -> str:
    means = sorted(cost.mean for cost in net)
    low, high = pounds(means[0]), pounds(means[-1])
    amount = low if low == high else f"{low} to {high}, depending on the mix"
    names = listed(quoted(answer, world) for world in paying(answer))
    left_out = f", leaving out {names}" if names else ""
    return f"after these savings the net cost to the training budget is {amount}{left_out}"


def unspent_sentence(answer: Answer) -> str:
    """Sentence on the mixes that leave money unspent."""
    left = [(world, answer.prices[world]) for world in answer.ranked()]
    clauses = [
        f"{quoted(answer, world)} leaves {pounds(price.unspent_gbp)} of {pounds(price.spent_gbp + price.unspent_gbp)}"
        for world, price in left
        if price.unspent_gbp >= WHOLE_POUND
    ]
    if not answer.programmes:
        return ""
    if not clauses:
        return "Every mix spends all of its money." if len(left) > 1 else "The mix spends all of its money."
    return (
        f"{listed(clauses)} unspent, because supply within the period is limited. "
        "Prices are based on actual spending, not on the allocation."
    )


def _doubt(answer: Answer, world: str) -> str:
    gain, estimate = GAIN_WORDS[answer.study.headline], answer.avoided(world)
    ends = f"{rounded(abs(estimate.low))} {gain.worse} to {rounded(abs(estimate.high))} {gain.better}"
    return f"its 95 % interval runs from {ends}"
