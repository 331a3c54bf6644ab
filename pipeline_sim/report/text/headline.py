"""Answer of a comparison in five sentences made from the numbers, and what else there is to say.

Mixes are ranked by their mean gain in the headline indicator, everywhere. What is certain is said as a probability in
words, and as not settled where more draws may give another word.
"""

import math
from typing import NamedTuple

import numpy as np

from pipeline_sim.report.text.figure_clauses import (
    chance_interval,
    effect_clause,
    interval_clause,
    interval_name,
    settling_clause,
    verdict_clause,
)
from pipeline_sim.report.text.harm_sentences import harm_sentences, ordinary_sentence
from pipeline_sim.report.text.number_format import counted, in_words, listed, number_word, plural, pounds, rounded
from pipeline_sim.report.text.supply_sentences import supply_sentences
from pipeline_sim.report.text.waiting_sentences import waiting_sentences
from pipeline_sim.study.comparison.answer import GAIN, PAYS, Answer
from pipeline_sim.study.estimates.cost_effectiveness import payments
from pipeline_sim.study.estimates.intervals import Ratio
from pipeline_sim.study.estimates.ranking import BANDS, NOT_SETTLED, UNKNOWN, Chance
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.summary import STAGE

LEVELS = ["world", "by", "indicator"]
WHOLE_POUND = 1.0
NAMED = 3  # mixes named in one sentence; more are counted
NO_PROGRAMME = "This study has no programme that spends money: there is nothing to rank or to price."
ONLY_ELSEWHERE = (
    "Every mix differs from the baseline in more than its mix, so none is ranked against it: each is compared with its "
    "own scenario without a programme."
)


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
    """The answer in at most five sentences: gain and price, harm made good and when, for whom, how sure, money."""
    if not answer.programmes:
        return [ONLY_ELSEWHERE if len(answer.scenarios) else NO_PROGRAMME]
    if all(has_no_effect(answer, world) for world in answer.programmes):
        return [f"{listed(no_effect_clause(answer, world) for world in answer.ranked())}."]
    first, mixes = mixes_with_effect(answer)[0], number_word(len(answer.programmes))
    several = len(answer.programmes) > 1
    subject = f"Of {mixes} mixes {quoted(answer, first)} comes first on average: it" if several else ""
    harm, who = harm_sentences(answer, first), stage_sentence(answer, first)
    return [mix_sentence(answer, first, subject), *harm, *who, sure_sentence(answer, first), money_sentence(answer)]


def further(answer: Answer) -> list[str]:
    """What else there is to say: gain without COVID, mixes without effect, the waiting list, levers of supply."""
    levers = supply_sentences(answer)
    if not answer.programmes or all(has_no_effect(answer, world) for world in answer.programmes):
        return levers
    first = mixes_with_effect(answer)[0]
    usual = [ordinary_sentence(answer, first)] if harm_sentences(answer, first) else []
    idle = [no_effect_clause(answer, world) for world in answer.ranked() if has_no_effect(answer, world)]
    return [*usual, *([f"{listed(idle)}."] if idle else []), *waiting_sentences(answer, first), *levers]


def bands_sentence() -> str:
    """Sentence that defines the words for probabilities."""
    tops = [1.0, *(least for least, _ in BANDS)]
    parts = [
        f"“{words}” is {100 * least:.0f} to {100 * top:.0f} %" for (least, words), top in zip(BANDS, tops, strict=False)
    ]
    return f"In words, a probability of {listed(parts)}."


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


def mix_sentence(answer: Answer, world: str, subject: str = "") -> str:
    """Sentence on the gain of one mix, which may have another `subject` than its name, and its gross price."""
    gain, estimate, name = GAIN_WORDS[answer.study.headline], answer.avoided(world), subject or quoted(answer, world)
    size = rounded(abs(estimate.mean))
    if has_no_effect(answer, world):
        return f"{no_effect_clause(answer, world)}."
    if math.isnan(estimate.mean):
        return f"{name}: what it gains is not known."
    if math.isnan(estimate.low):
        way = f"{gain.gains} {size} {gain.what}" if estimate.mean >= 0 else f"means {size} {gain.loses}"
        return f"{name} {way}{other_gain(answer, world)} in the only replication made, too few for an interval."
    if estimate.is_nothing:
        return f"{name} {gain.gains} no {gain.what}."
    way = f"{gain.gains} {size} {gain.what}" if estimate.mean >= 0 else f"means {size} {gain.loses}"
    ends = interval_clause(estimate if estimate.mean >= 0 else estimate.negated(), interval_name(answer))
    price = unit_cost_clause(getattr(answer.prices[world], gain.ratio)) if world in answer.prices else ""
    return f"{name} {way} ({ends}){price}{other_gain(answer, world)}."


def other_gain(answer: Answer, world: str) -> str:
    """Clause on the gain of a mix by the other of extensions and months, which stand beside each other everywhere."""
    other = "months_short" if answer.study.headline == "extensions" else "extensions"
    gained = answer.difference(world, other).negated()
    if math.isnan(gained.mean):
        return ""
    words = GAIN_WORDS[other]
    if gained.mean >= 0 and not gained.is_nothing:
        interval = "" if math.isnan(gained.low) else f" ({interval_clause(gained, '')})"
        return f", and {words.gains} {rounded(gained.mean)} {words.what}{interval}"
    return f", and {effect_clause(gained, 'months of lost training' if other == 'months_short' else words.what, '')}"


def unit_cost_clause(ratio: Ratio) -> str:
    """Clause on the cost of one unit gained, with its interval."""
    if math.isnan(ratio.mean):
        return ""
    if not ratio.excludes_zero:
        return ", at an unclear cost each"
    if ratio.low == ratio.high == 0:
        return ", for no more money"
    return f", at {pounds(ratio.mean)} each ({pounds(ratio.low)} to {pounds(ratio.high)})"


def stage_sentence(answer: Answer, world: str) -> list[str]:
    """Sentence on the stages of training in which a mix avoids most extensions."""
    table = answer.subgroup_differences["mean"]
    kept = (
        table.index.get_level_values(name) == value
        for name, value in zip(LEVELS, (world, STAGE, "extensions"), strict=True)
    )
    means = -table[np.logical_and.reduce(list(kept))].droplevel(LEVELS)
    whole, best = float(means.sum()), means[means > 0].sort_values(ascending=False, kind="stable")[:2]
    if whole <= 0 or best.empty:
        return []
    parts = listed(
        f"{in_words(str(stage)).lower().replace('gp', 'GP')} ({rounded(gain)})" for stage, gain in best.items()
    )
    return [f"By stage of training most extensions are avoided in {parts}."]


def sure_sentence(answer: Answer, world: str) -> str:
    """Sentence on how probably a mix gains anything, is the best and pays for itself.

    What the draws settle is said in words, and then once what they leave open and how many would settle all of it.
    """
    gain = GAIN_WORDS[answer.study.headline]
    claims = [(f"it {gain.gains} any {gain.what}", chance_of(answer, world, GAIN))]
    if len(answer.programmes) > 1:
        claims.append((f"it gains most of the {number_word(len(answer.programmes))} mixes", _best(answer, world)))
    claims += _payers(answer)
    known = [each for each in claims if not math.isnan(each[1].probability)]
    if not known:
        return f"How probable that is, is {UNKNOWN}."
    sure = [f"that {what} is {verdict_clause(chance)}" for what, chance in known if chance.verdict != NOT_SETTLED]
    doubtful = [each for each in known if each[1].verdict == NOT_SETTLED]
    said = listed(sure)
    if doubtful:
        draws = counted(len(answer.sampling.weights), "draw")
        names = listed(f"that {what} ({chance_interval(chance, not at)})" for at, (what, chance) in enumerate(doubtful))
        needed = settling_clause(chance.draws_to_settle for _, chance in doubtful)
        said += f"{'; ' if sure else ''}not settled by these {draws}: {names}; {needed} would settle it"
    return f"{said[0].upper()}{said[1:]}."


def _payers(answer: Answer) -> list[tuple[str, Chance]]:
    """The claim that a mix pays for itself, of the likeliest one; none without prices."""
    order = [world for world in mixes_with_effect(answer) if answer.prices[world].net_budget_gbp is not None]
    if not order:
        return []
    pays = {world: chance_of(answer, world, PAYS) for world in order}
    most = max(order, key=lambda world: pays[world].probability)
    alike = sum(pays[world].probability == pays[most].probability for world in order) > 1
    which = f"{quoted(answer, most)}, of all mixes the likeliest," if len(order) > 1 else "it"
    return [(f"{'any one mix' if alike else which} pays for itself in extensions saved", pays[most])]


def best_clause(answer: Answer, world: str) -> str:
    """Verdict on the probability that a mix is the best."""
    return verdict_clause(_best(answer, world))


def _best(answer: Answer, world: str) -> Chance:
    return Chance(*answer.best.loc[world, list(Chance._fields)])


def chance_of(answer: Answer, world: str, event: str) -> Chance:
    """Chance of an event of a mix; unknown where its worlds have no prices."""
    if (world, event) not in answer.chances.index:
        return Chance(math.nan, math.nan, math.nan, "", 0)
    return Chance(*answer.chances.loc[(world, event)])


def money_sentence(answer: Answer) -> str:
    """Sentence on the net cost of the mixes, and what a month would have to be worth."""
    order = [world for world in mixes_with_effect(answer) if answer.prices[world].net_budget_gbp is not None]
    if not order:
        return "The study has no prices of time, so what a mix saves on extensions is not known."
    nets = sorted(answer.prices[world].net_budget_gbp.mean for world in order)  # type: ignore[union-attr]
    low, high = pounds(nets[0]), pounds(nets[-1])
    amount = low if low == high else f"{low} to {high}, depending on the mix"
    worth = worth_clause(answer, order[0])
    return f"After savings on extensions the net cost to the training budget is {amount}{worth}."


def worth_clause(answer: Answer, world: str) -> str:
    """Clause on what a month would have to be worth, beside what the training budget pays for one."""
    each, costs = answer.prices[world].per_month_recovered_gbp, world_of(answer.specs[world]).costs
    if math.isnan(each.mean) or costs is None:
        return ""
    month = pounds(costs.extension.month.value)
    return (
        f"; {quoted(answer, world)} is worth its cost if a month of training is worth {pounds(each.mean)}, of which "
        f"the training budget saves {month}"
    )


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
    if len(clauses) > NAMED:
        most = max(price.unspent_gbp for _, price in left)
        clauses = [f"{len(clauses)} of {number_word(len(left))} mixes leave up to {pounds(most)}"]
    return (
        f"{listed(clauses)} unspent, because supply within the period is limited. "
        "Prices are based on actual spending, not on the allocation."
    )
