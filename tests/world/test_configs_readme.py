"""Every example of configs/README.md does what it says."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.timelines import ledger

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from pipeline_sim.world.shocks.counterfactual_waves import counterfactual_occupancy
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.world_error import WorldError

TEXT = (CONFIGS / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```toml\n# (\S+)\n(.*?)```\n(?:```text\n(.*?)\n```)?", re.DOTALL)
EXAMPLES = {name: (toml, error or None) for name, toml, error in BLOCK.findall(TEXT)}
WRONG = sorted(name for name, (_, error) in EXAMPLES.items() if error)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples saved next to `configs`."""
    (tmp_path / "configs").symlink_to(CONFIGS, target_is_directory=True)
    for name, (toml, _) in EXAMPLES.items():
        (tmp_path / name).write_text(toml, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@cache
def plain() -> World:
    return load_world(CONFIGS / "tiny.toml", CONFIGS / "covid.toml")


def test_examples_are_found() -> None:
    assert len(EXAMPLES) == TEXT.count("```toml") == 8
    assert len(WRONG) == TEXT.count("```text") == 2


@pytest.mark.parametrize("name", WRONG)
def test_errors_read_as_printed(desk: Path, name: str) -> None:
    with pytest.raises(WorldError) as caught:
        load_world(name)
    assert str(caught.value) == EXAMPLES[name][1]


def test_twice_as_many_shield_and_the_rest_stays(desk: Path) -> None:
    world = load_world("more_shielding.toml")
    people = build_population(world)
    before, after = (build_timeline(each, population=people).shield_per_year for each in (plain(), world))
    assert before.any()
    assert after == pytest.approx(2 * before)
    assert world.shocks is not None
    assert plain().shocks is not None
    assert world.shocks.absence == plain().shocks.absence


def test_a_shock_is_off_and_another_weaker(desk: Path) -> None:
    shocks = load_world("mild_covid.toml").shocks
    assert shocks is not None
    assert not shocks.redeployment.enabled
    assert shocks.surge.enabled
    assert shocks.surge.scale.value == 0.7


def test_waves_come_otherwise(desk: Path) -> None:
    world, people = load_world("other_waves.toml"), build_population(plain())
    before, after = (counterfactual_occupancy(axes_of(each, people), each.shocks).england for each in (plain(), world))
    day = world.dates.day
    assert after[day(date(2021, 11, 1))] == 0
    assert after[day(date(2020, 9, 15))] == 0
    assert after[day(date(2021, 1, 20))] == pytest.approx(0.8 * before[day(date(2021, 1, 20))])
    assert after[day(date(2022, 11, 1))] > 0 == before[day(date(2022, 11, 1))]


def test_scenarios_named_are_all_there_are() -> None:
    named = set(re.findall(r"`([a-z_]+\.toml)`", TEXT[TEXT.index("what happens") : TEXT.index("A **wave**")]))
    assert named == {file.name for file in (CONFIGS / "scenarios").glob("*.toml")}


def test_every_shock_that_can_be_left_out_is_named(desk: Path) -> None:
    sentence = TEXT[TEXT.index("The shocks are") :].split(";")[0]
    assert {word for word in SHOCKS if re.search(rf"\b{word}\b", sentence)} == set(SHOCKS)


def test_the_mix_runs_on_the_quick_world(desk: Path) -> None:
    layers = [f"configs/{name}.toml" for name in ("tiny", "covid", "interventions")]
    world = load_world(*layers, mix="simulation_first.toml")
    assert sum(row.spent_pence + row.unspent_pence for row in ledger(world)) == 2_500_000_000
    assert build_timeline(world).place_kinds[0].name == "simulation"
    without = build_timeline(world, without=frozenset({"simulation"}))
    assert without.place_kinds == ()


def test_gaps_are_found_and_then_taught(desk: Path) -> None:
    layers = [f"configs/{name}.toml" for name in ("tiny", "covid", "interventions")]
    world = load_world(*layers, mix="find_then_teach.toml")
    kinds = build_timeline(world).place_kinds
    assert [kind.name for kind in kinds] == ["recovery-conversations", "boot-camps", "coaching"]
    assert [kind.finds for kind in kinds] == [True, False, False]
    assert kinds[1].groups == (world.group_index("surgery"),)
    assert not kinds[2].places[:, 0].any()
    assert sum(row.spent_pence + row.unspent_pence for row in ledger(world)) == 300_000_000


def test_files_named_are_there() -> None:
    for name in re.findall(r"`([a-z_/]+(?:\.toml|/))`", TEXT.split("Leave these files")[0]):
        assert (CONFIGS / name).exists(), name


def test_psychiatrists_come_at_two_offices_from_2027(desk: Path) -> None:
    world = load_world("more_psychiatrists.toml")
    people = build_population(world)
    added = (people.establishment - people.without_levers).sum(axis=1)
    offices = [office.id for office in world.offices]
    assert {offices[place] for place in added.any(axis=0).nonzero()[0]} == {"north-east", "east-midlands"}
    assert added.sum(axis=1).nonzero()[0][0] == 2027 - 2014
