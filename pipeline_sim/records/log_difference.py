"""Comparison of two event logs: the first row in which they differ."""

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns

TURN_COLUMNS = ("day", "phase", "trainee")  # by which a log is sorted


class DifferenceKind(StrEnum):
    """Kind of difference at the first differing row."""

    CHANGED = "changed"  # the same turn in as many rows, with other values
    ONLY_IN_ONE = "only in one"  # the other log has fewer rows of this turn, or none
    ONLY_IN_OTHER = "only in other"


class Difference(NamedTuple):
    """First differing row of two logs."""

    row: int  # index in both logs; where one has ended, its length
    kind: DifferenceKind
    columns: tuple[str, ...]  # columns that differ there; none where one log has ended
    lengths: tuple[int, int]  # rows of either log


def first_differing_row(one: Columns, other: Columns) -> Difference | None:
    """First row in which two logs, both in (day, phase, trainee) order, differ; None if all rows are equal."""
    lengths = len(one["day"]), len(other["day"])
    shared = min(lengths)
    parts = {column.name: _first_unequal(one[column.name], other[column.name], shared) for column in LOG}
    row = min(parts.values())
    if row < shared:
        columns = tuple(name for name in parts if one[name][row] != other[name][row])
        return Difference(row, _kind(one, other, row), columns, lengths)
    if lengths[0] == lengths[1]:
        return None
    return Difference(
        row, DifferenceKind.ONLY_IN_ONE if lengths[0] > shared else DifferenceKind.ONLY_IN_OTHER, (), lengths
    )


def rows_between(columns: Columns, start: int, stop: int) -> Columns:
    """Copy of the rows from `start` up to `stop`, as far as there are any."""
    return {name: column[max(0, start) : max(0, stop)].copy() for name, column in columns.items()}


def _first_unequal(one: npt.NDArray[Any], other: npt.NDArray[Any], shared: int) -> int:
    unequal = one[:shared] != other[:shared]
    return int(np.argmax(unequal)) if unequal.any() else shared


def _kind(one: Columns, other: Columns, row: int) -> DifferenceKind:
    """Both logs are sorted by turn, so a turn that one of them has passed already is one it does not have."""
    turns = _turn(one, row), _turn(other, row)
    if turns[0] != turns[1]:
        return DifferenceKind.ONLY_IN_ONE if turns[0] < turns[1] else DifferenceKind.ONLY_IN_OTHER
    rows = _rows_of(one, turns[0]), _rows_of(other, turns[0])
    if rows[0] == rows[1]:
        return DifferenceKind.CHANGED
    return DifferenceKind.ONLY_IN_ONE if rows[0] > rows[1] else DifferenceKind.ONLY_IN_OTHER


def _turn(log: Columns, row: int) -> tuple[int, ...]:
    return tuple(int(log[name][row]) for name in TURN_COLUMNS)


def _rows_of(log: Columns, turn: tuple[int, ...]) -> int:
    """How many rows of a turn a log has."""
    equal = [log[name] == value for name, value in zip(TURN_COLUMNS, turn, strict=True)]
    return int(np.count_nonzero(np.logical_and.reduce(equal)))
