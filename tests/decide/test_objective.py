"""What a choice is worth under each attitude to risk, and the money that it saves, as the comparison counts them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.worlds import tiny_study

from pipeline_sim.decide.decision_section import Decision, decision_of
from pipeline_sim.decide.objective import sought, unit_of, value_of, words_of
from pipeline_sim.decide.search.find_best import ask
from pipeline_sim.study.comparison.run_study import run_study
from pipeline_sim.study.estimates.random_effects import Draws

pytestmark = pytest.mark.unit
BASE = {"budget": 5e6, "indifference": 1.0, "starts": [date(2021, 5, 1)], "last": date(2022, 4, 30)}


@pytest.mark.parametrize(
    ("changes", "value"),
    [({}, 3.0), ({"risk": "lower_quartile"}, 1.5), ({"target": 3.5}, 0.4), ({"risk": "worst_scenario"}, 2.0)],
)
def test_the_attitude_to_risk_decides_what_counts(changes: dict[str, object], value: float) -> None:
    gained, draws = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), Draws.even(5, 1)
    scenarios = [gained, np.full(5, 2.0)] if "risk" in changes and changes["risk"] == "worst_scenario" else [gained]
    assert value_of(Decision.model_validate(BASE | changes), scenarios, draws) == pytest.approx(value, abs=0.3)


@pytest.mark.parametrize(
    ("changes", "words", "aim"),
    [
        ({}, "avoids 9 extensions", "extensions avoided"),
        ({"objective": "ccts_on_time"}, "brings 9 more CCTs on time", "CCTs on time"),
        ({"objective": {"ccts_on_time": 2.0}}, "gains 9 points of the weighted sum", "points of the weighted sum"),
        ({"target": 300.0}, "avoids 9 extensions", "probability of 300 extensions avoided or more"),
        ({"risk": "worst_scenario"}, "avoids 9 extensions", "extensions avoided in the worst scenario"),
        ({"risk": "lower_quartile", "objective": "months_recovered"}, "recovers 9 months of training",
         "lower quartile of months of training recovered"),
    ],
)  # fmt: skip
def test_words_are_those_of_the_objective(changes: dict[str, object], words: str, aim: str) -> None:
    decision = Decision.model_validate(BASE | changes)
    assert (words_of(decision).gained.format("9"), sought(decision)) == (words, aim)
    assert (sought(decision) == unit_of(decision)) == (not {"target", "risk"} & set(changes))


@pytest.mark.slow
def test_gains_are_those_of_the_comparison_in_every_scenario(tmp_path: Path) -> None:
    weights = {"extensions_avoided": 2.0, "net_saving": 1e-6}
    section = BASE | {"objective": weights, "risk": "worst_scenario", "interventions": ["simulation"]}
    scenario = {"name": "bad", "label": "Bad", "layers": [str(CONFIGS / "scenarios" / "bad_winter.toml")]}
    plan = tiny_study.question(tmp_path, decision=section, scenarios=[scenario], attribution=None)
    asked = ask(plan.study, decision_of(plan.study, "tiny"), tmp_path, tmp_path, 1, 1)
    found = asked.evaluator().gains([asked.shipped[0].mix], plan.run_plan.setting, range(4))[0]
    runs = run_study(plan).runs
    avoided = runs["none"]["extensions"] - runs["money"]["extensions"]
    assert found.shape == (2, 4)
    assert found[0] == pytest.approx((2 * avoided - runs["money"]["net_budget_gbp"] / 1e6).to_numpy())
