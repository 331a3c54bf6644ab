"""Engines by name."""

from pipeline_sim.engines.batch import make_ready
from pipeline_sim.engines.batch import run as batch
from pipeline_sim.engines.contract import Engine, Together
from pipeline_sim.engines.reference import run as reference

ENGINES: dict[str, Engine] = {"reference": reference, "batch": batch}
LETS_GO = frozenset({"batch"})  # engines that let go of Python's lock, so that threads run side by side
TOGETHER: dict[str, Together] = {}  # engines that run worlds that begin alike together

__all__ = ["ENGINES", "LETS_GO", "TOGETHER", "make_ready"]
