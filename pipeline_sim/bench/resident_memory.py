"""Resident memory of this process, now and at its peak, in bytes."""

import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc/self")
RESET_PEAK = "5"
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


class Resident(NamedTuple):
    """Resident memory of this process, bytes."""

    now: int
    peak: int  # since the process began, or since reset_peak


def resident_memory() -> Resident:
    """Resident memory from /proc; elsewhere the peak since the process began stands for both."""
    try:
        lines = (PROC / "status").read_text().splitlines()
        fields = {line.split(":")[0]: 1024 * int(line.split()[1]) for line in lines if line.startswith("Vm")}
        return Resident(fields["VmRSS"], fields["VmHWM"])
    except (OSError, KeyError):
        peak = UNIT * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return Resident(peak, peak)


def reset_peak() -> None:
    """Reset the peak, where the system can do that."""
    with suppress(OSError):
        (PROC / "clear_refs").write_text(RESET_PEAK)
