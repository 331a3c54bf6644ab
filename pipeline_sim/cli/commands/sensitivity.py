"""The command sensitivity: which assumptions the answer to a study hangs on."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline_sim.cli.terminal.console import StoppedEarlyError, console, progress_bar, say_if_compiling, say_written
from pipeline_sim.cli.terminal.shipped_files import register_folder
from pipeline_sim.records.files.result_files import write_manifest, write_text
from pipeline_sim.records.provenance.environment import Stopwatch
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Issued, Item, issue
from pipeline_sim.records.provenance.result_folder import result_folder
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.figures.tornado import measured_how, tornado
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.write_answer import KINDS, write_figures
from pipeline_sim.report.terminal.sensitivity_tables import influence_table, points_table, shown_table
from pipeline_sim.study.comparison.run_study import Asked, asked, identity
from pipeline_sim.study.comparison.study_file import load_study, sized
from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of_moves, result_digest
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.sensitivity.analyse_sensitivity import (
    Analysis,
    Moves,
    Stage,
    analysed,
    checked_method,
    with_worlds,
)
from pipeline_sim.study.study_error import InterruptedRunError, StudyError
from pipeline_sim.world.register.assumption_register import Register, load_register
from pipeline_sim.world.register.recorded_influence import RECORD, RECORDED, digest_of, stated

if TYPE_CHECKING:
    import pandas as pd

FINISHED = ".points"  # beside the results of a study: what is finished, to go on from


class SensitivityRequest(NamedTuple):
    """A sensitivity analysis as it is to be run."""

    path: Path  # of the study file
    method: str
    trajectories: int
    scale: float | None
    replications: int
    seed: int
    worlds: tuple[str, ...]
    only: tuple[str, ...]
    figures: int
    register: Path | None
    record: bool
    workers: int | None
    out: Path | None


def measure(request: SensitivityRequest) -> None:
    """Run it, show what moves the outcomes most, write the result."""
    moves = Moves(
        checked_method(request.method), request.trajectories, request.replications, request.seed, request.only,
        request.figures,
    )  # fmt: skip
    if request.record and moves.method != "morris":
        raise StudyError("--record needs --method morris: the register tells how far outcomes move")
    home = register_folder(request.register)
    register = load_register(home)
    study = with_worlds(sized(load_study(request.path), request.path, False, {"scale": request.scale}), request.worlds)
    question = asked(study, request.path.parent, workers=request.workers)
    name = identity(question)
    result = result_digest([name, *moves, register.claims])
    folder = request.out or Path("results") / study.name / result
    finished = folder.parent / FINISHED / name
    say_if_compiling()
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), question.workers, finished.exists())
        stages = run(question, register, moves, finished)
        table = influence_table(stages, moves.method, digests(question))
        manifest = {
            **manifest_base(result, command_of(request), list(question.worlds.values()), [request.path]),
            **manifest_of_moves(question, moves._asdict(), name),
            "leading": stages[0].ranked[:2],
            "made_in": watch.read(),
        }
        titles = {name: entry.title for name, entry in register.entries.items()}
        picture = tornado(stages, titles, measured_how(manifest))
        issued = issue(result, items(picture))
        _write(draft, table, points_table(stages), picture, issued)
        write_manifest(draft, {**manifest, "items": issued.entries(draft)})
        if request.record:
            _record(home, draft, manifest)
    _show(stages)
    say_written(folder, result)


def items(picture: Picture | None) -> list[Item]:
    """What bears an identifier."""
    figures = [picture] if picture is not None else []
    return [
        *(Item(FIGURE, each.name, each.says, tuple(f"{each.name}.{kind}" for kind in KINDS)) for each in figures),
        Item(TABLE_FILE, "influence", "How far each assumption moves the outcomes", (RECORDED,)),
        Item(TABLE_FILE, "points", "Every point that was run", ("points.csv",)),
    ]


def run(question: Asked, register: Register, moves: Moves, finished: Path) -> list[Stage]:
    """Run both stages; what is finished when Ctrl-C comes is kept, and said to be."""
    with ExitStack() as stack:  # of the bar that is shown

        def tell(line: str) -> None:
            stack.close()
            console(error=True).print(line)

        def follow(level: str) -> Callable[[float], None]:
            return stack.enter_context(progress_bar(f"by {level}"))

        try:
            return analysed(Analysis(question, moves, tell, follow, finished), register)
        except InterruptedRunError:
            done = len(list(finished.glob("*.npz")))
            if done == 0:
                raise KeyboardInterrupt from None
            says = f"stopped; {done} finished points are kept, the same command goes on from there"
            raise StoppedEarlyError(says) from None


def digests(question: Asked) -> Callable[[Sequence[str]], str]:
    """The digest over what figures of the study's worlds are stated to be."""
    values = stated(world_of(assumed) for assumed in question.worlds.values())
    return lambda members: digest_of(values, members)


def command_of(request: SensitivityRequest) -> list[str]:
    """The command that gives the same numbers again."""
    place = request.path.parent if request.path.name == "study.toml" else request.path
    parts = ["pipeline-sim", "sensitivity", str(place), "--method", request.method]
    parts += ["--trajectories", str(request.trajectories), "--replications", str(request.replications)]
    parts += ["--seed", str(request.seed), "--figures", str(request.figures)]
    if request.scale is not None:
        parts += ["--scale", f"{request.scale:g}"]
    for option, names in (("--worlds", request.worlds), ("--only", request.only)):
        parts += [option, ",".join(names)] if names else []
    return parts


def _write(draft: Path, table: "pd.DataFrame", points: "pd.DataFrame", picture: Picture | None, issued: Issued) -> None:
    """The tables and the picture."""
    write_csv(draft / RECORDED, table)
    write_csv(draft / "points.csv", points)
    if picture is not None:
        write_figures(draft, [picture], issued)


def _record(folder: Path, draft: Path, manifest: dict[str, Any]) -> None:
    """Put what was measured beside the register."""
    write_text(folder / RECORDED, (draft / RECORDED).read_text(encoding="utf-8"))
    write_text(folder / RECORD, json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def _show(stages: Sequence[Stage]) -> None:
    screen = console()
    last = stages[-1]
    for outcome in last.outcomes:
        screen.print(shown_table(last, outcome, f"What moves: {outcome.label}"))
