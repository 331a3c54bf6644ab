"""Horizons hold every month after the money starts, so that what a mix gains in them adds up to what it gains."""

import pandas as pd
from support.example_answers import full

from pipeline_sim.study.estimates.horizons import FLOWS, horizons, spans


def test_the_first_horizon_begins_with_the_first_money() -> None:
    years = range(2018, 2037)
    found = spans(2022, [2021, 2022], years)
    assert found["in the year"] == [2021, 2022]
    assert [year for own in found.values() for year in own] == list(range(2021, 2037))
    assert spans(2022, [], years)["in the year"] == [2022]
    assert list(spans(2022, [2021], range(2018, 2024))) == ["in the year", "one year on"]


def test_horizons_add_up_to_the_gain_of_all_years() -> None:
    answer = full()
    yearly = {world: table.copy() for world, table in answer.yearly_runs.items() if world in ("none", "mix")}
    before = yearly["mix"].index.get_level_values("year") < 2021  # no lever acts before it starts
    yearly["mix"][before] = yearly["none"][before]
    table = horizons(yearly, "none", spans(2022, [2021], answer.years), answer.sampling).loc["mix"]
    whole = pd.Series(
        {name: (yearly["mix"] - yearly["none"])[name].groupby("replication").sum().mean() for name in FLOWS}
    )
    added = table["mean"].unstack("horizon").loc[list(FLOWS)].sum(axis=1)
    pd.testing.assert_series_equal(added, whole, check_names=False)
