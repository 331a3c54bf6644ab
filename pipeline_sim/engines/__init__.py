"""Engines by name."""

from pipeline_sim.engines.batch import make_ready
from pipeline_sim.engines.batch import run as batch
from pipeline_sim.engines.contract import Engine
from pipeline_sim.engines.reference import run as reference

ENGINES: dict[str, Engine] = {"reference": reference, "batch": batch}
LETS_GO = frozenset({"batch"})  # engines that let go of Python's lock, so that threads run side by side

__all__ = ["ENGINES", "LETS_GO", "make_ready"]
