"""One doctor's road in several worlds: the same person with the same luck, chosen by a rule and not by taste."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from pipeline_sim.records.log import Columns
from pipeline_sim.world.names import Names


class Roads(NamedTuple):
    """The rows of one doctor in each of two worlds."""

    trainee: int
    rule: str  # why this doctor, as a sentence
    fitting: int  # doctors of the replication whom the rule fits
    replication: int
    scale: float
    names: Names
    first_day: date
    rows: Mapping[str, Columns]  # by world, the first being the baseline
