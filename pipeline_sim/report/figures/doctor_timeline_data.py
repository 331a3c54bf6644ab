"""Log rows of one doctor as spans and marks of a timeline."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.report.text.doctor_story import Row, doctor_rows
from pipeline_sim.rules.codes import Event, Outcome, State
from pipeline_sim.study.comparison.example_doctor import CERTIFIED, GIVEN, ExampleDoctor

SHORTEST = 7  # days of leave that are shown


class Span(NamedTuple):
    """Days from `start` to `end`, and what they were."""

    start: int
    end: int
    what: str


class Timeline(NamedTuple):
    """Career path of one doctor in one world, in days from the first day of the run."""

    world: str
    label: str
    posts: list[Span]  # grades
    wards: list[Span]
    leave: list[Span]
    extensions: list[Span]
    reviews: list[tuple[int, Outcome]]
    places: list[tuple[int, str]]  # given on interventions
    gaps_identified: list[int]  # days on which a meeting identified a gap
    extended: int  # whole-time days
    certified: int | None  # day of the CCT
    end: int


def timeline_of(roads: ExampleDoctor, world: str, label: str) -> Timeline:
    """Timeline of the example doctor in one world."""
    rows = doctor_rows(roads.rows[world], roads.trainee)
    close = round(DAYS_PER_YEAR * len(roads.names.years))
    posts = list(grade_spans(rows, roads, close))
    end = max((span.end for span in posts), default=max((row.day for row in rows), default=0))
    spells = list(absence_spans(rows, end))
    certified = [row.day for row in rows if row.event == Event.COMPLETED and row.from_code in CERTIFIED]
    seated = [row for row in rows if row.event == Event.SEATED]
    longer = list(extension_spans(rows, end))
    return Timeline(
        world,
        label,
        posts,
        [span for span in spells if span.what == State.REDEPLOYED.name],
        [span for span in spells if span.what != State.REDEPLOYED.name and span.end - span.start >= SHORTEST],
        longer,
        [(row.day, Outcome(row.to_code)) for row in rows if row.event == Event.REVIEWED],
        [(row.day, place_name(roads, row)) for row in seated if row.to_code == GIVEN],
        [row.day for row in seated if row.to_code != GIVEN],
        sum(extension_lengths(rows)),
        certified[-1] if certified else None,
        end,
    )


def extension_lengths(rows: Sequence[Row]) -> list[int]:
    """Whole-time days of each extension, less what was given back before the next one."""
    lengths: list[int] = []
    for row in rows:
        if row.event == Event.EXTENDED:
            lengths.append(row.amount)
        elif row.event == Event.SHORTENED and lengths:
            lengths[-1] -= row.amount
    return lengths


def extension_spans(rows: Sequence[Row], end: int) -> Iterator[Span]:
    """Spans of extensions, in days of the calendar from the decision on."""
    decided = [row for row in rows if row.event == Event.EXTENDED]
    for row, length in zip(decided, extension_lengths(rows), strict=True):
        yield Span(row.day, min(row.day + round(100 * length / max(row.wte, 1)), end), "")


def grade_spans(rows: Sequence[Row], roads: ExampleDoctor, close: int) -> Iterator[Span]:
    """Spans of the grades of a doctor; the last ends with the run at the latest."""
    begun: tuple[int, str] | None = None
    for row in rows:
        if row.event not in (Event.STARTED, Event.PROGRESSED, Event.COMPLETED, Event.RESIGNED, Event.RELEASED):
            continue
        if begun is not None:
            yield Span(begun[0], row.day, begun[1])
        grade = row.to_code if row.event == Event.PROGRESSED else row.grade
        goes_on = row.event in (Event.STARTED, Event.PROGRESSED)
        begun = (row.day, roads.names.grades[row.programme][grade]) if goes_on else None
    if begun is not None:
        yield Span(begun[0], max(close, begun[0]), begun[1])


def absence_spans(rows: Sequence[Row], end: int) -> Iterator[Span]:
    """Spans on COVID wards and on leave; one without a return lasts as long as planned."""
    gone = None
    for row in rows:
        if row.event in (Event.AWAY, Event.REDEPLOYED):
            planned = row.amount * (7 if row.event == Event.REDEPLOYED else 1)
            gone = Span(row.day, min(row.day + planned, end), State(row.to_code).name)
        elif row.event == Event.RETURNED and gone is not None:
            yield gone._replace(end=row.day)
            gone = None
    if gone is not None:
        yield gone


def place_name(roads: ExampleDoctor, row: Row) -> str:
    """Name of the intervention of a place."""
    seats = roads.names.place_kinds
    return seats[row.from_code].replace("-", " ") if row.from_code < len(seats) else "an intervention"
