"""Candidates of a search: pounds for every intervention, and how each is given; from a candidate to a mix.

Sizes: I interventions that may be bought.
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.study.estimates.random_effects import Reals
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.own_mix import BUDGET
from pipeline_sim.world.interventions.spending import entry_of, largest_remainder
from pipeline_sim.world.loading.check_mix import price_of_a_place
from pipeline_sim.world.schema.interventions import InterventionsSection, Places, labels_of
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Axes
from pipeline_sim.world.world_error import hint

STEP = 10_000  # pounds to which amounts are rounded
MORE_THAN_ALL = 20.0  # times the budget: what a line could spend were there no ceiling
FACTORS = ("order", "group", "split", "start")
OWN_WEIGHTS = "office_weights"


class Variant(NamedTuple):
    """How a line is given."""

    order: str | None  # of places; none for what is no place
    group: str
    split: str
    start: date


class Whom(NamedTuple):
    """For whom a part of a line is: all offices by a split, or one; all whom the line is for, or one group of them."""

    split: str = "by_trainees"
    office: str | None = None
    group: str | None = None


EVERYWHERE = Whom()


class Space(NamedTuple):
    """What may be bought, and how."""

    decision: Decision
    names: tuple[str, ...]  # [I]
    variants: tuple[tuple[Variant, ...], ...]  # by intervention; the first is the usual one
    most: tuple[tuple[float, ...], ...]  # pounds that can be spent on each, by intervention and variant
    months: tuple[tuple[int, ...], ...]  # of delivery, likewise
    prices: tuple[float, ...]  # [I] pounds of one place, below which nothing can be bought; 0 without places
    offices: Mapping[str, float]  # part of the doctors
    serving: Mapping[str, tuple[int, ...]]  # interventions that serve a specialty group, by its name
    labels: Mapping[str, str]  # of all interventions

    @property
    def least(self) -> Reals:
        """Pounds [I] that have to be spent."""
        return np.array([self.decision.least.get(name, 0.0) for name in self.names])

    def ceilings(self, variants: Sequence[int]) -> Reals:
        """Pounds [I] that can be spent on each, given so."""
        return np.array([most[way] for most, way in zip(self.most, variants, strict=True)])


class Candidate(NamedTuple):
    """A mix as the search knows it."""

    amounts: tuple[int, ...]  # [I] pounds
    variants: tuple[int, ...]  # [I] how each is given; 0 where nothing is bought


def space_of(decision: Decision, world: World) -> Space:
    """Space of a decision in a world with a catalogue; StudyError for names that are not known."""
    catalogue = world.interventions
    if catalogue is None:
        raise StudyError(
            "decision: no world of the study has a catalogue: give a mix the layer configs/interventions.toml"
        )
    check_names(decision, world, catalogue)
    names, variants, most, months, prices, axes = [], [], [], [], [], axes_of(world)
    for name in decision.interventions or [*catalogue.places, *catalogue.weather]:
        time = {way: months_left(decision, catalogue, name, way) for way in variants_of(decision, catalogue, name)}
        alike = {(way.group, way.start): way for way in time if time[way]}  # order and split do not move a ceiling
        spent = {key: spendable(decision, world, axes, name, way, time[way]) for key, way in alike.items()}
        limit, price = decision.most.get(name, np.inf), price_of_a_place(entry_of(catalogue, name))
        room = {key: min(pounds, limit, decision.budget) // STEP * STEP for key, pounds in spent.items()}
        ways = tuple(way for way in time if room.get((way.group, way.start), 0.0) >= max(price, STEP))
        if ways:
            prices.append(price)
            names.append(name)
            variants.append(ways)
            most.append(tuple(min(spent[way.group, way.start], limit) for way in ways))
            months.append(tuple(time[way] for way in ways))
    if not names:
        raise StudyError(f"decision: nothing can be delivered by {decision.last}: give more time or an earlier start")
    offices = dict(zip(axes.offices, axes.trainee_share.tolist(), strict=True))
    served = [catalogue.group_names(entry_of(catalogue, name).groups) for name in names]
    serving = {g.id: tuple(i for i, groups in enumerate(served) if g.id in groups) for g in world.groups}
    lines = tuple(names), tuple(variants), tuple(most), tuple(months), tuple(prices)
    return Space(decision, *lines, offices, serving, labels_of(catalogue))


def check_names(decision: Decision, world: World, catalogue: InterventionsSection) -> None:
    """Refuses, with StudyError, names that a decision has and the world does not; it says the nearest."""
    offices, groups = [office.id for office in world.offices], [group.id for group in world.groups]
    for what, names, among in (
        ("interventions", [*decision.interventions, *decision.most, *decision.least], list(catalogue.entries)),
        ("groups", decision.groups, [*catalogue.targets, *groups]),
        ("office_weights", list(decision.office_weights), offices),
        ("least_share", list(decision.least_share), [*offices, *groups]),
    ):
        for name in names:
            if name not in among:
                raise StudyError(f"decision.{what}: there is no '{name}'{hint(name, among)}")


def variants_of(decision: Decision, catalogue: InterventionsSection, name: str) -> list[Variant]:
    """Ways of giving an intervention; a group that it does not serve is left out."""
    entry = entry_of(catalogue, name)
    own = set(catalogue.group_names(entry.groups))
    orders: Sequence[str | None] = decision.orders if isinstance(entry, Places) else [None]
    groups = [group for group in decision.groups if own & set(catalogue.group_names((group,)))]
    splits = [OWN_WEIGHTS] if decision.office_weights else decision.splits
    return [Variant(*way) for way in product(orders, groups, splits, decision.starts)]


def months_left(decision: Decision, catalogue: InterventionsSection, name: str, variant: Variant) -> int:
    """Months in which a line can deliver, after the lead time and up to the last day."""
    last, start = decision.last, variant.start
    lead = round(entry_of(catalogue, name).lead.value)
    return max(min(decision.months, (last.year - start.year) * 12 + last.month - start.month + 1 - lead), 0)


def spendable(decision: Decision, world: World, axes: Axes, name: str, variant: Variant, months: int) -> float:
    """Pounds that a line could spend at stated figures, up to its ceilings, rounded down."""
    line = line_of(name, round(MORE_THAN_ALL * decision.budget) * 100, variant, months)
    bought = purchases(world.model_copy(update={"mix": mix_with("most", [line])}), axes=axes)
    assert bought is not None
    return float(sum(int(line.spent.sum()) for line in bought.lines) // (100 * STEP) * STEP)


def mix_of(space: Space, candidate: Candidate, name: str = "found") -> MixSection:
    """Mix that buys a candidate: least shares of offices and groups stand in lines of their own."""
    lines = []
    by_group, _ = group_shares(space, np.array(candidate.amounts))
    for place, (amount, way) in enumerate(zip(*candidate, strict=True)):
        if amount:
            variant, months = space.variants[place][way], space.months[place][way]
            groups: dict[str | None, float] = {g: float(of[place]) / amount for g, of in by_group.items() if of[place]}
            groups[None] = max(1.0 - sum(groups.values()), 0.0)
            parts = {
                whom._replace(group=group): share * part
                for whom, share in office_parts(space, variant).items()
                for group, part in groups.items()
            }
            pence = largest_remainder(amount * 100, np.array(list(parts.values())))
            price = math.ceil(100 * space.prices[place])
            for whom, part in buying(dict(zip(parts, pence.tolist(), strict=True)), price).items():
                national = round(part * space.decision.national)
                accounts = {"offices": part - national, "national": national}
                most = max(accounts, key=accounts.__getitem__)
                if min(accounts.values()) < max(price, 1):  # what would buy no place stands in the other account
                    accounts = {most: part}
                lines += [line_of(space.names[place], paid, variant, months, whom, by) for by, paid in accounts.items()]
    return mix_with(name, lines)


def buying(parts: Mapping[Whom, int], price: int) -> dict[Whom, int]:
    """Parts of a line in pence, each enough for a place: what is for some alone is raised from what is for all.

    Where that cannot be, and of what is for all, a part that is too small is added to the one most like it.
    """
    kept = dict(parts)
    for whom in sorted(parts, key=lambda each: parts[each]):
        others = [other for other in kept if other != whom]
        if kept[whom] >= max(price, 1) or not others:
            continue
        lacking, donors = price - kept[whom], [each for each in others if each.office is None and each.group is None]
        donor = max(donors, key=kept.__getitem__, default=None)
        if kept[whom] and (whom.office or whom.group) and donor is not None and kept[donor] - lacking >= price:
            kept[whom] += lacking
            kept[donor] -= lacking
        else:
            like = max(others, key=lambda each: ((each.office == whom.office) + (each.group == whom.group), kept[each]))
            kept[like] += kept.pop(whom)
    return kept


def group_shares(space: Space, amounts: Reals) -> tuple[dict[str, Reals], dict[str, float]]:
    """Pounds of each line [I] that are for one specialty group alone, so that it has its least share; and what lacks.

    Groups that few lines serve come first; each takes from its lines in proportion to what is left of them.
    """
    left, parts, lacking = np.array(amounts, np.float64), {}, {}
    least = {name: share for name, share in space.decision.least_share.items() if name in space.serving}
    for name in sorted(least, key=lambda each: len(space.serving[each])):
        room, wanted = np.zeros(len(left)), least[name] * float(np.sum(amounts))
        room[list(space.serving[name])] = left[list(space.serving[name])]
        parts[name] = room * min(wanted / max(room.sum(), 1e-9), 1.0)
        lacking[name] = wanted - float(parts[name].sum())
        left -= parts[name]
    return parts, lacking


def office_parts(space: Space, variant: Variant) -> dict[Whom, float]:
    """Parts of a line for one office alone, so that it has its least share, beside what all offices are given."""
    weights = space.decision.office_weights
    halves = ("by_trainees", "by_need") if variant.split == "half_by_need" else (variant.split,)
    if variant.split == OWN_WEIGHTS:
        general = {Whom(office=o): weight / sum(weights.values()) for o, weight in weights.items() if weight}
    else:
        general = {Whom(split): 1 / len(halves) for split in halves}
    shares = {name: share for name, share in space.decision.least_share.items() if name in space.offices}
    own = {name: space.offices[name] if variant.split == "by_trainees" else 0.0 for name in shares}
    parts = dict.fromkeys(shares, 0.0)
    for _ in range(50):
        left = 1.0 - sum(parts.values())
        parts = {name: max(share - left * own[name], 0.0) for name, share in shares.items()}
    alone = {Whom(office=name): part for name, part in parts.items() if part > 0}
    left = max(1.0 - sum(alone.values()), 0.0)
    return alone | {whom: share * left for whom, share in general.items()}


def line_of(
    name: str, pence: int, variant: Variant, months: int, whom: Whom = EVERYWHERE, payer: str = "offices"
) -> dict[str, Any]:
    """Line of a mix."""
    offices = {} if whom.office is None else {"offices": (whom.office,)}
    own = {"groups": (whom.group or variant.group,), **offices, "order": variant.order}
    return {"intervention": name, "gbp": pence / 100, "split": whom.split, "payer": payer, "start": variant.start,
            "months": months, **own}  # fmt: skip


def mix_with(name: str, lines: Sequence[Mapping[str, Any]]) -> MixSection:
    """Mix of some lines, as the world reads it; StudyError if it is none."""
    pounds = sum(round(line["gbp"] * 100) for line in lines) / 100
    budget = {"value": pounds, "unit": "GBP", "spread": 0, "source": ASSUMPTION, "grade": "C"}
    try:
        return MixSection.model_validate({"name": name, "budget": budget, "lines": tuple(lines)})
    except ValidationError as error:
        raise StudyError(f"decision: no mix can be made of it: {error.errors()[0]['msg']}") from None


def mix_text(mix: MixSection) -> str:
    """File of a mix that was found."""

    def written(value: object) -> str:
        return (
            f"{value:.2f}" if isinstance(value, float) else f"{value}" if isinstance(value, date) else json.dumps(value)
        )

    rows = ["[mix]", f'name = "{mix.name}"', BUDGET.format(f"{mix.budget.value:.2f}", ASSUMPTION)]
    for line in mix.lines:
        rows += ["", "[[mix.lines]]"]
        rows += [f"{key} = {written(value)}" for key, value in line.model_dump(exclude_defaults=True).items()]
    return "\n".join(rows) + "\n"
