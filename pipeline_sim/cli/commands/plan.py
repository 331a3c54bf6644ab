"""The command plan: what a study will take on a machine, before it is run there."""

import os
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.study.comparison.run_study import asked
from pipeline_sim.study.comparison.sizing import Machine, Measured, Sizing, measured, sizing
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.replication.memory_check import free_bytes
from pipeline_sim.study.study_error import StudyError

GB = 1e9


class PlanRequest(NamedTuple):
    """What is to be sized."""

    study: Study
    path: Path  # of its file
    engine: str
    cores: int | None
    memory_gb: float | None


def plan_study(request: PlanRequest) -> None:
    """Measure, put up, print."""
    question = asked(request.study, request.path.parent, request.engine, 1)
    memory = free_bytes() if request.memory_gb is None else round(request.memory_gb * GB)
    machine = Machine(request.cores or os.cpu_count() or 1, memory)
    found = measured(question)
    size = sizing(question, found, machine)
    if size.bytes_memory > machine.bytes_memory:
        needs = f"one replication at a time needs {size.bytes_memory / GB:.2g} GB"
        raise StudyError(f"{needs}, there are {machine.bytes_memory / GB:.2g} GB: try a smaller --scale")
    show(request, machine, found, size)


def show(request: PlanRequest, machine: Machine, found: Measured, size: Sizing) -> None:
    """A line a figure."""
    from rich.table import Table

    study = request.study
    title = f"{study.name}, scale {study.scale:g}, on {machine.cores} cores with {machine.bytes_memory / GB:.3g} GB"
    table = Table(show_header=False)
    for what, value in (
        ("replications", f"{study.replications:,}"),
        ("worlds", f"{len(study.worlds)}"),
        ("core-hours", f"{size.core_hours:,.2g}" if size.core_hours < 10 else f"{size.core_hours:,.0f}"),
        ("replications at a time", f"{size.at_a_time:,}"),
        ("time", duration(size.hours)),
        ("memory, at most", f"{size.bytes_memory / GB:.2g} GB"),
        ("disk, at most", f"{size.bytes_disk / GB:.2g} GB"),
    ):
        table.add_row(what, value)
    screen = console()
    screen.print(title, soft_wrap=True)
    screen.print(table)
    screen.print(
        f"Put up from two replications run here: {found.seconds:.3g} s of processor time for one of all worlds. "
        "Cores that are faster or slower, or share their memory, move core-hours and time.",
        soft_wrap=True,
    )


def duration(hours: float) -> str:
    """A time as people say it."""
    minutes = max(1, round(60 * hours))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
