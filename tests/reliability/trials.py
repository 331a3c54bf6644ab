"""How reliable batch is here: killed, starved of disk, locked out, run by all kinds of crews; `--help` says how much.

`python -m tests.reliability.trials` runs the program as a user does, on the tiny world, and prints a table in
Markdown. Every trial ends with the digest of the dataset, which has to be that of a run nobody disturbed.
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.reliability import fault_injection

PROGRAM = [sys.executable, "-m", "pipeline_sim.cli"]
CONFIGS = Path(__file__).parents[2] / "configs"
MIX = """
[mix]
name = "money"
budget = { value = 500000, unit = "GBP", source = "assumption", grade = "C", low = 500000, high = 500000 }
lines = [{ intervention = "simulation", share = 1.0, split = "national", start = 2021-05-01, months = 12 }]
"""
STUDY = """
name = "tiny"
question = "Is it reliable?"
baseline = "none"
scale = 0.2
replications = 1
seed = 2021
parameters = "mode"
[[worlds]]
name = "none"
label = "No programme"
layers = {layers}
[[worlds]]
name = "money"
label = "Money"
layers = {layers}
mix = "money.toml"
"""
LAYERS = ("tiny.toml", "covid.toml", "interventions.toml")
STORE = "results/tiny/tiny.store"


class Line(NamedTuple):
    """A row of the table."""

    what: str
    found: str
    holds: bool


class Whole(NamedTuple):
    """A run that nobody disturbed."""

    replications: int
    digest: str
    seconds: float


class Desk:
    """A folder with the study, where commands are typed."""

    def __init__(self, replications: int) -> None:
        self.folder, self.replications = Path(tempfile.mkdtemp(prefix="pipeline_sim.")), replications
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        layers = json.dumps([str(CONFIGS / name) for name in LAYERS])
        (self.folder / "money.toml").write_text(MIX)
        (self.folder / "study.toml").write_text(STUDY.replace("{layers}", layers))

    def words(self, *words: str) -> list[str]:
        """The command batch."""
        return [*PROGRAM, "batch", ".", "--replications", str(self.replications), "--json", "--every", "0.5", *words]

    def typed(self, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
        """Wait for it to end."""
        return subprocess.run(self.words(*words), cwd=self.folder, capture_output=True, text=True, check=False, **how)

    def started(self, *words: str) -> "subprocess.Popen[str]":
        """Go on meanwhile."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.words(*words), cwd=self.folder, stdout=subprocess.PIPE, stderr=quiet, text=True)

    def digest(self, *words: str, **how: Any) -> str:
        """Of the dataset, when all is done."""
        said = self.typed(*words, **how)
        return str(json.loads(said.stdout.splitlines()[-1])["dataset"]) if said.returncode == 0 else said.stderr.strip()

    def is_sound(self, store: str = STORE) -> bool:
        """True if every checksum holds."""
        said = subprocess.run([*PROGRAM, "status", store], cwd=self.folder, capture_output=True, check=False)
        return said.returncode == 0


def killed(kills: int, whole: "Whole", chance: random.Random) -> Line:
    """kill -9 at random moments, again and again until a run gets to its end; then from the beginning."""
    done = ends = equal = 0
    seconds = whole.seconds
    while done < kills:
        desk, began, first = Desk(whole.replications), time.monotonic(), done
        while done < kills:
            run = desk.started()
            with suppress(subprocess.TimeoutExpired):
                run.wait(chance.uniform(0, seconds))
            if run.poll() is not None:
                break
            run.kill()
            run.wait()
            done += 1
        if done == first:
            seconds = min(seconds, time.monotonic() - began)  # nothing came between, and the machine was faster
        ends += 1
        equal += desk.digest() == whole.digest
    return Line(f"runner killed (kill -9) at {done} random moments", f"{equal} of {ends} datasets equal", equal == ends)


def crews(replications: int, whole: str) -> list[Line]:
    """The same whoever does the work."""
    ways = {
        "1 thread": ["--workers", "1"],
        "2 threads": ["--workers", "2"],
        "2 processes": ["--processes", "2"],
        "2 Dask workers": ["--scheduler", "local", "--workers", "2"],
    }
    found = [(way, Desk(replications).digest(*words) == whole) for way, words in ways.items()]
    return [Line(way, "dataset equal" if equal else "dataset differs", equal) for way, equal in found]


def in_steps(replications: int, whole: str) -> Line:
    """Fewer replications first, then more."""
    desk = Desk(1)
    for count in (1, replications // 3, replications):
        desk.replications = count
        found = desk.digest()
    return Line("three restarts, each with more replications", told(found == whole), found == whole)


def workers_killed(replications: int, whole: str) -> Line:
    """Both workers of a cluster die, one after the other, and others take their place."""
    desk = Desk(replications)
    with (
        fault_injection.dask_cluster(desk.folder, workers=2) as found,
        desk.started("--scheduler", found.address) as run,
    ):
        ends: dict[str, Any] = {}
        assert run.stdout is not None
        for line in run.stdout:
            ends = json.loads(line)
            if found.workers and ends["done"] >= (3 - len(found.workers)) * replications / 4:
                found.replace_a_worker()
    equal = ends.get("dataset") == whole
    says = "0 replications lost or doubled" if equal else f"dataset {ends.get('dataset')}"
    return Line("both workers of a Dask cluster killed, one after the other", says, equal)


def harmed(what: str, desk: Desk, words: Sequence[str], whole: str, do: Callable[[], Any], **how: Any) -> Line:
    """A run that cannot write: one line, all that is kept sound; then, put right by `do`, the same dataset."""
    said = desk.typed(*words, **how)
    lines = said.stderr.splitlines()
    store = words[1] if words else STORE
    one_line = (said.returncode, len(lines)) == (2, 1) and lines[0].startswith("error: ")
    kept = not Path(desk.folder, store).exists() or not any(Path(desk.folder, store).rglob("*.parquet"))
    sound = kept or desk.is_sound(store)
    do()
    equal = desk.digest(*words) == whole
    reason = lines[-1].rsplit(": ", 1)[-1] if lines else "no word"
    says = f"“{reason}”, store {'intact' if sound else 'damaged'}, afterwards {told(equal)}"
    return Line(what, says, one_line and sound and equal)


def disks(replications: int, whole: str) -> list[Line]:
    """Files that may not grow, a full disk, one that may only be read, and times from the future."""
    desk = Desk(replications)
    lines = [
        harmed("no file may grow any more", desk, [], whole, lambda: None, preexec_fn=fault_injection.no_large_files)
    ]
    with fault_injection.small_disk() as disk:
        if disk is None:
            return lines
        desk, words = Desk(replications), ["--store", str(disk.folder / "store")]
        lines.append(harmed("disk full", desk, words, whole, disk.grow))
    with fault_injection.small_disk() as disk:
        assert disk is not None
        disk.grow()
        desk, words = Desk(max(2, replications // 3)), ["--store", str(disk.folder / "store")]
        desk.digest(*words)
        desk.replications = replications
        disk.protect()
        lines.append(harmed("disk that became read-only after a third", desk, words, whole, disk.free))
    return lines


def from_the_future(replications: int, whole: str) -> Line:
    """All that is kept is dated a year from now, as after a clock was set back."""
    desk = Desk(max(2, replications // 3))
    desk.digest()
    fault_injection.date_ahead(desk.folder / STORE)
    desk.replications = replications
    equal = desk.digest() == whole
    return Line("clock set back by a year between two runs", told(equal), equal)


def two_runners(replications: int, whole: str) -> Line:
    """A second runner on the store of one that is at work."""
    desk = Desk(replications)
    with desk.started() as first:
        while not any((desk.folder / STORE).glob("*/.lock")) and first.poll() is None:
            time.sleep(0.05)
        first.send_signal(signal.SIGSTOP)  # else it may be through before the second has started
        said = desk.typed()
        first.send_signal(signal.SIGCONT)
    refused = said.returncode == 2 and "is being written by process" in said.stderr
    equal = desk.digest() == whole
    says = "refused by name" if refused else f"not refused ({said.returncode})"
    return Line("two runners on one store", f"the second {says}, {told(equal)}", refused and equal)


def flat_memory(replications: int) -> Line:
    """Memory of the runner after a tenth of many replications and at the end."""
    desk, peaks = Desk(replications), dict[float, int]()
    with desk.started("--workers", "2") as run:
        assert run.stdout is not None
        for line in run.stdout:
            part = json.loads(line)["done"] / replications
            peaks[part] = fault_injection.memory_of(run.pid) or peaks.get(max(peaks, default=0), 0)
    tenth = next((peaks[part] for part in sorted(peaks) if part >= 0.1), 0)
    most = max(peaks.values(), default=0)
    says = f"{tenth / 1e6:.0f} MB after a tenth, at most {most / 1e6:.0f} MB"
    return Line(f"{replications:,} replications in flat memory", says, 0 < most < 1.1 * tenth)


def overhead() -> Line:
    """What a scheduler adds to jobs of ten seconds."""
    share = fault_injection.scheduler_overhead(jobs=6, seconds=10.0)
    return Line("scheduler overhead at jobs of ten seconds, two workers", f"{share:.1%}", share < 0.05)


def told(equal: bool) -> str:
    """Whether two datasets agree."""
    return "dataset equal" if equal else "dataset differs"


def main() -> int:
    """Run the trials that were asked for; status 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.trials", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="moments at which the runner is killed")
    parser.add_argument("--replications", type=int, default=40, help="of a trial")
    parser.add_argument("--many", type=int, default=10_000, help="replications of the trial of memory; 0: leave it out")
    parser.add_argument("--seed", type=int, default=1, help="which random moments")
    asked = parser.parse_args()
    count = asked.replications
    began, whole = time.monotonic(), Desk(count).digest()
    undisturbed = Whole(count, whole, time.monotonic() - began)
    trials: list[Callable[[], Line | list[Line]]] = [
        lambda: crews(count, whole),
        lambda: in_steps(count, whole),
        lambda: killed(asked.kills, undisturbed, random.Random(asked.seed)),
        lambda: workers_killed(count, whole),
        lambda: two_runners(count, whole),
        lambda: disks(count, whole),
        lambda: from_the_future(count, whole),
        overhead,
        *([lambda: flat_memory(asked.many)] if asked.many else []),
    ]
    print(f"Datasets of {count} replications of two tiny worlds, {whole}.\n\n| trial | found | holds |\n|---|---|---|")
    holds = True
    for trial in trials:
        found = trial()
        for line in found if isinstance(found, list) else [found]:
            print(f"| {line.what} | {line.found} | {'yes' if line.holds else '**no**'} |", flush=True)
            holds &= line.holds
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
