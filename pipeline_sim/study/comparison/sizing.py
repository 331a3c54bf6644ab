"""Resources of a study: processor time, memory and disk, scaled up from a pilot run here."""

import pickle
import resource
import sys
import time
from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

import numpy as np

from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.replication_block import Block, encode_block
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.execution.fill_store import Job, RunPlan, replication_of
from pipeline_sim.study.execution.replication_store import partition_of
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_prepared
from pipeline_sim.study.replication.memory_check import bytes_each
from pipeline_sim.study.replication.paired_worlds import PreparedWorlds, prepare_worlds
from pipeline_sim.study.replication.repeated_draws import draw_of
from pipeline_sim.study.replication.summary_layout import to_row

KIB = 1024


class WorldSet(NamedTuple):
    """Processor time, in seconds, of some worlds of a study."""

    prepare: float  # a draw of the parameters
    run: float  # a replication
    locked: float  # of that, outside compiled code: under Python's lock, so one thread at a time


class PilotRun(NamedTuple):
    """Resources that a pilot took on this machine."""

    start: float  # seconds of processor time until the first replication: imports, files, checks
    own: WorldSet  # the study's own worlds
    attributed: WorldSet  # with the worlds that only the attribution needs
    bytes_program: int  # memory of this process at its peak, with one replication under way
    bytes_each: int  # memory of one more replication under way
    bytes_disk: int  # of a replication of the study's own worlds, two in a block: full blocks are no larger
    gather: float  # seconds to receive and write the counts of a replication: one process does that for all workers


class Machine(NamedTuple):
    """Machine on which the study is to run."""

    cores: int
    bytes_memory: int


class Sizing(NamedTuple):
    """Resources of the whole study."""

    core_hours: float
    at_a_time: int  # replications; fewer than cores where there is too little memory
    hours: float  # on threads
    hours_processes: float  # on processes, or on Dask workers
    bytes_memory: int
    bytes_disk: int


def run_pilot(plan: StudyPlan) -> PilotRun:
    """Prepare and run a replication of all worlds, then one of the study's own, each with a draw of its own."""
    runs = plan.run_plan
    compile_engine()  # or load it, which every start does
    compared = (*plan.worlds, *plan.scenarios.worlds)
    prepare_worlds(_replication(runs, tuple(runs.worlds), 0).worlds)  # files are read and compared once
    first = time.process_time()
    prepare_worlds(_replication(runs, compared, 0).worlds)
    whole, attributed = _timed(runs, tuple(runs.worlds), 1)
    start = max(first - attributed.prepare, 0.0)
    own, own_seconds = _timed(runs, compared, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else KIB)
    one_more = bytes_each(whole.prepared.rulebooks[0], len(runs.worlds))
    disk = _disk(plan, (whole.rows, own.rows))
    began = time.process_time()
    _disk(plan, pickle.loads(pickle.dumps((whole.rows, own.rows))))  # once more, without imports
    return PilotRun(start, own_seconds, attributed, peak, one_more, disk, (time.process_time() - began) / 2)


class _Timed(NamedTuple):
    prepared: PreparedWorlds
    rows: Mapping[str, np.ndarray]  # counts by world


def _replication(runs: RunPlan, names: tuple[str, ...], draw: int) -> PairedReplication:
    every = runs.setting.sampling.repeat_every
    number = next(number for number in count() if draw_of(number, every) == draw)
    return replication_of(Job(names, tuple(runs.worlds[name] for name in names), runs.setting, ()), number)


def _timed(runs: RunPlan, names: tuple[str, ...], draw: int) -> tuple[_Timed, WorldSet]:
    paired, began = _replication(runs, names, draw), time.process_time()
    prepared = prepare_worlds(paired.worlds)
    ready = time.process_time()
    marks = [ready]  # one after each piece of compiled code, a year long; between worlds Python comes on top
    summaries = run_prepared(prepared, paired, lambda *_: marks.append(time.process_time()))
    ended = time.process_time()
    rows = dict(zip(names, map(to_row, summaries), strict=True))
    compiled = float(np.median(np.diff(marks))) * (len(marks) - 1)
    return _Timed(prepared, rows), WorldSet(ready - began, ended - ready, max(ended - ready - compiled, 0.0))


def _disk(plan: StudyPlan, rows: tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]]) -> int:
    total = 0
    for name, spec in {**plan.worlds, **plan.scenarios.worlds}.items():
        partition = partition_of(name, spec, plan.run_plan.setting)
        block = Block((0, 1), np.stack([row[name] for row in rows]))
        total += len(encode_block(block, partition.layout.cells, partition.about))
    return total // 2


def study_size(plan: StudyPlan, pilot: PilotRun, machine: Machine) -> Sizing:
    """Resources of the replications of a whole study on a machine; reports and figures come on top.

    Clock time is that of the start, then the longer of two: all work spread evenly over the cores, or what only one
    does at a time: on threads preparation and what else is Python; on processes the gathering of counts. Each process
    has a start of its own.
    """
    wanted, replications = plan.wanted(plan.study.replications), plan.study.replications
    attributed = min((wanted[name] for name in plan.attribution_worlds), default=0)
    sampling = plan.run_plan.setting.sampling
    draws, attributed_draws = (
        draw_of(number - 1, sampling.repeat_every) + 1 if sampling.sampled and number else min(number, 1)
        for number in (replications, attributed)
    )
    prepare = pilot.own.prepare * (draws - attributed_draws) + pilot.attributed.prepare * attributed_draws
    run, locked = (
        own * (replications - attributed) + with_attribution * attributed
        for own, with_attribution in zip(pilot.own[1:], pilot.attributed[1:], strict=True)
    )
    fitting = 1 + max(machine.bytes_memory - pilot.bytes_program, 0) // max(pilot.bytes_each, 1)
    at_a_time = max(1, min(machine.cores, fitting, replications))
    share = len(plan.attribution_worlds) * attributed / ((len(plan.worlds) + len(plan.scenarios.worlds)) * replications)
    return Sizing(
        core_hours=(pilot.start + prepare + run) / 3600,
        at_a_time=at_a_time,
        hours=(pilot.start + max(prepare + locked, (prepare + run) / at_a_time)) / 3600,
        hours_processes=(2 * pilot.start + max(pilot.gather * replications, (prepare + run) / at_a_time)) / 3600,
        bytes_memory=pilot.bytes_program + (at_a_time - 1) * pilot.bytes_each,
        bytes_disk=round(pilot.bytes_disk * replications * (1 + share)),
    )
