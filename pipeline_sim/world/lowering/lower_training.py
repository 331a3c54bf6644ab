"""Supervised slots, daily opportunity and the pace of learning in the Rulebook."""

from collections.abc import Callable
from functools import cache, partial
from statistics import NormalDist

import numpy as np

from pipeline_sim.base.prefix_sums import sum_again, sum_thousandths
from pipeline_sim.base.shared_rows import AT_ONCE, Block, Keys, RowsToChange, SharedRows
from pipeline_sim.rules.rulebook import Competence, Placements, Posts, Programmes
from pipeline_sim.world.lowering.lower_people import pace_by_group
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    Thresholds,
    in_order,
    per_mille,
    round_half_up,
    thresholds,
    to_int32,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.training import DOMAINS
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Timeline

QUANTILES = 1024
Unchanged = Callable[[RowsToChange, Keys, Ints], None]  # writes prefix sums of some rows, had they not been changed


def group_names(world: World) -> tuple[str, ...]:
    """Groups in order."""
    return tuple(group.id for group in world.groups)


def lower_placements(world: World, programmes: Programmes, posts: Posts, slots_share: Reals) -> Placements:
    """Placements of the Rulebook: slots [M, G, O] are posts of the year x coverage x the timeline's share."""
    groups = group_names(world)
    coverage = in_order(world.placements.coverage.value, groups)
    dates = world.dates
    year = dates.year_of[dates.month_start[:-1]]
    supervised = posts_by_group(programmes, posts.establishment, len(groups))[year]
    slots = supervised * coverage[None, :, None] * slots_share
    return Placements(to_int32(slots), per_mille(in_order(world.placements.unsupervised.value, groups)))


def posts_by_group(programmes: Programmes, establishment: Ints, groups: int) -> Ints:
    """Posts [Y, G, O]."""
    member = programmes.group[None, :] == np.arange(groups)[:, None]
    return to_int32(np.einsum("gp,ypo->ygo", member.astype(np.int64), establishment.astype(np.int64)))


def prefix_sums(table: SharedRows, missing: bool = False, shared: SharedResults | None = None) -> SharedRows:
    """Prefix sums along the days [..., T+1] in thousandths, each day rounded first; of what it lacks if `missing`.

    Tables that share rows, and results, share their sums.
    """
    get, name, days = (shared or SharedResults()).get, "lacked" if missing else "sum", table.shape[-1]

    def sums(block: Block) -> Ints:
        return get(partial(row_sums, block, days, missing, unchanged), name, block)

    def unchanged(block: RowsToChange, rows: Keys, result: Ints) -> None:
        for part, own, places in block.table.runs(block.rows[rows]):
            if isinstance(own, RowsToChange):
                unchanged(own, places, result[part])
            else:
                np.take(sums(own), places, axis=0, out=result[part], mode="clip")

    return SharedRows.of(table).mapped(sums)


def row_sums(block: Block, days: int, missing: bool, unchanged: Unchanged) -> Ints:
    """Prefix sums of rows [N, T+1]: of rows to be changed those `unchanged`, summed again where they change."""
    result = np.empty((len(block), days + 1), dtype=np.int32)
    if isinstance(block, RowsToChange):
        for first in range(0, len(block), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            unchanged(block, np.arange(len(block))[some], result[some])
            sum_again(block.taken(some, block.span), missing, block.span.start, result[some])
    else:
        sum_thousandths(block, missing, result)
    return result


def competence_of_timeline(world: World, people: Population, timeline: Timeline, shared: SharedResults) -> Competence:
    """Competence of the Rulebook; worlds that share results differ in what the timeline says alone."""
    get, opportunity, shocked, more = shared.get, timeline.opportunity, timeline.shocked, timeline.supported_more
    done = get(lambda: prefix_sums(opportunity, shared=shared), "opportunity", opportunity)
    taken = get(lambda: prefix_sums(shocked, missing=True, shared=shared), "taken", shocked)
    same = get(lambda: lower_competence(world, people, done, taken, more), "competence", people)
    returners = get(lambda: supported(world, more), "supported", people, more)
    now = partial(same._replace, opportunity_sum=done, taken_sum=taken, supported=returners)
    return get(now, "competence of the timeline", same, done, taken, returners)


def lower_competence(
    world: World, people: Population, opportunity_sum: SharedRows, taken_sum: SharedRows, supported_more: Reals
) -> Competence:
    """Competence of the Rulebook."""
    section = world.competence
    pace = pace_quantiles(section.pace_mean.value, section.pace_sd.value)
    return Competence(
        opportunity_sum=opportunity_sum,
        taken_sum=taken_sum,
        row=learning_row(world),
        pace=pace_by_group(world, people.stock.sum(axis=(1, 2)), pace),
        post_pace=per_mille(pace_quantiles(1.0, section.post_pace_sd.value)),
        ward_share=ward_share(world),
        surplus_days=round_half_up(section.surplus.value),
        ramp_days=round_half_up(section.ramp.value),
        ramp_days_supported=round_half_up(section.ramp_supported.value),
        supported=supported(world, supported_more),
    )


def learning_row(world: World) -> Ints:
    """Row of opportunity of each programme [P]: its specialty's, after those of the groups, or its group's."""
    first = len(world.groups)
    own = {name: first + row for row, each in enumerate(world.competence.specialties) for name in each.programmes}
    return to_int32([own.get(each.id, world.group_index(each.group)) for each in world.programmes])


def ward_share(world: World) -> Ints:
    """What a redeployed day teaches [P, D], parts per thousand of a normal day."""
    own = {name: ward.teaches.value for ward in world.competence.own_wards for name in ward.programmes}
    taught = [own.get(programme.id, world.competence.ward.value) for programme in world.programmes]
    return per_mille([in_order(shares, DOMAINS) for shares in taught])


def supported(world: World, supported_more: Reals) -> Thresholds:
    """Chance that a returner is supported [M, O]: that of normal times, and a share of the others."""
    share = world.competence.supported.value
    return thresholds(share + (1.0 - share) * supported_more)


def pace_quantiles(mean: float, sd: float) -> Reals:
    """Mid-point quantiles of a lognormal distribution [1024]."""
    variance = np.log1p((sd / mean) ** 2)
    return np.asarray(mean * np.exp(np.sqrt(variance) * normal_quantiles() - variance / 2))


@cache
def normal_quantiles() -> Reals:
    """Mid-point quantiles of the standard normal distribution [1024]. Read-only."""
    return np.array([NormalDist().inv_cdf((index + 0.5) / QUANTILES) for index in range(QUANTILES)])
