"""How much memory this process has, in bytes, and the most it had."""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc/self")
RESET_PEAK = "5"
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


class Resident(NamedTuple):
    """Bytes of this process that are in memory."""

    now: int
    peak: int  # since it began, or since forget_peak


def resident() -> Resident:
    """As /proc says; elsewhere the peak since the process began stands for both."""
    try:
        lines = (PROC / "status").read_text().splitlines()
        found = {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines if line.startswith("Vm")}
        return Resident(found["VmRSS"], found["VmHWM"])
    except (OSError, KeyError):
        most = UNIT * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return Resident(most, most)


def forget_peak() -> None:
    """From now on the peak is that of what follows, where the system can do that."""
    with suppress(OSError):
        (PROC / "clear_refs").write_text(RESET_PEAK)
