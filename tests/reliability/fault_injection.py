"""Fault injection for long runs: full and read-only disks, killed workers, wrong clocks."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from pipeline_sim.study.execution.dask_cluster import LOCAL, Task, cluster
from pipeline_sim.study.execution.worker_check import WorkerRequirements, environment_traits
from pipeline_sim.study.execution.worker_pool import as_completed

YEAR_SECONDS = 365 * 86400
LARGEST_FILE = 4000  # bytes: less than a block
ROW = 4000  # counts of the tiny world
REPLICATIONS_PER_JOB = 60


def no_large_files() -> None:
    """Limit the file size of this process, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


class SmallDisk:
    """Disk in memory that is full after some files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def grow(self) -> None:
        """Enlarge the disk."""
        _mount("-o", "remount,size=50m", str(self.folder))

    def protect(self) -> None:
        """Make the disk read-only."""
        _mount("-o", "remount,ro", str(self.folder))

    def free(self) -> None:
        """Make the disk writable again."""
        _mount("-o", "remount,rw", str(self.folder))


@contextmanager
def small_disk() -> Iterator[SmallDisk | None]:
    """Small disk for a block; None where this user may not mount."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
        except (OSError, subprocess.CalledProcessError):
            yield None
            return
        try:
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", folder], check=False, capture_output=True)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def date_ahead(folder: Path) -> None:
    """Date every file of a folder a year ahead."""
    then = time.time() + YEAR_SECONDS
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def memory_of(process: int) -> int:
    """Resident memory of a process, bytes; 0 if it has ended or is unknown."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    except (OSError, StopIteration):
        return 0


class DaskCluster:
    """Dask scheduler and workers, each a process that can be killed."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.file, self._running = folder / "scheduler.json", list[subprocess.Popen[bytes]]()
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not self.file.exists():
            time.sleep(0.1)
        self.address = str(json.loads(self.file.read_text())["address"])
        self.workers = [self._worker() for _ in range(workers)]

    def _worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker", "--nthreads", "1", "--no-nanny")

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        whole = [sys.executable, "-m", "dask", *words, "--scheduler-file", str(self.file), "--no-dashboard"]
        process = subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._running.append(process)
        return process

    def replace_a_worker(self) -> None:
        """kill -9 one of the first workers, and start another."""
        self.workers.pop().kill()
        self._worker()

    def end(self) -> None:
        """End all processes."""
        for process in self._running:
            process.kill()
            process.wait()


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[DaskCluster]:
    """Dask cluster for a block."""
    running = DaskCluster(folder, workers)
    try:
        yield running
    finally:
        running.end()


def nap(seconds: float) -> Any:
    """Stand-in for a job, of equal duration and size of result."""
    time.sleep(seconds)
    return [np.arange(ROW) for _ in range(2 * REPLICATIONS_PER_JOB)]


def scheduler_overhead(jobs: int, seconds: float) -> float:
    """Share of the time that two workers of a Dask cluster do not work while there are jobs."""
    task, workers = Task(nap, WorkerRequirements(environment_traits(), ()), print), 2
    with cluster(task, LOCAL, workers) as crew:
        list(as_completed(crew, [0.0] * workers, lambda: None))  # both have started
        began = time.monotonic()
        list(as_completed(crew, [seconds] * jobs, lambda: None))
        taken = time.monotonic() - began
    return taken / (seconds * jobs / workers) - 1
