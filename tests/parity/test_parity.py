"""Two tellings of one story: the SimPy engine and the compiled one write the same rows, for every world."""

from pathlib import Path

import pytest
from generated import examples, worlds
from hypothesis import given, seed
from hypothesis import strategies as st
from met import NEVER_SAID, codes, met
from parting import assert_parity
from toybook import ints, toybook

from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.parity import told_by
from pipeline_sim.study.prepare import Assumed, prepare

pytestmark = pytest.mark.parity
CONFIGS = Path(__file__).parents[2] / "configs"
BLOCKS, WORLDS_A_BLOCK = range(4), 80  # blocks may be tested side by side
RARE = {"Reason.C2", "Reason.C9"}
MANY_WORLDS = worlds(most_years=4, most_people=5)
SEEDS = st.integers(0, (1 << 63) - 1)


@pytest.mark.parametrize("number", [1, 2, 1 << 40])
def test_a_toy_world(number: int) -> None:
    assert_parity(toybook(years=5), number)


def test_a_headcount_on_the_day_of_the_census() -> None:
    """Two offices write about the same doctors in the same phase: the count comes first."""
    assert_parity(toybook(2, 1, 1, calendar={"count_day": ints([363, 727])}), 1)


@pytest.mark.parametrize("block", BLOCKS)
def test_generated_worlds_with_every_feature(block: int) -> None:
    @seed(block)
    @examples(WORLDS_A_BLOCK)
    @given(book=MANY_WORLDS, number=SEEDS, replication=st.integers(0, 9))
    def agree(book: Rulebook, number: int, replication: int) -> None:
        assert_parity(book, number, replication)

    agree()


def test_in_these_worlds_everything_happens_that_can() -> None:
    """Every code of the log is met in some of the same worlds, and those that are not are known not to be said.

    The rarest are met in one world of a hundred, and which worlds are drawn depends on Hypothesis; they stand in the
    tables of cases (tests/cases/arcp.csv).
    """
    seen: set[str] = set()
    for block in BLOCKS:

        @seed(block)
        @examples(WORLDS_A_BLOCK)
        @given(book=MANY_WORLDS, number=SEEDS, replication=st.integers(0, 9))
        def look(book: Rulebook, number: int, replication: int) -> None:
            seen.update(met(told_by("batch", book, number, replication)))

        look()
    assert codes() - seen - RARE == set(NEVER_SAID)


def test_england_with_covid_and_a_mix_at_a_small_scale() -> None:
    layers = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
    mix = str(CONFIGS / "mixes" / "led_and_simulation.toml")
    book = prepare(Assumed(tuple(str(CONFIGS / name) for name in layers), mix, scale=0.005)).rulebook
    assert_parity(book, 3)
