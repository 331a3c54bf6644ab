"""Memory that replications need against memory that is free, and release of freed memory to the system."""

import ctypes
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pipeline_sim.engines.batch.arena import bytes_needed, first_guess
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.study_error import StudyError

GIB = 2**30


def check_memory(rulebook: Rulebook, workers: int, worlds: int = 1) -> None:
    """Refuses, with StudyError, replications that would not fit side by side, by the batch engine's estimate.

    `worlds`: how many Rulebooks of this size each replication holds at once.
    """
    needed, free = workers * bytes_each(rulebook, worlds), free_bytes()
    if needed > free:
        several = f"{workers} replications side by side" if workers > 1 else "a replication"
        cure = "a smaller --scale or fewer --workers" if workers > 1 else "a smaller --scale"
        raise StudyError(f"{several} may need {needed / GIB:.1f} GiB, {free / GIB:.1f} GiB are free: try {cure}")


def bytes_each(rulebook: Rulebook, worlds: int) -> int:
    """Bytes of a replication under way that holds `worlds` Rulebooks at once, by the batch engine's estimate."""
    return bytes_needed(rulebook, first_guess(rulebook)) + (worlds - 1) * table_bytes(rulebook)


def table_bytes(part: object) -> int:
    """Bytes of all tables of a Rulebook, or of a part of it."""
    if isinstance(part, tuple):
        return sum(map(table_bytes, part))
    return int(getattr(part, "nbytes", 0))


def free_bytes() -> int:
    """Bytes that a new program could have; all physical memory where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def release_memory() -> None:
    """Return freed memory to the system, where the C library can: preparing England leaves 50 MB in glibc."""
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    return getattr(ctypes.CDLL(None), "malloc_trim", lambda pad: None)
