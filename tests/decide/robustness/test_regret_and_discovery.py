"""Regret by hand; a planted box is found, and nothing in shuffled labels."""

import numpy as np
import pytest

from pipeline_sim.decide.futures import Futures
from pipeline_sim.decide.robustness.robust_study import columns_of, robust_choice, robustness_table
from pipeline_sim.decide.robustness.scenario_discovery import Bound, best_box, discover, measured, quasi_p
from pipeline_sim.report.decision.robust_report import choose_sentence, robust_sentences
from pipeline_sim.study.comparison.drawn_parameters import FigureValues
from pipeline_sim.study.estimates.random_effects import Draws

pytestmark = pytest.mark.unit


def test_regret_by_hand() -> None:
    """Three draws, two scenarios, three choices."""
    calm = np.array([[0, 4, 2], [0, 1, 3], [0, 4, 4]], float)
    rough = np.array([[0, -3, 1], [0, -1, 2], [0, -2, 0]], float)
    table = robustness_table(np.stack([calm, rough]), ["none", "bold", "careful"], target=1.0)
    assert table["mean_gain"].tolist() == pytest.approx([0, 3 / 6, 12 / 6])
    assert table["mean_regret"].tolist() == pytest.approx([14 / 6, 11 / 6, 2 / 6])
    assert table["worst_scenario_gain"].tolist() == pytest.approx([0, -2, 1])
    assert table["target_share"].tolist() == pytest.approx([0, 3 / 6, 5 / 6])


def planted(seed: int, count: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """Columns of which the box is x0 above 0.6 and x7 below 0.7; one future in twenty of it does not fail."""
    generator = np.random.default_rng(seed)
    columns = generator.uniform(size=(count, 25))
    return columns, (columns[:, 0] > 0.6) & (columns[:, 7] < 0.7) & (generator.uniform(size=count) < 0.95)


def test_a_planted_box_is_found() -> None:
    columns, fails = planted(1)
    generator = np.random.default_rng(2)
    found = discover(columns, fails, lambda: generator.permutation(columns), repeats=19)
    assert found.found
    ends = {(each.column, each.upper): each.value for each in found.box.bounds}
    assert ends.keys() == {(0, False), (7, True)}
    assert ends[0, False] == pytest.approx(0.6, abs=0.04)
    assert ends[7, True] == pytest.approx(0.7, abs=0.04)
    assert found.box.coverage > 0.9
    assert found.box.density > 0.85
    assert all(each.quasi_p < 1e-6 for each in found.box.bounds)


def test_a_scenario_is_found() -> None:
    columns, _ = planted(3)
    columns[:, 3] = np.arange(len(columns)) % 3 == 0
    box = best_box(columns, columns[:, 3] > 0)
    assert (box.coverage, box.density, len(box.bounds)) == (1.0, 1.0, 1)


@pytest.mark.slow
def test_nothing_is_found_in_shuffled_labels() -> None:
    columns, fails = planted(4, 300)
    found = []
    for seed in range(12):
        generator = np.random.default_rng(seed)
        shuffled = generator.permutation(fails)
        found.append(discover(columns, shuffled, lambda g=generator: g.permutation(columns), repeats=19).found)
    assert sum(found) <= 2


def test_quasi_p_is_the_binomial_tail() -> None:
    """Four futures, half of which fail; the bound keeps two, both failing: 1/2 squared."""
    columns, fails = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([False, False, True, True])
    box = best_box(columns, fails)
    assert (box.mass, box.density) == (0.5, 1.0) or box.bounds == ()
    box = measured((Bound(0, False, 2.0),), columns, fails)
    assert quasi_p(box, box.bounds[0], columns, fails) == pytest.approx(0.25)
    assert quasi_p(box, box.bounds[0], np.tile(columns, (2, 1)), np.tile(fails, 2), copies=2) == pytest.approx(0.25)


def test_the_placebo_of_scenarios_has_every_scenario_of_a_draw_once() -> None:
    asked = futures(4, 8.0)
    both = asked._replace(scenarios=("as it was", "worse"), gains=asked.gains * 2)
    mixed = columns_of(both, np.random.default_rng(1)).reshape(2, 200, -1)
    assert (mixed[..., -2:].sum(axis=0) == 1).all()
    assert 50 < mixed[0, :, -1].sum() < 150
    assert np.array_equal(mixed[0, :, :-2], mixed[1, :, :-2])


def test_a_target_that_tells_no_choice_from_another_chooses_none() -> None:
    assert "target_share" not in robust_choice(futures(5, 8.0), target=1e6).by_rule


def test_without_a_target_half_the_highest_mean_gain_satisfies() -> None:
    """The bold one gains 10, less 8 in three of ten futures: 7.6 on average; the careful one 6."""
    found = robust_choice(futures(5, 8.0))
    assert found.target == pytest.approx(found.table["mean_gain"].max() / 2) == pytest.approx(3.8, abs=0.4)
    assert any(", half of the highest mean gain, in" in each for each in robust_sentences(found))
    assert not any("half of" in each for each in robust_sentences(robust_choice(futures(5, 8.0), 3.8)))


def test_a_twin_of_the_only_scenario_makes_no_bound_surer() -> None:
    asked = futures(6, 8.0)
    both = asked._replace(scenarios=("as it was", "its twin"), gains=asked.gains * 2)
    one, two = (robust_choice(each, target=5.0) for each in (asked, both))
    assert two.table["mean_regret"].to_numpy() == pytest.approx(one.table["mean_regret"].to_numpy())
    p_values = [[bound.quasi_p for bound in found.discovery.box.bounds] for found in (one, two)]
    assert p_values[0]
    assert p_values[1] == pytest.approx(p_values[0], abs=0)


def futures(seed: int, effect: float) -> Futures:
    """Two mixes: the bold one gains 10 or, where the first figure is high, `effect` less; the careful one 6."""
    generator = np.random.default_rng(seed)
    values = generator.uniform(size=(200, 6))
    gains = np.stack([np.zeros(200), 10 - effect * (values[:, 0] > 0.7), np.full(200, 6.0)], axis=-1)
    names = tuple(f"figure{place}" for place in range(6))
    figures = FigureValues(names, ("days",) * 6, (1,) * 6, np.zeros(6, np.bool_), np.arange(200), values)
    of = np.repeat(np.arange(200), 2)
    draws = Draws(of, np.full(200, 1 / 200))
    return Futures(("none", "bold", "careful"), ("as it was",), (gains[of],), draws, figures, "extensions avoided")


def test_choose_one_unless() -> None:
    found = robust_choice(futures(1, 8.0), target=5.0)
    assert found.chosen == "bold"
    said = choose_sentence(found)
    assert said.startswith("Choose “bold” unless figure0 is at least 0.69")
    assert "“careful” gains more in" in said
    assert any("lowest regret on average" in each for each in robust_sentences(found))


def test_choose_one_whatever_comes() -> None:
    assert choose_sentence(robust_choice(futures(2, 1.0), target=5.0)).startswith("Choose “bold”: in every future")


def test_no_box_is_said() -> None:
    asked = futures(3, 8.0)
    hidden = asked.figures._replace(values=np.random.default_rng(9).uniform(size=(200, 6)))
    assert "singles them out better than chance" in choose_sentence(robust_choice(asked._replace(figures=hidden), 5.0))
