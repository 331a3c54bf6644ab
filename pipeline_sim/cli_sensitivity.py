"""The command sensitivity: which assumptions the answer to a study hangs on."""

import shlex
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.cli_console import StoppedEarlyError, console, progress_bar, say_if_compiling
from pipeline_sim.cli_folder import result_folder
from pipeline_sim.cli_manifest import manifest_of_moves, result_digest
from pipeline_sim.records.store import write_manifest
from pipeline_sim.report.files import write_bytes, write_csv
from pipeline_sim.report.figures.tornado import tornado
from pipeline_sim.report.influence import influence_table, points_table, shown_table
from pipeline_sim.report.style import save_bytes
from pipeline_sim.study.ask import Asked, asked, identity
from pipeline_sim.study.errors import InterruptedRunError, StudyError
from pipeline_sim.study.influence import GAINED, figures_digest
from pipeline_sim.study.prepare import world_of
from pipeline_sim.study.sensitivity import FIGURE, Moves, Stage, analysed, checked_method, with_worlds
from pipeline_sim.study.study_file import load_study, sized
from pipeline_sim.world.influence import RECORD, RECORDED
from pipeline_sim.world.register import Register, load_register
from pipeline_sim.world.sources import stated

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
    register: Path
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
    register = load_register(request.register)
    study = with_worlds(sized(load_study(request.path), request.path, False, {"scale": request.scale}), request.worlds)
    question = asked(study, request.path.parent, workers=request.workers)
    name = identity(question)
    folder = request.out or Path("results") / study.name / result_digest([name, *moves])
    question = question._replace(store=folder.parent / FINISHED / name)
    say_if_compiling()
    with result_folder(folder) as draft:
        stages = run(question, register, moves)
        table = influence_table(stages, moves.method, digests(question))
        manifest = manifest_of_moves(question, moves._asdict(), name) | {"command": command_of(request)}
        _write(draft, stages, table, manifest)
        if request.record:
            _record(request.register, draft, table)
    _show(stages)
    console().print(f"written to {folder}", soft_wrap=True)


def run(question: Asked, register: Register, moves: Moves) -> list[Stage]:
    """Run both stages; what is finished when Ctrl-C comes is kept, and said to be."""
    with ExitStack() as stack:
        screen = console(error=True)
        try:
            return analysed(
                question, register, moves, screen.print, lambda level: stack.enter_context(progress_bar(f"by {level}"))
            )
        except InterruptedRunError:
            done = len(list(question.store.glob("*.npz"))) if question.store else 0
            if done == 0:
                raise KeyboardInterrupt from None
            says = f"stopped; {done} finished points are kept, the same command goes on from there"
            raise StoppedEarlyError(says) from None
