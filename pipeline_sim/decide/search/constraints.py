"""Constraints of a search: which of them clash, and the nearest candidate that meets all of them."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from pipeline_sim.decide.search.candidates import STEP, Candidate, Space, group_shares
from pipeline_sim.study.estimates.random_effects import Reals
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.own_mix import amount_text
from pipeline_sim.world.lowering.lower_places import MOST_KINDS


def check_constraints(space: Space) -> None:
    """Refuses, with StudyError, constraints that no mix can meet, and says which ones clash."""
    clash = next(chain(_clashes_of_money(space), _clashes_of_shares(space), _unmet(space)), None)
    if clash is not None:
        raise StudyError(f"decision: constraints clash: {clash}")


def _clashes_of_money(space: Space) -> Iterator[str]:
    decision = space.decision
    budget, smallest, wanted = decision.budget, decision.least_purchase, sum(decision.least.values())
    if wanted > budget:
        yield f"least sums to {amount_text(wanted)}, above the budget of {amount_text(budget)}"
    if len(decision.least) > decision.most_interventions:
        yield f"least names {len(decision.least)} interventions, most_interventions is {decision.most_interventions}"
    for name, least in decision.least.items():
        limit, asked = decision.most.get(name, np.inf), f"least.{name} is {amount_text(least)}"
        if least > limit:
            yield f"{asked}, most.{name} {amount_text(limit)}"
        elif name not in space.names:
            yield f"{asked}, but none can be delivered by {decision.last}"
        elif least > (most := max(space.most[space.names.index(name)])):
            yield f"{asked}, but its ceiling lets no more than {amount_text(most)} be spent"
    room = max(map(max, space.most))
    if smallest > budget:
        yield f"least_purchase is {amount_text(smallest)}, but the budget is {amount_text(budget)}"
    elif smallest > room:
        yield f"least_purchase is {amount_text(smallest)}, but no ceiling lets more than {amount_text(room)} be spent"
    for other in decision.budgets:
        if other < max(wanted, smallest):
            yield f"budgets has {amount_text(other)}, below least or least_purchase"


def _clashes_of_shares(space: Space) -> Iterator[str]:
    decision, shares = space.decision, space.decision.least_share
    total = sum(shares.values())
    if total > 1 + 1e-9:
        yield f"least_share sums to {total:.3g}, above 1"
    kinds = decision.most_interventions * (1 + sum(who in space.serving for who in shares))
    if kinds > max(MOST_KINDS, decision.most_interventions):
        yield f"least_share of groups and most_interventions may make {kinds} kinds of places, above {MOST_KINDS}"
    for who, share in shares.items():
        serving = space.serving.get(who, range(len(space.names)))
        room = sum(max(space.most[place]) for place in serving) * space.offices.get(who, 1.0)  # by doctors
        if share * decision.budget > room:
            asked = amount_text(round(share * decision.budget))
            yield f"least_share.{who} asks for {asked}, but what serves it can take no more than {amount_text(room)}"
    if decision.office_weights and not sum(decision.office_weights.values()) > 0:
        yield "office_weights are all 0, so no office may be given anything"
    if decision.office_weights and any(who in space.offices for who in shares):
        yield "office_weights decide what offices are given, least_share of an office as well: leave one out"


def _unmet(space: Space) -> Iterator[str]:
    """What the most that can be bought does not meet."""
    decision = space.decision
    ways = [max(range(len(each)), key=each.__getitem__) for each in space.most]
    tried = repaired(space, np.array(list(map(max, space.most))), ways, decision.budget)
    unmet = [name for name, lacks in group_shares(space, np.array(tried.amounts))[1].items() if lacks > STEP]
    short = [
        name for name, got in zip(space.names, tried.amounts, strict=True) if got + STEP < decision.least.get(name, 0)
    ]
    if unmet or short or not any(tried.amounts):
        what = [f"least_share.{name}" for name in unmet or decision.least_share] + [f"least.{name}" for name in short]
        yield (
            f"{' and '.join(what)} cannot be met beside the others with {decision.most_interventions} interventions at "
            "most and the ceilings of what serves them"
        )


def repaired(space: Space, amounts: Reals, variants: Sequence[int], budget: float) -> Candidate:
    """Nearest candidate that meets the constraints, for amounts [I]; what is over is shared among what is bought.

    Money that no ceiling lets be spent is left out of the mix; how what is not bought would be given does not count.
    """
    decision, asked, most = space.decision, space.least, space.ceilings(variants)
    least = np.minimum(asked, most)
    wanted = np.clip(np.where(np.isfinite(amounts), amounts, 0.0), least, most)
    for group in set(decision.least_share) & set(space.serving):  # something that serves it is bought
        if not least[list(space.serving[group])].any():
            place = max(space.serving[group], key=lambda at: (wanted[at], most[at]))
            least[place] = min(max(decision.least_purchase, STEP, space.prices[place]), most[place])
    smallest = np.maximum(np.maximum(decision.least_purchase, least), space.prices)
    kept = (wanted >= smallest) | (least > 0)
    if not kept.any():
        kept[int(np.argmax(np.where(most >= smallest, wanted, -1.0)))] = True
    order = np.argsort(-np.where(least > 0, 1e15 + 1e15 * asked, wanted * kept), kind="stable")
    kept[order[decision.most_interventions :]] = False
    while True:
        filled = _filled(wanted * kept, np.where(kept, least, 0.0), most * kept, budget)
        filled = _with_shares(space, filled, most * kept)
        small = kept & (filled < smallest - STEP) & (least == 0)
        if not small.any() or kept.sum() == 1:
            break
        kept[int(np.argmin(np.where(small, filled, np.inf)))] = False
    pounds = _in_steps(filled, most * kept, filled.sum() + 1)
    return Candidate(tuple(pounds), tuple(way if each else 0 for each, way in zip(pounds, variants, strict=True)))


def _with_shares(space: Space, amounts: Reals, most: Reals) -> Reals:
    """Amounts of which every group can have its least share: money moves to what serves it, or is left out."""
    for _ in range(60):
        lacking = group_shares(space, amounts)[1]
        group = max(lacking, key=lambda each: lacking[each], default="")
        if not group or lacking[group] < 1:
            break
        serves = np.isin(np.arange(len(amounts)), space.serving[group])
        room, others = np.where(serves, most - amounts, 0.0), amounts[~serves].sum()
        moved = min(lacking[group], room.sum(), others)
        if moved < 1:  # what serves it is at its ceilings
            amounts = amounts * np.where(serves, 1.0, 0.9)
        else:
            amounts = amounts + moved * room / room.sum() - np.where(serves, 0.0, moved * amounts / max(others, 1e-9))
    return amounts


def _in_steps(amounts: Reals, most: Reals, budget: float) -> list[int]:
    """Amounts in whole steps, the largest first with what rounding leaves."""
    whole = np.floor(amounts / STEP + 1e-6) * STEP
    for place in np.argsort(-amounts, kind="stable"):
        more = min(most[place] - whole[place], budget - whole.sum())
        whole[place] += max(np.floor(more / STEP + 1e-6), 0) * STEP * (whole[place] > 0)
    return [int(each) for each in whole]


def _filled(amounts: Reals, least: Reals, most: Reals, budget: float) -> Reals:
    """Amounts scaled, between their limits, so that they add up to the budget, or as near as the ceilings let."""
    if most.sum() <= budget:
        return most
    low, high = 0.0, 1.0
    shape = np.where(most > 0, np.maximum(amounts, 1.0), 0.0)

    def within(scale: float) -> Reals:
        return np.minimum(np.maximum(scale * shape, least), most)

    while within(high).sum() < budget:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle).sum() < budget else (low, middle)
    return within(low)
