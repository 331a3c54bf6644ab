"""Fuzzing for hours: `PYTHONPATH=.:tests python -m fuzz --hours 2`; `--only KIND --seed SEED` tries an input again.

Prints how many inputs of each kind were tried, and for each fault or hang the words and the seed that make it again.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import NamedTuple
from unittest import mock

from support.typed_command import run_command

from fuzz.inputs import KINDS
from pipeline_sim.cli.commands import verify
from pipeline_sim.study.study_error import StudyError

SECONDS = 30
GOOD = (0, 1, 2)


class Finding(NamedTuple):
    """An input that was not answered as it should be."""

    kind: str
    seed: int
    words: list[str]
    what: str


class HangError(BaseException):
    """A command that took too long."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Context that HangError ends."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refuse(words: list[str], name: str) -> None:
    """In place of making a result again."""
    raise StudyError("nothing is reproduced here")


def tried(kind: str, seed: int) -> Finding | None:
    """Try an input; None if it was answered in time and in lines."""
    chance = Random(f"{kind} {seed}")
    with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as place:
        words = KINDS[kind](Path(place), chance)
        try:
            with at_most(SECONDS), mock.patch.object(verify, "reproduce", refuse):
                said = run_command(Path(place), *words)
        except HangError:
            return Finding(kind, seed, words, f"no answer in {SECONDS} s")
        except BaseException as problem:
            return Finding(kind, seed, words, f"{type(problem).__name__}: {problem}"[:300])
    if said.returncode not in GOOD or "Traceback" in said.stderr or (said.returncode == 2 and not said.stderr.strip()):
        return Finding(kind, seed, words, f"status {said.returncode}: {said.stderr[-300:]}")
    return None


def main() -> int:
    """Fuzz for some time; status 1 if there is a finding."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--hours", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1, help="of the first input")
    parser.add_argument("--only", choices=KINDS, action="append", help="kind of input; all by default")
    options = parser.parse_args()
    ends, seed, counts, found = time.monotonic() + 3600 * options.hours, options.seed, Counter[str](), 0
    while time.monotonic() < ends:
        for kind in options.only or KINDS:
            counts[kind] += 1
            finding = tried(kind, seed)
            if finding is not None:
                found += 1
                print(f"{finding.kind} {finding.seed}: {finding.words}: {finding.what}", flush=True)
        seed += 1
    print(f"{sum(counts.values())} inputs, {found} findings: {dict(counts)}")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
