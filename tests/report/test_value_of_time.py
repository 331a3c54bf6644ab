"""Values of time are those of the configuration, each with its source; the threshold is the gross price of a month."""

import pytest
from support.example_answers import full

from pipeline_sim.report.page_model import price_cell
from pipeline_sim.report.sections.value_of_time import section
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.report.value_view import costs_of, values
from pipeline_sim.study.comparison.answer import PAYS, WORTH


def test_every_value_has_source_range_price_year_and_perspective() -> None:
    table, costs = values(full()).set_index("item"), costs_of(full())
    assert costs is not None
    assert table["gbp"].tolist() == [
        costs.extension.month.value, costs.completed.consultant_year.value, costs.completed.gp_year.value,
    ]  # fmt: skip
    assert ((table["gbp_low"] < table["gbp"]) & (table["gbp"] < table["gbp_high"])).all()
    assert table["cash_releasing"].tolist() == ["yes", "no", "no"]
    assert (table[["source", "grade", "price_year", "perspective"]] != "").all().all()


def test_the_threshold_is_what_is_spent_over_the_months_recovered() -> None:
    found = section(full())
    assert "3.5 % a year" in found.paragraphs[-1]
    price = full().prices["mix"]
    months = full().difference("mix", "months_short").negated().mean
    assert price.per_month_recovered_gbp.mean == pytest.approx(price.spent_gbp / months)
    assert price.net_per_month_gbp is not None
    assert price.net_budget_gbp is not None
    assert price.net_per_month_gbp.mean == pytest.approx(price.net_budget_gbp.mean / months)
    assert found.tables[1].rows[0].cells[1].text.endswith(" times")
    cells, gained = found.tables[1].rows[0].cells, full().difference("mix", "months_short")
    assert cells[0] == price_cell(price.per_month_recovered_gbp, gained)
    costs = costs_of(full())
    assert costs is not None
    assert cells[1].text == f"{rounded(price.per_month_recovered_gbp.mean / costs.extension.month.value)} times"
    given = full().chances.copy()
    given.loc[("mix", PAYS), "probability"], given.loc[("mix", WORTH), "probability"] = 0.2, 0.7
    assert [cell.text for cell in section(full()._replace(chances=given)).tables[1].rows[0].cells[3:]] == [
        "20 %",
        "70 %",
    ]


def test_the_table_says_whose_money_it_is_under_its_head() -> None:
    table = section(full()).tables[0]
    for row, stated in zip(table.rows, values(full()).itertuples(), strict=True):
        assert [cell.text for cell in row.cells[1:4]] == [stated.price_year, stated.perspective, stated.cash_releasing]
