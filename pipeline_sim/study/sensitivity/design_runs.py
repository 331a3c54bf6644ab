"""The points of a sensitivity analysis: all worlds of a study, run with figures chosen within their ranges.

A finished point is kept on disk, so that an analysis that was stopped goes on. The same luck runs at every point, but
for those at which luck itself is moved.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.array_cache import keep, kept
from pipeline_sim.study.comparison.answer import moneys
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import ledgers, net_budget
from pipeline_sim.study.estimates.indicators import headline
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import gathered
from pipeline_sim.study.replication.joint_replication import Family, rulebooks, run_family
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.replication.summary import Sample
from pipeline_sim.study.sensitivity.factors import Point
from pipeline_sim.world.schema.names import names_of

Reals = npt.NDArray[np.float64]
Progress = Callable[[float], None]
ENGINE = "batch"


class Outcomes(NamedTuple):
    """What came out of every point and world, put up to England."""

    headline: Reals  # [P, W] doctors or months, as the study ranks by
    net_gbp: Reals  # [P, W] what the training budget is out of pocket beside the baseline; NaN without prices


class Job(NamedTuple):
    """What every point has in common."""

    study: Study
    worlds: Mapping[str, Assumed]  # the baseline first
    replications: int  # of each point
    workers: int
    finished: Path | None = None  # folder of the points that were run before


def run_points(job: Job, points: Sequence[Point], progress: Progress | None) -> Outcomes:
    """Run the points side by side on threads; equal points and points kept from before run once."""
    different = list(dict.fromkeys(points))
    found = {point: _stored(job, point) for point in different}
    missing = [point for point in different if found[point] is None]
    if missing:
        (first,), _ = rulebooks(list(job.worlds.values())[:1])
        workers = min(job.workers, len(missing))
        check_memory(first, workers, len(job.worlds))
        compile_engine()
        with threads(partial(_finish, job), workers) as crew:
            found.update(zip(missing, gathered(crew, missing, progress), strict=True))
    rows = [found[point] for point in points]
    return Outcomes(*(np.stack(each) for each in zip(*(row for row in rows if row is not None), strict=True)))


def run_point(job: Job, point: Point, progress: Progress | None = None) -> Outcomes:
    """Outcomes of one point, each [W]: means over its replications."""
    worlds = {name: assumed._replace(belief=point.belief) for name, assumed in job.worlds.items()}
    runs = []
    for place in range(job.replications):
        family = Family(tuple(worlds.values()), ENGINE, job.study.seed, point.luck * job.replications + place)
        runs.append(run_family(family, _by_day(progress, place, job.replications)))
    samples = {
        name: Sample(*map(np.stack, zip(*(run[place] for run in runs), strict=True)))
        for place, name in enumerate(worlds)
    }
    study = job.study.model_copy(update={"lucks": job.replications, "parameters": "mode"})  # beliefs are set already
    scale = study.scale * world_of(worlds[study.baseline]).size
    counted = [headline(samples[name], study.headline).mean() / scale for name in worlds]
    return Outcomes(np.array(counted), _net(study, worlds, samples))


def _net(study: Study, worlds: Mapping[str, Assumed], samples: Mapping[str, Sample]) -> Reals:
    """[W] pounds; NaN for worlds without prices or without a programme."""
    names = names_of(world_of(worlds[study.baseline]))
    spending = {name: ledgers(samples[name], world_of(each), study.lucks) for name, each in worlds.items()}
    money = moneys(study, worlds, samples, spending, names.years[names.reported_from :])
    base = money[study.baseline]
    net = np.full(len(worlds), np.nan)
    for place, (name, assumed) in enumerate(worlds.items()):
        mine = money[name]
        if mine is not None and base is not None and world_of(assumed).mix is not None:
            net[place] = net_budget(mine, base)[0]
    return net


def _finish(job: Job, point: Point, progress: Progress | None) -> Outcomes:
    """One point, kept."""
    done = run_point(job, point, progress)
    if job.finished is not None:
        keep(job.finished / _name(job, point), done._asdict())
    return done


def _stored(job: Job, point: Point) -> Outcomes | None:
    """A point that was finished before."""
    arrays = kept(job.finished / _name(job, point)) if job.finished is not None else None
    if arrays is None or set(arrays) != set(Outcomes._fields) or len(arrays["headline"]) != len(job.worlds):
        return None
    return Outcomes(**arrays)


def _name(job: Job, point: Point) -> str:
    parts = (point.belief, point.luck, job.replications)
    return f"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}.npz"


def _by_day(progress: Progress | None, place: int, count: int) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda day, days: progress((place + day / max(days, 1)) / count)
