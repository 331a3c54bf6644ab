"""Where two logs part: the first row that they do not share."""

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns

TURN = ("day", "phase", "trainee")  # by which a log is sorted


class Kind(StrEnum):
    """What is the matter at the first row that differs."""

    CHANGED = "changed"  # the same turn in as many rows, told otherwise
    ONLY_IN_ONE = "only in one"  # the other log has fewer rows of this turn, or none
    ONLY_IN_OTHER = "only in other"


class Difference(NamedTuple):
    """The first row that two logs do not share."""

    row: int  # place in both logs, in their order; where one has ended, its length
    kind: Kind
    columns: tuple[str, ...]  # columns that differ there; none where one log has ended
    lengths: tuple[int, int]  # rows of either log


def first_difference(one: Columns, other: Columns) -> Difference | None:
    """The first row in which two logs differ, both in their canonical order; None if all rows are equal."""
    lengths = len(one["day"]), len(other["day"])
    shared = min(lengths)
    parts = {column.name: _first_unequal(one[column.name], other[column.name], shared) for column in LOG}
    row = min(parts.values())
    if row < shared:
        columns = tuple(name for name in parts if _differ(one[name], other[name], row))
        return Difference(row, _kind(one, other, row), columns, lengths)
    if lengths[0] == lengths[1]:
        return None
    return Difference(row, Kind.ONLY_IN_ONE if lengths[0] > shared else Kind.ONLY_IN_OTHER, (), lengths)


def stretch(columns: Columns, start: int, stop: int) -> Columns:
    """A copy of some rows; those that are not there are left out."""
    return {name: column[max(0, start) : max(0, stop)].copy() for name, column in columns.items()}


def _first_unequal(one: npt.NDArray[Any], other: npt.NDArray[Any], shared: int) -> int:
    unequal = one[:shared] != other[:shared]
    return int(np.argmax(unequal)) if unequal.any() else shared


def _differ(one: npt.NDArray[Any], other: npt.NDArray[Any], row: int) -> bool:
    return bool(one[row] != other[row])


def _kind(one: Columns, other: Columns, row: int) -> Kind:
    """Both logs are sorted by turn, so a turn that one of them has passed already is one it does not have."""
    turns = _turn(one, row), _turn(other, row)
    if turns[0] != turns[1]:
        return Kind.ONLY_IN_ONE if turns[0] < turns[1] else Kind.ONLY_IN_OTHER
    rows = _rows_of(one, turns[0]), _rows_of(other, turns[0])
    if rows[0] == rows[1]:
        return Kind.CHANGED
    return Kind.ONLY_IN_ONE if rows[0] > rows[1] else Kind.ONLY_IN_OTHER


def _turn(log: Columns, row: int) -> tuple[int, ...]:
    return tuple(int(log[name][row]) for name in TURN)


def _rows_of(log: Columns, turn: tuple[int, ...]) -> int:
    """How many rows of a turn a log has."""
    mine = [log[name] == value for name, value in zip(TURN, turn, strict=True)]
    return int(np.count_nonzero(np.logical_and.reduce(mine)))
