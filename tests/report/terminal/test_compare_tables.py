"""The answer on a terminal."""

import io

from rich.console import Console
from rich.table import Table
from support.example_answers import NOTHING, UNKNOWN, Told, full, made

from pipeline_sim.report.terminal.compare_tables import context_table, ranking_table, scenarios_table
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

NO_PRICE = Ratio(UNKNOWN, UNKNOWN, UNKNOWN, False)
MIXES = {
    "Second": Told(Estimate(120.0, -80.0, 320.0), Estimate(2e7, 1e7, 3e7), NO_PRICE),
    "First": Told(Estimate(300.0, 200.0, 400.0)),
    "Third": Told(NOTHING, None, NO_PRICE),
    "Fourth": Told(Estimate(-7.5, UNKNOWN, UNKNOWN), Estimate(1e6, UNKNOWN, UNKNOWN), NO_PRICE),
}


def shown(table: Table) -> list[str]:
    """Lines of a wide terminal, each space one."""
    screen = Console(file=io.StringIO(), width=400)
    screen.print(table)
    return [" ".join(line.split()) for line in screen.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_mixes_stand_in_order_with_their_doubt() -> None:
    lines = shown(ranking_table(made(MIXES)))
    names = [line.split()[0] for line in lines if line.split()[0] in MIXES]
    assert names == ["First", "Second", "Third", "Fourth"]
    rows = {line.split()[0]: line for line in lines}
    three = " ".join(["300 (200 to 400)"] * 3)
    assert rows["First"] == f"First {three} 25.0 50,000 (40,000 to 60,000) 9 (8 to 10) 50 %"
    three = " ".join(["120 (-80 to 320) ?"] * 3)
    assert rows["Second"] == f"Second {three} 25.0 no clear gain 20 (10 to 30) 50 %"
    assert rows["Third"].startswith("Third none none none 25.0 none no prices")
    assert rows["Fourth"].startswith("Fourth -7.5 ?")


def test_what_covid_did_stands_beside_the_baseline() -> None:
    lines = shown(context_table(full()))
    assert "No COVID" in lines[1]
    assert "No COVID, difference from “No programme”" in lines[1]
    assert "The mix" not in " ".join(lines)
    assert any(line.startswith("Extensions ") for line in lines)


def test_a_mix_is_shown_in_every_scenario() -> None:
    lines = shown(scenarios_table(full()))
    assert lines[0] == "Extensions avoided by scenario"
    assert lines[1] == "mix No programme A milder wave No COVID"
    assert [line.split()[0] for line in lines[2:4]] == ["The", "Just"]
