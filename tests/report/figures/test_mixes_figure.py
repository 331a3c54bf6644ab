"""Which mix gains most: the title claims no more than the intervals support."""

import pytest
from support.example_answers import Told, made

from pipeline_sim.report.figures.mixes import alt_text, finding
from pipeline_sim.study.estimates.intervals import Estimate

FAR, NEAR = Told(Estimate(300.0, 200.0, 400.0)), Told(Estimate(290.0, 190.0, 390.0))


def test_the_title_says_how_probably_it_is_the_best() -> None:
    answer = made({"A": FAR, "B": NEAR}, 50.0)
    both = "“A” avoids 300 extensions (95 % interval 200 to 400) and 300 months of lost training (200 to 400)"
    ends = "of 2 mixes; it gains most of all with a probability of 50 %"
    assert finding(answer) == f"{both}, the most extensions on average {ends}"
    assert alt_text(answer).count("the best: not settled by these draws") == 2


@pytest.mark.parametrize(
    ("gains", "says"),
    [
        (
            [Estimate(300.0, -80.0, 600.0), Estimate(100.0, -90.0, 290.0)],
            "Of 2 mixes “A” avoids most extensions on average, but its effect is not clear "
            "(95 % interval: 80 more to 600 fewer)",
        ),
        (
            [Estimate(-30.0, -90.0, 30.0), Estimate(-100.0, -290.0, 90.0)],
            "Of 2 mixes “A” adds fewest extensions on average, but its effect is not clear "
            "(95 % interval: 90 more to 30 fewer)",
        ),
        (
            [Estimate(-30.0, -50.0, -10.0), Estimate(-100.0, -150.0, -50.0)],
            "“A” adds 30 extensions (95 % interval 10 to 50), the fewest extensions on average of 2 mixes",
        ),
        (
            [Estimate(0.0, 0.0, 0.0), Estimate(-100.0, -150.0, -50.0)],
            "“A” avoids no extensions; none of 2 mixes avoids more on average",
        ),
    ],
)
def test_the_title_claims_no_effect_that_is_not_clear(gains: list[Estimate], says: str) -> None:
    found = finding(made({name: Told(gain) for name, gain in zip("AB", gains, strict=True)}, 50.0))
    assert found.startswith(says)
