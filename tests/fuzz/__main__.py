"""Fuzzing for hours: `PYTHONPATH=.:tests python -m fuzz --hours 2`; `--only KIND --seed SEED --inputs 1`: one again.

Each input is met in a fork of this process; one in `--fresh` also in a process of its own, which has to say the same.
Prints how many inputs of each kind were tried, and for each fault, hang or silent edit the words and the seed that make
it again.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from fuzz.forked_command import KILLED, Answer, forked, fresh, load_program
from fuzz.inputs import KINDS, is_silent
from pipeline_sim.cli.commands import verify
from pipeline_sim.study.study_error import StudyError

PROCESSOR_SECONDS, CLOCK_SECONDS = 30, 60  # on a busy machine the clock says little
GOOD = (0, 1, 2)
NOT_REPRODUCED = "nothing is reproduced here"
ALONE = f"""
from pipeline_sim.cli.commands import verify; from pipeline_sim.study.study_error import StudyError
def refuse(words, name): raise StudyError("{NOT_REPRODUCED}")
verify.reproduce = refuse"""


class Finding(NamedTuple):
    """An input that was not answered as it should be."""

    kind: str
    seed: int
    words: Sequence[str]
    what: str


def prepared() -> None:
    """In a fork: limit its processor time; results are not made again."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 5))
    verify.reproduce = refuse


def refuse(words: Sequence[str], name: str) -> None:
    """In place of making a result again."""
    raise StudyError(NOT_REPRODUCED)


def tried(kind: str, seed: int, alone: bool = False) -> tuple[Finding | None, Answer]:
    """Try an input, also alone in a process if so asked; no finding if it was answered in time and in lines."""
    chance = Random(f"{kind} {seed}")
    with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as place:
        words = KINDS[kind](Path(place), chance)
        said = forked(Path(place), *words, seconds=CLOCK_SECONDS, before=prepared)
        silent = said.returncode == 0 and is_silent(Path(place), said.stderr)
    found = partial(Finding, kind, seed, words)
    if what := wrong(said, silent):
        return found(what), said
    if alone and (other := answered_alone(kind, seed)) != (said.returncode, said.stderr.replace(place, "")):
        return found(f"alone {other}, in a fork {said.returncode, said.stderr}"), said
    return None, said


def answered_alone(kind: str, seed: int) -> tuple[int, str]:
    """Status and stderr of an input in a process of its own, without the name of its folder."""
    with tempfile.TemporaryDirectory(prefix="pipeline_sim.") as place:
        said = fresh(Path(place), *KINDS[kind](Path(place), Random(f"{kind} {seed}")), first=ALONE)
        return said.returncode, said.stderr.replace(place, "")


def wrong(said: Answer, silent: bool) -> str:
    """What is wrong with an answer; nothing if it is in order."""
    if said.returncode == KILLED or said.processor > PROCESSOR_SECONDS:
        return f"no answer in {said.processor:.0f} s of processor time, {said.clock:.0f} s"
    unsaid = said.returncode == 2 and not said.stderr.strip()
    if said.returncode not in GOOD or "Traceback" in said.stderr or unsaid:
        return f"status {said.returncode}: {said.stderr[-300:]}"
    return "silent" if silent else ""


def main(words: Sequence[str]) -> int:
    """Fuzz for some time, or so many inputs of each kind; status 1 if there is a finding."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--hours", type=float, default=0.02)
    parser.add_argument("--inputs", type=int, default=10**9, help="of each kind, at most")
    parser.add_argument("--seed", type=int, default=1, help="of the first input")
    parser.add_argument("--fresh", type=int, default=200, help="one input in so many is tried alone as well")
    parser.add_argument("--only", choices=KINDS, action="append", help="kind of input; all by default")
    options = parser.parse_args(words)
    load_program()
    ends, first, kinds = time.monotonic() + 3600 * options.hours, options.seed, options.only or list(KINDS)
    counts, spent, slowest, found, alone = Counter[str](), Counter[str](), 0.0, 0, 0
    statuses = Counter[int]()
    for number in range(options.inputs * len(kinds)):
        if time.monotonic() > ends:
            break
        kind, seed, both = kinds[number % len(kinds)], first + number // len(kinds), (number + 1) % options.fresh == 0
        finding, said = tried(kind, seed, both)
        counts[kind] += 1
        alone += both
        statuses[said.returncode] += 1
        spent[kind] += round(1000 * said.clock)
        slowest = max(slowest, said.processor)
        if finding is not None:
            found += 1
            print(f"{finding.kind} {finding.seed}: {finding.words}: {finding.what}", flush=True)
        if number % 500 == 499:
            print(f"{number + 1} inputs, {found} findings", file=sys.stderr, flush=True)
    print(f"{sum(counts.values())} inputs from seed {first}, {alone} alone as well, {found} findings: {dict(counts)}")
    print(f"statuses {dict(statuses)}; at most {slowest:.1f} s of processor time; ms by kind {dict(spent)}")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
