"""Findings are said with their doubt, and nothing is claimed that the interval does not bear."""

import math

import pytest

from pipeline_sim.report.words import change, rounded
from pipeline_sim.study.compare import Estimate

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Estimate(-740, -760, -720), "740 fewer extensions (95 % interval 720 to 760)"),
        (Estimate(740, 720, 760), "740 more extensions (95 % interval 720 to 760)"),
        (Estimate(-40, -100, 20), "cannot tell about extensions yet (100 fewer to 20 more)"),
        (Estimate(0, 0, 0), "no change in extensions"),
        (Estimate(-3, math.nan, math.nan), "3 fewer extensions in one replication, too few to tell"),
        (Estimate(math.nan, math.nan, math.nan), "extensions: not known"),
    ],
)
def test_a_change_in_words(found: Estimate, says: str) -> None:
    assert change(found, "extensions") == says


@pytest.mark.parametrize(
    ("value", "says"), [(0, "0"), (0.123, "0.12"), (9.96, "10"), (12.4, "12"), (1234, "1,200"), (999_999, "1,000,000")]
)
def test_two_significant_figures(value: float, says: str) -> None:
    assert rounded(value) == says
