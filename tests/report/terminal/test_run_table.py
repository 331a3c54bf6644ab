"""Tables of a run as they stand on the screen."""

import io

import pytest
from rich.console import Console
from rich.table import Table
from support.example_answers import full

from pipeline_sim.report.terminal.run_table import SHOWN_BY_YEAR, years_table
from pipeline_sim.report.text.number_format import whole_or_rounded
from pipeline_sim.study.estimates.intervals import Estimate


def shown(table: Table) -> list[str]:
    """Lines of a wide terminal, each space one."""
    screen = Console(file=(kept := io.StringIO()), width=300)
    screen.print(table)
    return [" ".join(line.split()) for line in kept.getvalue().splitlines()]


def test_a_world_year_by_year_has_a_row_an_indicator() -> None:
    yearly = full().yearly.loc["none"]
    lines = shown(years_table({key: Estimate(*row) for key, row in zip(yearly.index, yearly.to_numpy(), strict=True)}))
    assert "2018/19 2019/20 2020/21" in lines[1]
    assert any(line.startswith("Doctors in training ") for line in lines), "a unit is not said twice"
    assert any(line.startswith("Extensions ") for line in lines)
    assert len(lines) == 2 + len(SHOWN_BY_YEAR) - 1 + 1  # nobody enters general practice here


@pytest.mark.parametrize(("value", "says"), [(float("nan"), "-"), (9.96, "10"), (12.4, "12"), (0.123, "0.12")])
def test_a_number_or_a_dash(value: float, says: str) -> None:
    assert whole_or_rounded(value) == says
