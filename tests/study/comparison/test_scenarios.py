"""A mix is compared with its own scenario without it: what a scenario changes is never credited to the money."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import CONFIGS
from support.worlds import tiny_study

from pipeline_sim.study.comparison.run_study import run_study
from pipeline_sim.study.comparison.stopping_rule import meets_precision
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.estimates.cost_effectiveness import Price, WorldCosts, net_budget, price, price_without_costs
from pipeline_sim.study.estimates.intervals import Estimate, Ratio
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.scenario_gains import ScenarioGain, largest_regret, scenario_table
from pipeline_sim.study.execution.fill_store import run_missing
from pipeline_sim.study.sensitivity.analyse_sensitivity import check_one_scenario
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import SpendRow

GAIN = [f"gain_{end}" for end in Estimate._fields]
HALVED = """
[shocks.waves.W2b]
scale = { value = 0.5, unit = "multiplier", low = 0.5, high = 0.5, source = "assumption", grade = "C" }
"""
SCENARIO = {"name": "halved", "label": "Half a second wave", "layers": ["halved.toml"]}
LAYERS = [str(CONFIGS / f"{name}.toml") for name in tiny_study.LAYERS]


def question(folder: Path, **changes: Any) -> Any:
    (folder / "halved.toml").write_text(HALVED)
    return tiny_study.question(folder, **changes)


def with_mixes_elsewhere(folder: Path, *more: dict[str, object]) -> Any:
    """Two mixes, of which one buys nothing, in a milder scenario that no world is in without a mix."""
    (folder / "halved.toml").write_text(HALVED)
    milder = [*LAYERS, "halved.toml"]
    worlds = [
        {"name": "none", "label": "No programme", "layers": LAYERS},
        {"name": "money", "label": "Money", "layers": milder, "mix": "money.toml"},
        {"name": "nothing", "label": "Nothing bought", "layers": milder, "mix": "nothing.toml"},
    ]
    return tiny_study.question(folder, worlds=[*worlds, *more], attribution=None)


def test_a_mix_that_buys_nothing_gains_nothing_in_any_scenario(tmp_path: Path) -> None:
    answer = run_study(question(tmp_path, scenarios=[SCENARIO]))
    assert list(answer.scenarios.index) == [
        ("No programme", "money"), ("No programme", "nothing"),
        ("Half a second wave", "money"), ("Half a second wave", "nothing"),
    ]  # fmt: skip
    placebo = answer.scenarios.xs("nothing", level="world")
    assert not placebo[["gain_mean", "gain_low", "gain_high"]].to_numpy().any()
    without = answer.scenarios["without_mean"]
    assert without["No programme", "nothing"] != without["Half a second wave", "nothing"]  # the scenario does something


def test_what_a_milder_wave_does_is_not_the_moneys(tmp_path: Path) -> None:
    answer = run_study(with_mixes_elsewhere(tmp_path))
    assert answer.programmes == ()
    assert answer.worlds == ("none",)
    assert answer.prices == {}
    assert not answer.scenarios.loc[(slice(None), "nothing"), "gain_mean"].to_numpy().any()
    assert answer.scenarios.index.unique("scenario").tolist() == ["That of “Money”"]


def test_a_world_of_the_study_is_the_reference_of_its_scenario(tmp_path: Path) -> None:
    plain: dict[str, object] = {"name": "mild", "label": "Mild", "layers": [*LAYERS, "halved.toml"]}
    plan = with_mixes_elsewhere(tmp_path, plain)
    assert {each.reference for each in plan.scenarios.mixes} == {"mild"}
    assert plan.scenarios.worlds == {}
    answer = run_study(plan)
    assert answer.worlds == ("none", "mild")
    assert answer.scenarios.index.unique("scenario").tolist() == ["Mild"]


def test_a_scenario_is_the_same_written_either_way(tmp_path: Path) -> None:
    crossed = run_study(question(tmp_path, scenarios=[SCENARIO])).scenarios.loc["Half a second wave"]
    by_hand = run_study(with_mixes_elsewhere(tmp_path)).scenarios.loc["That of “Money”"]
    same = [name for name in crossed if not name.startswith("change_")]  # unknown where no mix is in the first scenario
    pd.testing.assert_frame_equal(crossed[same], by_hand[same])


def test_the_baselines_own_scenario_is_what_the_ranking_says(tmp_path: Path) -> None:
    answer = run_study(question(tmp_path, scenarios=[SCENARIO]))
    alone = run_study(question(tmp_path))
    own = answer.scenarios.loc["No programme"]
    for world in answer.programmes:
        assert tuple(own.loc[world, GAIN]) == tuple(answer.avoided(world))
        assert answer.avoided(world) == alone.avoided(world)
    assert alone.scenarios.empty


def test_nothing_of_another_scenario_is_attributed_to_a_mix(tmp_path: Path) -> None:
    (tmp_path / "halved.toml").write_text(HALVED)
    worlds = tiny_study.study(tmp_path).model_dump()["worlds"]
    worlds[2]["layers"] = [*LAYERS, "halved.toml"]
    with pytest.raises(StudyError, match="money differs from none in shocks, not in its mix alone"):
        tiny_study.question(tmp_path, worlds=worlds)


def test_sensitivity_refuses_a_mix_of_another_scenario(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="money differs from none in shocks, not in its mix alone"):
        check_one_scenario(with_mixes_elsewhere(tmp_path))


def test_scenarios_of_one_name_are_refused(tmp_path: Path) -> None:
    path = in_a_file(tmp_path, SCENARIO, SCENARIO)
    with pytest.raises(StudyError, match="two scenarios are named halved"):
        load_study(path)
    path.write_text(path.read_text().replace("[[scenarios]]\nname", "[[scenarios]]\nnmae", 1))
    with pytest.raises(StudyError, match="unknown key; nearest is name"):
        load_study(path)


def in_a_file(folder: Path, *scenarios: Mapping[str, object], worlds: int = 2) -> Path:
    """Study file with the first worlds of the tiny study and some scenarios."""
    study = tiny_study.study(folder).model_dump()
    lines = [f'{key} = "{study[key]}"' for key in ("name", "question", "baseline")]
    lines += ["scale = 1.0", "replications = 2", "seed = 1"]
    for table, rows in (("worlds", study["worlds"][:worlds]), ("scenarios", scenarios)):
        for row in rows:
            lines += [f"[[{table}]]", *(f'{key} = "{row[key]}"' for key in ("name", "label"))]
            lines.append(f"layers = {row['layers']}")
    (folder / "study.toml").write_text("\n".join(lines))
    return folder / "study.toml"


@pytest.mark.parametrize("label", ["Half a second wave", "No programme"])
def test_scenarios_of_one_label_cannot_be_told_apart(tmp_path: Path, label: str) -> None:
    path = in_a_file(tmp_path, SCENARIO, {**SCENARIO, "name": "again", "label": label})
    with pytest.raises(StudyError, match=f"two worlds or scenarios have the label “{label}”"):
        load_study(path)


def test_a_mix_is_no_scenario(tmp_path: Path) -> None:
    tiny_study.study(tmp_path)
    scenario = {"name": "rich", "label": "Rich", "layers": ["money.toml"]}
    with pytest.raises(StudyError, match="scenarios: rich has a mix in its layers"):
        question(tmp_path, scenarios=[scenario])


def test_a_scenario_changes_something(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="scenarios: same changes nothing"):
        question(tmp_path, scenarios=[{"name": "same", "label": "Same", "layers": [str(CONFIGS / "england.toml")]}])


def test_a_scenario_is_for_mixes(tmp_path: Path) -> None:
    worlds = tiny_study.study(tmp_path).model_dump()["worlds"][:2]
    with pytest.raises(StudyError, match="no world of the study has a mix to run in them"):
        question(tmp_path, worlds=worlds, attribution=None, scenarios=[SCENARIO])


def test_a_scenario_of_another_size_cannot_be_paired(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text("size = 0.01")
    with pytest.raises(StudyError, match=r"none\.small cannot be compared with none: it has other size"):
        question(tmp_path, scenarios=[{"name": "small", "label": "Small", "layers": ["small.toml"]}])


def test_a_mix_put_in_a_scenario_by_hand_stands_with_the_others_of_it(tmp_path: Path) -> None:
    worlds = tiny_study.study(tmp_path).model_dump()["worlds"]
    more = {"name": "by_hand", "label": "By hand", "layers": [*LAYERS, "halved.toml"], "mix": "money.toml"}
    plan = question(tmp_path, worlds=[*worlds, more], scenarios=[SCENARIO])
    assert {(each.scenario, each.reference) for each in plan.scenarios.mixes} == {("Half a second wave", "none.halved")}


def test_the_stopping_rule_looks_at_every_scenario(tmp_path: Path) -> None:
    plan = with_mixes_elsewhere(tmp_path)
    store, study = (
        run_missing(plan.run_plan, plan.wanted(4)),
        plan.study.model_copy(update={"headline": "months_short"}),
    )
    looks = [meets_precision(study, plan.worlds, plan.scenarios, store, 4, wide) for wide in (1e-9, 1e9)]
    assert looks == [False, True]  # of mixes that are in no ranking


def test_what_a_baseline_spends_is_no_cost_of_a_mix() -> None:
    one, more = (WorldCosts(*(np.array([float(each)] * 2) for each in (spent, 0, 2, 50, 0))) for spent in (10, 16))
    assert net_budget(one, one).tolist() == [0.0, 0.0]
    gained = pd.DataFrame({"extensions": [3.0, 3.0], "months_short": [6.0, 6.0]})
    ledger, larger = ([[SpendRow(2022, "a", "b", pence, 0)]] * 2 for pence in (1000, 1600))
    draws = Draws.even(2, 1)
    for found in (price(more, one, gained, draws), price_without_costs(larger, ledger, gained, draws)):
        assert (found.spent_gbp, found.per_extension_avoided_gbp[:3]) == (16.0, (2.0, 2.0, 2.0))
        assert found.per_month_recovered_gbp.mean == 1.0


def test_regret_is_what_the_best_choice_would_gain_more() -> None:
    none = Ratio(np.nan, np.nan, np.nan, excludes_zero=False)
    free = Price(1.0, 0.0, None, None, None, none, none, None)
    rows = [("a", "one", 30.0), ("a", "two", 10.0), ("b", "one", -5.0), ("b", "two", -1.0)]
    gains = [ScenarioGain(name, mix, np.full(3, 100.0), np.full(3, gain), free) for name, mix, gain in rows]
    table = scenario_table(gains, "per_extension_avoided_gbp", Draws.one(3))
    assert table["regret_mean"].tolist() == [0.0, 20.0, 5.0, 1.0]  # in b no mix is the best choice
    assert largest_regret(table) == {"one": 5.0, "two": 20.0}
    assert largest_regret(table.drop(("b", "one"))) == {"two": 20.0}


def test_a_mix_in_two_scenarios_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "halved.toml").write_text(HALVED)
    worlds = tiny_study.study(tmp_path).model_dump()["worlds"]
    milder = [*LAYERS, "halved.toml"]
    worlds += [
        {"name": f"money_{number}", "label": f"Money, milder {number}", "layers": milder, "mix": "money.toml"}
        for number in (1, 2)
    ]
    plan = tiny_study.question(tmp_path, worlds=worlds, attribution=None)
    assert [(each.mix, each.world) for each in plan.scenarios.mixes] == [("money", "money_1"), ("money_2", "money_2")]
    answer = run_study(plan)
    one, two = (answer.scenarios.loc[("That of “Money, milder 1”", name)] for name in ("money", "money_2"))
    assert one["gain_mean"] == two["gain_mean"]
