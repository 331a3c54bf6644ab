"""Trials of the reliability of `batch` on this machine: killed, disks full, two runners, every kind of worker pool.

`PYTHONPATH=.:tests python -m reliability.trials` runs the program as a user does, on the tiny world, and prints a
table in Markdown. Every trial compares the digest of the dataset with that of a run without faults.
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

from reliability import fault_injection

PROGRAM = [sys.executable, "-m", "pipeline_sim.cli"]
CONFIGS = Path(__file__).parents[2] / "configs"
MIX = """
[mix]
name = "money"
budget = { value = 500000, unit = "GBP", source = "assumption", grade = "C", low = 500000, high = 500000 }
lines = [{ intervention = "simulation", share = 1.0, split = "by_trainees", start = 2021-05-01, months = 12 }]
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


class TrialResult(NamedTuple):
    """Result of a trial: a row of the table."""

    what: str
    found: str
    holds: bool


class FaultlessRun(NamedTuple):
    """Run without faults."""

    replications: int
    digest: str
    seconds: float


class Workspace:
    """Folder with the study, in which commands are run."""

    def __init__(self, replications: int) -> None:
        self.folder, self.replications = Path(tempfile.mkdtemp(prefix="pipeline_sim.")), replications
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        layers = json.dumps([str(CONFIGS / name) for name in LAYERS])
        (self.folder / "money.toml").write_text(MIX)
        (self.folder / "study.toml").write_text(STUDY.replace("{layers}", layers))

    def words(self, *words: str) -> list[str]:
        """Words of the command batch."""
        return [*PROGRAM, "batch", ".", "--replications", str(self.replications), "--json", "--every", "0.5", *words]

    def run(self, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(self.words(*words), cwd=self.folder, capture_output=True, text=True, check=False, **how)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start the command, and do not wait."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.words(*words), cwd=self.folder, stdout=subprocess.PIPE, stderr=quiet, text=True)

    def digest(self, *words: str, **how: Any) -> str:
        """Run the command; digest of the dataset, or its error message."""
        said = self.run(*words, **how)
        return str(json.loads(said.stdout.splitlines()[-1])["dataset"]) if said.returncode == 0 else said.stderr.strip()

    def is_sound(self, store: str = STORE) -> bool:
        """Whether every checksum of the store holds."""
        said = subprocess.run([*PROGRAM, "status", store], cwd=self.folder, capture_output=True, check=False)
        return said.returncode == 0


def killed(kills: int, whole: "FaultlessRun", chance: random.Random) -> TrialResult:
    """Trial: kill -9 at random moments until a run reaches its end; then again from the beginning."""
    done = ends = equal = 0
    seconds = whole.seconds
    while done < kills:
        workspace, began, first = Workspace(whole.replications), time.monotonic(), done
        while done < kills:
            run = workspace.start()
            with suppress(subprocess.TimeoutExpired):
                run.wait(chance.uniform(0, seconds))
            if run.poll() is not None:
                break
            run.kill()
            run.wait()
            done += 1
        if done == first:
            seconds = min(seconds, time.monotonic() - began)  # not killed: the machine was faster
        ends += 1
        equal += workspace.digest() == whole.digest
    return TrialResult(
        f"runner killed (kill -9) at {done} random moments", f"{equal} of {ends} datasets equal", equal == ends
    )


def worker_pools(replications: int, whole: str) -> list[TrialResult]:
    """Trials: the same dataset from every kind of worker pool."""
    ways = {
        "1 thread": ["--workers", "1"],
        "2 threads": ["--workers", "2"],
        "2 processes": ["--processes", "2"],
        "2 Dask workers": ["--scheduler", "local", "--workers", "2"],
    }
    found = [(way, Workspace(replications).digest(*words) == whole) for way, words in ways.items()]
    return [TrialResult(way, "dataset equal" if equal else "dataset differs", equal) for way, equal in found]


def in_steps(replications: int, whole: str) -> TrialResult:
    """Trial: fewer replications first, then more."""
    workspace = Workspace(1)
    for count in (1, replications // 3, replications):
        workspace.replications = count
        found = workspace.digest()
    return TrialResult("three restarts, each with more replications", verdict(found == whole), found == whole)


def workers_killed(replications: int, whole: str) -> TrialResult:
    """Trial: both workers of a cluster are killed, one after the other, and replaced."""
    workspace = Workspace(replications)
    with (
        fault_injection.dask_cluster(workspace.folder, workers=2) as found,
        workspace.start("--scheduler", found.address) as run,
    ):
        ends: dict[str, Any] = {}
        assert run.stdout is not None
        for line in run.stdout:
            ends = json.loads(line)
            if found.workers and ends["done"] >= (3 - len(found.workers)) * replications / 4:
                found.replace_a_worker()
    equal = ends.get("dataset") == whole
    says = "0 replications lost or doubled" if equal else f"dataset {ends.get('dataset')}"
    return TrialResult("both workers of a Dask cluster killed, one after the other", says, equal)


def run_with_fault(
    what: str, workspace: Workspace, words: Sequence[str], whole: str, repair: Callable[[], Any], **how: Any
) -> TrialResult:
    """Trial: a run that cannot write gives one line and leaves the store sound; after `repair`, the same dataset."""
    said = workspace.run(*words, **how)
    lines = said.stderr.splitlines()
    store = words[1] if words else STORE
    one_line = (said.returncode, len(lines)) == (2, 1) and lines[0].startswith("error: ")
    kept = not Path(workspace.folder, store).exists() or not any(Path(workspace.folder, store).rglob("*.parquet"))
    sound = kept or workspace.is_sound(store)
    repair()
    equal = workspace.digest(*words) == whole
    reason = lines[-1].rsplit(": ", 1)[-1] if lines else "no word"
    says = f"“{reason}”, store {'intact' if sound else 'damaged'}, afterwards {verdict(equal)}"
    return TrialResult(what, says, one_line and sound and equal)


def disks(replications: int, whole: str) -> list[TrialResult]:
    """Trials: files that cannot grow, a full disk, a read-only disk."""
    workspace = Workspace(replications)
    lines = [
        run_with_fault(
            "no file may grow any more", workspace, [], whole, lambda: None, preexec_fn=fault_injection.no_large_files
        )
    ]
    with fault_injection.small_disk() as disk:
        if disk is None:
            return lines
        workspace, words = Workspace(replications), ["--store", str(disk.folder / "store")]
        lines.append(run_with_fault("disk full", workspace, words, whole, disk.grow))
    with fault_injection.small_disk() as disk:
        assert disk is not None
        disk.grow()
        workspace, words = Workspace(max(2, replications // 3)), ["--store", str(disk.folder / "store")]
        workspace.digest(*words)
        workspace.replications = replications
        disk.protect()
        lines.append(run_with_fault("disk that became read-only after a third", workspace, words, whole, disk.free))
    return lines


def from_the_future(replications: int, whole: str) -> TrialResult:
    """Trial: all files are dated a year from now, as after a clock was set back."""
    workspace = Workspace(max(2, replications // 3))
    workspace.digest()
    fault_injection.date_ahead(workspace.folder / STORE)
    workspace.replications = replications
    equal = workspace.digest() == whole
    return TrialResult("clock set back by a year between two runs", verdict(equal), equal)


def two_runners(replications: int, whole: str) -> TrialResult:
    """Trial: a second runner on the store of a running one."""
    workspace = Workspace(replications)
    with workspace.start() as first:
        while not any((workspace.folder / STORE).glob("*/.lock")) and first.poll() is None:
            time.sleep(0.05)
        first.send_signal(signal.SIGSTOP)  # else it may be through before the second has started
        said = workspace.run()
        first.send_signal(signal.SIGCONT)
    refused = said.returncode == 2 and "is being written by process" in said.stderr
    equal = workspace.digest() == whole
    says = "refused by name" if refused else f"not refused ({said.returncode})"
    return TrialResult("two runners on one store", f"the second {says}, {verdict(equal)}", refused and equal)


def flat_memory(replications: int) -> TrialResult:
    """Trial: memory of the runner after a tenth of many replications and at its peak."""
    workspace, peaks = Workspace(replications), dict[float, int]()
    with workspace.start("--workers", "2") as run:
        assert run.stdout is not None
        for line in run.stdout:
            part = json.loads(line)["done"] / replications
            peaks[part] = fault_injection.memory_of(run.pid) or peaks.get(max(peaks, default=0), 0)
    tenth = next((peaks[part] for part in sorted(peaks) if part >= 0.1), 0)
    most = max(peaks.values(), default=0)
    says = f"{tenth / 1e6:.0f} MB after a tenth, at most {most / 1e6:.0f} MB"
    return TrialResult(f"{replications:,} replications in flat memory", says, 0 < most < 1.1 * tenth)


def overhead() -> TrialResult:
    """Trial: overhead of a scheduler at jobs of ten seconds."""
    share = fault_injection.scheduler_overhead(jobs=6, seconds=10.0)
    return TrialResult("scheduler overhead at jobs of ten seconds, two workers", f"{share:.1%}", share < 0.05)


def verdict(equal: bool) -> str:
    """Verdict on two datasets, in words."""
    return "dataset equal" if equal else "dataset differs"


def main() -> int:
    """Run the trials; status 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m reliability.trials", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="moments at which the runner is killed")
    parser.add_argument("--replications", type=int, default=40, help="of a trial")
    parser.add_argument("--many", type=int, default=10_000, help="replications of the trial of memory; 0: leave it out")
    parser.add_argument("--seed", type=int, default=1, help="which random moments")
    options = parser.parse_args()
    count = options.replications
    began, whole = time.monotonic(), Workspace(count).digest()
    undisturbed = FaultlessRun(count, whole, time.monotonic() - began)
    trials: list[Callable[[], TrialResult | list[TrialResult]]] = [
        lambda: worker_pools(count, whole),
        lambda: in_steps(count, whole),
        lambda: killed(options.kills, undisturbed, random.Random(options.seed)),
        lambda: workers_killed(count, whole),
        lambda: two_runners(count, whole),
        lambda: disks(count, whole),
        lambda: from_the_future(count, whole),
        overhead,
        *([lambda: flat_memory(options.many)] if options.many else []),
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
