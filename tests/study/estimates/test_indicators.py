"""Indicators of counts written by hand."""

import numpy as np
import pandas as pd
import pytest

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Stage
from pipeline_sim.study.estimates.indicators import (
    LABELS,
    counts_by_year,
    estimates_by_year,
    indicators,
    indicators_by_year,
)
from pipeline_sim.study.estimates.intervals import estimates
from pipeline_sim.study.estimates.random_effects import Draws

CODES = {name: code for code, name in enumerate(measure_names())}
KEYS = ["replication", "year", "programme", "office", "stage", "pattern", "origin", "measure", "value"]


def counted(*rows: tuple[int, int, str, int], stage: int = Stage.HIGHER, pattern: int = 0) -> pd.DataFrame:
    """Rows of (replication, year, measure, value)."""
    full = [(r, year, 1, 2, stage, pattern, 1, measure, value) for r, year, measure, value in rows]
    return pd.DataFrame(full, columns=KEYS)


def coded(table: pd.DataFrame) -> Columns:
    return {name: column.to_numpy() for name, column in table.assign(measure=table["measure"].map(CODES)).items()}


def framed(table: pd.DataFrame) -> pd.DataFrame:
    """Counts as a data frame by replication and year."""
    years, counts = counts_by_year(coded(table))
    index = pd.MultiIndex.from_product([table["replication"].unique(), years], names=["replication", "year"])
    return pd.DataFrame({name: values.ravel() for name, values in counts.items()}, index=index)


def year(table: pd.DataFrame, scale: float = 1.0) -> pd.Series:
    return indicators_by_year(framed(table), scale).iloc[0]


def test_counts_are_put_up_and_shares_are_not() -> None:
    found = year(counted((0, 2020, "extensions", 3), (0, 2020, "o10_1", 1), (0, 2020, "o1", 3)), scale=0.1)
    assert found["extensions"] == pytest.approx(30)
    assert found["outcome_10_share"] == pytest.approx(25)


def test_a_decided_outcome_5_is_not_counted_twice() -> None:
    found = year(counted((0, 2020, "o5", 50), (0, 2020, "not_assessed", 50), (0, 2020, "o2", 1), (0, 2020, "o1", 3)))
    assert found["outcome_2_3_share"] == pytest.approx(25)


def test_a_share_of_nothing_is_unknown() -> None:
    assert pd.isna(year(counted((0, 2020, "headcount", 1)))["fill_share"])


def test_posts_advertised_again_are_not_more_posts() -> None:
    rows = [("advertised_first", 9), ("accepted_first", 6), ("advertised_readvert", 4), ("accepted_readvert", 2)]
    assert year(counted(*((0, 2020, name, value) for name, value in rows)))["fill_share"] == pytest.approx(80)


def test_less_than_full_time_and_general_practice_have_keys_of_their_own() -> None:
    table = pd.concat(
        [
            counted((0, 2020, "headcount", 6), (0, 2020, "accepted", 9)),
            counted((0, 2020, "headcount", 2), pattern=1),
            counted((0, 2020, "accepted", 4), stage=Stage.GP),
        ]
    )
    found = year(table)
    assert found["ltft_share"] == pytest.approx(25)
    assert found["gp_accepted"] == 4


def test_flows_add_up_over_years_and_stocks_are_the_last() -> None:
    rows = [
        (0, 2019, "extensions", 1),
        (0, 2020, "extensions", 2),
        (0, 2019, "headcount", 50),
        (0, 2020, "headcount", 7),
    ]
    found = indicators(framed(counted(*rows)), 1.0).loc[0]
    assert found["extensions"] == 3
    assert found["headcount"] == 7


def test_months_short_are_extensions_given_and_backlog_left() -> None:
    rows = [(0, 2019, "extension_days", 91), (0, 2019, "gap_carried_days", 500), (0, 2020, "gap_carried_days", 61)]
    found = indicators(framed(counted(*rows)), 1.0).loc[0]
    assert found["months_short"] == pytest.approx((91 + 61) / DAYS_PER_MONTH)


def test_estimates_by_year_are_those_of_a_data_frame_bit_for_bit() -> None:
    luck = np.random.default_rng(3).integers(1, 1000, (20, 2, 3))
    names = ("extensions", "ccts", "gap_carried_days")
    table = counted(*((run, 2020 + at, names[which], value) for (run, at, which), value in np.ndenumerate(luck)))
    found, expected = (
        estimates_by_year(coded(table), 0.3),
        estimates(indicators_by_year(framed(table), 0.3), Draws.one(20)),
    )
    assert list(found) == expected.index.tolist()
    np.testing.assert_array_equal(np.array([*found.values()]), expected.to_numpy())


def test_each_replication_stands_alone() -> None:
    found = indicators(framed(counted((0, 2020, "ccts", 5), (3, 2020, "ccts", 8))), 1.0)
    assert found["ccts"].to_dict() == {0: 5, 3: 8}


def test_every_indicator_has_a_label() -> None:
    found = indicators(framed(counted((0, 2020, "ccts", 5))), 1.0)
    assert set(found.columns) == set(LABELS)
