"""A few dozen damaged inputs of every kind in each run of the tests; `python -m fuzz` tries thousands."""

import pytest

from fuzz.__main__ import tried
from fuzz.inputs import KINDS
from pipeline_sim.cli.terminal import console

INPUTS = 8  # of each kind
CASES: list[tuple[str, int]] = []  # kind and seed of inputs that were once faults


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_input_is_answered_in_lines(kind: str) -> None:
    assert [finding for seed in range(INPUTS) if (finding := tried(kind, seed))] == []


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_what_was_once_a_fault_is_none(kind: str, seed: int) -> None:
    assert tried(kind, seed) is None


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "harmless", lambda text: text[10**6])
    assert "IndexError" in str(tried("result", 1))
