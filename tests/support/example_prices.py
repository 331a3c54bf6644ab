"""Prices of configs/costs.toml."""

from functools import cache

from pipeline_sim.world.reading.layers import lists_to_tuples, read_toml
from pipeline_sim.world.schema.costs import CostsSection
from support import CONFIGS


@cache
def prices() -> CostsSection:
    """The costs section of configs/costs.toml."""
    return CostsSection.model_validate(lists_to_tuples(read_toml(CONFIGS / "costs.toml")["costs"]))
