"""The engine to be fast: the same story as a loop over rows of integers, compiled by Numba.

Read `days` first (the loop), then `career`, `absence`, `panel`, `leaving`, `offices`, `rounds`; each names its twin in
the reference engine. `counted` reads what was counted on the way. `together` has no twin: worlds that begin alike live
once through what they share.
"""

from pipeline_sim.engines.batch.branching import run_together
from pipeline_sim.engines.batch.compile_kernel import compile_engine
from pipeline_sim.engines.batch.run_replication import run

__all__ = ["compile_engine", "run", "run_together"]
