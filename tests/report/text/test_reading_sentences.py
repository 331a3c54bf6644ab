"""The report names the orders of places under which better readings of gaps may lower what a mix gains."""

import pandas as pd
import pytest
from support.example_answers import full

from pipeline_sim.report.text.reading_sentences import reading_sentences
from pipeline_sim.study.comparison.answer import Answer

MILDER = "A milder wave"


def told(low: float, days: float = 25.0, there: float = 0.0) -> Answer:
    """A mix that gains 100 and, where gaps are read better, 3 more, with an interval from `low` on."""
    scenarios = full().scenarios.copy()
    mix = scenarios.index.get_level_values("world") == "mix"
    second = scenarios.index.get_level_values("scenario") == MILDER
    scenarios.loc[mix, ["gain_mean", "orders"]] = (100.0, "first_come")
    scenarios.loc[mix & second, ["change_mean", "change_low", "change_high"]] = (3.0, low, 9.0)
    scenarios["reading_error_days"] = pd.Series(days, scenarios.index).mask(second, there)
    return full()._replace(scenarios=scenarios)


@pytest.mark.parametrize(
    ("low", "verdict"),
    [
        (-2.1, "they may lower the gain under first_come"),
        (-1.9, "they do not lower it by more than 2 % under first_come"),
    ],
)
def test_an_order_is_named_by_the_lower_bound_of_its_change(low: float, verdict: str) -> None:
    (sentence,) = reading_sentences(told(low))
    assert f"{verdict} (“The mix”: 3 (−{-low:g} to 9))" in sentence
    assert "(0 days off, not up to 25)" in sentence


def test_worse_readings_in_the_scenario_are_turned_round() -> None:
    (sentence,) = reading_sentences(told(-1.0, days=0.0, there=25.0))
    assert "they may lower the gain under first_come (“The mix”: −3 (−9 to 1))" in sentence


def test_scenarios_with_the_same_readings_say_nothing() -> None:
    assert reading_sentences(told(-50.0, days=10.0, there=10.0)) == []
