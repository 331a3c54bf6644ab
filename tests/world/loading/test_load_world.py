"""Layers: what is laid over what, and which file is blamed."""

from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.layers import layer_stack, merge
from pipeline_sim.world.reading.sources import figures, with_figures, world_digest

TINY = CONFIGS / "tiny.toml"


def write(folder: Path, name: str, text: str) -> Path:
    """A layer."""
    path = folder / name
    path.write_text(text)
    return path


def test_england_loads() -> None:
    world = load_world(CONFIGS / "england.toml")
    assert len(world.offices) == 11
    assert len(world.groups) == 14
    assert len(world.programmes) == 98
    assert (world.period.first_year, world.period.last_year, world.period.warm_up_years) == (2018, 2026, 4)
    assert {programme.stage for programme in world.programmes} == {"foundation", "core", "run-through", "higher", "gp"}


@pytest.mark.parametrize("layer", ["covid.toml", "interventions.toml", "costs.toml"])
@pytest.mark.parametrize("base", ["england.toml", "tiny.toml"])
def test_every_layer_fits_every_world(base: str, layer: str) -> None:
    world = load_world(CONFIGS / base, CONFIGS / layer)
    assert {"covid.toml": world.shocks, "interventions.toml": world.interventions, "costs.toml": world.costs}[layer]


def test_later_layers_win_and_tables_are_merged(tmp_path: Path) -> None:
    weak = write(tmp_path, "weak.toml", "[a]\none = 1\ntwo = 2\nrow = [1, 2, 3]\n")
    strong = write(tmp_path, "strong.toml", "[a]\ntwo = 3\nrow = [9]\n")
    merged = merge(layer_stack((weak, strong)))
    assert merged.tree == {"a": {"one": 1, "two": 3, "row": (9,)}, "files": {}}
    assert merged.file(("a", "one")) == str(weak)
    assert merged.file(("a", "two")) == str(strong)
    assert merged.file(("a", "row", 0)) == str(strong)


def test_a_figure_is_replaced_whole(tmp_path: Path) -> None:
    weak = write(tmp_path, "weak.toml", 'x = { value = 1, unit = "days", source = "s", grade = "A" }')
    strong = write(tmp_path, "strong.toml", 'x = { value = 2, unit = "days" }')
    assert merge(layer_stack((weak, strong))).tree["x"] == {"value": 2, "unit": "days"}


def test_extended_layers_are_weaker(tmp_path: Path) -> None:
    write(tmp_path, "base.toml", "a = 1\nb = 1\nc = 1\n")
    write(tmp_path, "middle.toml", 'extends = ["base.toml"]\nb = 2\nc = 2\n')
    top = write(tmp_path, "top.toml", 'extends = ["middle.toml"]\nc = 3\n')
    tree = merge(layer_stack((top,))).tree
    assert (tree["a"], tree["b"], tree["c"]) == (1, 2, 3)


def test_a_layer_reached_twice_is_no_cycle(tmp_path: Path) -> None:
    write(tmp_path, "base.toml", "a = 1\n")
    write(tmp_path, "left.toml", 'extends = ["base.toml"]\na = 2\n')
    write(tmp_path, "right.toml", 'extends = ["base.toml"]\nb = 2\n')
    top = write(tmp_path, "top.toml", 'extends = ["left.toml", "right.toml"]\n')
    assert [layer.path.name for layer in layer_stack((top,))] == ["base.toml", "left.toml", "right.toml", "top.toml"]
    assert merge(layer_stack((top,))).tree["a"] == 2


def test_an_overlay_changes_one_number(tmp_path: Path) -> None:
    figure = '{ value = 25, unit = "working days", low = 20, high = 30, source = "assumption", grade = "C" }'
    path = write(tmp_path, "x.toml", f'extends = ["{TINY.as_posix()}"]\n[life]\nabsence_limit = {figure}\n')
    assert load_world(path).life.absence_limit.value == 25
    assert load_world(path).people.women == load_world(TINY).people.women


def test_figures_have_parents() -> None:
    for path, figure in figures(load_world(CONFIGS / "england.toml")):
        assert figure.source, path
        assert figure.grade in "ABC"
        assert figure.grade != "C" or figure.bounds() is not None, path


def test_one_figure_changed_leaves_the_rest() -> None:
    world = load_world(TINY)
    changed = with_figures(world, {"panels.resolve": 21.0, "exams[0].pass_first": 0.5})
    assert changed.panels.resolve.value == 21.0
    assert changed.exams[0].pass_first.value == 0.5
    assert world.panels.resolve.value != 21.0
    assert changed.life is world.life
    assert changed.exams[1] is world.exams[1]
    with pytest.raises(KeyError):
        with_figures(world, {"panels.nothing": 1.0})


def test_digest_follows_the_assumptions() -> None:
    world = load_world(TINY)
    assert world_digest(world) == world_digest(load_world(TINY))
    assert world_digest(world) != world_digest(with_figures(world, {"panels.resolve": 21.0}))


def test_digest_follows_the_tables(tmp_path: Path) -> None:
    table = tmp_path / "competition.csv"
    text = (CONFIGS / "england" / "competition.csv").read_text()
    table.write_text(text)
    path = write(tmp_path, "x.toml", f'extends = ["{TINY.as_posix()}"]\n[files]\ncompetition = "competition.csv"\n')
    before = world_digest(load_world(path))
    assert before == world_digest(load_world(TINY))
    table.write_text(text + "\n")
    assert world_digest(load_world(path)) != before
