"""Every replication believes other effects, within their ranges, and nothing else about the world moves."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from pipeline_sim.study.answer import beliefs
from pipeline_sim.study.doubt import believed, drawn, triangular
from pipeline_sim.study.prepare import Assumed, world_of
from pipeline_sim.study.study_file import load_study
from pipeline_sim.world.errors import shown_path
from pipeline_sim.world.sources import figures

pytestmark = pytest.mark.unit
CONFIGS = Path(__file__).parents[2] / "configs"
MIXED = Assumed(
    tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "interventions")),
    str(CONFIGS / "mixes" / "led_and_simulation.toml"),
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
    row = drawn(0.9, {"a": (0, 0)}, {"a": (5, 1)}, {"a": (10, 2)})
    assert row == {"a": (triangular(0.9, 0, 5, 10), triangular(0.9, 0, 1, 2))}


def test_only_figures_of_the_catalogue_with_a_range_are_drawn() -> None:
    before, after = values(WORLD), values(believed(WORLD, 1, 0))
    moved = {name for name in before if before[name] != after[name]}
    assert EFFECT in moved
    assert all(name.startswith("interventions.") for name in moved)


def test_draws_stay_in_range_and_spread_over_it() -> None:
    figure = {shown_path(path): figure for path, figure in figures(WORLD)}[EFFECT]
    drawn = np.array([values(believed(WORLD, 1, replication))[EFFECT] for replication in range(60)])
    assert (drawn >= figure.low).all()
    assert (drawn <= figure.high).all()
    assert stats.kstest(drawn, stats.triang(*_shape(figure)).cdf).pvalue > 0.01


def _shape(figure: object) -> tuple[float, float, float]:
    width = figure.high - figure.low
    return (figure.value - figure.low) / width, figure.low, width


def test_a_belief_can_be_had_again_and_differs_by_seed() -> None:
    assert values(believed(WORLD, 1, 3)) == values(believed(WORLD, 1, 3))
    assert values(believed(WORLD, 1, 3))[EFFECT] != values(believed(WORLD, 2, 3))[EFFECT]


def test_worlds_without_a_mix_have_nothing_to_doubt() -> None:
    plain = MIXED._replace(mix=None)
    assert beliefs(STUDY, plain) == [plain] * STUDY.replications
    assert [each.belief for each in beliefs(STUDY, MIXED)] == [(STUDY.seed, r) for r in range(STUDY.replications)]
    assert set(beliefs(STUDY.model_copy(update={"doubt": False}), MIXED)) == {MIXED}
