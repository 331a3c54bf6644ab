"""Resources of a study: processor time, memory and disk, scaled up from two replications run here."""

import resource
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.replication_block import Block, encode_block
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.execution.fill_store import Job, JobResult, RunPlan, run_paired_job
from pipeline_sim.study.execution.replication_store import partition_of
from pipeline_sim.study.replication.memory_check import bytes_each
from pipeline_sim.study.replication.paired_worlds import rulebooks

KIB = 1024


class PilotRun(NamedTuple):
    """Resources that two replications took on this machine."""

    seconds: float  # of processor time: a replication of the study's own worlds
    seconds_attributed: float  # with the worlds that only the attribution needs
    bytes_program: int  # memory of this process at its peak, with one replication under way
    bytes_each: int  # memory of one more replication under way
    bytes_disk: int  # of a replication of the study's own worlds, two in a block: full blocks are no larger


class Machine(NamedTuple):
    """Machine on which the study is to run."""

    cores: int
    bytes_memory: int


class Sizing(NamedTuple):
    """Resources of the whole study."""

    core_hours: float
    at_a_time: int  # replications; fewer than cores where there is too little memory
    hours: float
    bytes_memory: int
    bytes_disk: int


def run_pilot(plan: StudyPlan) -> PilotRun:
    """Run the first replication of all worlds and the second of the study's own."""
    runs = plan.run_plan
    specs = [runs.setting.sampling.for_replication(spec, 0) for spec in runs.worlds.values()]
    (first,) = rulebooks(specs[:1])
    compile_engine()
    whole, whole_seconds = _timed(runs, tuple(runs.worlds), 0)
    own, own_seconds = _timed(runs, tuple(plan.worlds), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else KIB)
    one_more = bytes_each(first, len(runs.worlds))
    return PilotRun(own_seconds, whole_seconds, peak, one_more, _disk(plan, (whole, own)))


def _timed(runs: RunPlan, names: tuple[str, ...], number: int) -> tuple[JobResult, float]:
    began = time.process_time()
    result = run_paired_job(Job(names, tuple(runs.worlds[name] for name in names), runs.setting, (number,)))
    return result, time.process_time() - began


def _disk(plan: StudyPlan, results: tuple[JobResult, JobResult]) -> int:
    rows: list[Mapping[str, np.ndarray]] = [
        dict(zip(result.names, next(iter(result.rows.values())), strict=True)) for result in results
    ]
    total = 0
    for name, spec in plan.worlds.items():
        partition = partition_of(name, spec, plan.run_plan.setting)
        block = Block((0, 1), np.stack([row[name] for row in rows]))
        total += len(encode_block(block, partition.layout.cells, partition.about))
    return total // 2


def study_size(plan: StudyPlan, pilot: PilotRun, machine: Machine) -> Sizing:
    """Resources of the whole study on a machine."""
    wanted, replications = plan.wanted(plan.study.replications), plan.study.replications
    attributed = min((wanted[name] for name in plan.attribution_worlds), default=0)
    seconds = pilot.seconds * (replications - attributed) + pilot.seconds_attributed * attributed
    fitting = 1 + max(machine.bytes_memory - pilot.bytes_program, 0) // max(pilot.bytes_each, 1)
    at_a_time = max(1, min(machine.cores, fitting, replications))
    share = len(plan.attribution_worlds) * attributed / (len(plan.worlds) * replications)
    return Sizing(
        core_hours=seconds / 3600,
        at_a_time=at_a_time,
        hours=seconds / 3600 / at_a_time,
        bytes_memory=pilot.bytes_program + (at_a_time - 1) * pilot.bytes_each,
        bytes_disk=round(pilot.bytes_disk * replications * (1 + share)),
    )
