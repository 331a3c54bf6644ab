"""Where a measurement was made: processor, versions, and which sources. Nothing that names a person or a place."""

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
    """Processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    """As the maker calls it, where the system says."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return _said("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor() or platform.machine()


def busy_seconds() -> float:
    """Time that all processors together were not idle since the machine began, by whomever; nan if it is not said."""
    try:
        ticks = [int(word) for word in STAT.read_text().splitlines()[0].split()[1:9]]
    except (OSError, IndexError, ValueError):
        return math.nan
    return sum(ticks[place] for place in NOT_IDLE) / os.sysconf("SC_CLK_TCK")


def used_by_others(busy: float, processor: float) -> float:
    """Seconds of processors that others used since `busy_seconds` was `busy`, when this took so many; 0 if unknown."""
    spent = busy_seconds() - busy - processor
    return 0.0 if math.isnan(spent) else max(0.0, spent)


def machine() -> dict[str, Any]:
    """As pytest-benchmark calls the parts, and the packages that decide speed."""
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


def commit() -> dict[str, Any]:
    """Revision of these sources, if they are kept in git."""
    kept = bool(_said("git", "-C", str(PACKAGE), "ls-files", "__init__.py"))
    revision = _git("rev-parse", "HEAD") if kept else ""
    return {
        "id": revision or "unversioned",
        "time": (_git("show", "-s", "--format=%cI") or None) if kept else None,
        "author_time": (_git("show", "-s", "--format=%aI") or None) if kept else None,
        "dirty": bool(_git("status", "--porcelain", "--", ".")) if kept else False,
        "project": "pipeline_sim",
        "branch": (_git("rev-parse", "--abbrev-ref", "HEAD") if kept else "") or "(unknown)",
    }


def _git(*words: str) -> str:
    return _said("git", "-C", str(PACKAGE), *words)


def _said(*command: str) -> str:
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""
