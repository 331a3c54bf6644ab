"""The engine to be read: one SimPy process a doctor, offices that hand out what is scarce.

Read `career` first (the road of one doctor), then the offices: `panel`, `placement`, `surge`, `rounds`.
"""

from pipeline_sim.engines.reference.simulation import run

__all__ = ["run"]
