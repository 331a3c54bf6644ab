"""What an extension costs, and what a late CCT takes away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example_prices import prices

from pipeline_sim.economics.valuation import (
    STAGE_KEYS,
    Years,
    at_level,
    basic_pay_pence,
    discounted_pence,
    extension_cost_pence,
    lost_years_pence,
    wte_months,
    year_of,
)
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.estimates.cost_effectiveness import years_put_off
from pipeline_sim.world.schema.names import year_label
from pipeline_sim.world.schema.training import STAGES


def test_stage_keys_are_those_of_world_files() -> None:
    assert tuple(STAGE_KEYS.values()) == STAGES


@pytest.mark.parametrize(
    ("year", "nodal", "gbp"), [(2021, 4, 50_017), (2022, 5, 58_398), (2019, 1, 27_689), (2023, 4, 51_017 * 1.09)]
)
def test_basic_pay_is_that_of_the_circular_or_moved_by_the_rises(year: int, nodal: int, gbp: float) -> None:
    assert basic_pay_pence(prices(), year, nodal) == round(gbp * 100)


def test_pay_before_the_first_circular_is_moved_back() -> None:
    assert basic_pay_pence(prices(), 2018, 1) == round(27_689 / 1.02 * 100)


def test_a_year_without_a_rise_keeps_the_pay_of_the_year_before() -> None:
    assert basic_pay_pence(prices(), 2040, 3) == basic_pay_pence(prices(), 2026, 3)


def test_a_month_of_extension_at_the_reference_costs_its_price() -> None:
    low, mode, high = (extension_cost_pence(prices(), 1, 2021, 4, level) for level in ("low", "mode", "high"))
    assert (low, mode, high) == (250_000, 360_000, 600_000)


def test_an_extension_moves_with_basic_pay() -> None:
    assert extension_cost_pence(prices(), 6, 2021, 2) == round(6 * 360_000 * 33_345 / 50_017)


@pytest.mark.law
@given(months=st.floats(0, 24), more=st.floats(0, 24), year=st.integers(2015, 2030), nodal=st.integers(1, 5))
def test_longer_never_costs_less_and_levels_stay_in_order(months: float, more: float, year: int, nodal: int) -> None:
    low, mode, high = (extension_cost_pence(prices(), months, year, nodal, level) for level in ("low", "mode", "high"))
    assert 0 <= low <= mode <= high
    assert extension_cost_pence(prices(), months + more, year, nodal) >= mode


def test_lost_years_are_worth_what_they_cost_to_employ() -> None:
    assert lost_years_pence(prices(), Years(consultant=2, gp=1)) == 3 * 12_300_000


def test_a_year_of_a_gp_has_a_price_of_its_own() -> None:
    own = prices()
    year = own.completed.gp_year.model_copy(update={"value": 100_000.0})
    costs = own.model_copy(update={"completed": own.completed.model_copy(update={"gp_year": year})})
    assert lost_years_pence(costs, Years(consultant=2, gp=1)) == 2 * 12_300_000 + 10_000_000


def test_days_of_a_gp_put_off_no_consultant() -> None:
    days = np.zeros(len(Stage))
    days[[Stage.GP, Stage.HIGHER, Stage.FOUNDATION]] = 365.25, 2 * 365.25, 3 * 365.25
    assert years_put_off(days) == pytest.approx(Years(consultant=2, gp=1))  # foundation ends without a CCT


def test_a_pound_next_year_is_worth_three_and_a_half_per_cent_less() -> None:
    assert discounted_pence(prices(), 103_500, 2023) == 100_000
    assert discounted_pence(prices(), 100_000, 2022) == 100_000
    assert discounted_pence(prices(), 100_000, 2021) == 103_500


def test_words_for_years_and_lengths() -> None:
    assert year_label(2022) == "2022/23"
    assert year_label(1999) == "1999/00"
    assert year_of(year_label(2022)) == 2022
    assert wte_months(365.25) == 12


def test_a_figure_without_a_range_is_the_same_at_all_levels() -> None:
    rate = prices().discount_rate
    assert at_level(rate, "low") == at_level(rate, "mode") == at_level(rate, "high") == 0.035
