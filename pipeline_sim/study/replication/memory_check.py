"""Whether there is enough memory for what is asked, and giving back what is not needed any more."""

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
    """Refuses replications that would not fit side by side; the estimate is that of the batch engine.

    `worlds`: how many Rulebooks of this size each replication holds at once.
    """
    needed, free = workers * bytes_each(rulebook, worlds), free_bytes()
    if needed > free:
        several = f"{workers} replications side by side" if workers > 1 else "a replication"
        cure = "a smaller --scale or fewer --workers" if workers > 1 else "a smaller --scale"
        raise StudyError(f"{several} may need {needed / GIB:.1f} GiB, {free / GIB:.1f} GiB are free: try {cure}")


def bytes_each(rulebook: Rulebook, worlds: int) -> int:
    """Memory of a replication under way that holds so many Rulebooks at once, by the batch engine."""
    return bytes_needed(rulebook, first_guess(rulebook)) + (worlds - 1) * table_bytes(rulebook)


def table_bytes(part: object) -> int:
    """Memory of all tables of a Rulebook, or of a room of it."""
    if isinstance(part, tuple):
        return sum(map(table_bytes, part))
    return int(getattr(part, "nbytes", 0))


def free_bytes() -> int:
    """Memory that a new program could have; all there is, where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def give_back() -> None:
    """Memory that was freed goes back to the system, where the C library can do that.

    Making England ready leaves 50 MB of what was worked with, which glibc would keep for as long as the process lives.
    """
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    return getattr(ctypes.CDLL(None), "malloc_trim", lambda kept: None)
