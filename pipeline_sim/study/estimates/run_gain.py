"""Gain of a mix in a run: the same world without it, replication by replication."""

import numpy as np

from pipeline_sim.records.event_log import Columns
from pipeline_sim.study.estimates.indicators import counts_by_year, indicator_values
from pipeline_sim.study.estimates.intervals import Estimate, estimate
from pipeline_sim.study.estimates.random_effects import Draws

GAINS = (("extensions", -1), ("months_short", -1), ("ccts_on_time", 1))  # and the sign of a gain


def run_gains(plain: Columns, mixed: Columns, scale: float) -> dict[str, Estimate]:
    """Gain over all reported years by indicator: positive is better."""
    without, within = run_totals(plain, scale), run_totals(mixed, scale)
    gained = {name: sign * (within[name] - without[name]) for name, sign in GAINS}
    return {name: estimate(each, Draws.one(len(each))) for name, each in gained.items()}


def run_totals(measures: Columns, scale: float) -> dict[str, np.ndarray]:
    """Indicators [R] over all reported years, as `indicators` has them."""
    values = indicator_values(counts_by_year(measures)[1], scale)
    flows = {name: values[name].sum(axis=1) for name in ("extensions", "extension_months", "ccts_on_time")}
    return flows | {"months_short": flows["extension_months"] + values["hidden_backlog"][:, -1]}
