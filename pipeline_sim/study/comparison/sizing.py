"""What a study will take: processor time, memory and disk, put up from two of its replications that are run here."""

import resource
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pipeline_sim.engines import compile_engine
from pipeline_sim.records.files.replication_block import Block, packed
from pipeline_sim.study.comparison.run_study import Asked
from pipeline_sim.study.execution.fill_store import Job, Lived, live
from pipeline_sim.study.execution.replication_store import shelf_of
from pipeline_sim.study.replication.joint_replication import rulebooks
from pipeline_sim.study.replication.memory_check import bytes_each

KIB = 1024


class Measured(NamedTuple):
    """What two replications took on this machine."""

    seconds: float  # of processor time: a replication of the study's own worlds
    seconds_attributed: float  # the same with the worlds that only the attribution needs
    bytes_program: int  # memory of this process at its peak, with one replication under way
    bytes_each: int  # memory of one more replication under way
    bytes_disk: int  # of a replication of the study's own worlds, two in a block: full blocks are no larger


class Machine(NamedTuple):
    """Where the study is to run."""

    cores: int
    bytes_memory: int


class Sizing(NamedTuple):
    """What the whole study will take."""

    core_hours: float
    at_a_time: int  # replications; fewer than cores where there is too little memory
    hours: float
    bytes_memory: int
    bytes_disk: int


def measured(asked: Asked) -> Measured:
    """Run the first replication of all worlds and the second of the study's own."""
    plan = asked.plan
    worlds = [plan.setting.beliefs.of(world, 0) for world in plan.worlds.values()]
    (first,), _ = rulebooks(worlds[:1])
    compile_engine()
    whole, whole_seconds = _timed(asked, tuple(plan.worlds), 0)
    own, own_seconds = _timed(asked, tuple(asked.worlds), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else KIB)
    each = bytes_each(first, len(plan.worlds))
    return Measured(own_seconds, whole_seconds, peak, each, _disk(asked, (whole, own)))


def _timed(asked: Asked, names: tuple[str, ...], number: int) -> tuple[Lived, float]:
    plan = asked.plan
    began = time.process_time()
    lived = live(Job(names, tuple(plan.worlds[name] for name in names), plan.setting, (number,)))
    return lived, time.process_time() - began


def _disk(asked: Asked, lived: tuple[Lived, Lived]) -> int:
    """Bytes of one replication of the study's own worlds."""
    rows: list[Mapping[str, np.ndarray]] = [
        dict(zip(each.names, next(iter(each.rows.values())), strict=True)) for each in lived
    ]
    total = 0
    for name, world in asked.worlds.items():
        shelf = shelf_of(name, world, asked.plan.setting)
        block = Block((0, 1), np.stack([each[name] for each in rows]))
        total += len(packed(block, shelf.layout.cells, shelf.about))
    return total // 2


def sizing(asked: Asked, found: Measured, machine: Machine) -> Sizing:
    """The whole study on a machine."""
    wanted = asked.wanted(asked.study.replications)
    attributed = min((wanted[name] for name in asked.more), default=0)
    replications = asked.study.replications
    seconds = found.seconds * (replications - attributed) + found.seconds_attributed * attributed
    fitting = 1 + max(machine.bytes_memory - found.bytes_program, 0) // max(found.bytes_each, 1)
    at_a_time = max(1, min(machine.cores, fitting, replications))
    share = len(asked.more) * attributed / (len(asked.worlds) * replications)
    return Sizing(
        core_hours=seconds / 3600,
        at_a_time=at_a_time,
        hours=seconds / 3600 / at_a_time,
        bytes_memory=found.bytes_program + (at_a_time - 1) * found.bytes_each,
        bytes_disk=round(found.bytes_disk * replications * (1 + share)),
    )
