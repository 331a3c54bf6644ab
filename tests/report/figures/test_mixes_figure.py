"""Which mix gains most: the title claims no more than the intervals support."""

import pytest
from support import CONFIGS
from support.example_answers import Told, made

from pipeline_sim.report.figures.mixes import alt_text, finding
from pipeline_sim.study.estimates.intervals import Estimate

pytestmark = pytest.mark.unit
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
FREE = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid"))
BUYS = str(CONFIGS / "interventions.toml")
MIX = str(CONFIGS / "mixes" / "led_and_simulation.toml")
SHOCKS = [("Lists lost", 900.0, 700.0, 1100.0), ("Exams", 300.0, -50.0, 650.0), ("Rules", -200.0, -350.0, -50.0)]
GIFTS = [("Simulation", -400.0, -500.0, -300.0), ("Courses", -20.0, -60.0, 20.0), ("Wellbeing", 0.0, 0.0, 0.0)]


# ---- which mix gains most --------------------------------------------------------------------------------------------

FAR, NEAR = Told(Estimate(300.0, 200.0, 400.0)), Told(Estimate(290.0, 190.0, 390.0))


@pytest.mark.parametrize(
    ("second", "doubt", "ends"),
    [
        (
            FAR._replace(gain=Estimate(100.0, 50.0, 150.0)),
            50.0,
            "of 2 mixes, and is the best of them with 95 % confidence",
        ),
        (NEAR, 50.0, "of 2 mixes; any of them may be the best"),
    ],
)
def test_the_title_says_how_many_may_be_the_best(second: Told, doubt: float, ends: str) -> None:
    answer = made({"A": FAR, "B": second}, doubt)
    both = "“A” avoids 300 extensions (95 % interval 200 to 400) and 300 months of lost training (200 to 400)"
    assert finding(answer) == f"{both}, the most extensions on average {ends}"
    assert alt_text(answer).count("may be the best of all") == len(answer.best_set)


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
