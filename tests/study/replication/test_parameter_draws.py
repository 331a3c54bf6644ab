"""Every replication believes other effects, within their ranges, and nothing else about the world moves."""

import numpy as np
import pytest
from scipy import stats
from support import CONFIGS

from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.replication.parameter_draws import (
    ParameterDraw,
    is_fixed,
    triangular,
    triangular_values,
    with_parameters,
)
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.world_error import shown_path

MIXED = WorldSpec(
    tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "interventions")),
    str(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml"),
)
WORLD = world_of(MIXED)
EFFECT = "interventions.weather.locally-employed-doctors.effect"
STUDY = load_study(CONFIGS.parent / "experiments" / "recovery_25m" / "study.toml")


def values(world: object) -> dict[str, object]:
    return {shown_path(path): figure.value for path, figure in figures(world)}


@pytest.mark.parametrize("part", [0.001, 0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize(("low", "mode", "high"), [(0.03, 0.08, 0.15), (1, 1, 4), (2, 5, 5)])
def test_the_triangle_is_scipys(part: float, low: float, mode: float, high: float) -> None:
    expected = stats.triang((mode - low) / (high - low), low, high - low).ppf(part)
    assert triangular(part, low, mode, high) == pytest.approx(expected)


def test_no_range_no_doubt() -> None:
    assert triangular(0.3, 5, 5, 5) == 5


def test_a_row_lies_high_or_low_as_a_whole() -> None:
    row = triangular_values(0.9, {"a": (0, 0)}, {"a": (5, 1)}, {"a": (10, 2)})
    assert row == {"a": (triangular(0.9, 0, 5, 10), triangular(0.9, 0, 1, 2))}


def test_figures_of_grade_c_with_a_range_are_drawn_and_no_others() -> None:
    before, after = values(WORLD), values(with_parameters(WORLD, ParameterDraw(1, 0)))
    moved = {name for name in before if before[name] != after[name]}
    in_doubt = {
        shown_path(path)
        for path, figure in figures(WORLD)
        if figure.grade == "C" and (ends := figure.bounds()) is not None and ends[0] != ends[1]
    }
    assert EFFECT in moved
    assert moved == in_doubt


def test_what_is_held_stays_as_stated() -> None:
    before, after = values(WORLD), values(with_parameters(WORLD, ParameterDraw(1, 0, ("life", "panels.minor"))))
    moved = {name for name in before if before[name] != after[name]}
    assert EFFECT in moved
    assert "panels.major" in moved
    assert not any(name.startswith("life.") or name == "panels.minor" for name in moved)


@pytest.mark.parametrize(
    ("name", "held"), [("life.parental", True), ("lifetime", False), ("life[3].x", True), ("life", True)]
)
def test_held_are_whole_tables(name: str, held: bool) -> None:
    assert is_fixed(name, ("life",)) is held


def test_draws_stay_in_range_and_spread_over_it() -> None:
    figure = {shown_path(path): figure for path, figure in figures(WORLD)}[EFFECT]
    drawn = np.array(
        [values(with_parameters(WORLD, ParameterDraw(1, replication)))[EFFECT] for replication in range(60)]
    )
    assert (drawn >= figure.low).all()
    assert (drawn <= figure.high).all()
    assert stats.kstest(drawn, stats.triang(*_shape(figure)).cdf).pvalue > 0.01


def _shape(figure: object) -> tuple[float, float, float]:
    width = figure.high - figure.low
    return (figure.value - figure.low) / width, figure.low, width


def test_a_belief_can_be_had_again_and_differs_by_seed() -> None:
    assert values(with_parameters(WORLD, ParameterDraw(1, 3))) == values(with_parameters(WORLD, ParameterDraw(1, 3)))
    assert (
        values(with_parameters(WORLD, ParameterDraw(1, 3)))[EFFECT]
        != values(with_parameters(WORLD, ParameterDraw(2, 3)))[EFFECT]
    )


def test_replications_share_a_draw_as_the_study_says() -> None:
    sampling = parameter_sampling(STUDY.model_copy(update={"repeat_every": 1}))
    draws = [sampling.for_replication(MIXED, replication).parameters for replication in range(5)]
    assert [each.draw for each in draws if each] == [0, 0, 1, 1, 2]
    as_stated = parameter_sampling(STUDY.model_copy(update={"parameters": "mode"}))
    assert as_stated.for_replication(MIXED, 3) == MIXED


def test_worlds_of_a_draw_believe_the_same() -> None:
    plain = values(with_parameters(world_of(MIXED._replace(mix=None)), ParameterDraw(1, 3)))
    mixed = values(with_parameters(WORLD, ParameterDraw(1, 3)))
    assert all(mixed[name] == value for name, value in plain.items())
