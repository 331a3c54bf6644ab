"""Where a result comes from: program, packages, machine, files that were read."""

import hashlib
import platform
import subprocess
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.base.package import PACKAGE
from pipeline_sim.records.files.result_files import file_digest
from pipeline_sim.records.provenance.machine import cores, processor_name
from pipeline_sim.records.provenance.manifest import Manifest

PACKAGES = (
    "pipeline-sim",
    "simpy",
    "numpy",
    "numba",
    "llvmlite",
    "pandas",
    "pyarrow",
    "scipy",
    "matplotlib",
    "kiwisolver",
    "pillow",
    "pydantic",
    "jinja2",
    "salib",
    "scikit-learn",
    "xlsxwriter",
)
NOT_IN_RESULTS = "bench"  # measures speed; decides no result
TEXTS = (".py", ".j2", ".css")


class Stopwatch(NamedTuple):
    """When computing began, on how many workers, and whether finished replications were there to go on from."""

    began: float
    workers: int
    reuses: bool = False

    def read(self) -> dict[str, Any]:
        """How long it took until now."""
        return {"seconds": round(time.monotonic() - self.began, 1), "workers": self.workers, "reused": self.reuses}


@cache
def program_digest() -> str:
    """Sixteen hex digits over all sources that a result can depend on, the pages' templates among them."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE)
        if path.suffix in TEXTS and name.parts[0] != NOT_IN_RESULTS:
            digest.update(name.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def packages() -> dict[str, str]:
    """Versions of what computes, draws and writes."""
    return {name: version(name) for name in PACKAGES}


def origin() -> dict[str, Any]:
    """What made a result, and when."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "rules_digest": rules_digest(),
        "program_digest": program_digest(),
        "git_revision": git_revision(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor_name(),
        "cores": cores(),
        "packages": packages(),
    }


def versions_since(manifest: Manifest) -> list[str]:
    """What is other here than it was when a result was made, of what gives it its name."""
    return _other(
        ("rules", manifest.rules_digest, rules_digest()),
        ("program", manifest.program_digest, program_digest()),
        *((name, manifest.packages.get(name, "none"), now) for name, now in packages().items()),
    )


def machine_since(manifest: Manifest) -> list[str]:
    """What is other of what should make no difference, but may."""
    return _other(
        ("Python", manifest.python, platform.python_version()),
        ("system", manifest.platform, platform.platform()),
        ("processor", manifest.processor, processor_name()),
    )


def _other(*found: tuple[str, str, str]) -> list[str]:
    return [f"{says} {was}, here {now}" for says, was, now in found if was != now]


def sums_of(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of files, by their place as seen from here."""
    here = Path.cwd()
    places = {path: path.relative_to(here) if path.is_relative_to(here) else path for path in files}
    return {place.as_posix(): file_digest(path) for path, place in sorted(places.items())}


def git_revision() -> str | None:
    """Revision of the sources, if they are in a git checkout."""
    command = ("git", "-C", str(PACKAGE), "rev-parse", "HEAD")
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() if found.returncode == 0 else None
