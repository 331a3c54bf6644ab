"""The command `plan`: the time, memory and disk that a study needs on a machine, before it is run there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_if_compiling
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Engine, Full, StudyFile, StudyReplications, StudyScale
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.study.comparison.sizing import PilotRun, Sizing
    from pipeline_sim.study.comparison.study_file import Study

GB = 1e9


def plan(
    study: StudyFile,
    full: Full = False,
    scale: StudyScale = None,
    replications: StudyReplications = None,
    engine: Engine = "batch",
    cores: Annotated[
        list[int] | None, typer.Option(min=1, help="Cores, perhaps several times; those of this machine by default.")
    ] = None,
    memory: Annotated[float | None, typer.Option(min=0.1, help="Memory in GB; free memory here by default.")] = None,
) -> None:
    """Estimate the time, memory and disk that a study needs.

    The estimate is scaled up from two replications that are run here.
    """
    from pipeline_sim.report.text.number_format import rounded
    from pipeline_sim.study.comparison.run_study import check_study
    from pipeline_sim.study.comparison.sizing import Machine, run_pilot, study_size
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.replication.memory_check import free_bytes
    from pipeline_sim.study.replication.prepare import world_of

    loaded = sized(load_study(study), study, full, {"scale": scale, "replications": replications})
    study_plan = check_study(loaded, study.parent, engine, 1)
    note_edited(map(world_of, study_plan.worlds.values()))
    memory_bytes = free_bytes() if memory is None else round(memory * GB)
    print_if_compiling()
    pilot = run_pilot(study_plan)
    sizes = {
        each: study_size(study_plan, pilot, Machine(each, memory_bytes)) for each in cores or [os.cpu_count() or 1]
    }
    least = min(size.bytes_memory for size in sizes.values())
    if least > memory_bytes:
        needs = f"one replication at a time needs {rounded(least / GB)} GB"
        raise StudyError(f"{needs}, there are {rounded(memory_bytes / GB)} GB: try a smaller --scale")
    print_estimate(loaded, len({**study_plan.worlds, **study_plan.scenarios.worlds}), memory_bytes, pilot, sizes)


def print_estimate(study: Study, worlds: int, memory: int, pilot: PilotRun, sizes: Mapping[int, Sizing]) -> None:
    """Print what a study needs, a line a figure and a column a machine; `sizes` are by number of cores."""
    from rich.table import Table

    from pipeline_sim.report.text.number_format import counted, rounded

    table = Table("", *(counted(cores, "core") for cores in sizes))
    for name, text in (
        ("core-hours", lambda size: f"{size.core_hours:,.2g}" if size.core_hours < 10 else f"{size.core_hours:,.0f}"),
        ("parallel replications", lambda size: f"{size.at_a_time:,}"),
        ("time on threads", lambda size: duration(size.hours)),
        ("time on processes or Dask workers", lambda size: duration(size.hours_processes)),
        ("memory on threads, at most", lambda size: f"{rounded(size.bytes_memory / GB)} GB"),
        ("disk, at most", lambda size: f"{rounded(size.bytes_disk / GB)} GB"),
    ):
        table.add_row(name, *map(text, sizes.values()))
    screen = console()
    screen.print(
        f"{study.name}, scale {study.scale:g}: {counted(study.replications, 'replication')} of "
        f"{counted(worlds, 'world')} with {memory / GB:.3g} GB",
        soft_wrap=True,
    )
    screen.print(table)
    screen.print(
        f"Scaled up from a pilot run here, in processor time: start {pilot.start:.2g} s, preparation of all worlds for "
        f"a draw of the parameters {pilot.own.prepare:.2g} s, a replication of all worlds {pilot.own.run:.2g} s, of "
        f"which {pilot.own.locked:.2g} s outside compiled code, its counts received and written {pilot.gather:.2g} s. "
        "Threads do one at a time what is not compiled, preparation too; processes each their own, of which one "
        "process gathers the counts; figures and the report come on top. Cores that are faster or slower, or share "
        "their memory, change core-hours and time.",
        soft_wrap=True,
    )


def duration(hours: float) -> str:
    """Time in seconds below two minutes, in minutes, or from two hours on in hours and minutes."""
    if hours < 1 / 30:
        return f"{max(1, round(3600 * hours))} s"
    minutes = round(60 * hours)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"
