"""The strongest factors on a terminal."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from pipeline_sim.report.terminal.sensitivity_tables import factor_table
from pipeline_sim.study.sensitivity.sensitivity_indices import GAINED, Influence, Outcome

OUTCOME = Outcome(GAINED, "pay", "gained by paying")


@pytest.mark.parametrize(("mean", "says"), [(2.0, "more"), (-2.0, "less"), (0.0, ""), (float("nan"), "")])
def test_a_factor_that_moves_nothing_has_no_direction(mean: float, says: str) -> None:
    row = Influence("sickness", OUTCOME, abs(mean), 0.5, mean, 0.0, 1, False)
    stage: Any = SimpleNamespace(level="entry", rows=[row])
    screen = Console(file=io.StringIO(), width=200)
    screen.print(factor_table(stage, OUTCOME, "Influence"))
    words = screen.file.getvalue().splitlines()[2].split()  # type: ignore[attr-defined]
    assert [word for word in words if word in ("more", "less")] == ([says] if says else [])
