"""Flat arrays of the Rulebook, which the kernel reads by the members of `Table` and `Param`."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.compiler.jit import entry
from pipeline_sim.base.compiler.pointers import int32_at
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.engines.batch.memory.agenda import agenda
from pipeline_sim.engines.batch.memory.layout import LINE
from pipeline_sim.engines.batch.memory.table_index import WORDS, Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import roll_from
from pipeline_sim.rules.rulebook import Competence, Rulebook

LEARNT = 8  # columns of a day: what each domain offered, then what shocks took


class Planes(NamedTuple):
    """What is learnt by day; kept here because the kernel has addresses alone."""

    known: dict[tuple[int, ...], npt.NDArray[np.int32]]  # [T+1, 8] by the addresses of the rows it is made of
    rows: tuple[SharedRows, ...]  # which nothing else can have while they are kept


class Tables(NamedTuple):
    """Flat Rulebook of a world."""

    tables: npt.NDArray[np.int32]
    params: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]  # [tables of both kinds, WORDS]
    roll: npt.NDArray[np.int64]  # offsets on the roll; the last is its length
    planes: Planes


def tables(rulebook: Rulebook, shared: npt.NDArray[np.int64] | None = None, trunk: Tables | None = None) -> Tables:
    """Flat tables of a Rulebook; worlds that share one memory share a roll, and the planes of a trunk that is there."""
    roll = trunk.roll if trunk else roll_from([rulebook]) if shared is None else shared
    items, begins = agenda(rulebook)
    learning, planes = learning_planes(rulebook.competence, trunk.planes if trunk else None)
    derived = {"agenda": items, "agenda_from": begins, "roll_from": roll, "learning": learning}
    ints, at_ints = flat([table_of(rulebook, derived, *one.source) for one in Table], np.dtype(np.int32))
    params, at_params = flat([table_of(rulebook, derived, *one.source) for one in Param], np.dtype(np.int64))
    return Tables(ints, params, np.concatenate([at_ints, at_params]), roll, planes)


def learning_planes(competence: Competence, trunk: Planes | None) -> tuple[npt.NDArray[np.int64], Planes]:
    """Addresses [L, O] of what is learnt in a place, and the planes that are there; those of a trunk are used again.

    A plane is laid out so that one look at a day finds all domains together, on one cache line.
    """
    both = SharedRows.of(competence.opportunity_sum), SharedRows.of(competence.taken_sum)
    days, places = both[0].shape[-1], both[0].at.shape[1:]
    columns = list(
        map(tuple, np.concatenate([each.addresses for each in both]).reshape(-1, math.prod(places)).T.tolist())
    )
    known = trunk.known if trunk else {}
    new = [column for column in dict.fromkeys(columns) if column not in known]
    room = lined_up(len(new) * days * LEARNT, np.dtype(np.int32)).reshape(len(new), days, LEARNT)
    side_by_side(np.array(new, np.int64).reshape(-1, LEARNT), room)
    own = dict(zip(new, room, strict=True))
    planes = {column: own[column] if column in own else known[column] for column in dict.fromkeys(columns)}
    at = {column: plane.ctypes.data for column, plane in planes.items()}
    return np.array([at[column] for column in columns], np.int64).reshape(places), Planes(planes, both)


@entry
def side_by_side(columns: np.ndarray, planes: np.ndarray) -> None:
    """Planes [N, T+1, 8] of rows at the addresses of columns [N, 8]."""
    for plane in range(planes.shape[0]):
        for column in range(planes.shape[2]):
            row = int32_at(columns[plane, column])
            for day in range(planes.shape[1]):
                planes[plane, day, column] = row[day]


def flat(found: list[npt.NDArray[Any]], dtype: np.dtype[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Flat array of all tables of a kind, and where each begins."""
    at = np.zeros((len(found), WORDS), np.int64)
    whole = lined_up(sum(lines(table.size, dtype) for table in found), dtype)
    offset = 0
    for row, table in zip(at, found, strict=True):
        shape, size = table.shape, table.size
        row[0] = offset
        for axis in range(len(shape)):
            row[1 + axis] = math.prod(shape[axis + 1 :])
            row[5 + axis] = shape[axis]
        if len(shape) == 1:
            row[2] = 1  # a single row may also be read as row 0
        whole[offset : offset + size] = table.ravel()
        offset += lines(size, dtype)
    return whole, at


def lines(size: int, dtype: np.dtype[Any]) -> int:
    """Length rounded up to whole cache lines."""
    width = LINE // dtype.itemsize
    return -(-size // width) * width


def lined_up(size: int, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Array that begins on a cache line, so that no day's learning spans two."""
    room = np.empty(size * dtype.itemsize + LINE, np.uint8)
    begins = -room.ctypes.data % LINE
    return room[begins : begins + size * dtype.itemsize].view(dtype)


def table_of(rulebook: Rulebook, derived: dict[str, npt.NDArray[Any]], room: str, field: str) -> npt.NDArray[Any]:
    """Table of the Rulebook by room and field."""
    return derived[field] if not room else np.atleast_1d(getattr(getattr(rulebook, room), field))
