"""COVID's harm whatever its code, the share of it that a mix makes good, and what it would gain in any year."""

import numpy as np
import pandas as pd
import pytest

from pipeline_sim.study.estimates.harm_undone import ALL_YEARS, SIGNS, harm_table, with_all_years
from pipeline_sim.study.estimates.random_effects import Draws

DRAWS = 40
INDEX = pd.MultiIndex.from_product([range(DRAWS), (2020, 2021)], names=["replication", "year"])


def world(extensions: float, on_time: float, chance: int) -> pd.DataFrame:
    """Indicators by draw and year, and of all years; every one but CCTs on time is the number of extensions."""
    noise = np.random.default_rng(chance).normal(0, 1, len(INDEX))
    yearly = pd.DataFrame({name: extensions + noise for name in SIGNS if name != "months_short"}, index=INDEX)
    yearly["ccts_on_time"] = on_time + noise
    totals = yearly.groupby(level="replication").sum()
    return with_all_years(yearly, totals.assign(months_short=2 * totals["extensions"]))


WORLDS = {"base": world(100, 50, 1), "calm": world(60, 60, 2), "mix": world(90, 52, 3), "mix.calm": world(56, 61, 4)}


def found(mixes: dict[str, tuple[str, str] | None], calm: str | None = "calm") -> pd.DataFrame:
    return harm_table(WORLDS, "base", calm, mixes, Draws.even(DRAWS, 1))


def test_harm_gain_and_what_is_ordinary_add_up() -> None:
    row = found({"mix": ("mix.calm", "calm")}).loc[("mix", 2020, "extensions")]
    means = {part: row[f"{part}_mean"] for part in ("harm", "gain", "share", "ordinary", "beyond")}
    assert means == pytest.approx({"harm": 40, "gain": 10, "share": 0.25, "ordinary": 4, "beyond": 6}, abs=0.9)
    assert means["gain"] == pytest.approx(means["ordinary"] + means["beyond"])
    assert row["share_low"] < means["share"] < row["share_high"]


def test_a_cct_that_comes_late_is_a_harm_and_one_on_time_a_gain() -> None:
    row = found({"mix": None}).loc[("mix", ALL_YEARS, "ccts_on_time")]
    assert row["harm_mean"] == pytest.approx(20, abs=1)
    assert row["gain_mean"] == pytest.approx(4, abs=1)
    assert np.isnan(row["ordinary_mean"])
    assert np.isnan(row["beyond_mean"])


def test_what_has_no_value_by_year_stands_for_all_years_alone() -> None:
    years = found({"mix": None}).xs(("mix", "months_short"), level=("world", "indicator"))
    assert list(years.index) == [ALL_YEARS]


def test_a_share_of_no_clear_harm_is_not_known() -> None:
    table = harm_table({**WORLDS, "calm": world(100, 50, 9)}, "base", "calm", {"mix": None}, Draws.even(DRAWS, 1))
    assert np.isnan(table.loc[("mix", 2020, "extensions"), "share_mean"])


def test_without_a_world_without_covid_there_is_no_table() -> None:
    assert found({"mix": None}, None).empty
    assert found({}).reset_index().columns[0] == "world"
