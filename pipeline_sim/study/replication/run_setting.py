"""What a finished replication belongs to: the setting that all worlds of a comparison share, and each world itself.

Both are named by digests over everything that decides a result, so what was made otherwise is never taken for the same.
"""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.base.package import sources_digest
from pipeline_sim.study.replication.parameter_draws import Belief
from pipeline_sim.study.replication.plausible_set import plausible_digest
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.world.reading.sources import world_digest

# Decide a result beside the compiled rules. A change of one of them makes new replications; of the rest none.
DECIDE = (
    "base/**/*.py", "rules/**/*.py", "engines/**/*.py", "world/**/*.py", "records/event_log.py",
    "records/count_measures.py", "records/columns.py", "economics/*.py", "study/replication/*.py",
)  # fmt: skip
PACKAGES = ("pipeline-sim", "numpy", "numba", "pyarrow")
HEX = 12


TOLD = (
    "engine",
    "seed",
    "scale",
    "parameters",
    "lucks",
    "held",
    "plausible",
    "rules_digest",
    "model_digest",
)  # of a setting


class Beliefs(NamedTuple):
    """What each replication takes the figures in doubt to be."""

    seed: int
    lucks: int = 1  # replications that share a draw
    held: tuple[str, ...] = ()
    sampled: bool = True
    plausible: str | None = None  # file of the plausible set

    def of(self, assumed: Assumed, replication: int) -> Assumed:
        """A world as a replication believes it."""
        if not self.sampled:
            return assumed
        return assumed._replace(belief=Belief(self.seed, replication // self.lucks, self.held, self.plausible))


class Setting(NamedTuple):
    """What all worlds of a comparison share."""

    engine: str
    seed: int
    scale: float
    beliefs: Beliefs

    def told(self) -> dict[str, Any]:
        """As JSON, with the digests of what was run."""
        return {
            "engine": self.engine,
            "seed": self.seed,
            "scale": self.scale,
            "parameters": "sampled" if self.beliefs.sampled else "mode",
            "lucks": self.beliefs.lucks,
            "held": sorted(self.beliefs.held),
            "plausible": plausible_digest(self.beliefs.plausible) or "",
            "rules_digest": rules_digest(),
            "model_digest": model_digest(),
        }

    @property
    def digest(self) -> str:
        """An s and twelve hex digits: digits alone would be read as a number by who reads the folders."""
        return f"s{_digest(self.told())}"


@cache
def model_digest() -> str:
    """Sixteen hex digits over every source that decides a result: compiled rules and what makes their tables."""
    return sources_digest(DECIDE)


@cache
def stated_digest(assumed: Assumed) -> str:
    """Twelve hex digits over a world as stated and what of it is left out."""
    return _digest((world_digest(world_of(assumed._replace(belief=None))), sorted(assumed.without)))


@cache
def versions() -> dict[str, str]:
    """What a result was made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _digest(parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:HEX]
