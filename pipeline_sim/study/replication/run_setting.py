"""Identity of a finished replication: the setting that all worlds of a study share, and the world itself.

Both are named by digests over everything that decides a result, so results made otherwise are never confused.
"""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.base.package import sources_digest
from pipeline_sim.study.replication.parameter_draws import ParameterDraw
from pipeline_sim.study.replication.posterior_sample import sample_digest
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.repeated_draws import draw_of
from pipeline_sim.world.reading.sources import world_digest

# Sources that decide a result, beside the compiled rules: a change of one of them makes all replications anew.
RESULT_SOURCES = (
    "base/**/*.py", "rules/**/*.py", "engines/**/*.py", "world/**/*.py", "records/event_log.py",
    "records/count_measures.py", "records/people_counts.py", "records/columns.py", "economics/*.py",
    "study/replication/*.py",
)  # fmt: skip
PACKAGES = ("pipeline-sim", "numpy", "numba", "pyarrow")
HEX = 12
FIELDS = (  # keys of a setting as JSON
    "engine", "seed", "scale", "parameters", "repeat_every", "held", "posterior", "rules_digest", "model_digest",
)  # fmt: skip


class ParameterSampling(NamedTuple):
    """How the uncertain parameters are drawn over the replications."""

    seed: int
    repeat_every: int = 0  # one of so many draws has two replications; 0: none
    held_fixed: tuple[str, ...] = ()
    sampled: bool = True
    posterior: str | None = None  # file of the posterior sample

    def for_replication(self, spec: WorldSpec, replication: int) -> WorldSpec:
        """World with the parameters of a replication."""
        if not self.sampled:
            return spec
        draw = ParameterDraw(self.seed, draw_of(replication, self.repeat_every), self.held_fixed, self.posterior)
        return spec._replace(parameters=draw)


class Setting(NamedTuple):
    """What all worlds of a study have in common."""

    engine: str
    seed: int
    scale: float
    sampling: ParameterSampling

    def as_dict(self) -> dict[str, Any]:
        """JSON of the setting, with the digests of the sources."""
        return {
            "engine": self.engine,
            "seed": self.seed,
            "scale": self.scale,
            "parameters": "sampled" if self.sampling.sampled else "mode",
            "repeat_every": self.sampling.repeat_every,
            "held": sorted(self.sampling.held_fixed),
            "posterior": sample_digest(self.sampling.posterior) or "",
            "rules_digest": rules_digest(),
            "model_digest": model_digest(),
        }

    @property
    def digest(self) -> str:
        """Identifier: an s and twelve hex digits, for digits alone would be taken for a number in folder names."""
        return f"s{_digest(self.as_dict())}"


@cache
def model_digest() -> str:
    """Sixteen hex digits over every source that decides a result: compiled rules and what makes their tables."""
    return sources_digest(RESULT_SOURCES)


@cache
def world_spec_digest(spec: WorldSpec) -> str:
    """Twelve hex digits over a world as stated and what of it is left out."""
    stated = spec._replace(parameters=None, without=frozenset(), scale=1.0)
    return _digest((_stated_digest(stated), sorted(spec.without)))


@cache
def _stated_digest(spec: WorldSpec) -> str:
    return world_digest(world_of(spec))


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the packages that may change a number."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:HEX]
