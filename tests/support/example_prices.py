"""The prices of configs/costs.toml."""

from functools import cache
from pathlib import Path

from pipeline_sim.world.reading.layers import frozen, read_toml
from pipeline_sim.world.schema.costs import CostsSection

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def prices() -> CostsSection:
    """The costs section alone."""
    return CostsSection.model_validate(frozen(read_toml(CONFIGS / "costs.toml")["costs"]))
