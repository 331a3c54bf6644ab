"""The command `verify`: a figure or table reproduced by the command of its result, and compared bit for bit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.command_line import PROGRAM
from pipeline_sim.cli.terminal.console import console
from pipeline_sim.cli.terminal.default_paths import RESULTS
from pipeline_sim.cli.terminal.options import Identifier, Results
from pipeline_sim.cli.terminal.signals import STOPPED
from pipeline_sim.records.provenance.identifiers import KINDS
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.records.provenance.lookup import Result

SAME, DIFFERENT = 0, 1
COMMANDS = {"run", "compare", "optimise", "value", "robust", "validate", "calibrate", "sensitivity"}
OPTIONS = {  # of these commands, those that decide a result: none says where something is written or run
    f"--{name}"
    for name in (
        "mix", "engine", "scale", "replications", "seed", "log", "without", "budget", "scenario", "parts", "full",
        "parameters", "precision", "quick", "draws", "granted", "doctors", "by", "target", "role", "targets", "points",
        "later", "waves", "open", "method", "trajectories", "figures", "worlds", "only", "register",
    )
}  # fmt: skip


def verify(
    identifier: Identifier,
    results: Results = RESULTS,
    kept: Annotated[bool, typer.Option("--kept", help="Use finished replications, if there are any.")] = False,
) -> None:
    """Reproduce a figure, table or result and compare it bit for bit.

    Status 0 if it is identical, 1 if not.
    """
    from pipeline_sim.records.files.result_files import MANIFEST
    from pipeline_sim.records.provenance.environment import changed_machine, changed_versions
    from pipeline_sim.records.provenance.lookup import Result, find_result
    from pipeline_sim.records.provenance.manifest import load_manifest

    found, result = find_result(identifier, results)
    item = found.text
    check_inputs(item, result)
    words, versions = command_words(result), changed_versions(result.manifest)
    changes = [*versions, *changed_machine(result.manifest)]
    print_start(item, result, changes)
    with scratch_folder(result, kept) as folder:
        reproduce([words[0], "--out", str(folder), *words[1:]], result.manifest.result if versions else "")
        again = Result(folder / MANIFEST, load_manifest(folder / MANIFEST))
        raise typer.Exit(print_verdict(item, result, again, changes))


def check_inputs(item: str, result: Result) -> None:
    """Check that the input files are there and as they were; RecordsError names those that are not."""
    from pipeline_sim.records.provenance.lookup import MISSING, changed_inputs, join_first

    changed = changed_inputs(result)
    if changed:
        files = join_first([f"{name} {what}" for name, what in changed.items()])
        where = " (paths start where the command was typed)" if MISSING in changed.values() else ""
        raise RecordsError(f"{item} cannot be reproduced: {files}{where}")


def command_words(result: Result) -> list[str]:
    """Words of the command that reproduces a result, without the program; RecordsError if there is none.

    A result may come from anybody: its command has to be one that writes a result, with options that decide it.
    """
    try:
        program, name, *words = shlex.split(result.manifest.command)
    except ValueError:
        program, name, words = "", "", []
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    if program != PROGRAM or name not in COMMANDS or not options <= OPTIONS:
        raise RecordsError(f"{result.path} says no command of {PROGRAM} that reproduces it")
    return [name, *words]


def print_start(identifier: str, result: Result, changes: Sequence[str]) -> None:
    """Print the item, its command, how long that took, and what has changed since."""
    from pipeline_sim.report.text.number_format import counted

    item, made = result.manifest.items[identifier], result.manifest.made_in
    state = "as written, every file of it" if result.has_files else "kept without its files"
    lines = [
        f"{identifier}: {KINDS.get(item.kind, 'item')}: {item.title}",
        f"issued by {result.place}, {state}; made {result.manifest.created}",
        f"making it again: {result.manifest.command}",
    ]
    if made is not None:
        longer = "; it went on from finished replications, so this may take much longer" if made.reused else ""
        lines.append(f"it took {counted(round(made.seconds), 'second')} with {counted(made.workers, 'worker')}{longer}")
    if changes:
        lines.append(f"changed since then, so that a difference may come from it: {'; '.join(changes)}")
    for line in lines:
        console().print(line, soft_wrap=True)


@contextmanager
def scratch_folder(result: Result, kept: bool) -> Iterator[Path]:
    """Empty folder; beside the finished replications of the result where these may be used."""
    if not kept:
        with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as folder:
            yield Path(folder) / "again"
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".verify-", dir=result.folder.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise RecordsError(f"cannot write {result.folder.parent}: {error.strerror or error}") from None


def reproduce(words: Sequence[str], name: str) -> None:
    """Run the program without its output; progress and warnings are shown. StudyError if it fails.

    Another version of it is given the `name` of the result, so that names alone make no difference.
    """
    from pipeline_sim.study.comparison.study_manifest import AGAIN

    environment = {key: value for key, value in os.environ.items() if key != AGAIN} | ({AGAIN: name} if name else {})
    command = [sys.executable, "-P", "-m", "pipeline_sim.cli", *words]  # -P: nothing is imported from this folder
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode == STOPPED or done.returncode < 0:
        raise KeyboardInterrupt
    if done.returncode:
        raise StudyError(f"the command that makes it ended with status {done.returncode}: nothing was compared")


def print_verdict(identifier: str, result: Result, again: Result, changes: Sequence[str]) -> int:
    """Print whether an item is identical, else its first differences and their possible cause; the exit status."""
    from pipeline_sim.records.provenance.compare_items import list_differences
    from pipeline_sim.records.provenance.lookup import join_first

    screen = console()
    if again.manifest.result != result.manifest.result:
        other = again.manifest.result
        screen.print(f"{identifier} differs: its command now makes another result, {other}", soft_wrap=True)
        return DIFFERENT
    places = result.manifest.places(identifier)
    differences = list_differences(identifier, result, again)
    if not differences:
        screen.print(f"{identifier} is identical, bit for bit: {join_first(list(places))}", soft_wrap=True)
        return SAME
    screen.print(f"{identifier} differs: {join_first(differences)}", soft_wrap=True)
    same = f"{len(places) - len(differences)} of {len(places)} places are identical"
    cause = "see above what has changed" if changes else "nothing recorded has changed since: please report this"
    screen.print(f"{same}; {cause}", soft_wrap=True)
    return DIFFERENT
