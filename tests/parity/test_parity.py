"""Two tellings of one story: the SimPy engine and the compiled one write the same rows, for every world."""

from pathlib import Path

import numpy as np
import pytest
from generated import examples, worlds
from hypothesis import given
from hypothesis import strategies as st
from toybook import toybook

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.log import EventLog
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.prepare import Assumed, prepare

pytestmark = pytest.mark.parity
CONFIGS = Path(__file__).parents[2] / "configs"


def log_of(engine: str, book: Rulebook, seed: int, replication: int = 0) -> EventLog:
    """One replication."""
    log = EventLog()
    ENGINES[engine](book, seed, replication, log)
    return log


def first_difference(one: EventLog, other: EventLog) -> str:
    """The first row that differs, with the three before it; empty if the logs are equal."""
    a, b = (np.stack([c.astype(np.int64) for c in log.columns().values()], axis=1) for log in (one, other))
    shared = min(len(a), len(b))
    unequal = np.flatnonzero((a[:shared] != b[:shared]).any(axis=1))
    if not unequal.size and len(a) == len(b):
        return ""
    row = int(unequal[0]) if unequal.size else shared
    return f"row {row} of {len(a)} and {len(b)}:\n{a[max(0, row - 3) : row + 1]}\n{b[max(0, row - 3) : row + 1]}"


@pytest.mark.parametrize("seed", [1, 2, 1 << 40])
def test_a_toy_world(seed: int) -> None:
    book = toybook(years=5)
    assert first_difference(log_of("reference", book, seed), log_of("batch", book, seed)) == ""


@given(book=worlds(most_years=4, most_people=5), seed=st.integers(0, 1 << 48))
@examples(60)
def test_generated_worlds_with_every_feature(book: Rulebook, seed: int) -> None:
    assert first_difference(log_of("reference", book, seed), log_of("batch", book, seed)) == ""


def test_england_with_covid_and_a_mix_at_a_small_scale() -> None:
    layers = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
    assumed = Assumed(
        tuple(str(CONFIGS / name) for name in layers), str(CONFIGS / "mixes" / "led_and_simulation.toml"), scale=0.005
    )
    book = prepare(assumed).rulebook
    assert first_difference(log_of("reference", book, 3), log_of("batch", book, 3)) == ""
