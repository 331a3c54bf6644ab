"""Effects in titles and alternative texts of figures, with and without the number they are part of."""

from math import nan

import pytest

from pipeline_sim.report.text.figure_clauses import effect_clause
from pipeline_sim.study.estimates.intervals import Estimate

GAIN, HARM, NONE = Estimate(300.0, 200.0, 400.0), Estimate(-300.0, -400.0, -200.0), Estimate(0.0, 0.0, 0.0)
UNCLEAR, UNKNOWN = Estimate(700.0, -180.0, 1700.0), Estimate(nan, nan, nan)


@pytest.mark.parametrize(
    ("gain", "says"),
    [
        (GAIN, "avoids 300 of 43,000 extensions (95 % interval 200 to 400)"),
        (HARM, "adds 300 extensions to 43,000 (95 % interval 200 to 400)"),
        (UNCLEAR, "has no clear effect on the 43,000 extensions (95 % interval: 180 more to 1,700 fewer)"),
        (NONE, "avoids none of the 43,000 extensions"),
        (Estimate(300.0, nan, nan), "avoids 300 of 43,000 extensions in one replication, too few for an interval"),
        (Estimate(-300.0, nan, nan), "adds 300 extensions to 43,000 in one replication, too few for an interval"),
        (UNKNOWN, "has no known effect on the 43,000 extensions"),
    ],
)
def test_an_effect_on_so_many_of_all(gain: Estimate, says: str) -> None:
    assert effect_clause(gain, out_of="43,000") == says


@pytest.mark.parametrize(
    ("gain", "says"),
    [
        (GAIN, "avoids 300 months lost (200 to 400)"),
        (HARM, "adds 300 months lost (200 to 400)"),
        (UNCLEAR, "has no clear effect on months lost (180 more to 1,700 fewer)"),
        (UNCLEAR.negated(), "has no clear effect on months lost (1,700 more to 180 fewer)"),
        (Estimate(5.0, 0.0, 9.0), "has no clear effect on months lost (0 to 9 fewer)"),
        (NONE, "avoids no months lost"),
        (UNKNOWN, "has no known effect on months lost"),
    ],
)
def test_an_effect_with_a_bare_interval(gain: Estimate, says: str) -> None:
    assert effect_clause(gain, "months lost", name="") == says
