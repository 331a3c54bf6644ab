"""Points of a sensitivity analysis: all worlds of a study, run with figures at chosen positions in their ranges.

A finished point is stored, so that an interrupted analysis resumes. All points have common random numbers, but for
those at which the random numbers themselves are moved.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.array_cache import load_arrays, save_arrays
from pipeline_sim.study.comparison.answer import costs_by_world
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import ledgers, net_budget
from pipeline_sim.study.estimates.indicators import headline
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, by_day, run_all
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_paired_replication
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.paired_worlds import rulebooks
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.study.sensitivity.factors import DesignPoint
from pipeline_sim.world.schema.names import names_of

Reals = npt.NDArray[np.float64]
ENGINE = "batch"


class PointResults(NamedTuple):
    """Results of every point and world, scaled up to England."""

    headline: Reals  # [P, W] doctors or months, as the study ranks by
    net_gbp: Reals  # [P, W] net cost to the training budget beside the baseline; NaN without prices


class Job(NamedTuple):
    """Study and settings that every point has in common."""

    study: Study
    worlds: Mapping[str, WorldSpec]  # the baseline first
    replications: int  # of each point
    workers: int
    finished: Path | None = None  # folder of finished points


def run_design(job: Job, points: Sequence[DesignPoint], progress: Progress | None) -> PointResults:
    """Results of the points, run on threads; equal points, and points stored before, run once."""
    different = list(dict.fromkeys(points))
    results = {point: _stored(job, point) for point in different}
    missing = [point for point in different if results[point] is None]
    if missing:
        (first,) = rulebooks(list(job.worlds.values())[:1])
        workers = min(job.workers, len(missing))
        check_memory(first, workers, len(job.worlds))
        compile_engine()
        with threads(partial(_finish, job), workers) as pool:
            results.update(zip(missing, run_all(pool, missing, progress), strict=True))
    rows = [results[point] for point in points]
    return PointResults(*(np.stack(column) for column in zip(*(row for row in rows if row is not None), strict=True)))


def run_point(job: Job, point: DesignPoint, progress: Progress | None = None) -> PointResults:
    """Results of one point, each [W]: means over its replications."""
    worlds = {name: spec._replace(parameters=point.parameters) for name, spec in job.worlds.items()}
    runs = []
    for index in range(job.replications):
        replication = point.luck * job.replications + index
        paired = PairedReplication(tuple(worlds.values()), ENGINE, job.study.seed, replication)
        runs.append(run_paired_replication(paired, by_day(progress, index, job.replications)))
    samples = {
        name: WorldReplications(*map(np.stack, zip(*(run[index] for run in runs), strict=True)))
        for index, name in enumerate(worlds)
    }
    study = job.study.model_copy(update={"parameters": "mode"})  # already set
    scale = study.scale * world_of(worlds[study.baseline]).size
    headlines = [headline(samples[name], study.headline).mean() / scale for name in worlds]
    return PointResults(np.array(headlines), _net(study, worlds, samples))


def _net(study: Study, worlds: Mapping[str, WorldSpec], samples: Mapping[str, WorldReplications]) -> Reals:
    """Net cost [W], pounds; NaN for worlds without prices or without a programme."""
    names = names_of(world_of(worlds[study.baseline]))
    draws = Draws.one(len(samples[study.baseline].counts))
    spending = {name: ledgers(samples[name], world_of(spec), draws) for name, spec in worlds.items()}
    costs = costs_by_world(study, worlds, samples, spending, names.years[names.reported_from :], draws)
    base = costs[study.baseline]
    net = np.full(len(worlds), np.nan)
    for index, (name, spec) in enumerate(worlds.items()):
        own = costs[name]
        if own is not None and base is not None and world_of(spec).mix is not None:
            net[index] = net_budget(own, base).mean()
    return net


def _finish(job: Job, point: DesignPoint, progress: Progress | None) -> PointResults:
    done = run_point(job, point, progress)
    if job.finished is not None:
        save_arrays(job.finished / _name(job, point), done._asdict())
    return done


def _stored(job: Job, point: DesignPoint) -> PointResults | None:
    arrays = load_arrays(job.finished / _name(job, point)) if job.finished is not None else None
    if arrays is None or set(arrays) != set(PointResults._fields) or len(arrays["headline"]) != len(job.worlds):
        return None
    return PointResults(**arrays)


def _name(job: Job, point: DesignPoint) -> str:
    parts = (point.parameters, point.luck, job.replications)
    return f"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}.npz"
