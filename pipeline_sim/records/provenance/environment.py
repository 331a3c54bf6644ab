"""Environment of a result: program digest, package versions, machine, digests of the files read."""

import hashlib
import platform
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
from pipeline_sim.records.files.shipped_files import kept_path
from pipeline_sim.records.provenance.machine import cores, git_output, processor_name
from pipeline_sim.records.provenance.manifest import Manifest

PACKAGES = (
    "pipeline-sim", "simpy", "numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "matplotlib", "kiwisolver",
    "pillow", "pydantic", "jinja2", "salib", "scikit-learn", "xlsxwriter",
)  # fmt: skip
NOT_IN_RESULTS = "bench"  # measures speed; decides no result
TEXTS = (".py", ".j2", ".css")


class Stopwatch(NamedTuple):
    """Start of computing, number of workers, and whether finished replications were reused."""

    began: float
    workers: int
    reuses: bool = False

    def read(self) -> dict[str, Any]:
        """Computing entry of a manifest: seconds until now, workers, reuse."""
        return {"seconds": round(time.monotonic() - self.began, 1), "workers": self.workers, "reused": self.reuses}


@cache
def program_digest() -> str:
    """Digest of all sources that a result can depend on, templates included: sixteen hex digits."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE)
        if path.suffix in TEXTS and name.parts[0] != NOT_IN_RESULTS:
            digest.update(name.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that compute, draw and write."""
    return {name: version(name) for name in PACKAGES}


def provenance_record() -> dict[str, Any]:
    """Provenance record of a manifest: what made a result, and when."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "rules_digest": rules_digest(),
        "program_digest": program_digest(),
        "git_revision": git_output("rev-parse", "HEAD") or None,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": processor_name(),
        "cores": cores(),
        "packages": package_versions(),
    }


def changed_versions(manifest: Manifest) -> list[str]:
    """Changes since a result was made in the versions that its identifier depends on, a line each."""
    return _changes(
        ("rules", manifest.rules_digest, rules_digest()),
        ("program", manifest.program_digest, program_digest()),
        *((name, manifest.packages.get(name, "none"), now) for name, now in package_versions().items()),
    )


def changed_machine(manifest: Manifest) -> list[str]:
    """Changes of machine since a result was made, which should make no difference, a line each."""
    return _changes(
        ("Python", manifest.python, platform.python_version()),
        ("system", manifest.platform, platform.platform()),
        ("processor", manifest.processor, processor_name()),
    )


def _changes(*facts: tuple[str, str, str]) -> list[str]:
    return [f"{name} {was}, here {now}" for name, was, now in facts if was != now]


def input_digests(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of files, by path as it is kept."""
    return {kept_path(path).as_posix(): file_digest(path) for path in sorted(files)}
