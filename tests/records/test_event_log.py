"""The log keeps rows as they are, in the order of the model, and never wraps."""

import numpy as np
import pytest

from pipeline_sim.records.columns import LOG, MEANINGS
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.codes import Event

ROW = (5, 3, 1 << 23, 7, 101, 102, 80, 7, 10, 100, 91)
PLACE = {column.name: place for place, column in enumerate(LOG)}


def changed(**values: int) -> tuple[int, ...]:
    row = list(ROW)
    for name, value in values.items():
        row[PLACE[name]] = value
    return tuple(row)


def log_of(*rows: tuple[int, ...]) -> EventLog:
    log = EventLog()
    for row in rows:
        log.write(*row)
    return log


def test_a_row_comes_back_as_it_was_written() -> None:
    log = log_of(ROW)
    assert len(log) == 1
    assert [int(column[0]) for column in log.columns().values()] == list(ROW)


def test_columns_have_the_types_of_the_schema() -> None:
    columns = log_of(ROW).columns()
    assert {name: column.dtype.str.lstrip("|<") for name, column in columns.items()} == {
        column.name: column.dtype.lstrip("<") for column in LOG
    }


def test_rows_are_read_by_day_phase_and_trainee() -> None:
    late, early = changed(day=6, phase=0, trainee=1 << 22), changed(day=5, phase=4, trainee=1 << 22)
    lower = changed(trainee=1 << 22)
    columns = log_of(late, ROW, early, lower).columns()
    assert columns["day"].tolist() == [5, 5, 5, 6]
    assert columns["phase"].tolist() == [3, 3, 4, 0]
    assert columns["trainee"].tolist() == [1 << 22, 1 << 23, 1 << 22, 1 << 22]


def test_rows_of_one_turn_stay_in_the_order_of_writing() -> None:
    columns = log_of(*(changed(amount=amount) for amount in (9, 2, 7))).columns()
    assert columns["amount"].tolist() == [9, 2, 7]


def test_order_of_writing_between_doctors_does_not_change_the_digest() -> None:
    other = changed(trainee=1 << 24)
    assert log_of(ROW, other).digest() == log_of(other, ROW).digest()


@pytest.mark.parametrize("name", [column.name for column in LOG])
def test_one_number_changed_changes_the_digest(name: str) -> None:
    assert log_of(ROW).digest() != log_of(changed(**{name: ROW[PLACE[name]] - 1})).digest()


@pytest.mark.parametrize("column", LOG, ids=lambda column: column.name)
@pytest.mark.parametrize("side", [-1, 1])
def test_a_value_that_does_not_fit_is_refused(column: object, side: int) -> None:
    most = 1 << (8 * np.dtype(column.dtype).itemsize - 1)
    value = most if side > 0 else -most - 1
    log = log_of(changed(**{column.name: most - 1}))
    with pytest.raises(RecordsError, match=rf"{value} does not fit column {column.name}"):
        log.write(*changed(**{column.name: value}))
    assert len(log) == 1


def test_the_table_says_what_every_column_and_event_means() -> None:
    schema = log_of(ROW).table().schema
    for field in schema:
        assert field.metadata[b"says"]
        assert field.metadata[b"unit"]
        assert not field.nullable
    assert set(MEANINGS) == set(Event)
    assert schema.metadata[b"meaning.EXTENDED"] == b"Outcome, 3 or 102 |  | whole-time days"


def test_an_empty_log_has_columns_and_a_digest() -> None:
    log = EventLog()
    assert all(len(column) == 0 for column in log.columns().values())
    assert len(log.digest()) == 64
