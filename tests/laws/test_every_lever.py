"""Every shock, and every intervention alone with £25m, moves the first count it acts on, or is counted elsewhere."""

from pathlib import Path

import pytest
from support import CONFIGS, ROOT

from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.schema.interventions import Payment
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from tools.lever_counts import ALONE, BASE, STUDY, WITHOUT, Found, lever_worlds, lost_count, run_one

WORLD = load_world(*(CONFIGS / f"{name}.toml" for name in ("england", "covid", "interventions", "costs")))
assert WORLD.interventions is not None
CATALOGUE = WORLD.interventions.entries
STUDENT_3 = 3.18  # 95 % interval of the mean of four draws, in standard errors either way
PAID = [name for name, entry in CATALOGUE.items() if isinstance(entry, Payment)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """What docs/levers.md shows of every lever, in one small replication with figures as stated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        study = load_study(STUDY).model_copy(update={"scale": 0.03, "parameters": "mode"})
        return run_one(study, lever_worlds(study, tmp_path_factory.mktemp("mixes")), 0)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name not in PAID])
def test_money_moves_the_first_count(name: str, found: dict[str, Found]) -> None:
    own = found[f"{ALONE} {name}"]
    assert own["first"] > 0
    assert not own["same"]


@pytest.mark.parametrize("name", PAID)
def test_what_moves_nothing_says_where_it_is_counted(name: str, found: dict[str, Found]) -> None:
    assert found[f"{ALONE} {name}"]["same"]
    assert len((CATALOGUE[name].note or "").split()) > 5


@pytest.mark.parametrize("name", list(SHOCKS))
def test_a_shock_moves_the_first_count(name: str, found: dict[str, Found]) -> None:
    own = found[f"{WITHOUT} {name}"]
    assert own["first"] > 0 if lost_count(WORLD, name).rises else own["first"] < 0
    assert not own["same"]


def test_every_lever_is_tried(found: dict[str, Found]) -> None:
    assert set(found) == {BASE, *(f"{ALONE} {name}" for name in CATALOGUE), *(f"{WITHOUT} {name}" for name in SHOCKS)}


def test_better_readings_avoid_more_where_places_go_to_who_is_nearest_to_the_line() -> None:
    """Same random numbers; docs/levers.md has the gain for all England, under every order."""
    path = Path(ROOT / "experiments/readings/study.toml")
    study = load_study(path).model_copy(update={"scale": 0.05, "replications": 4})
    gains = run_study(check_study(study, path.parent)).scenarios.loc["Gaps read exactly"]
    assert set(gains["orders"]) == {"largest_gap", "critical_first", "first_come", "nearest_to_line"}
    change = gains.loc["nearest_to_line"]
    assert change["change_mean"] > STUDENT_3 * change["change_error"]
