"""Futures of a study: what every choice gains, draw by draw and scenario by scenario, and the figures of each draw.

Most draws of the uncertain figures have one replication. Some have a second, with other random numbers, from which
chance is separated from what the figures do. Sizes: R replications, D draws, K choices, F figures.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.objective import UNITS, measures
from pipeline_sim.records.files.storage import Storage
from pipeline_sim.study.comparison.drawn_parameters import FigureValues, figure_values
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.comparison.scenarios import programmes_of
from pipeline_sim.study.estimates.cost_effectiveness import (
    WorldCosts,
    extension_days,
    ledgers,
    net_budget,
    payments,
    world_costs,
)
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.execution.fill_store import SILENT, Observer, run_missing
from pipeline_sim.study.execution.replication_store import ReplicationStore
from pipeline_sim.study.replication.parameter_draws import values_of, varied_figures
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import WorldReplications, subgroups_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import replace_values
from pipeline_sim.world.schema.costs import CostsSection
from pipeline_sim.world.schema.names import names_of

Reals = npt.NDArray[np.float64]
ANOTHER_SEED = 1 << 62  # added to the seed for second replications
POUNDS = "pounds"
NO_PROGRAMME = "No programme"
UNIT_WORDS = {**UNITS, POUNDS: "pounds of net benefit"}


class Size(NamedTuple):
    """Draws of the uncertain figures, and how many of the first of them have a second replication."""

    draws: int
    repeated: int


class Measure(NamedTuple):
    """What counts as gain: a measure of `objective`, or pounds; pounds for a month, None: as the prices state."""

    name: str
    gbp_a_month: float | None = None


class Futures(NamedTuple):
    """Gains of every choice beside the baseline of its scenario; the first choice is no programme, which gains 0."""

    choices: tuple[str, ...]  # [K] labels
    scenarios: tuple[str, ...]  # labels, the baseline's first
    gains: tuple[Reals, ...]  # by scenario: [R, K], scaled up to England
    draws: Draws
    figures: FigureValues
    unit: str


def run_futures(
    plan: StudyPlan, size: Size, measure: Measure, again: Storage, observer: Observer = SILENT, scenarios: bool = False
) -> Futures:
    """Futures of a study; replications in its store, and of second ones in `again`, are not run anew."""
    study = plan.study.model_copy(update={"repeat_every": 0, "replications": size.draws})
    plan = plan._replace(study=study)
    every = {**plan.worlds, **plan.scenarios.worlds}
    compared = compared_worlds(plan, every, scenarios)
    names = dict.fromkeys(name for base, mixes in compared.values() for name in (base, *mixes.values()))
    first = plan.run_plan._replace(worlds={name: every[name] for name in names})
    setting = first.setting._replace(seed=first.setting.seed + ANOTHER_SEED)
    second = first._replace(setting=setting, store=again)
    stores = [run_missing(first, dict.fromkeys(names, size.draws), observer)]
    later = SILENT._replace(on_progress=lambda count: observer.on_progress(size.draws + count))
    stores += [run_missing(second, dict.fromkeys(names, size.repeated), later)] if size.repeated else []
    of = np.concatenate([np.arange(size.draws), np.arange(size.repeated)])
    order = np.argsort(of, kind="stable")
    draws = Draws(of[order], np.full(size.draws, 1 / size.draws))
    gains = gains_of(plan, every, compared, stores, size, measure)
    labels = {world.name: world.label for world in study.worlds}
    ranked = next(iter(compared.values()))[1]
    return Futures(
        (NO_PROGRAMME, *(labels[name] for name in ranked)),
        tuple(compared),
        tuple(each[order] for each in gains),
        draws,
        figure_values(study, [every[name] for name in names], range(size.draws)),
        UNIT_WORDS[measure.name],
    )


def compared_worlds(
    plan: StudyPlan, every: Mapping[str, WorldSpec], scenarios: bool
) -> dict[str, tuple[str, dict[str, str]]]:
    """Baseline, and world of every mix, by label of the scenario; scenarios that lack a mix are left out."""
    study = plan.study
    if study.parameters != "sampled":
        raise StudyError(f"{study.name}: parameters are as stated: without draws nothing is uncertain, use 'sampled'")
    ranked = programmes_of(study, plan.worlds)
    if not ranked:
        raise StudyError(f"{study.name}: no world has a mix, so there is no choice: name one with --mix")
    own = next(world.label for world in study.worlds if world.name == study.baseline)
    found = {own: (study.baseline, {name: name for name in ranked})}
    for each in plan.scenarios.mixes if scenarios else ():
        found.setdefault(each.scenario, (each.reference, {}))[1][each.mix] = each.world
    return {label: pair for label, pair in found.items() if set(pair[1]) == set(ranked)}


def gains_of(
    plan: StudyPlan,
    every: Mapping[str, WorldSpec],
    compared: Mapping[str, tuple[str, dict[str, str]]],
    stores: Sequence[ReplicationStore],
    size: Size,
    measure: Measure,
) -> list[Reals]:
    """Gains [R, K] by scenario: replications of all draws, then the second ones. Worlds are read one at a time."""
    base, counts = plan.study.baseline, (size.draws, size.repeated)
    scale = plan.study.scale * world_of(every[base]).size
    prices = prices_of_draws(plan, every[base], size.draws) if measure.name == POUNDS else []

    def level(name: str) -> tuple[Reals, list[WorldCosts]]:
        samples = [store.sample(name, count) for store, count in zip(stores, counts, strict=False)]
        if measure.name != POUNDS:
            return np.concatenate([measures(sample)[measure.name] for sample in samples]) / scale, []
        months = np.concatenate([measures(sample)["months_recovered"] for sample in samples]) / scale
        return months, [costs_of(every[name], sample, prices, scale) for sample in samples]

    found = []
    for reference, mixes in compared.values():
        without = level(reference)
        columns = [benefit(level(world), without, measure) for world in mixes.values()]
        found.append(np.stack([np.zeros(sum(counts)), *columns], axis=-1))
    return found


def benefit(own: tuple[Reals, list[WorldCosts]], base: tuple[Reals, list[WorldCosts]], measure: Measure) -> Reals:
    """Gain [R] of a world over its baseline; pounds: net benefit to the system, or at a value of a month."""
    gained, pairs = own[0] - base[0], list(zip(own[1], base[1], strict=True))
    if measure.name != POUNDS:
        return gained
    if measure.gbp_a_month is None:
        return np.concatenate([bare.discounted - costs.discounted for costs, bare in pairs])
    return measure.gbp_a_month * gained - np.concatenate([net_budget(costs, bare) for costs, bare in pairs])


def costs_of(spec: WorldSpec, sample: WorldReplications, prices: Sequence[CostsSection], scale: float) -> WorldCosts:
    """Costs of a world, one replication a draw."""
    world, draws = world_of(spec), Draws.even(len(sample.counts), 1)
    names = names_of(world)
    days, years = extension_days(sample, subgroups_of(names)) / scale, names.years[names.reported_from :]
    found = world_costs(prices, payments(world), ledgers(sample, world, draws), days, years, draws)
    assert found is not None  # prices are known
    return found


def prices_of_draws(plan: StudyPlan, spec: WorldSpec, count: int) -> list[CostsSection]:
    """Prices of the baseline in each draw; StudyError if it has none."""
    world, sampling = world_of(spec), plan.run_plan.setting.sampling
    if world.costs is None:
        raise StudyError(f"{plan.study.baseline} has no prices: add the layer configs/costs.toml to every world")
    drawn = [sampling.for_replication(spec, number).parameters for number in range(count)]
    varied = varied_figures(world, drawn[0]).within(("costs",))  # type: ignore[arg-type]
    values = [values_of(each, varied) for each in drawn]  # type: ignore[arg-type]
    return [replace_values(world.costs, {path[1:]: value for path, value in each.items()}) for each in values]


def clusters_of(figures: FigureValues) -> npt.NDArray[np.intp]:
    """Number of the row of the posterior sample that each draw [D] has, from 0."""
    return np.asarray(np.unique(figures.rows, return_inverse=True)[1])


def exchanged(
    columns: Reals, fitted: npt.NDArray[np.bool_], clusters: npt.NDArray[np.intp], generator: np.random.Generator
) -> Reals:
    """Columns [D, P] whose values are exchanged, as a placebo: fitted ones between clusters, others between draws."""
    firsts = np.unique(clusters, return_index=True)[1]
    of_rows, of_draws = generator.permutation(firsts)[clusters], generator.permutation(len(columns))
    return np.where(fitted, columns[of_rows], columns[of_draws])
