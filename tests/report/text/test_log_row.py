"""Every row of a log has words, and a row that no engine should write is shown as it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.run_and_read import rows, run_log
from support.worlds.draw_strategies import examples
from support.worlds.toy_names import FIRST_DAY, TOY_NAMES
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.records.columns import LOG, MEANINGS
from pipeline_sim.report.text.doctor_story import Row
from pipeline_sim.report.text.log_row import (
    CODES,
    HEADS,
    NUMBERS,
    LogWords,
    code_name,
    log_rows,
    meaning_of,
    name_or_number,
)
from pipeline_sim.rules.codes import Event, Outcome, Phase, Reason, State

WORDS = LogWords(TOY_NAMES, FIRST_DAY)


def row(event: Event, was: int = 0, now: int = 0, trainee: int = 1 << 23) -> Row:
    """Day 100, a GP trainee in Wessex."""
    return Row(100, Phase.PANEL, trainee, event, was, now, 2, 1, 1, 60, 1234)


def test_a_row_in_words() -> None:
    assert tuple(WORDS.cells(row(Event.REVIEWED, Reason.C5, Outcome.O10_2)).values()) == (
        "100", "9 Nov 2018", "panel", "8388608", "reviewed", "C5", "10.2",
        "General Practice", "ST2", "Wessex", "60", "1,234",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told_row", "was", "now"),
    [
        (row(Event.AWAY, State.TRAINING, State.PARENTAL), "training", "parental"),
        (row(Event.ENTERED, 2, -1), "external", "-"),
        (row(Event.ENTERED, 2, 1), "external", "after-core"),
        (row(Event.STARTED, -1, 4), "-", "gp"),
        (row(Event.PLACED, 0, 0), "", "not supervised"),
        (row(Event.WTE_CHANGED, 100, 60), "100", "60"),
        (row(Event.EXAM_FAILED, 2, 3), "course", "3"),
        (row(Event.PROGRESSED, 1, 2), "ST2", "ST3"),
        (row(Event.TRANSFERRED, 0, 2), "London", "North West"),
        (row(Event.SEATED, 0), "simulation", "given"),
        (row(Event.SEATED, 0, 1), "simulation", "found"),
        (row(Event.WITHDREW, 2), "not free in time", ""),
        (row(Event.REVIEWED, 0, 0), "none", "not assessed"),
        (row(Event.CENSUS, State.OOPC, 1), "oopc", "critical point"),
        (row(Event.ROUND_CLOSED, 3, 5), "february", "5"),
        (row(Event.COUNTED, 1, 9), "training", "9"),
    ],
)
def test_codes_are_told_by_what_they_mean(told_row: Row, was: str, now: str) -> None:
    cells = WORDS.cells(told_row)
    assert (cells["from"], cells["to"]) == (was, now)


def test_an_office_is_no_trainee() -> None:
    assert WORDS.cells(row(Event.ADVERTISED, trainee=1))["trainee"] == "office 1"


def test_every_meaning_of_the_schema_has_words() -> None:
    for event, said in MEANINGS.items():
        for meaning in (said.from_code, said.to_code):
            first = meaning.replace(",", " ").split(" ")[0]
            assert first in CODES or meaning in NUMBERS or WORDS.names_for(meaning, 0), (event, meaning)


@examples(200)
@given(values=st.lists(st.integers(-3, 130), min_size=len(LOG), max_size=len(LOG)))
def test_a_row_that_means_nothing_is_shown_as_it_stands(values: list[int]) -> None:
    cells = WORDS.cells(Row(*values))
    assert tuple(cells) == HEADS
    assert all(isinstance(text, str) for text in cells.values())


def test_a_code_without_a_name_is_its_number() -> None:
    assert code_name(Outcome, 77) == "77"
    assert code_name(State, -1) == "-"
    assert name_or_number(("a",), 1) == "1"
    assert meaning_of(99).amount == ""
    assert WORDS.cells(row(Event.ENTERED)._replace(programme=9))["grade"] == "1"


def test_every_row_of_a_run_is_told() -> None:
    log = run_log(toy_rulebook(2, 2, 2))
    assert [tuple(each) for each in log_rows(log.columns())] == [tuple(each) for each in rows(log)]
    assert all(WORDS.cells(Row(*each))["event"].isascii() for each in rows(log))
