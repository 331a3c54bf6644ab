"""A mix is compared with its own scenario without it: what a scenario changes is never credited to the money."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import CONFIGS
from support.worlds import tiny_study

from pipeline_sim.study.comparison.run_study import run_study
from pipeline_sim.study.estimates.cost_effectiveness import Price
from pipeline_sim.study.estimates.intervals import Ratio
from pipeline_sim.study.estimates.scenario_gains import ScenarioGain, largest_regret, scenario_table
from pipeline_sim.study.sensitivity.analyse_sensitivity import check_one_scenario
from pipeline_sim.study.study_error import StudyError

pytestmark = pytest.mark.unit
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
    np.testing.assert_array_equal(crossed.to_numpy(), by_hand.to_numpy())


def test_the_baselines_own_scenario_is_what_the_ranking_says(tmp_path: Path) -> None:
    answer = run_study(question(tmp_path, scenarios=[SCENARIO]))
    alone = run_study(question(tmp_path))
    own = answer.scenarios.loc["No programme"]
    for world in answer.programmes:
        assert tuple(own.loc[world, ["gain_mean", "gain_low", "gain_high"]]) == tuple(answer.avoided(world))
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
    study = tiny_study.study(tmp_path, scenarios=[SCENARIO]).model_dump()
    lines = [f'{key} = "{study[key]}"' for key in ("name", "question", "baseline")]
    lines += ["scale = 1.0", "replications = 2", "seed = 1"]
    for table, rows in (("worlds", study["worlds"][:2]), ("scenarios", [SCENARIO, SCENARIO])):
        for row in rows:
            lines += [
                f"[[{table}]]",
                f'name = "{row["name"]}"',
                f'label = "{row["label"]}"',
                f"layers = {row['layers']}",
            ]
    path = tmp_path / "study.toml"
    path.write_text("\n".join(lines))
    from pipeline_sim.study.comparison.study_file import load_study

    with pytest.raises(StudyError, match="two scenarios are named halved"):
        load_study(path)
    path.write_text(path.read_text().replace("[[scenarios]]\nname", "[[scenarios]]\nnmae", 1))
    with pytest.raises(StudyError, match="unknown key; nearest is name"):
        load_study(path)


def test_regret_is_what_the_best_choice_would_gain_more() -> None:
    none = Ratio(np.nan, np.nan, np.nan, excludes_zero=False)
    price = Price(1.0, 0.0, None, None, None, none, none)
    rows = [("a", "one", 30.0), ("a", "two", 10.0), ("b", "one", -5.0), ("b", "two", -1.0)]
    gains = [ScenarioGain(name, mix, np.full(3, 100.0), np.full(3, gain), price) for name, mix, gain in rows]
    table = scenario_table(gains, "per_extension_avoided_gbp")
    assert table["regret_mean"].tolist() == [0.0, 20.0, 5.0, 1.0]  # in b no mix is the best choice
    assert largest_regret(table) == {"one": 5.0, "two": 20.0}
