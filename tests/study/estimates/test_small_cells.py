"""Stage x specialty group x office x year: sums, differences, and small numbers that are not shown."""

import numpy as np
import pytest
from support.example_answers import full

from pipeline_sim.study.estimates.harm_undone import ALL_YEARS
from pipeline_sim.study.estimates.small_cells import ENGLAND


def test_the_offices_of_a_cell_add_up_to_england() -> None:
    cells = full().cells.xs("extensions", level="indicator").xs(ALL_YEARS, level="year").loc["mix"]
    shown = cells[~cells["suppressed"]]["difference_mean"]
    whole = shown.xs(ENGLAND, level="office").sum()
    assert whole == pytest.approx(full().difference("mix", "extensions").mean)
    assert shown.drop(ENGLAND, level="office").sum() == pytest.approx(whole)


def test_a_cell_with_few_doctors_has_one_row_without_numbers() -> None:
    cells = full().cells
    small = cells[cells["suppressed"]]
    assert len(small)
    assert set(small.index.get_level_values("indicator")) == {"headcount"}
    assert small.filter(regex="_(mean|low|high)$").isna().to_numpy().all()
    shown = cells[~cells["suppressed"]].xs("headcount", level="indicator").loc["none"]
    assert (shown["level_mean"] * full().study.scale >= 10).all()


def test_mixes_are_of_all_years_and_other_worlds_of_each() -> None:
    years = {world: set(rows.index.unique("year")) for world, rows in full().cells.groupby(level="world")}
    assert years["mix"] == {ALL_YEARS}
    assert years["none"] == {ALL_YEARS, *full().years}
    assert np.isnan(full().cells.xs("none", level="world")["difference_mean"]).all()


def test_months_and_stocks_of_all_cells_are_those_of_the_totals() -> None:
    """Flows are sums over years, stocks means of the censuses, both in months of England."""
    answer = full()
    cells = answer.cells.loc["none"].xs(ENGLAND, level="office")
    shown = cells[~cells["suppressed"]].xs(ALL_YEARS, level="year")["level_mean"].groupby(level="indicator").sum()
    totals = answer.totals.loc["none"]["mean"]
    assert shown["extension_months"] == pytest.approx(totals["extension_months"])
    assert shown["hidden_backlog"] == pytest.approx(totals["mean_backlog"])
    assert shown["extension_months"] > 0 < shown["hidden_backlog"]
