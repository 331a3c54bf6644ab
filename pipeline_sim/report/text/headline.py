"""The answer in sentences that come from the numbers, and claim no more than their intervals bear.

A mix gains extensions avoided or months recovered, whichever is the study's headline. "Told" of a gain means that its
95 % interval lies on one side of nothing.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pipeline_sim.report.text.number_format import listed, plural, pounds, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.cost_effectiveness import payments
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.replication.prepare import world_of

NAMED = 3  # mixes named in one sentence; more are counted
WHOLE_POUND = 1.0


class Gain(NamedTuple):
    """How a headline is spoken of."""

    what: str
    gains: str
    gain: str
    loses: str
    worse: str
    better: str
    ratio: str  # field of a Price


GAINS = {
    "extensions": Gain(
        "extensions", "avoids", "avoid", "more extensions", "more", "fewer", "per_extension_avoided_gbp"
    ),
    "months_short": Gain(
        "months of training",
        "recovers",
        "recover",
        "months of training lost",
        "lost",
        "recovered",
        "per_month_recovered_gbp",
    ),
}


def quoted(answer: Answer, world: str) -> str:
    """A world's label as a name."""
    return f"“{answer.label(world)}”"


def headline(answer: Answer) -> list[str]:
    """The answer in at most four sentences: the first, which may be the best, what pays, what changes nothing."""
    if not answer.programmes:
        return ["This study has no programme that spends money: there is nothing to rank or to price."]
    idle = [world for world in answer.ranked() if is_idle(answer, world)]
    said = [f"{listed(nothing_changed(answer, world) for world in idle)}."] if idle else []
    if len(idle) == len(answer.programmes):
        return said
    return [first(answer), second(answer), third(answer), *said]


def is_idle(answer: Answer, world: str) -> bool:
    """Does a mix change nothing that is counted, in any draw?"""
    return not answer.differences.loc[world].fillna(0.0).to_numpy().any()


def moving(answer: Answer) -> list[str]:
    """Mixes that change something, the one that gains most on average first."""
    return [world for world in answer.ranked() if not is_idle(answer, world)]


def nothing_changed(answer: Answer, world: str) -> str:
    """That a mix changes nothing, and what it pays for instead."""
    said = f"{quoted(answer, world)} changes nothing for any doctor"
    found = answer.bought.loc[world]
    paid = found[found.index.isin(list(payments(world_of(answer.assumed[world]))))]
    months = float(paid["units"].sum())
    if not months > 0:
        return said
    return f"{said}: it covers about {rounded(months)} {plural(paid['unit'].iloc[0])} that are given anyway"


def first(answer: Answer) -> str:
    """What the mix that can be told to gain most gains, and at what price."""
    order = moving(answer)
    proven = [world for world in order if answer.avoided(world).low > 0]
    top = order[0]
    if not proven:
        return _none_proven(answer, order)
    world = proven[0]
    said = of_mix(answer, world)
    if len(order) == 1:
        return said
    if world == top:
        return f"Highest on average: {said}"
    return f"{said[:-1]}; {quoted(answer, top)} is higher on average, but {_doubt(answer, top)}."


def _none_proven(answer: Answer, order: Sequence[str]) -> str:
    gain = GAINS[answer.study.headline]
    top = order[0]
    if any(math.isnan(answer.avoided(world).low) for world in order):
        return of_mix(answer, top)
    if all(answer.avoided(world).high < 0 for world in order):
        which = "The mix does" if len(order) == 1 else "All mixes do"
        return f"{which} harm by this model: {of_mix(answer, top)}"
    if len(order) == 1:
        return of_mix(answer, top)
    return (
        f"None of the {count(len(order))} mixes can be shown to {gain.gain} {gain.what}: "
        f"for the one that is highest on average, {quoted(answer, top)}, {_doubt(answer, top)}."
    )


def of_mix(answer: Answer, world: str) -> str:
    """One sentence on what a mix gains."""
    gain, found, name = GAINS[answer.study.headline], answer.avoided(world), quoted(answer, world)
    size = rounded(abs(found.mean))
    if is_idle(answer, world):
        return f"{nothing_changed(answer, world)}."
    if math.isnan(found.mean):
        return f"{name}: what it gains is not known."
    if math.isnan(found.low):
        way = f"{gain.gains} {size} {gain.what}" if found.mean >= 0 else f"means {size} {gain.loses}"
        return f"{name} {way} in the only draw made, too few to tell."
    if found.low == found.high == 0:
        return f"{name} {gain.gains} no {gain.what}."
    if not found.can_tell:
        return f"{name}: we cannot tell whether it {gain.gains} {gain.what} ({_doubt(answer, world)})."
    if found.mean < 0:
        return f"{name} means {size} {gain.loses} ({interval(*found.turned())})."
    price = each_at(getattr(answer.prices[world], gain.ratio)) if world in answer.prices else ""
    return f"{name} {gain.gains} {size} {gain.what} ({interval(*found)}){price}."


def each_at(ratio: Ratio) -> str:
    """Price of one, with its interval."""
    if math.isnan(ratio.mean):
        return ""
    if not ratio.can_tell:
        return ", at a price that cannot be told"
    return f", at {pounds(ratio.mean)} each ({pounds(ratio.low)} to {pounds(ratio.high)})"


def interval(_mean: float, low: float, high: float) -> str:
    """`95 % interval 240 to 380`"""
    return f"95 % interval {rounded(low)} to {rounded(high)}"


def second(answer: Answer) -> str:
    """Which mix may be the best; of a mix that stands alone, its other gain."""
    top = moving(answer)[0]
    others = [world for world in answer.ranked() if world != top]
    if not others:
        return _months(answer, top)
    if any(math.isnan(than(answer, top, other).low) for other in others):
        return f"With one draw we cannot tell {quoted(answer, top)} from any other mix."
    return f"{best_of(answer)}."


def best_of(answer: Answer) -> str:
    """Which mix is best with 95 % confidence, or which of them may be, all compared at once."""
    may = [quoted(answer, world) for world in answer.ranked() if world in answer.may_be_best]
    all_ = len(answer.programmes)
    best = "the better of the two mixes" if all_ == 2 else f"the best of the {count(all_)} mixes"
    if len(may) == 1:
        return f"With 95 % confidence {best} is {may[0]}"
    shown = listed(may) if len(may) <= NAMED else f"{may[0]} and {may[1]} are ahead on average"
    if len(may) == all_:
        return f"{'Either' if all_ == 2 else 'Any'} of the {count(all_)} mixes may be the best: {shown}"
    return f"With 95 % confidence {best} is one of {count(len(may))}: {shown}"


def _months(answer: Answer, world: str) -> str:
    """The other gain of a mix that stands alone."""
    other = "months_short" if answer.study.headline == "extensions" else "extensions"
    turned = answer._replace(study=answer.study.model_copy(update={"headline": other}))
    return of_mix(turned, world)


def than(answer: Answer, one: str, other: str) -> Estimate:
    """What one mix gains more than another, whichever way the pair stands."""
    if (one, other) in answer.between.index:
        return Estimate(*answer.between.loc[(one, other)])
    return Estimate(*answer.between.loc[(other, one)]).turned()


def third(answer: Answer) -> str:
    """Whether a mix pays for itself in what is saved on extensions."""
    net = {world: answer.prices[world].net_budget_gbp for world in moving(answer)}
    known = {world: found for world, found in net.items() if found is not None}
    if not known:
        return "The study has no prices of time, so what a mix saves on extensions is not known."
    if any(math.isnan(found.low) for found in known.values()):
        return "With one draw we cannot tell whether a mix pays for itself in extensions saved."
    pays = [world for world, found in known.items() if found.high < 0]
    costs = [world for world, found in known.items() if found.low > 0]
    unclear = [world for world in known if world not in pays and world not in costs]
    if len(costs) == len(known):
        return f"{_nobody(answer, costs)} for itself in extensions saved: {_left_to_pay(list(known.values()))}."
    parts, saved = [], " in extensions saved"
    if pays:
        parts.append(f"{listed(quoted(answer, world) for world in pays)} {_pay(len(pays))}{saved}")
    if unclear:
        names = listed(quoted(answer, world) for world in unclear)
        parts.append(
            f"{'we' if pays else 'We'} cannot tell whether {names} {_pay(len(unclear))}{'' if pays else saved}"
        )
    if costs:
        parts.append("the others do not" if len(costs) > 1 else f"{quoted(answer, costs[0])} does not")
    return f"{'; '.join(parts)}."


def _nobody(answer: Answer, mixes: Sequence[str]) -> str:
    return "None of the mixes pays" if len(mixes) > 1 else f"{quoted(answer, mixes[0])} does not pay"


def _pay(mixes: int) -> str:
    return "pays for itself" if mixes == 1 else "pay for themselves"


def _left_to_pay(found: Sequence[Estimate]) -> str:
    means = sorted(each.mean for each in found)
    low, high = pounds(means[0]), pounds(means[-1])
    amount = low if low == high else f"{low} to {high}, by mix,"
    return f"after what is saved the training budget is still {amount} out of pocket"


def unspent(answer: Answer) -> str:
    """Which mixes leave money unspent."""
    left = [(world, answer.prices[world]) for world in answer.ranked()]
    said = [
        f"{quoted(answer, world)} leaves {pounds(price.unspent_gbp)} of {pounds(price.spent_gbp + price.unspent_gbp)}"
        for world, price in left
        if price.unspent_gbp >= WHOLE_POUND
    ]
    if not answer.programmes:
        return ""
    if not said:
        return "Every mix spends all of its money." if len(left) > 1 else "The mix spends all of its money."
    return (
        f"{listed(said)} unspent, because there is only so much that can be bought in the time. "
        "Prices are pounds spent, not pounds given."
    )


def count(number: int) -> str:
    """Small numbers as words."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else f"{number:,}"


def _doubt(answer: Answer, world: str) -> str:
    gain, found = GAINS[answer.study.headline], answer.avoided(world)
    ends = f"{rounded(abs(found.low))} {gain.worse} to {rounded(abs(found.high))} {gain.better}"
    return f"its 95 % interval goes from {ends}"
