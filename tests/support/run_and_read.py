"""Event logs of worlds as rows, and what they say of doctors. Knows nothing of how an engine works."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event, State
from pipeline_sim.rules.rulebook import Rulebook

FIRST_DOCTOR = 1 << 20


class Row(NamedTuple):
    """A row of the event log, as Python integers."""

    day: int
    phase: int
    trainee: int
    event: int
    from_code: int
    to_code: int
    programme: int
    grade: int
    office: int
    wte: int
    amount: int


def run_log(book: Rulebook, seed: int = 1, replication: int = 0, engine: str = "reference") -> EventLog:
    """Event log of one replication."""
    log = EventLog()
    ENGINES[engine](book, seed, replication, log)
    return log


def rows(log: EventLog) -> list[Row]:
    """All rows of a log, in its order."""
    columns = log.columns()
    return [Row(*values) for values in zip(*(columns[name].tolist() for name in Row._fields), strict=True)]


def rows_of(log_rows: list[Row], *events: Event) -> list[Row]:
    """Rows of some events."""
    return [row for row in log_rows if row.event in events]


def rows_without(log: EventLog, *events: Event) -> list[Row]:
    """Rows of all but some events."""
    return [row for row in rows(log) if row.event not in events]


class Whereabouts(NamedTuple):
    """State, programme and office of a doctor, and whether supervised."""

    state: int
    programme: int
    office: int
    supervised: int


NOT_ARRIVED = Whereabouts(State.NOT_YET, -1, -1, 0)
IN_PROGRAMME = range(State.TRAINING, State.OOPP + 1)
GIVES_UP_SLOT = range(State.PARENTAL, State.OOPP + 1)


def whereabouts_after(head: Whereabouts, row: Row) -> Whereabouts:
    """Whereabouts of a doctor after a row: the meaning of every event for them."""
    event = row.event
    if event == Event.ENTERED:
        return Whereabouts(State.POOL, -1, -1, 0)
    if event == Event.STARTED:
        return Whereabouts(State.TRAINING, row.programme, row.office, 0)
    if event in (Event.COMPLETED, Event.RESIGNED, Event.AWAY):
        keeps = event == Event.AWAY and row.to_code not in GIVES_UP_SLOT
        return head._replace(state=row.to_code, supervised=head.supervised if keeps else 0)
    if event == Event.REDEPLOYED:
        return head._replace(state=State.REDEPLOYED)
    if event == Event.RETURNED:
        return head._replace(state=State.TRAINING)
    if event in (Event.RELEASED, Event.LEFT_POOL):
        return head._replace(state=State.LEFT, supervised=0)
    if event == Event.GRACE_ENDED:
        return head._replace(state=State.COMPLETED)
    if event == Event.TRANSFERRED:
        return head._replace(office=row.to_code, supervised=0)
    if event == Event.ROTATED:
        return head._replace(supervised=0)
    if event == Event.PLACED:
        return head._replace(supervised=row.to_code)
    return head


def doctor_steps(log_rows: list[Row]) -> Iterator[tuple[Row, Whereabouts, Whereabouts]]:
    """Rows of doctors, each with the whereabouts before and after it."""
    heads: dict[int, Whereabouts] = {}
    for row in log_rows:
        if row.trainee >= FIRST_DOCTOR:
            before = heads.get(row.trainee, NOT_ARRIVED)
            heads[row.trainee] = whereabouts_after(before, row)
            yield row, before, heads[row.trainee]


def census_gaps(log_rows: list[Row]) -> dict[tuple[int, int], int]:
    """Gap at each census, by day and doctor."""
    return {(row.day, row.trainee): row.amount for row in rows_of(log_rows, Event.CENSUS)}


def first_difference(one: list[Row], other: list[Row]) -> Any:
    """First pair of rows that differ, or the two lengths; None if the logs are equal."""
    for left, right in zip(one, other, strict=False):
        if left != right:
            return left, right
    return None if len(one) == len(other) else (len(one), len(other))
