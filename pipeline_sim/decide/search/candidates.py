"""Candidates of a search: pounds for every intervention, and how each is given; from a candidate to a mix.

Sizes: I interventions that may be bought.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.apply_mix import purchases
from pipeline_sim.world.interventions.own_mix import BUDGET
from pipeline_sim.world.interventions.spending import entry_of, largest_remainder
from pipeline_sim.world.schema.interventions import InterventionsSection, Places
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.tables import Axes
from pipeline_sim.world.world_error import hint

Reals = npt.NDArray[np.float64]
STEP = 10_000  # pounds to which amounts are rounded
MORE_THAN_ALL = 20.0  # times the budget: what a line could spend were there no ceiling
FACTORS = ("order", "group", "split", "start")
OWN_WEIGHTS, LEAST = "office_weights", "least"


class Variant(NamedTuple):
    """How a line is given."""

    order: str | None  # of places; none for what is no place
    group: str
    split: str
    start: date


class Whom(NamedTuple):
    """For whom a part of a line is: all offices by a split, or one; all whom the line is for, or one group of them."""

    split: str
    office: str | None = None
    group: str | None = None


EVERYWHERE = Whom("by_trainees")


class Space(NamedTuple):
    """What may be bought, and how."""

    names: tuple[str, ...]  # [I]
    variants: tuple[tuple[Variant, ...], ...]  # by intervention; the first is the usual one
    most: tuple[tuple[float, ...], ...]  # pounds that can be spent on each, by intervention and variant
    months: tuple[tuple[int, ...], ...]  # of delivery, likewise
    least: tuple[float, ...]  # [I] pounds
    offices: Mapping[str, float]  # part of the doctors
    serving: Mapping[str, tuple[int, ...]]  # interventions that serve a specialty group, by its name


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
    known = [*catalogue.places, *catalogue.weather]
    for what, names, among in (
        ("interventions", [*decision.interventions, *decision.most, *decision.least], list(catalogue.entries)),
        ("groups", decision.groups, [*catalogue.targets, *(group.id for group in world.groups)]),
        ("office_weights", list(decision.office_weights), [office.id for office in world.offices]),
        (
            "least_share",
            list(decision.least_share),
            [*(office.id for office in world.offices), *(group.id for group in world.groups)],
        ),
    ):
        for name in names:
            if name not in among:
                raise StudyError(f"decision.{what}: there is no '{name}'{hint(name, among)}")
    names, variants, most, months, axes = [], [], [], [], axes_of(world)
    for name in decision.interventions or known:
        ways = [each for each in variants_of(decision, catalogue, name) if months_left(decision, catalogue, name, each)]
        alike = {(way.group, way.start): way for way in ways}  # order and split do not move a ceiling
        of_like = {key: spendable(decision, world, axes, name, way) for key, way in alike.items()}
        spent = [of_like[way.group, way.start] for way in ways]
        if any(spent):
            names.append(name)
            variants.append(tuple(way for way, most_of in zip(ways, spent, strict=True) if most_of))
            limit = decision.most.get(name, np.inf)
            most.append(tuple(min(each, limit) for each in spent if each))
            months.append(tuple(months_left(decision, catalogue, name, way) for way in variants[-1]))
    if not names:
        raise StudyError(f"decision: nothing can be delivered by {decision.last}: give more time or an earlier start")
    offices = dict(zip(axes.offices, axes.trainee_share.tolist(), strict=True))
    served = [catalogue.group_names(entry_of(catalogue, name).groups) for name in names]
    serving = {g.id: tuple(i for i, groups in enumerate(served) if g.id in groups) for g in world.groups}
    least = tuple(decision.least.get(name, 0.0) for name in names)
    return Space(tuple(names), tuple(variants), tuple(most), tuple(months), least, offices, serving)


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


def spendable(decision: Decision, world: World, axes: Axes, name: str, variant: Variant) -> float:
    """Pounds that a line could spend at stated figures, up to its ceilings, rounded down."""
    assert world.interventions is not None
    months = months_left(decision, world.interventions, name, variant)
    asked = round(MORE_THAN_ALL * decision.budget)
    lines = [line_table(name, asked * 100, variant, months)]
    bought = purchases(world.model_copy(update={"mix": section(mix_table("most", asked * 100, lines))}), axes=axes)
    assert bought is not None
    return float(sum(int(line.spent.sum()) for line in bought.lines) // (100 * STEP) * STEP)


def candidate_of(space: Space, amounts: Reals, variants: Sequence[int]) -> Candidate:
    """Candidate of amounts [I]; variants of what is not bought do not count."""
    rounded = [int(each) // STEP * STEP for each in amounts]
    return Candidate(tuple(rounded), tuple(v if a else 0 for a, v in zip(rounded, variants, strict=True)))


def mix_of(decision: Decision, space: Space, candidate: Candidate, name: str = "found") -> MixSection:
    """Mix of a candidate, as the world reads it."""
    return section(mix_text(decision, space, candidate, name))


def section(text: str) -> MixSection:
    """Mix in the text of its file; StudyError if it is none."""
    try:
        tree = tomllib.loads(text, parse_float=float)["mix"]
        return MixSection.model_validate({**tree, "lines": tuple(map(_tuples, tree["lines"]))})
    except ValidationError as error:
        raise StudyError(f"decision: no mix can be made of it: {error.errors()[0]['msg']}") from None


def _tuples(line: dict[str, object]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in line.items()}


def mix_text(decision: Decision, space: Space, candidate: Candidate, name: str) -> str:
    """File of a mix that buys a candidate: least shares of offices and groups stand in lines of their own."""
    lines, total = [], sum(candidate.amounts)
    by_group, _ = group_shares(decision, space, np.array(candidate.amounts))
    for place, amount in enumerate(candidate.amounts):
        if amount:
            variant = space.variants[place][candidate.variants[place]]
            parts = earmarked(decision, space, variant) | general(decision, variant)
            left = max(1.0 - sum(share for key, share in parts.items() if key[0] == LEAST), 0.0)
            shared = {Whom(*key[1:]): share * (1.0 if key[0] == LEAST else left) for key, share in parts.items()}
            own: dict[str | None, float] = {
                name: float(of[place]) / amount for name, of in by_group.items() if of[place]
            }
            own[None] = max(1.0 - sum(own.values()), 0.0)
            parts_of = {whom._replace(group=g): s * part for whom, s in shared.items() for g, part in own.items()}
            months = space.months[place][candidate.variants[place]]
            pence = largest_remainder(amount * 100, np.array(list(parts_of.values())))
            for whom, part in zip(parts_of, pence.tolist(), strict=True):
                for payer, paid in payers(decision, int(part)):
                    lines.append(line_table(space.names[place], paid, variant, months, whom, payer))
    return mix_table(name, total * 100, lines)


def group_shares(decision: Decision, space: Space, amounts: Reals) -> tuple[dict[str, Reals], dict[str, float]]:
    """Pounds of each line [I] that are for one specialty group alone, so that it has its least share; and what lacks.

    Groups that few lines serve come first; each takes from its lines in proportion to what is left of them.
    """
    left, parts, lacking = np.array(amounts, np.float64), {}, {}
    groups = [name for name in decision.least_share if name in space.serving]
    for name in sorted(groups, key=lambda each: len(space.serving[each])):
        room, wanted = np.zeros(len(left)), decision.least_share[name] * float(np.sum(amounts))
        room[list(space.serving[name])] = left[list(space.serving[name])]
        parts[name] = room * min(wanted / max(room.sum(), 1e-9), 1.0)
        lacking[name] = wanted - float(parts[name].sum())
        left -= parts[name]
    return parts, lacking


def general(decision: Decision, variant: Variant) -> dict[tuple[str, str, str | None], float]:
    """Parts of a line that are for all offices, or for each by a weight of one's own; they add up to 1."""
    if variant.split == OWN_WEIGHTS:
        total = sum(decision.office_weights.values())
        return {("", "by_trainees", o): weight / total for o, weight in decision.office_weights.items() if weight}
    halves = ("by_trainees", "by_need") if variant.split == "half_by_need" else (variant.split,)
    return {("", split, None): 1 / len(halves) for split in halves}


def earmarked(decision: Decision, space: Space, variant: Variant) -> dict[tuple[str, str, str | None], float]:
    """Parts of a line for one office alone, so that it has its least share beside what all offices are given."""
    shares = {name: share for name, share in decision.least_share.items() if name in space.offices}
    parts = dict.fromkeys(shares, 0.0)
    for _ in range(50):
        left = 1.0 - sum(parts.values())
        own = {name: space.offices[name] if variant.split == "by_trainees" else 0.0 for name in shares}
        parts = {name: max(share - left * own[name], 0.0) for name, share in shares.items()}
    return {(LEAST, "by_trainees", name): part for name, part in parts.items() if part > 0}


def payers(decision: Decision, pence: int) -> list[tuple[str, int]]:
    """Accounts in which a line stands."""
    national = round(pence * decision.national)
    return [(payer, part) for payer, part in (("offices", pence - national), ("national", national)) if part]


def line_table(
    name: str, pence: int, variant: Variant, months: int, whom: Whom = EVERYWHERE, payer: str = "offices"
) -> str:
    """Line of a mix."""
    rows = ["", "[[mix.lines]]", f'intervention = "{name}"', f"gbp = {pence / 100:.2f}", f'split = "{whom.split}"']
    rows += [f'payer = "{payer}"'] * (payer != "offices")
    rows += [f"start = {variant.start}", f"months = {months}", f"groups = {json.dumps([whom.group or variant.group])}"]
    rows += [f"offices = {json.dumps([whom.office])}"] * (whom.office is not None)
    rows += [f'order = "{variant.order}"'] * (variant.order is not None)
    return "\n".join(rows)


def mix_table(name: str, pence: int, lines: Sequence[str]) -> str:
    """File of a mix from its lines."""
    return "\n".join(["[mix]", f'name = "{name}"', BUDGET.format(f"{pence / 100:.2f}", ASSUMPTION), *lines]) + "\n"
