"""What a result says about itself: enough to run it again, bit for bit."""

import hashlib
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.base.jit import rules_digest
from pipeline_sim.records.store import file_digest
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.study.replicate import Replication
from pipeline_sim.world.sources import world_digest

if TYPE_CHECKING:
    from pipeline_sim.study.answer import Answer
    from pipeline_sim.study.ask import Asked

PACKAGES = (
    "pipeline-sim",
    "simpy",
    "numpy",
    "numba",
    "pandas",
    "pyarrow",
    "scipy",
    "matplotlib",
    "pydantic",
    "jinja2",
    "xlsxwriter",
)


def result_digest(parts: Iterable[object]) -> str:
    """Twelve hex digits over what decides a result."""
    return hashlib.sha256("\n".join(map(str, (*parts, rules_digest()))).encode()).hexdigest()[:12]


def identity(assumed: Assumed) -> tuple[object, ...]:
    """What of a world decides a result; places of files do not."""
    return world_digest(world_of(assumed)), sorted(assumed.without), assumed.scale


def manifest_of(engine: str, seed: int, worlds: dict[str, tuple[Assumed, tuple[Replication, ...]]]) -> dict[str, Any]:
    """The manifest without the sums of the files."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": engine,
        "seed": seed,
        "rules_digest": rules_digest(),
        "git_revision": git_revision(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version(name) for name in PACKAGES},
        "worlds": {name: _world(assumed, runs) for name, (assumed, runs) in worlds.items()},
    }


def manifest_of_study(answer: "Answer", asked: "Asked", name: str) -> dict[str, Any]:
    """The manifest of a comparison, whose replications go by a name, without the sums of the files."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": asked.engine,
        "study": answer.study.model_dump(mode="json"),
        "replications": answer.replications,
        "identity": name,
        "rules_digest": rules_digest(),
        "git_revision": git_revision(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version(name) for name in PACKAGES},
        "worlds": {name: _assumed(assumed) for name, assumed in answer.assumed.items()},
    }


def manifest_of_moves(asked: "Asked", moves: dict[str, Any], name: str) -> dict[str, Any]:
    """The manifest of a sensitivity analysis, whose points go by a name, without the sums of the files."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": asked.engine,
        "study": asked.study.model_dump(mode="json", exclude={"question"}),
        "moves": moves,
        "identity": name,
        "rules_digest": rules_digest(),
        "git_revision": git_revision(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version(name) for name in (*PACKAGES, "salib")},
        "worlds": {name: _assumed(assumed) for name, assumed in asked.worlds.items()},
    }


def git_revision() -> str | None:
    """Revision of the sources, if they are in a git checkout."""
    command = ("git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD")
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() if found.returncode == 0 else None


def _world(assumed: Assumed, runs: tuple[Replication, ...]) -> dict[str, Any]:
    return {
        **_assumed(assumed),
        "rulebook_sha256": runs[0].rulebook_digest,
        "replications": len(runs),
        "log_sha256": [run.log_digest for run in runs],
        "rows": [run.rows for run in runs],
        "seconds": [round(run.seconds, 2) for run in runs],
    }


def _assumed(assumed: Assumed) -> dict[str, Any]:
    world = world_of(assumed)
    return {
        "name": world.name,
        "layers": list(assumed.layers),
        "mix": assumed.mix,
        "without": sorted(assumed.without),
        "scale": assumed.scale,
        "world_digest": world_digest(world),
        "layer_sha256": {path.name: file_digest(path) for path in world.layers},
    }
