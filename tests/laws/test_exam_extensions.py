"""Extensions for an exam, read from the rows of England alone: they wait for a result, and end once it is there."""

from collections.abc import Iterator
from itertools import groupby

import pytest
from support import CONFIGS
from support.run_and_read import Row, rows, run_log

from pipeline_sim.rules.codes import Event, Outcome, Phase, Reason
from pipeline_sim.study.replication.prepare import WorldSpec, prepare

FOR_AN_EXAM = (Reason.U5, Reason.C8, Reason.C10)
RESULTS = {Event.EXAM_PASSED, Event.EXAM_FAILED}
ENDS = {Event.PROGRESSED, Event.COMPLETED}
CHANGES = {Event.AWAY, Event.EXTENDED, Event.RESIGNED, Event.TRANSFERRED, Event.WTE_CHANGED}
FOUR_WEEKS, SNAPPED, WAIT = 28, 21, 28  # for the review; to a changeover; for evidence, a result or a panel


@pytest.fixture(scope="module")
def careers() -> list[list[Row]]:
    """Rows by doctor, of one replication of a twentieth of England with COVID."""
    layers = tuple(str(CONFIGS / name) for name in ("england.toml", "covid.toml"))
    book = prepare(WorldSpec(layers, None, scale=0.05)).rulebook
    in_order = sorted(rows(run_log(book, 2021, engine="batch")), key=lambda row: row.trainee)
    return [list(career) for _, career in groupby(in_order, key=lambda row: row.trainee)]


def exam_extensions(careers: list[list[Row]]) -> Iterator[list[Row]]:
    """Rows of a doctor from the decision on an extension for an exam alone to the end of the grade, or of the rows."""
    for career in careers:
        for place in range(1, len(career)):
            decision, row = career[place - 1 : place + 1]
            if row.event == Event.EXTENDED and decision.from_code in FOR_AN_EXAM:
                ends = (i + 1 for i in range(place, len(career)) if career[i].event in ENDS)
                yield career[place : next(ends, len(career))]


def held(row: Row) -> bool:
    """A review with a decision."""
    return row.event == Event.REVIEWED and row.phase == Phase.PANEL and row.to_code not in (0, Outcome.O5)


def test_nobody_is_extended_again_before_there_was_a_result(careers: list[list[Row]]) -> None:
    """But for those whose allowance is so short, or who are away."""
    again = []
    for spell in exam_extensions(careers):
        following = next((i for i in range(1, len(spell)) if held(spell[i])), None)
        if following is not None:
            between = {row.event for row in spell[1:following]}
            again.append(spell[following].to_code == Outcome.O3 and not between & (RESULTS | {Event.AWAY}))
    assert len(again) > 100
    assert sum(again) <= len(again) // 50


def test_an_extension_ends_soon_after_the_exam_is_passed(careers: list[list[Row]]) -> None:
    """What is no longer needed is given back, and the grade ends within weeks, if that is all that was missing."""
    left = []
    for spell in exam_extensions(careers):
        events = [row.event for row in spell]
        if Event.SHORTENED in events:
            place = events.index(Event.SHORTENED)
            if events[-1] in ENDS and not set(events[place:]) & CHANGES and spell[place].amount > 0:
                left.append(spell[-1].day - spell[place].day)
    assert len(left) > 100
    begun = [days for days in left if days <= FOUR_WEEKS + SNAPPED + WAIT]
    assert len(begun) > 0.7 * len(left)  # the others passed before the grade itself was served
