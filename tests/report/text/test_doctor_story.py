"""A doctor's story is English with dates, and every event can be told."""

from datetime import date

import pytest
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.report.text.doctor_story import (
    AFTERWARDS,
    OUTCOMES,
    Row,
    StoryWriter,
    doctor_rows,
    matching_doctors,
    story_heading,
)
from pipeline_sim.rules.codes import Event, Origin, Outcome, Phase, RoundKind, Stage, State
from pipeline_sim.rules.event_order import FIRST_TRAINEE, trainee_number
from pipeline_sim.world.schema.names import Names

NAMES = Names(
    programmes=("foundation", "core", "gp", "general-surgery"),
    programme_names=("Foundation Programme", "Core Training", "General Practice", "General Surgery"),
    programme_groups=(0, 1, 2, 1),
    programme_stages=("foundation", "core", "gp", "higher"),
    grades=(("F1", "F2"), ("CT1", "CT2"), ("ST1", "ST2", "ST3"), ("ST3", "ST4", "ST5")),
    offices=("london", "wessex"),
    office_names=("London", "Wessex"),
    office_regions=("london", "south_east"),
    groups=("foundation", "surgery", "general-practice"),
    group_names=("Foundation", "Surgery", "General practice"),
    streams=("after-foundation", "after-core"),
    exams=("mrcs-a", "mrcs-b", "atls"),
    place_kinds=("simulation",),
    years=(2018, 2019, 2020, 2021),
    reported_from=0,
)
DOCTOR = trainee_number(0, Origin.STOCK, 4)
TELLER = StoryWriter(NAMES, date(2018, 8, 1))


def row(day: int, event: Event, was: int = 0, now: int = 0, amount: int = 0, wte: int = 100) -> Row:
    return Row(day, Phase.REVIEW, DOCTOR, event, was, now, 3, 2, 1, wte, amount)


POST = "General Surgery in Wessex"
CARRIES = "ARCP: competences delayed by COVID, progresses with the gap (outcome 10.1), C1, 3 days late."
SUPPORTED = "Comes back from sick leave after 20 days with return-to-training support."
LATER = "Is awarded a CCT after 6.0 years and keeps the post for a while."


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (row(0, Event.STARTED, -1, Stage.HIGHER, 0, 60), f"Starts {POST} at ST5, at 60 % of full time."),
        (row(0, Event.STARTED, 0, Stage.HIGHER, 2), f"Starts {POST} at ST5, 2 above the number of posts."),
        (row(0, Event.EXAM_FAILED, 0, 2), "Fails MRCS A at attempt 2."),
        (row(0, Event.EXAM_PASSED, 2, 1), "Passes ATLS."),
        (row(0, Event.EXTENDED, Outcome.O10_2, 0, 91), "Training is extended by 91 whole-time days because of COVID."),
        (row(0, Event.SHORTENED, Outcome.O3, 0, 60), "Of the extension 60 whole-time days are no longer needed."),
        (row(0, Event.AWAY, 1, State.PARENTAL, 304), "Goes on parental leave for 10 months."),
        (row(0, Event.RETURNED, State.SICK, 1, 20), SUPPORTED),
        (row(0, Event.REDEPLOYED, 1, 2, 6), "Is redeployed to a COVID ward for 6 weeks."),
        (row(0, Event.ACCEPTED, RoundKind.SECOND), f"Accepts {POST} in the ST3 and ST4 round."),
        (row(0, Event.COMPLETED, Stage.HIGHER, State.GRACE, 2192), LATER),
        (row(0, Event.REVIEWED, 101, Outcome.O10_1, 3), CARRIES),
        (row(0, Event.SEATED, 0, 0, 2500), "Is given a place on simulation, worth 2.5 curriculum days."),
        (row(0, Event.SEATED, 0, 1, 2500), "A gap of 2.5 curriculum days is identified (simulation)."),
        (row(0, Event.TRANSFERRED, 1, 0), "Transfers to London."),
        (row(0, Event.REVALIDATED, 0, 0, 3), "Is recommended for revalidation, late."),
    ],
)
def test_an_event_in_words(told: Row, says: str) -> None:
    assert list(TELLER.lines([told])) == [f" 1 August 2018: {says}"]


def test_a_day_is_one_line_and_dull_days_are_left_out() -> None:
    rows = [row(0, Event.EXAM_PASSED, 0, 1), row(0, Event.RELEASED), row(1, Event.ROTATED), row(31, Event.CENSUS)]
    rows.append(row(37, Event.CENSUS, amount=12))
    assert list(TELLER.lines(rows)) == [
        " 1 August 2018: Passes MRCS A. Is released from training.",
        " 7 September 2018: Ends the training year with a gap of 12 curriculum days.",
    ]


def test_every_code_that_a_row_may_hold_has_words() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(AFTERWARDS) == {State.POOL, State.GRACE, State.COMPLETED, State.LEFT}


def test_every_doctor_of_a_run_has_a_story() -> None:
    log = EventLog()
    ENGINES["reference"](toy_rulebook(years=4, people=3), 2, 0, log)
    columns = log.columns()
    doctors = {number for number in columns["trainee"].tolist() if number >= FIRST_TRAINEE}
    assert len(doctors) > 50
    for number in doctors:
        rows = doctor_rows(columns, number)
        assert list(TELLER.lines(rows))
        assert str(number) in story_heading(number, rows)


def test_doctors_are_found_by_words_that_fit_at_the_same_time() -> None:
    log = EventLog()
    for number, programme, grade, office in ((1, 3, 2, 0), (2, 3, 1, 0), (3, 1, 1, 1)):
        log.write(5, 0, trainee_number(0, 0, number), Event.ROTATED, 0, 0, programme, grade, office, 100, 0)
    columns = log.columns()
    number = [trainee_number(0, 0, place) for place in range(4)]
    assert matching_doctors(columns, NAMES, "surgery ST5").tolist() == [number[1]]
    assert matching_doctors(columns, NAMES, "surgery").tolist() == number[1:]
    assert matching_doctors(columns, NAMES, "surgery wessex").tolist() == [number[3]]
    assert matching_doctors(columns, NAMES, "").tolist() == number[1:]
    assert matching_doctors(columns, NAMES, "ST5 wessex").tolist() == []


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        (24, "Is a man who qualified in the United Kingdom and began training here at 24."),
        (1129, "Is a woman who qualified in the European Economic Area and began training here at 29."),
        (2035, "Is a man who qualified elsewhere in the world and began training here at 35."),
    ],
)
def test_an_arrival_says_who_it_is(attributes: int, says: str) -> None:
    (line,) = TELLER.lines([row(0, Event.ENTERED, Origin.EXTERNAL, 0, attributes)])
    assert line.endswith(f"Qualified abroad, and applies for the first time. {says}")
