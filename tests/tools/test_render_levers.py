"""The page of levers has a row for every intervention and shock, and its tables say what was found."""

from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS, ROOT

from pipeline_sim.rules.codes import SeatOrder
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.schema.interventions import Payment
from pipeline_sim.world.shocks.apply_shocks import SHOCKS
from tools.lever_counts import ALONE, BASE, STUDY, WITHOUT, first_count, lost_count
from tools.render_levers import (
    BY_ORDER,
    MADE,
    MIXES,
    PAGE,
    blocks,
    digest_of,
    estimates,
    levers_study,
    shown,
    specs,
)
from tools.render_readme import between_marks

WORLD = load_world(*(CONFIGS / f"{name}.toml" for name in ("england", "covid", "interventions", "costs")))


def test_the_page_has_every_lever() -> None:
    assert WORLD.interventions is not None
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    orders = [order.name.lower() for order in SeatOrder]
    missing = [name for name in (*WORLD.interventions.entries, *SHOCKS, *MIXES, *orders) if f"| `{name}`" not in page]
    assert missing == []


@pytest.mark.full
def test_the_tables_are_of_this_program_and_these_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed rules or figures make the tables stale: `python -m tools.render_levers 600` makes them anew."""
    monkeypatch.chdir(ROOT)
    study = levers_study()
    made = f"Made of {digest_of(study, specs(study, tmp_path))}."
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert between_marks(page, MADE, made) == page


def test_every_lever_has_a_first_count() -> None:
    assert WORLD.interventions is not None
    for entry in WORLD.interventions.entries.values():
        assert first_count(WORLD, entry).unit.startswith("none") == isinstance(entry, Payment)
    assert all(lost_count(WORLD, shock).unit for shock in SHOCKS)


def test_tables_have_the_differences_of_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    study = load_study(STUDY).model_copy(update={"repeat_every": 1})
    worlds = specs(study, tmp_path)
    found = {name: {"extensions": 90.0, "months": 900.0, "spent": 25.0, "first": 5.0} for name in worlds}
    done = {run: {**found, BASE: {"extensions": 100.0 + run // 2, "months": 1000.0}} for run in range(4)}
    tables = blocks(study, worlds, done)
    assert "| `wellbeing` | 25 | none: counted elsewhere | 5 (5 to 5) |" in tables[ALONE]
    assert estimates(done, Draws.even(4, 2), f"{ALONE} wellbeing", BASE, "extensions").mean == 10.5
    assert [len(tables[mark].splitlines()) - 2 for mark in (WITHOUT, BY_ORDER)] == [len(SHOCKS), len(SeatOrder)]


def test_italics_are_no_clear_difference() -> None:
    assert shown(Estimate(0.0, 0.0, 0.0)) == "0"
    assert shown(Estimate(10.0, 5.0, 15.0)) == "10 (5 to 15)"
    assert shown(Estimate(*np.array([1.0, -1.0, 3.0]))) == "*1 (-1 to 3)*"
