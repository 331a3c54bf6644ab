"""Timeline of a World: normal times, then the shocks that are switched on, then the mix, then what it does to lists."""

from dataclasses import replace
from functools import partial

import numpy as np

from pipeline_sim.base.shared_rows import NO_CHANGE, Keys, SharedRows
from pipeline_sim.rules.codes import Domain
from pipeline_sim.world.interventions.apply_mix import apply_purchases, purchases
from pipeline_sim.world.interventions.service import mix_service
from pipeline_sim.world.interventions.spending import Purchases
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.waves import STREAMS, Stream
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, apply_all_shocks
from pipeline_sim.world.shocks.training_opportunity import learning_lost
from pipeline_sim.world.shocks.waiting_list import ModelledList, list_setting, waiting_list
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Axes, Singles, Timeline, normal_timeline
from pipeline_sim.world.world_error import WorldError, hint


def build_timeline(
    world: World, without: frozenset[str] = frozenset(), population: Population | None = None
) -> Timeline:
    """Timeline of a world without the shocks and interventions named in `without`.

    Raises WorldError for an unknown name, a group without its figures or money outside the period.
    """
    axes = axes_of(world, population)
    timeline = apply_shocks(world, without, axes)
    bought = purchases(world, axes=axes, shocked=timeline)
    return apply_mix_and_list(world, axes, timeline, bought, without)[0]


def apply_mix_and_list(
    world: World,
    axes: Axes,
    shocked: Timeline,
    bought: Purchases | None,
    without: frozenset[str] = frozenset(),
    shared: SharedResults | None = None,
) -> tuple[Timeline, ModelledList | None]:
    """Timeline after the mix, and the waiting list with it; no list without shocks.

    There is a list in either mode of the backlog; only in the endogenous one does it move opportunity.
    """
    get = (shared or SharedResults()).get
    timeline = shocked if bought is None else apply_purchases(shocked, bought, without, shared)
    shocks = world.shocks
    if shocks is None:
        return timeline, None
    setting = get(lambda: list_setting(shocked, axes, shocks), "setting", axes, shocks, *people_away(shocked))
    before = get(lambda: waiting_list(setting), "list", setting)
    if bought is None:
        return timeline, before
    after = get(
        lambda: waiting_list(setting, mix_service(bought, setting.parts, setting.rules.servers, without)),
        f"list without {sorted(without)}",
        setting,
        bought,
    )
    if shocks.backlog.mode == "endogenous" and shocks.backlog.enabled and "backlog" not in without:
        timeline = taught_by_lists(timeline, axes, shocks, before, after)
    return timeline, after


def people_away(timeline: Timeline) -> tuple[object, ...]:
    """Tables of a timeline that say who is away."""
    return timeline.pull_per_week, timeline.redeployment_weeks, timeline.sick_share_multiplier


TAUGHT: dict[Stream, Domain] = {"admitted": Domain.ELECTIVE, "non_admitted": Domain.OUTPATIENT}


def taught_by_lists(
    timeline: Timeline, axes: Axes, shocks: ShocksSection, before: ModelledList, after: ModelledList
) -> Timeline:
    """Timeline with opportunity changed as a mix changes what the lists of a specialty group teach."""
    changed = {s: after.teaching(s) / before.teaching(s) - 1.0 for s in STREAMS}  # [M, L, O]
    moved = np.flatnonzero(np.any([each.any(axis=(1, 2)) for each in changed.values()], axis=0))
    if not len(moved):
        return timeline
    days = slice(int(axes.dates.month_start[moved[0]]), int(axes.dates.month_start[moved[-1] + 1]))
    month, learning = axes.dates.month_of[days], learning_lost(axes, shocks)[days]
    waiting, cells = [*after.setting.parts], after.setting.part.size
    keys = np.full(timeline.opportunity.shape[:-1], NO_CHANGE)
    for row, (group, _) in enumerate(axes.learning_rows):
        for number, domain in enumerate(TAUGHT.values()) if group in waiting else ():
            first = number * cells + waiting.index(group) * len(axes.offices)
            keys[domain, row] = first + np.arange(len(axes.offices))
    factors = [1.0 + changed[stream].reshape(-1, cells).T[:, month] * learning for stream in TAUGHT]
    factor = np.concatenate(factors).astype(np.float32)

    def taught(rows: Singles, own: Keys, on: slice) -> None:
        rows *= factor[:, on.start - days.start : on.stop - days.start].take(own, axis=0)

    return replace(timeline, opportunity=SharedRows.of(timeline.opportunity).changed_on(days, keys, taught))


def apply_shocks(world: World, without: frozenset[str], axes: Axes, shared: SharedResults | None = None) -> Timeline:
    """Timeline after the shocks; independent of the mix and of parameters of interventions."""
    check_names(world, without)
    shared = shared or SharedResults()
    timeline = shared.get(lambda: normal_timeline(axes, shared), "normal", axes)
    if (shocks := world.shocks) is None:
        return timeline
    off = without.intersection(SHOCKS)
    after = partial(apply_all_shocks, timeline, axes, shocks, off, shared)
    return shared.get(after, f"shocks without {sorted(off)}", axes, shocks)


def check_names(world: World, without: frozenset[str]) -> None:
    """Check that names are shocks or interventions of the world; raises WorldError."""
    catalogue = world.interventions
    known = [*(SHOCKS if world.shocks else ()), *(catalogue.entries if catalogue else ())]
    for name in sorted(without):
        if name not in known:
            none = "" if known else f"; {world.name} has none"
            raise WorldError(f"without: no shock or intervention '{name}'{hint(name, known)}{none}")
