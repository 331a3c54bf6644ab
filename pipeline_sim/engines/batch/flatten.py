"""Flat arrays of the Rulebook, which the kernel reads by the members of `Table` and `Param`."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines.batch.memory.agenda import agenda
from pipeline_sim.engines.batch.memory.layout import LINE
from pipeline_sim.engines.batch.memory.table_index import WORDS, Param, Table
from pipeline_sim.engines.batch.memory.trainee_order import roll_from
from pipeline_sim.rules.rulebook import Rulebook

Parts = list[npt.NDArray[Any]]  # of a table, side by side along its last axis


class Tables(NamedTuple):
    """Flat Rulebook of a world."""

    tables: npt.NDArray[np.int32]
    params: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]  # [tables of both kinds, WORDS]
    enrolled: int  # length of the roll


def tables(rulebook: Rulebook, shared: npt.NDArray[np.int64] | None = None) -> Tables:
    """Flat tables of a Rulebook; worlds that share one memory share a roll."""
    roll = roll_from([rulebook]) if shared is None else shared
    items, begins = agenda(rulebook)
    derived = {"agenda": items, "agenda_from": begins, "roll_from": roll}
    ints, at_ints = flat([parts_of(rulebook, derived, *one.source) for one in Table], np.dtype(np.int32))
    params, at_params = flat([parts_of(rulebook, derived, *one.source) for one in Param], np.dtype(np.int64))
    return Tables(ints, params, np.concatenate([at_ints, at_params]), int(roll[-1]))


def flat(found: list[Parts], dtype: np.dtype[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Flat array of all tables of a kind, and where each begins."""
    at = np.zeros((len(found), WORDS), np.int64)
    whole = lined_up(sum(lines(sum(part.size for part in parts), dtype) for parts in found), dtype)
    offset = 0
    for row, parts in zip(at, found, strict=True):
        shape = (*parts[0].shape[:-1], sum(part.shape[-1] for part in parts))
        size = math.prod(shape)
        row[0] = offset
        for axis in range(len(shape)):
            row[1 + axis] = math.prod(shape[axis + 1 :])
            row[5 + axis] = shape[axis]
        if len(shape) == 1:
            row[2] = 1  # a single row may also be read as row 0
        np.concatenate(parts, axis=-1, out=whole[offset : offset + size].reshape(shape))
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


def parts_of(rulebook: Rulebook, derived: dict[str, npt.NDArray[Any]], room: str, field: str) -> Parts:
    """Table of the Rulebook by room and field, as parts that lie side by side along its last axis.

    What is learnt is laid out so that one look at a day finds all domains together; it is too large to be copied twice.
    """
    if field == "learning":
        both = rulebook.competence.opportunity_sum, rulebook.competence.taken_sum
        return [np.moveaxis(table, 0, -1) for table in both]
    if not room:
        return [derived[field]]
    return [np.atleast_1d(getattr(getattr(rulebook, room), field))]
