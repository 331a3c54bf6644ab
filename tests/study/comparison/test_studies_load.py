"""Studies of the repository can run: the files of each name worlds, with their mixes, that load."""

from pathlib import Path

import pytest

from pipeline_sim.study.comparison.study_file import draws_of, is_first_look, load_study, paths_of, sized, world_spec
from pipeline_sim.study.replication.prepare import world_of

STUDIES = sorted((Path(__file__).parents[3] / "experiments").rglob("study.toml"))


def test_there_are_studies() -> None:
    assert {"recovery_25m", "scenarios", "supply_2036"} <= {path.parent.name for path in STUDIES}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.parent.name)
def test_every_world_of_a_study_loads(path: Path) -> None:
    study = load_study(path)
    specs = [world_spec(study, world, path.parent) for world in study.worlds]
    for scenario in study.scenarios:
        over = paths_of(scenario, path.parent)
        specs += [spec._replace(layers=(*spec.layers, *over)) for spec in specs[: len(study.worlds)]]
    for spec in specs:
        world = world_of(spec)
        assert (world.mix is None) == (spec.mix is None)


def test_the_finding_at_full_size_is_of_200_draws_of_all_of_england() -> None:
    path = next(each for each in STUDIES if each.parent.name == "recovery_25m")
    study = sized(load_study(path), path, full=True, given={})
    assert study.scale == 1
    assert len(draws_of(study, study.replications).weights) >= 200
    assert is_first_look(load_study(path))
    assert not is_first_look(study)
