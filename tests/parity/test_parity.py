"""Two tellings of one story: the SimPy engine and the compiled one write the same rows, for every world."""

import numpy as np
import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from support import CONFIGS
from support.codes_in_log import NEVER_LOGGED, all_codes, codes_in
from support.engine_agreement import assert_parity
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import YEAR, changed, ints, toy_rulebook

from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.diagnostics.engine_parity import log_of
from pipeline_sim.study.replication.prepare import WorldSpec, prepare
from pipeline_sim.world.lowering.quantise import threshold

BY_PROGRAMME = ("gate", "parts", "gate_from", "gate_by", "on_entry", "valid_days")  # not by part
BLOCKS, WORLDS_A_BLOCK = range(4), 52  # blocks may be tested side by side
MANY_WORLDS = worlds(most_years=4, most_people=5)
SEEDS = st.integers(0, (1 << 63) - 1)


def gate_shut(part: int) -> Rulebook:
    """An exam (0) or a course (2) that nobody can take, due at a critical point and before a CCT; all goes well."""
    derogation = ints(np.where(np.arange(3 * YEAR + 1) < YEAR, 3, 1))
    book = toy_rulebook(3, 1, 6, programmes={"standard": ints([300] * 4)}, panels={"derogation": derogation})
    due = ints([[0, 9, 9, 9], [9] * 4, [2, 9, 9, 9], [9] * 4])
    gates = {"gate": ints([[part, -1, -1, -1]] * 4), "parts": ints([[1, 0, 0, 0]] * 4), "gate_by": due}
    return changed(book, exams={**gates, "gate_from": ints(np.zeros((4, 4))), "places": book.exams.places * 0})


def many_shield() -> Rulebook:
    """Most doctors shield, and some are redeployed, while outcomes 10 exist; panels disregard nothing (C4, C3)."""
    book = toy_rulebook(3, 1, 6)
    panels = {"derogation": ints(np.full(3 * YEAR + 1, 3)), "waiver_days": book.panels.waiver_days * 0}
    pulled = {"pull": np.full_like(book.redeployment.pull, threshold(0.005))}
    return changed(
        book, panels=panels, redeployment=pulled, life={"shield": np.full_like(book.life.shield, threshold(0.6))}
    )


def test_who_shields_or_is_redeployed_is_behind_for_it() -> None:
    assert {"Reason.C3", "Reason.C4"} <= codes_in(log_of("batch", many_shield(), 1))
    assert_parity(many_shield(), 1)


@pytest.mark.parametrize(("part", "codes"), [(0, ("C1", "C8", "C10")), (2, ("C2", "C9", "C11"))])
def test_a_gate_that_is_shut_is_waived_or_waited_for(part: int, codes: tuple[str, ...]) -> None:
    assert {f"Reason.{code}" for code in codes} <= codes_in(log_of("batch", gate_shut(part), 1))
    assert_parity(gate_shut(part), 1)


def test_a_world_without_exams() -> None:
    """The compiled engine looks exams up before it knows whether there are any; what it finds then must not count."""
    book = toy_rulebook(3)
    none = {field: table[:0] for field, table in book.exams._asdict().items() if field not in BY_PROGRAMME}
    assert_parity(changed(book, exams={**none, "gate": np.full_like(book.exams.gate, -1)}), 5)


@pytest.mark.parametrize("number", [1, 2, 1 << 40])
def test_a_toy_world(number: int) -> None:
    assert_parity(toy_rulebook(years=5), number)


def test_a_headcount_on_the_day_of_the_census() -> None:
    """Two offices write about the same doctors in the same phase: the count comes first."""
    assert_parity(toy_rulebook(2, 1, 1, calendar={"count_day": ints([363, 727])}), 1)


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

    The rarest are met in one drawn world of a hundred, and which are drawn depends on Hypothesis, so worlds are
    added in which an exam or a course is shut for all and in which most shield or are redeployed.
    """
    seen = {code for book in (gate_shut(0), gate_shut(2), many_shield()) for code in codes_in(log_of("batch", book, 1))}
    for block in BLOCKS:

        @seed(block)
        @examples(WORLDS_A_BLOCK)
        @given(book=MANY_WORLDS, number=SEEDS, replication=st.integers(0, 9))
        def look(book: Rulebook, number: int, replication: int) -> None:
            seen.update(codes_in(log_of("batch", book, number, replication)))

        look()
    assert all_codes() - seen == set(NEVER_LOGGED)


@pytest.mark.parametrize(
    "mix", ["supervised_lists", "conversations_then_courses", "exams_certificates_release", "even_split"]
)
def test_england_with_covid_and_a_mix_at_a_small_scale(mix: str) -> None:
    layers = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
    path = str(CONFIGS / "mixes" / f"{mix}.toml")
    book = prepare(WorldSpec(tuple(str(CONFIGS / name) for name in layers), path, scale=0.005)).rulebook
    assert_parity(book, 3)
