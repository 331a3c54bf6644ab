"""Numbers and names as they stand on the screen."""

import math

import pytest

from pipeline_sim.report.tables import _name, _verdict
from pipeline_sim.study.compare import Estimate

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Estimate(13500.0, math.nan, math.nan), "+13,500, cannot tell from one"),
        (Estimate(-0.25, math.nan, math.nan), "-0.25, cannot tell from one"),
        (Estimate(1500.0, 1000.0, 2000.0), "+1,500 (+1,000 to +2,000)"),
        (Estimate(1500.0, -1000.0, 4000.0), "+1,500 (-1,000 to +4,000), cannot tell"),
        (Estimate(0.0, 0.0, 0.0), "no change"),
        (Estimate(math.nan, math.nan, math.nan), "-"),
    ],
)
def test_a_difference_is_written_out_with_its_doubt(found: Estimate, says: str) -> None:
    assert _verdict(found) == says


def test_a_unit_is_not_said_twice() -> None:
    assert _name("headcount") == "Doctors in training"
    assert _name("extensions") == "Extensions, doctors"
