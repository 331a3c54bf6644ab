"""The replications of a comparison: as many as asked for, or until the headline is known closely enough.

Every finished replication is kept on disk; the same question asked again goes on from there. Neither the order in
which replications finish, nor how many run side by side, nor a stop in between can be seen in a result.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.engines import LETS_GO, make_ready
from pipeline_sim.records.kept import keep, kept
from pipeline_sim.study.doubt import Belief
from pipeline_sim.study.family import Family, rulebooks, run_family
from pipeline_sim.study.memory import check_memory
from pipeline_sim.study.prepare import Assumed
from pipeline_sim.study.processes import on_processes
from pipeline_sim.study.summary import Sample, Summary, sample_of
from pipeline_sim.study.threads import on_threads

Progress = Callable[[float], None]  # part done, 0 to 1
Summaries = tuple[Summary, ...]


class Beliefs(NamedTuple):
    """What each replication takes the figures in doubt to be."""

    seed: int
    lucks: int = 1  # replications that share a draw
    held: tuple[str, ...] = ()
    sampled: bool = True
    plausible: str | None = None  # file of the plausible set

    def of(self, assumed: Assumed, replication: int) -> Assumed:
        """A world as a replication believes it."""
        if not self.sampled:
            return assumed
        return assumed._replace(belief=Belief(self.seed, replication // self.lucks, self.held, self.plausible))


class Plan(NamedTuple):
    """What is to be run."""

    worlds: Mapping[str, Assumed]  # as stated; the baseline first
    beliefs: Beliefs
    engine: str
    seed: int
    workers: int
    store: Path | None  # folder of finished replications


def run_block(plan: Plan, wanted: Sequence[int], progress: Progress | None = None) -> list[Summaries]:
    """Summaries of the worlds, in order, for every replication wanted; those kept on disk are read."""
    found = {number: stored(plan, number) for number in wanted}
    missing = [number for number in wanted if found[number] is None]
    for number, summaries in zip(missing, run(plan, missing, progress), strict=True):
        found[number] = summaries
    return [each for each in found.values() if each is not None]


def run(plan: Plan, numbers: Sequence[int], progress: Progress | None) -> list[Summaries]:
    """Run replications side by side; each is kept as soon as it is finished."""
    if not numbers:
        return []
    families = [family_of(plan, number) for number in numbers]
    workers = min(plan.workers, len(families))
    threaded = plan.engine in LETS_GO
    if threaded:
        (first,), _ = rulebooks(families[0].worlds[:1])
        check_memory(first, workers, len(plan.worlds))
        make_ready(first)
    pool = on_threads if threaded else on_processes
    return pool(partial(finish, plan), families, workers, progress)


def finish(plan: Plan, family: Family, progress: Progress | None) -> Summaries:
    """One replication, kept."""
    by_day = None if progress is None else (lambda day, days: progress(day / max(days, 1)))
    done = run_family(family, by_day)
    keep_it(plan, family.replication, done)
    return done


def family_of(plan: Plan, number: int) -> Family:
    """A replication of all worlds."""
    worlds = tuple(plan.beliefs.of(assumed, number) for assumed in plan.worlds.values())
    return Family(worlds, plan.engine, plan.seed, number)


def keep_it(plan: Plan, number: int, summaries: Summaries) -> None:
    """Put a finished replication on the disk."""
    if plan.store is not None:
        arrays = {
            f"{world}.{field}": array
            for world, summary in zip(plan.worlds, summaries, strict=True)
            for field, array in summary._asdict().items()
        }
        keep(plan.store / f"{number:06d}.npz", arrays)


def stored(plan: Plan, number: int) -> Summaries | None:
    """A replication that was finished before."""
    arrays = kept(plan.store / f"{number:06d}.npz") if plan.store is not None else None
    if arrays is None:
        return None
    names = [f"{world}.{field}" for world in plan.worlds for field in Summary._fields]
    if not set(names) <= set(arrays):
        return None
    return tuple(Summary(*(arrays[f"{world}.{field}"] for field in Summary._fields)) for world in plan.worlds)


def samples(plan: Plan, done: Sequence[Summaries]) -> dict[str, Sample]:
    """What was found, world by world."""
    return {world: sample_of([each[place] for each in done]) for place, world in enumerate(plan.worlds)}
