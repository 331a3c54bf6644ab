"""Schema of the event log and of the table of measures: every column once, with its type, unit and description.

A row of the log is one event. The log is kept in (day, phase, trainee) order and within that in order of writing.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.rules.codes import Event

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1


class Column(NamedTuple):
    """Column of a table: name, little-endian NumPy type, unit and description."""

    name: str
    dtype: str
    unit: str
    description: str


LOG = (
    Column("day", "<i4", "days", "Day of the event, counted from the first day of warm-up."),
    Column("phase", "<i1", "rules.codes.Phase", "Order within the day."),
    Column("trainee", "<i4", "rules.event_order.trainee_number", "The doctor; below 2**20 an office or the nation."),
    Column("event", "<i1", "rules.codes.Event", "What happened."),
    Column("from_code", "<i2", "by event", "What it was before, or why; see meanings."),
    Column("to_code", "<i2", "by event", "What it is now; see meanings."),
    Column("programme", "<i2", "index", "Programme of the doctor or post, -1 if none."),
    Column("grade", "<i1", "index", "Training year of the programme from 0, -1 if none."),
    Column("office", "<i1", "index", "Office of the doctor or post, -1 if none."),
    Column("wte", "<i1", "per cent", "Working time of the doctor."),
    Column("amount", "<i4", "by event", "How much; see meanings."),
)


class Meaning(NamedTuple):
    """Meaning of from_code, to_code and amount in rows of one event; empty where they have none."""

    from_code: str = ""
    to_code: str = ""
    amount: str = ""


MEANINGS = {
    Event.ENTERED: Meaning(
        "Origin", "stream of applicants, -1 none", "Qualified x 1000, 100 more for a woman, and age at entry"
    ),
    Event.STARTED: Meaning("RoundKind, -1 for stock and F1", "Stage", "holders over establishment after the start"),
    Event.ROTATED: Meaning("Pattern"),
    Event.PLACED: Meaning("", "1 supervised, 0 not"),
    Event.WTE_CHANGED: Meaning("per cent before", "per cent after"),
    Event.EXAM_PASSED: Meaning("exam", "attempt"),  # a part of one
    Event.EXAM_FAILED: Meaning("exam", "attempt"),
    Event.REVIEWED: Meaning("Reason", "Outcome", "days late"),
    Event.EXTENDED: Meaning("Outcome, 3 or 102", "", "whole-time days"),
    Event.SHORTENED: Meaning("Outcome, 3 or 102", "", "whole-time days given back"),
    Event.PROGRESSED: Meaning("old grade", "new grade"),
    Event.COMPLETED: Meaning("Stage", "State after", "days in the programme"),
    Event.RESIGNED: Meaning("State before", "State after"),
    Event.RELEASED: Meaning("State before", "State after"),
    Event.AWAY: Meaning("State before", "State", "planned days"),
    Event.RETURNED: Meaning("State away", "1 supported, 0 not", "days away"),
    Event.REDEPLOYED: Meaning("State before", "State", "weeks"),
    Event.OFFERED: Meaning("RoundKind", "", "rank of the preference"),
    Event.ACCEPTED: Meaning("RoundKind", "offer run of the final post"),
    Event.WITHDREW: Meaning("1 withdrew, 2 not free in time"),
    Event.UNPLACED: Meaning("RoundKind"),
    Event.DEFERRED: Meaning(),
    Event.TRANSFERRED: Meaning("old office", "new office"),
    Event.REVALIDATED: Meaning("", "0 recommended, 1 deferred", "days late"),
    Event.SEATED: Meaning("kind of place", "0 given, 1 found", "thousandths of a curriculum day, given or missing"),
    Event.CENSUS: Meaning("State", "Critical of the grade", "gap carried, whole curriculum days"),
    Event.LEFT_POOL: Meaning(),
    Event.ADVERTISED: Meaning("RoundKind", "", "posts"),
    Event.GRACE_ENDED: Meaning("State before", "State after"),
    Event.ROUND_CLOSED: Meaning("RoundKind", "offer runs", "offers made"),
    Event.COUNTED: Meaning("State"),
    Event.REOFFERED: Meaning("RoundKind", "offer runs", "offers of posts declined earlier in the same round"),
}

MEASURES = (
    Column("replication", "<i4", "index", "Replication of the run."),
    Column("year", "<i2", "calendar year", "First calendar year of the training year: 2018 is 2018/19."),
    Column("programme", "str", "name", "Programme, empty if none."),
    Column("office", "str", "name", "Office, empty if none."),
    Column("stage", "str", "name", "Kind of programme, empty if none."),
    Column("pattern", "str", "name", "Working pattern."),
    Column("origin", "str", "name", "How the doctor came into the model, empty if not a doctor."),
    Column("measure", "str", "records.count_measures", "What is counted."),
    Column("value", "<i8", "by measure", "The count or sum."),
)


def arrow_schema() -> "pa.Schema":
    """Arrow schema of the event log: non-null integers, with unit, description and meanings as metadata."""
    import pyarrow as pa

    meanings = {f"meaning.{event.name}": " | ".join(MEANINGS[event]) for event in Event}
    return pa.schema(_fields(LOG), metadata={"pipeline_sim.schema": str(SCHEMA_VERSION), **meanings})


def measures_schema() -> "pa.Schema":
    """Arrow schema of the table of measures: non-null columns, with unit and description as metadata."""
    import pyarrow as pa

    return pa.schema(_fields(MEASURES), metadata={"pipeline_sim.schema": str(SCHEMA_VERSION)})


def _fields(columns: tuple[Column, ...]) -> "list[pa.Field]":
    import pyarrow as pa

    kinds = [pa.string() if c.dtype == "str" else pa.from_numpy_dtype(np.dtype(c.dtype)) for c in columns]
    metadata = [{"unit": c.unit, "says": c.description} for c in columns]
    return [pa.field(c.name, kind, False, about) for c, kind, about in zip(columns, kinds, metadata, strict=True)]
