"""Runs a world and reads its log, for the laws. Nothing here knows how an engine works."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event, State
from pipeline_sim.rules.rulebook import Rulebook

Columns = dict[str, np.ndarray]
FIRST_DOCTOR = 1 << 20


class Row(NamedTuple):
    """One row of the log, as plain integers."""

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


def told(book: Rulebook, seed: int = 1, replication: int = 0, engine: str = "reference") -> EventLog:
    """The log of one replication."""
    log = EventLog()
    ENGINES[engine](book, seed, replication, log)
    return log


def rows(log: EventLog) -> list[Row]:
    """Every row, in the order of the log."""
    columns = log.columns()
    return [Row(*values) for values in zip(*(columns[name].tolist() for name in Row._fields), strict=True)]


def of(told_rows: list[Row], *events: Event) -> list[Row]:
    """Rows of some events."""
    return [row for row in told_rows if row.event in events]


def without(log: EventLog, *events: Event) -> list[Row]:
    """Every row but those of some events."""
    return [row for row in rows(log) if row.event not in events]


class Head(NamedTuple):
    """Where a doctor is after a row."""

    state: int
    programme: int
    office: int
    supervised: int


NOWHERE = Head(State.NOT_YET, -1, -1, 0)
IN_PROGRAMME = range(State.TRAINING, State.OOPP + 1)
GIVES_UP_SLOT = range(State.PARENTAL, State.OOPP + 1)


def moved(head: Head, row: Row) -> Head:
    """The doctor's whereabouts after a row; every rule of the log's own words is here."""
    event = row.event
    if event == Event.ENTERED:
        return Head(State.POOL, -1, -1, 0)
    if event == Event.STARTED:
        return Head(State.TRAINING, row.programme, row.office, 0)
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


def walked(told_rows: list[Row]) -> Iterator[tuple[Row, Head, Head]]:
    """Every doctor's row with the whereabouts before and after it."""
    heads: dict[int, Head] = {}
    for row in told_rows:
        if row.trainee >= FIRST_DOCTOR:
            before = heads.get(row.trainee, NOWHERE)
            heads[row.trainee] = moved(before, row)
            yield row, before, heads[row.trainee]


def gaps(told_rows: list[Row]) -> dict[tuple[int, int], int]:
    """Gap at each census, by day and doctor."""
    return {(row.day, row.trainee): row.amount for row in of(told_rows, Event.CENSUS)}


def first_difference(one: list[Row], other: list[Row]) -> Any:
    """The first place where two logs differ, for a message; None if they do not."""
    for left, right in zip(one, other, strict=False):
        if left != right:
            return left, right
    return None if len(one) == len(other) else (len(one), len(other))
