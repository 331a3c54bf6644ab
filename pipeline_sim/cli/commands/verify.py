"""The command verify: a figure or table made again by the command of its result, and compared bit for bit."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import STOPPED, console
from pipeline_sim.records.files.result_files import MANIFEST
from pipeline_sim.records.provenance.compare_items import differing
from pipeline_sim.records.provenance.environment import machine_since, versions_since
from pipeline_sim.records.provenance.identifiers import KINDS
from pipeline_sim.records.provenance.lookup import AWAY, Result, edited, few, issuer
from pipeline_sim.records.provenance.manifest import read_sealed
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.comparison.study_manifest import AGAIN
from pipeline_sim.study.study_error import StudyError

SAME, DIFFERENT = 0, 1
PROGRAM = "pipeline-sim"


class VerifyRequest(NamedTuple):
    """What was asked for."""

    text: str
    root: Path
    kept: bool  # finished replications may be used


def verify_item(request: VerifyRequest) -> int:
    """Check what is there, make it again, compare, say what came of it; the exit status."""
    wanted, result = issuer(request.text, request.root)
    check_inputs(wanted.text, result)
    words, since = words_of(result), versions_since(result.manifest)
    changes = [*since, *machine_since(result.manifest)]
    for line in beginning(wanted.text, result, changes):
        console().print(line, soft_wrap=True)
    with workplace(result, request.kept) as folder:
        make_again([*words, "--out", str(folder)], result.manifest.result if since else "")
        again = Result(folder / MANIFEST, read_sealed(folder / MANIFEST))
        return say(wanted.text, result, again, changes)


def check_inputs(text: str, result: Result) -> None:
    """Refuses what was made from files that are not there or were edited since; each is named."""
    wrong = edited(result)
    if wrong:
        says = few([f"{name} {what}" for name, what in wrong.items()])
        where = " (paths start where the command was typed)" if AWAY in wrong.values() else ""
        raise RecordsError(f"{text} cannot be made again: {says}{where}")


def words_of(result: Result) -> list[str]:
    """The words that make a result again, without the program's name."""
    try:
        program, *words = shlex.split(result.manifest.command)
    except ValueError:
        program, words = "", []
    if program != PROGRAM or not words:
        raise RecordsError(f"{result.path} says no command of {PROGRAM} that makes it again")
    return words


def beginning(text: str, result: Result, since: Sequence[str]) -> list[str]:
    """What is about to be done, how long it may take, and what has changed."""
    item, made = result.manifest.items[text], result.manifest.made_in
    whole = "as written, every file of it" if result.has_files else "kept without its files"
    lines = [
        f"{text}: {KINDS.get(item.kind, 'item')}: {item.title}",
        f"issued by {result.place}, {whole}; made {result.manifest.created}",
        f"making it again: {result.manifest.command}",
    ]
    if made is not None:
        longer = "; it went on from finished replications, so this may take much longer" if made.reused else ""
        lines.append(f"it took {made.seconds:,.0f} seconds with {made.workers} workers then{longer}")
    if since:
        lines.append(f"other than then, so that a difference may come from it: {'; '.join(since)}")
    return lines


@contextmanager
def workplace(result: Result, kept: bool) -> Iterator[Path]:
    """An empty folder; where finished replications may be used, beside them."""
    if not kept:
        with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as folder:
            yield Path(folder) / "again"
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".verify-", dir=result.folder.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise RecordsError(f"cannot write {result.folder.parent}: {error.strerror or error}") from None


def make_again(words: Sequence[str], name: str) -> None:
    """Run the program, quiet but for its progress and complaints.

    Another version of it is told what to call the result, so that names alone make no difference.
    """
    environment = {key: value for key, value in os.environ.items() if key != AGAIN} | ({AGAIN: name} if name else {})
    command = [sys.executable, "-P", "-m", "pipeline_sim.cli", *words]  # -P: nothing of the folder typed in is imported
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode == STOPPED or done.returncode < 0:
        raise KeyboardInterrupt
    if done.returncode:
        raise StudyError(f"the command that makes it ended with status {done.returncode}: nothing was compared")


def say(text: str, result: Result, again: Result, since: Sequence[str]) -> int:
    """Identical, or what differs first and why that may be."""
    screen = console()
    if again.manifest.result != result.manifest.result:
        screen.print(f"{text} differs: its command now makes another result, {again.manifest.result}", soft_wrap=True)
        return DIFFERENT
    places = result.manifest.places(text)
    other = differing(text, result, again)
    if not other:
        screen.print(f"{text} is identical, bit for bit: {few(list(places))}", soft_wrap=True)
        return SAME
    screen.print(f"{text} differs: {few(other)}", soft_wrap=True)
    why = "see above what is other than then" if since else "nothing that was recorded is other than then: report this"
    screen.print(f"{len(places) - len(other)} of {len(places)} places are identical; {why}", soft_wrap=True)
    return DIFFERENT
