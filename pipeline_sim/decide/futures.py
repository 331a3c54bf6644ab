"""Futures of a study: what every choice gains, draw by draw and scenario by scenario, and the figures of each draw.

Sizes: R replications, D draws, K choices, F figures. Some draws have two replications (`repeated_draws`), from which
chance is separated from what the figures do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.objective import MEASURES, level
from pipeline_sim.study.comparison.answer import worlds_of_draws
from pipeline_sim.study.comparison.drawn_parameters import FigureValues, figure_values
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.comparison.scenarios import programmes_of
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.study.estimates.cost_effectiveness import extension_days, ledgers, payments, world_costs
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.execution.fill_store import SILENT, Observer, run_missing
from pipeline_sim.study.execution.replication_store import ReplicationStore
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.summary import subgroups_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of

POUNDS = "pounds"
NO_PROGRAMME = "No programme"


class Futures(NamedTuple):
    """Gains of every choice beside the baseline of its scenario; the first choice is no programme, which gains 0."""

    choices: tuple[str, ...]  # [K] labels
    scenarios: tuple[str, ...]  # labels, the baseline's first
    gains: tuple[Reals, ...]  # by scenario: [R, K], scaled up to England
    draws: Draws
    figures: FigureValues
    unit: str

    @property
    def clusters(self) -> npt.NDArray[np.intp]:
        """Number of the row of the posterior sample that each draw [D] has, from 0."""
        return np.asarray(np.unique(self.figures.rows, return_inverse=True)[1])


def run_futures(plan: StudyPlan, measure: str, observer: Observer = SILENT, scenarios: bool = False) -> Futures:
    """Futures of a study by a measure of `MEASURES`; replications in its store are not run anew."""
    study, every = plan.study, {**plan.worlds, **plan.scenarios.worlds}
    compared = compared_worlds(plan, scenarios)
    names = dict.fromkeys(name for base, mixes in compared.values() for name in (base, *mixes.values()))
    draws = draws_of(study, study.replications)
    runs = plan.run_plan._replace(worlds={name: every[name] for name in names})
    store = run_missing(runs, dict.fromkeys(names, study.replications), observer)
    gains = gains_of(plan, compared, store, draws, measure)
    labels = {world.name: world.label for world in study.worlds}
    figures = figure_values(study, [every[name] for name in names], draws.starts.tolist())
    ranked = next(iter(compared.values()))[1]
    choices = (NO_PROGRAMME, *(labels[name] for name in ranked))
    return Futures(choices, tuple(compared), gains, draws, figures, MEASURES[measure].unit)


def compared_worlds(plan: StudyPlan, scenarios: bool) -> dict[str, tuple[str, dict[str, str]]]:
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
    compared: Mapping[str, tuple[str, dict[str, str]]],
    store: ReplicationStore,
    draws: Draws,
    measure: str,
) -> tuple[Reals, ...]:
    """Gains [R, K] by scenario; pounds are the net benefit to the system. Worlds are read one at a time."""
    study, every = plan.study, {**plan.worlds, **plan.scenarios.worlds}
    base = every[study.baseline]
    scale = study.scale * world_of(base).size
    prices = [world_of(spec).costs for spec in worlds_of_draws(study, base, draws)] if measure == POUNDS else []
    if None in prices:
        raise StudyError(f"{study.baseline} has no prices: add the layer configs/costs.toml to every world")

    def worth(name: str) -> Reals:
        sample = store.sample(name, study.replications)
        if measure != POUNDS:
            return level(measure, sample) / scale
        world = world_of(every[name])
        names = names_of(world)
        days, years = extension_days(sample, subgroups_of(names)) / scale, names.years[names.reported_from :]
        found = world_costs(prices, payments(world), ledgers(sample, world, draws), days, years, draws)
        assert found is not None  # prices are known
        return -found.discounted

    gained = []
    for reference, mixes in compared.values():
        without = worth(reference)
        gained.append(np.stack([without * 0, *(worth(name) - without for name in mixes.values())], axis=-1))
    return tuple(gained)


def exchanged(
    columns: Reals, fitted: npt.NDArray[np.bool_], clusters: npt.NDArray[np.intp], generator: np.random.Generator
) -> Reals:
    """Columns [D, P] whose values are exchanged, as a placebo: fitted ones between clusters, others between draws."""
    firsts = np.unique(clusters, return_index=True)[1]
    of_rows, of_draws = generator.permutation(firsts)[clusters], generator.permutation(len(columns))
    return np.where(fitted, columns[of_rows], columns[of_draws])


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: equal bits on any machine, and small matrices do not wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
