"""Engines by name: the reference engine, to be read, and the batch engine, to be fast."""

from pipeline_sim.engines.batch import compile_engine, run_together
from pipeline_sim.engines.batch import run as batch
from pipeline_sim.engines.interface import Engine, Progress, Together
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook


def reference(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None) -> None:
    """Reference engine. It and SimPy are imported when it first runs: most runs need neither."""
    from pipeline_sim.engines.reference import run

    run(rulebook, seed, replication, log, progress)


ENGINES: dict[str, Engine] = {"reference": reference, "batch": batch}
RELEASES_GIL = frozenset({"batch"})  # engines that release Python's global lock, so that threads run side by side
SHARED_PREFIX_ENGINES: dict[str, Together] = {"batch": run_together}  # engines that simulate once what worlds share

__all__ = ["ENGINES", "RELEASES_GIL", "SHARED_PREFIX_ENGINES", "compile_engine"]
