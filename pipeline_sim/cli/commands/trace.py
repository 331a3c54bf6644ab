"""The command `trace`: the career of one doctor, from the event log of a run or of a result folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_if_compiling, progress_bar
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import MAX_RUNS, Engine, Mix, Scale, Seed, Without, traced_paths
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.records.event_log import Columns
    from pipeline_sim.study.replication.prepare import WorldSpec


def trace(
    world: Annotated[
        list[Path], typer.Argument(help="World files, or one result folder of the command run.", callback=traced_paths)
    ],
    trainee: Annotated[int | None, typer.Option(help="Number of the doctor.")] = None,
    like: Annotated[str, typer.Option(help="Words that describe the doctor, such as 'surgery ST5 London'.")] = "",
    mix: Mix = None,
    engine: Engine = "batch",
    scale: Scale = 0.05,
    seed: Seed = 2021,
    replication: Annotated[int, typer.Option(min=0, max=MAX_RUNS - 1, help="Replication, from 0.")] = 0,
    without: Without = None,
) -> None:
    """Print the career of one doctor in plain English."""
    import numpy as np

    from pipeline_sim.records.files.result_files import MANIFEST
    from pipeline_sim.report.text.doctor_story import StoryWriter, doctor_rows, matching_doctors, story_heading
    from pipeline_sim.rules.event_order import FIRST_TRAINEE
    from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of

    if (world[0] / MANIFEST).is_file():
        spec, columns = stored_log(world[0], replication)
    else:
        spec = WorldSpec(tuple(map(str, world)), str(mix) if mix else None, frozenset(without or ()), scale)
        columns = simulated_log(spec, engine, seed, replication)
    note_edited([world_of(spec)])
    names = prepare(spec).names
    if trainee is None:
        doctors = matching_doctors(columns, names, like)
        if not len(doctors):
            raise StudyError(f"no doctor of this run fits '{like}'")
        trainee = int(doctors[np.random.default_rng(seed).integers(len(doctors))])
    rows = doctor_rows(columns, trainee) if trainee >= FIRST_TRAINEE else []  # smaller numbers are offices
    if not rows:
        raise StudyError(f"there is no doctor {trainee} in this run; leave out --trainee to see one")
    console().print(story_heading(trainee, rows), style="bold")
    for line in StoryWriter(names, world_of(spec).dates.day_zero).lines(rows):
        console().print(line, soft_wrap=True)


def simulated_log(spec: WorldSpec, engine: str, seed: int, replication: int) -> Columns:
    """Event log of one replication, simulated now."""
    from pipeline_sim.engines import ENGINES
    from pipeline_sim.records.event_log import EventLog
    from pipeline_sim.study.replication.prepare import prepare

    rulebook, log = prepare(spec).rulebook, EventLog(keep_counts=False)
    print_if_compiling()
    with progress_bar("running") as report:
        ENGINES[engine](rulebook, seed, replication, log, lambda day, total: report(day / total))
    return log.columns()


def stored_log(folder: Path, replication: int) -> tuple[WorldSpec, Columns]:
    """World and event log of a result folder; refused if its world files or the log have changed since."""
    from pipeline_sim.records.files.result_files import MANIFEST, file_digest, read_events, read_manifest
    from pipeline_sim.records.files.shipped_files import found_path
    from pipeline_sim.study.replication.prepare import WorldSpec, world_of
    from pipeline_sim.world.loading.load_world import mix_and_budget
    from pipeline_sim.world.reading.sources import world_digest

    manifest = read_manifest(folder)
    try:
        worlds = list(manifest["worlds"].values())
        made = worlds[0]
        layers = tuple(str(found_path(layer)) for layer in made["layers"])
        mix = None if made["mix"] is None else str(found_path(made["mix"]))
        spec = WorldSpec(layers, mix, frozenset(made["without"]), float(made["scale"]))
        digest = made["world_digest"]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise RecordsError(f"{folder / MANIFEST} is not the manifest of a result") from None
    if len(worlds) > 1:
        raise StudyError(f"{folder} is a comparison, which keeps no event logs: trace needs a result of run")
    plain, _ = mix_and_budget(spec.mix)
    missing = [name for name in (*spec.layers, plain) if name is not None and not Path(name).is_file()]
    if missing:
        raise StudyError(f"{folder} was made from {missing[0]}, which is not there: type trace where run was typed")
    if world_digest(world_of(spec)) != digest:
        raise StudyError(f"the world files have changed since {folder} was made: run it again")
    name = log_name(folder, replication, manifest["files"])
    columns = read_events(folder / name)
    if file_digest(folder / name) != manifest["files"][name]:
        raise RecordsError(f"{folder / name} is not what the run wrote: it was edited, damaged or replaced")
    return spec, columns


def log_name(folder: Path, replication: int, files: dict[str, str]) -> str:
    """File name of an event log; StudyError if the result has none for the replication."""
    name, logs = f"events-{replication:03d}.parquet", [file for file in files if file.startswith("events-")]
    if not logs:
        raise StudyError(f"{folder} keeps no event logs: run it again without --log none")
    if name not in files:
        raise StudyError(f"{folder} has no {name}: its replications are 0 to {len(logs) - 1}")
    return name
