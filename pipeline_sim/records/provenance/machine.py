"""Machine of a measurement: processor, versions, revision of the sources. Refuses what names a person or a place."""

import math
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline_sim.base.package import PACKAGE

PACKAGES = ("numba", "numpy", "llvmlite", "simpy", "pyarrow", "pandas")
STAT = Path("/proc/stat")
NOT_IDLE = (0, 1, 2, 5, 6, 7)  # user, nice, system, interrupts, soft interrupts, stolen by the host


def cores() -> int:
    """Number of processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    """Name of the processor as its maker calls it, where the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return _output_of("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor() or platform.machine()


def busy_seconds() -> float:
    """Busy time of all processors together since the machine started, in seconds; nan if unknown."""
    try:
        ticks = [int(word) for word in STAT.read_text().splitlines()[0].split()[1:9]]
    except (OSError, IndexError, ValueError):
        return math.nan
    return sum(ticks[index] for index in NOT_IDLE) / os.sysconf("SC_CLK_TCK")


def used_by_others(busy: float, processor: float) -> float:
    """Processor seconds used by other programs since `busy_seconds()` was `busy`, net of `processor`; 0 if unknown."""
    spent = busy_seconds() - busy - processor
    return 0.0 if math.isnan(spent) else max(0.0, spent)


def machine_info() -> dict[str, Any]:
    """Machine as pytest-benchmark describes it, and the versions of packages that decide speed."""
    return {
        "processor": platform.processor(),
        "machine": platform.machine(),
        "system": platform.system(),
        "release": platform.release(),
        "python_implementation": platform.python_implementation(),
        "python_implementation_version": platform.python_version(),
        "python_version": platform.python_version(),
        "python_compiler": platform.python_compiler(),
        "python_build": list(platform.python_build()),
        "cpu": {"brand_raw": processor_name(), "count": cores(), "arch": platform.machine()},
        **{name: version(name) for name in PACKAGES},
    }


def commit_info() -> dict[str, Any]:
    """Git revision of the sources as pytest-benchmark describes it."""
    tracked = bool(_output_of("git", "-C", str(PACKAGE), "ls-files", "__init__.py"))
    revision = git_output("rev-parse", "HEAD") if tracked else ""
    return {
        "id": revision or "unversioned",
        "time": (git_output("show", "-s", "--format=%cI") or None) if tracked else None,
        "author_time": (git_output("show", "-s", "--format=%aI") or None) if tracked else None,
        "dirty": bool(git_output("status", "--porcelain", "--", ".")) if tracked else False,
        "project": "pipeline_sim",
        "branch": (git_output("rev-parse", "--abbrev-ref", "HEAD") if tracked else "") or "(unknown)",
    }


def git_output(*words: str) -> str:
    """Output of a git command on the sources of this package; empty if it fails."""
    return _output_of("git", "-C", str(PACKAGE), *words)


def _output_of(*command: str) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""
