"""Reference engine, written to be read: one SimPy process for each doctor, offices that give what is scarce.

Read `career` first (the career of one doctor), then the offices: `panel`, `supervision_slots`, `redeployment`,
`intervention_places`, `transfer`, `recruitment`. `simulation` starts them all.
"""

from pipeline_sim.engines.reference.simulation import run

__all__ = ["run"]
