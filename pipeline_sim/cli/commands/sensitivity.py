"""The command `sensitivity`: how strongly each assumption affects the answer to a study."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import (
    StoppedEarlyError,
    console,
    print_if_compiling,
    print_written,
    progress_bar,
)
from pipeline_sim.cli.terminal.default_paths import RESULTS, register_folder
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import (
    MAX_RUNS,
    RegisterFolder,
    Seed,
    StudyFile,
    StudyScale,
    Workers,
)
from pipeline_sim.cli.terminal.signals import GOES_ON, NOTHING, keep
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, catalogue_items
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    from pipeline_sim.report.figures.frame import Picture
    from pipeline_sim.study.comparison.run_study import StudyPlan
    from pipeline_sim.study.sensitivity.analyse_sensitivity import LevelResults, SensitivityPlan
    from pipeline_sim.world.register.assumption_register import Register

Trajectories = Annotated[
    int, typer.Option(min=2, max=MAX_RUNS, help="Paths through the ranges; a power of 2 for sobol.")
]
Figures = Annotated[int, typer.Option(min=0, max=10_000, help="Figures of the strongest entries to vary one by one.")]
FINISHED = ".points"  # folder of finished points, beside the results of a study


class Paths(NamedTuple):
    """Files and folders of a sensitivity analysis."""

    study: Path
    register: Path
    result: Path
    finished: Path  # points, from which a stopped analysis goes on


def sensitivity(
    context: typer.Context,
    study: StudyFile,
    method: Annotated[str, typer.Option(help="morris (size of effects) or sobol (shares of variance).")] = "morris",
    trajectories: Trajectories = 10,
    replications: Annotated[int, typer.Option(min=1, max=1000, help="Replications of each point.")] = 1,
    seed: Seed = 1,
    figures: Figures = 40,
    scale: StudyScale = None,
    worlds: Annotated[str, typer.Option(help="Only these worlds, separated by commas; all by default.")] = "",
    only: Annotated[str, typer.Option(help="Only these entries of the register, separated by commas.")] = "",
    register: RegisterFolder = None,
    record: Annotated[bool, typer.Option("--record", help="Save the result in the register as well.")] = False,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Result folder; results/<study>/<digest> by default.")] = None,
) -> None:
    """Measure how strongly each assumption affects the answer to a study.

    Each effect is shown with that of chance variation. --seed is for the paths; replications use the study's seed.
    """
    from pipeline_sim.study.comparison.run_study import check_study, study_digest
    from pipeline_sim.study.comparison.study_file import load_study, sized
    from pipeline_sim.study.comparison.study_manifest import result_digest
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.study.sensitivity.analyse_sensitivity import (
        SensitivityPlan,
        check_one_scenario,
        checked_method,
        with_worlds,
    )
    from pipeline_sim.world.register.assumption_register import load_register

    design = SensitivityPlan(checked_method(method), trajectories, replications, seed, names_in(only), figures)
    if record and design.method != "morris":
        raise StudyError("--record needs --method morris: the register states how far outcomes move")
    home = register_folder(register)
    entries = load_register(home)
    loaded = with_worlds(sized(load_study(study), study, False, {"scale": scale}), names_in(worlds))
    plan = check_study(loaded, study.parent, workers=workers)
    elsewhere = {each.world for each in plan.scenarios.mixes}
    if elsewhere and not worlds:  # of all worlds, those of another scenario are left out
        loaded = loaded.model_copy(update={"worlds": [each for each in loaded.worlds if each.name not in elsewhere]})
        plan = check_study(loaded, study.parent, workers=workers)
    check_one_scenario(plan)
    note_edited(map(world_of, plan.worlds.values()))
    name = study_digest(plan)
    result = result_digest([name, *design, entries.patterns])
    folder = out or RESULTS / loaded.name / result
    paths = Paths(study, home, folder, folder.parent / FINISHED / name)
    print_levels(write_result(context, plan, design, entries, paths, result))
    print_written(folder, result)


def names_in(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def write_result(
    context: typer.Context, plan: StudyPlan, design: SensitivityPlan, register: Register, paths: Paths, result: str
) -> list[LevelResults]:
    """Results of both levels, once tables, figure and manifest are in the result folder and perhaps the register."""
    from pipeline_sim.records.files.result_files import write_manifest
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.report.figures.tornado import analysis_size, tornado
    from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of_moves

    with result_folder(paths.result) as draft:
        print_if_compiling()
        watch = Stopwatch(time.monotonic(), plan.workers, paths.finished.exists())
        levels = run_points(plan, register, design, paths.finished)
        manifest = {
            **manifest_base(result, command_of(context), list(plan.worlds.values()), [paths.study]),
            **manifest_of_moves(plan, design._asdict(), paths.finished.name),
            "leading": levels[0].ranked[:2],
            "made_in": watch.read(),
        }
        titles = {name: entry.title for name, entry in register.entries.items()}
        picture = tornado(levels, titles, analysis_size(manifest))
        write_tables(draft, plan, design, levels)
        write_manifest(draft, {**manifest, "items": write_picture(draft, picture, result)})
        if context.params["record"]:
            record_influence(paths.register, draft, manifest)
    return levels


def write_tables(draft: Path, plan: StudyPlan, design: SensitivityPlan, levels: list[LevelResults]) -> None:
    """Write the influence of each assumption and every point that was run."""
    from pipeline_sim.report.files.csv_files import write_csv
    from pipeline_sim.report.terminal.sensitivity_tables import influence_table, points_table
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.register.recorded_influence import INFLUENCE_FILE, ranges_digest, stated_ranges

    ranges = stated_ranges(world_of(spec) for spec in plan.worlds.values())
    write_csv(
        draft / INFLUENCE_FILE, influence_table(levels, design.method, lambda members: ranges_digest(ranges, members))
    )
    write_csv(draft / "points.csv", points_table(levels))


def write_picture(draft: Path, picture: Picture | None, result: str) -> dict[str, Any]:
    """Items of the result with their identifiers, once the figure is written."""
    from pipeline_sim.report.files.write_answer import KINDS, write_figures
    from pipeline_sim.world.register.recorded_influence import INFLUENCE_FILE

    pictures = [picture] if picture is not None else []
    items = [
        *(Item(FIGURE, each.name, each.finding, tuple(f"{each.name}.{kind}" for kind in KINDS)) for each in pictures),
        Item(TABLE_FILE, "influence", "How far each assumption moves the outcomes", (INFLUENCE_FILE,)),
        Item(TABLE_FILE, "points", "Every point that was run", ("points.csv",)),
    ]
    catalogue = catalogue_items(result, items)
    write_figures(draft, pictures, catalogue)
    return catalogue.entries(draft)


def run_points(plan: StudyPlan, register: Register, design: SensitivityPlan, finished: Path) -> list[LevelResults]:
    """Results of both levels; at Ctrl-C the finished points stay in their folder and StoppedEarlyError says so."""
    from pipeline_sim.study.sensitivity.analyse_sensitivity import Analysis, analyse

    keep(GOES_ON)
    with ExitStack() as stack:  # of the progress bar that is shown

        def on_level(line: str) -> None:
            stack.close()
            console(error=True).print(line)

        def new_bar(level: str) -> Callable[[float], None]:
            return stack.enter_context(progress_bar(f"by {level}"))

        try:
            return analyse(Analysis(plan, design, on_level, new_bar, finished), register)
        except InterruptedRunError:
            done = len(list(finished.glob("*.npz")))
            if done == 0:
                keep(NOTHING)
                raise KeyboardInterrupt from None
            saved = f"stopped; {done} finished points are kept"
            raise StoppedEarlyError(f"{saved}, the same command goes on from there") from None


def record_influence(folder: Path, draft: Path, manifest: dict[str, Any]) -> None:
    """Save the influence of each assumption in the register, with its manifest."""
    from pipeline_sim.records.files.result_files import write_text
    from pipeline_sim.world.register.recorded_influence import INFLUENCE_FILE, RECORD_MANIFEST

    write_text(folder / INFLUENCE_FILE, (draft / INFLUENCE_FILE).read_text(encoding="utf-8"))
    write_text(folder / RECORD_MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def print_levels(levels: Sequence[LevelResults]) -> None:
    """Print the effects of the last level, a table an outcome."""
    from pipeline_sim.report.terminal.sensitivity_tables import factor_table

    for outcome in levels[-1].outcomes:
        console().print(factor_table(levels[-1], outcome, f"What moves: {outcome.label}"))
