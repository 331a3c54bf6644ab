"""The answer to a study: run its worlds under the same luck, count, pair, price."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.compare import Estimate, levels, paired_differences
from pipeline_sim.study.doubt import check_time
from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.gains import gains
from pipeline_sim.study.indicators import counts_by_year, indicators, indicators_by_year
from pipeline_sim.study.money import Price, extension_cost_gbp, ledgers, price
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.study.replicate import Job, Progress, Replication, all_measures, replicate
from pipeline_sim.study.study_file import Study, assumed
from pipeline_sim.world.names import names_of
from pipeline_sim.world.timeline import check_names

if TYPE_CHECKING:
    import pandas as pd


class Answer(NamedTuple):
    """Estimates by world; every table has columns mean, low, high."""

    study: Study
    worlds: tuple[str, ...]
    programmes: tuple[str, ...]  # worlds that spend money and are not the baseline
    measures: Mapping[str, "pd.DataFrame"]  # by world, all replications
    totals: "pd.DataFrame"  # world, indicator
    differences: "pd.DataFrame"  # world, indicator; less the baseline
    yearly: "pd.DataFrame"  # world, year, indicator
    yearly_differences: "pd.DataFrame"  # world, year, indicator; less the baseline
    prices: Mapping[str, Price]  # by programme
    gains: "pd.DataFrame"  # world, by, who, indicator; less the baseline
    runs: Mapping[str, tuple[Replication, ...]]
    assumed: Mapping[str, Assumed]

    def label(self, world: str) -> str:
        """Name of a world as people say it."""
        return next(each.label for each in self.study.worlds if each.name == world)

    def difference(self, world: str, indicator: str) -> Estimate:
        """A world less the baseline, over all reported years."""
        return Estimate(*self.differences.loc[(world, indicator)])


def answer(
    study: Study, folder: Path, engine: str = "batch", workers: int | None = None, progress: Progress | None = None
) -> Answer:
    """Run a study; paths in it start at `folder`. Replication r has the same luck in every world."""
    worlds = {world.name: assumed(study, world, folder) for world in study.worlds}
    check_comparable(worlds, study.baseline)
    for name, each in worlds.items() if study.doubt else ():
        check_time(name, world_of(each))
    jobs = [
        Job(each, engine, study.seed, replication)
        for name in worlds
        for replication, each in enumerate(beliefs(study, worlds[name]))
    ]
    done = replicate(jobs, workers, progress)
    size = study.replications
    runs = {name: tuple(done[place * size : (place + 1) * size]) for place, name in enumerate(worlds)}
    return answer_of(study, worlds, runs)


def check_comparable(worlds: Mapping[str, Assumed], baseline: str) -> None:
    """Refuses, before anything runs, a world that is wrong or has other years, offices or programmes."""
    base = world_of(worlds[baseline])
    for name, each in worlds.items():
        world = world_of(each)
        check_names(world, each.without)
        for what, mine, theirs in (
            ("years", world.period, base.period),
            ("offices", world.offices, base.offices),
            ("programmes", names_of(world).programmes, names_of(base).programmes),
        ):
            if mine != theirs:
                raise StudyError(f"{name} cannot be compared with {baseline}: it has other {what}")


def beliefs(study: Study, assumed: Assumed) -> list[Assumed]:
    """The world of each replication: effects drawn where the study carries doubt and there is a mix to doubt."""
    if not study.doubt or assumed.mix is None:
        return [assumed] * study.replications
    return [assumed._replace(belief=(study.seed, replication)) for replication in range(study.replications)]


def answer_of(study: Study, worlds: Mapping[str, Assumed], runs: Mapping[str, tuple[Replication, ...]]) -> Answer:
    """Count, pair, estimate and price."""
    measures = {name: all_measures(done) for name, done in runs.items()}
    counts = {name: counts_by_year(table, Stage.GP) for name, table in measures.items()}
    sizes = {name: study.scale * world_of(each).size for name, each in worlds.items()}
    totals = {name: indicators(table, sizes[name]) for name, table in counts.items()}
    years = {name: indicators_by_year(table, sizes[name]) for name, table in counts.items()}
    programmes = tuple(world.name for world in study.worlds if world.mix is not None and world.name != study.baseline)
    found = {name: extension_cost_gbp(world_of(each), measures[name], sizes[name]) for name, each in worlds.items()}
    costs = {name: cost for name, cost in found.items() if cost is not None}
    return Answer(
        study,
        tuple(runs),
        programmes,
        measures,
        levels(totals),
        paired_differences(totals, study.baseline),
        levels(years),
        paired_differences(years, study.baseline),
        {
            name: price(ledgers(beliefs(study, worlds[name])), totals, costs, name, study.baseline)
            for name in programmes
        },
        gains(measures, study.baseline, names_of(world_of(worlds[study.baseline])), sizes[study.baseline]),
        runs,
        worlds,
    )
