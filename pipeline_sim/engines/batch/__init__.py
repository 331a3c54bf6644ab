"""Batch engine: the events of the reference engine as a loop over rows of integers, compiled by Numba.

Owns the kernel and its memory; refuses to decide a rule, which `rules` does. Read `day_loop` first, then
`event_routines/career`, `absence`, `panel`, `leaving`, `recruitment`: each names its twin in the reference engine.
`memory/layout` names what is stored where. `output` holds rows and counts. `branching` has no twin: worlds that begin
alike are simulated once as far as they are the same.
"""

from pipeline_sim.engines.batch.branching import run_together
from pipeline_sim.engines.batch.compile_kernel import compile_engine
from pipeline_sim.engines.batch.run_replication import run

__all__ = ["compile_engine", "run", "run_together"]
