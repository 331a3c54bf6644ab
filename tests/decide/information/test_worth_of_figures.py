"""Figures and groups beside random columns: what is worth something is found, what is not stays below the floor."""

import numpy as np
import pytest

from pipeline_sim.decide.information.value_of_information import placebo_floor
from pipeline_sim.decide.information.worth_of_figures import Valued, Worth, worth_of_figures

pytestmark = pytest.mark.unit
FIGURES = 40


def draws(seed: int, rows: int = 0, noise: float = 1.0) -> Valued:
    """Draws of which figures 0 and 1 move the second choice; with `rows`, a row itself moves it, and no figure does."""
    generator = np.random.default_rng(seed)
    count = 600
    clusters = generator.integers(0, rows, count) if rows else np.arange(count)
    columns = generator.uniform(size=(count, FIGURES))
    fitted = np.zeros(FIGURES, np.bool_)
    gain = 2.0 * columns[:, 0] + 1.0 * columns[:, 1] - 1.6
    if rows:
        fitted[:] = True
        columns = generator.uniform(size=(rows, FIGURES))[clusters]
        gain = generator.normal(size=rows)[clusters]
    gains = np.stack([np.zeros(count), gain + noise * generator.normal(size=count)], axis=-1)
    clusters = np.unique(clusters, return_inverse=True)[1]
    return Valued(columns, fitted, gains, clusters)


NAMES = [f"figure{place}" for place in range(FIGURES)]
GROUPS = {"both": [0, 1], "others": list(range(2, FIGURES))}


def valued(data: Valued) -> tuple[list[Worth], list[Worth]]:
    return worth_of_figures(NAMES, data, GROUPS, exchanges=19)


def test_what_is_worth_something_is_found() -> None:
    single, groups = valued(draws(1))
    assert single[0].name == "figure0"
    assert single[0].value > single[0].floor
    both, others, every = groups
    assert [both.name, others.name] == list(GROUPS)
    assert both.supported
    assert both.value > 3 * both.floor
    assert both.held_out == pytest.approx(both.value, abs=3 * both.held_out_error)
    assert others.value <= others.floor
    assert every.value >= both.value


def test_a_group_is_worth_no_less_than_its_members() -> None:
    for seed in range(2):
        single, groups = valued(draws(seed))
        worth = {each.name: each.value for each in single}
        for group in groups:
            places = GROUPS.get(group.name, range(FIGURES))
            assert group.value >= max(worth.get(NAMES[at], 0.0) for at in places)
        assert groups[-1].value >= max(each.value for each in groups[:-1])


@pytest.mark.parametrize("exchanges", [19, 199])
def test_one_more_of_the_same_kind_exceeds_the_floor_in_one_of_twenty(exchanges: int) -> None:
    """Each of N + 1 exchangeable values is as likely to be the one that is no placebo."""
    values = np.random.default_rng(0).permutation(exchanges + 1).astype(float)
    above = [value > placebo_floor(np.delete(values, at).tolist()) for at, value in enumerate(values)]
    assert sum(above) == 0.05 * (exchanges + 1)


@pytest.mark.full
@pytest.mark.parametrize("rows", [0, 100])
def test_random_columns_are_above_the_floor_in_one_of_twenty(rows: int) -> None:
    """Where no figure moves anything; with rows, what a row does is no figure's."""
    above, any_above, count = 0, 0, 0
    for seed in range(16):
        data = draws(seed, rows) if rows else draws(seed)._replace(gains=draws(seed + 50, 300).gains)
        single, _ = worth_of_figures(NAMES, data, {}, exchanges=19)
        above += sum(each.value > each.floor for each in single)
        any_above += any(each.value > each.floor_of_most for each in single)
        count += len(single)
    assert 0 < above <= 0.05 * count + 2 * (0.05 * 0.95 * count) ** 0.5
    assert any_above <= 4


def test_halves_share_no_row() -> None:
    data = draws(3, rows=60)
    first, second = data.halves()
    assert len(first.gains) + len(second.gains) == len(data.gains)
    assert not set(first.columns[:, 0]) & set(second.columns[:, 0])
    assert 0.4 < len(first.gains) / len(data.gains) < 0.6
