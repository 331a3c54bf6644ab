"""Accessors of the flat Rulebook, a doctor's row and the scratch list inside the kernel."""

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import (
    Pointer,
    array32_at,
    array64_at,
    as_constant,
    constant_int32_at,
    constant_int64_at,
    int32_at,
    int64_at,
    prefetch,
)
from pipeline_sim.engines.batch.memory.layout import HEADER_END, LINE, ROW_BYTES, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import PARAMS_AT, WORDS, Param, Table
from pipeline_sim.rules.codes import State

INDEX_BITS = 32
INDEX_MASK = (1 << INDEX_BITS) - 1
PREFETCH_ROW = 10  # doctors on a list whose rows are fetched before their turn
PREFETCH_SCAN = 32  # rows that are fetched early where all are looked at
PREFETCH_LEARNING = 5  # doctors whose rows have come by then: what they lead to is fetched


@kernel
def row_of(m: Memory, i: int) -> Pointer:
    """Row of a doctor, see `Row`."""
    return int32_at(as_constant(m)[Header.ROWS] + i * ROW_BYTES)


@kernel
def stream_of(m: Memory, i: int) -> int:
    """Stream in which a doctor applies."""
    row = row_of(m, i)
    after = table_value(m, Table.STREAM_AFTER, max(0, row[Row.PROGRAMME]))  # looked up for all: nobody can predict who
    return row[Row.STREAM] if row[Row.STATE] == State.POOL else after


@kernel
def fetch_row(m: Memory, i: int, lines: int) -> None:
    """Prefetch the first cache lines of a doctor's row."""
    for line in range(lines):
        prefetch(m[Header.ROWS] + i * ROW_BYTES + line * LINE)


@kernel
def fetch_ahead(m: Memory, i: int) -> None:
    """Prefetch the first line of a row whose turn comes soon, in a loop over all rows."""
    prefetch(m[Header.ROWS] + (i + PREFETCH_SCAN) * ROW_BYTES)


@kernel
def offset_of(m: Memory, table: Table, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """Offset of a cell of an int32 table; those next along the last axis follow."""
    at, fixed = HEADER_END + WORDS * table, as_constant(m)
    return fixed[at] + a * fixed[at + 1] + b * fixed[at + 2] + c * fixed[at + 3] + d * fixed[at + 4]


@kernel
def value_at(m: Memory, place: int) -> int:
    """Value of an int32 table at an offset."""
    return constant_int32_at(as_constant(m)[Header.TABLES])[place]


@kernel
def table_value(m: Memory, table: Table, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """Value of an int32 table."""
    return value_at(m, offset_of(m, table, a, b, c, d))


@kernel
def param(m: Memory, table: Param, a: int = 0, b: int = 0, c: int = 0) -> int:
    """Value of a table of thresholds, or a single number: days, a count or a flag."""
    at, fixed = PARAMS_AT + WORDS * table, as_constant(m)
    index = fixed[at] + a * fixed[at + 1] + b * fixed[at + 2] + c * fixed[at + 3]
    return constant_int64_at(fixed[Header.PARAMS])[index]


@kernel
def table_length(m: Memory, table: Table, axis: int) -> int:
    """Length of an int32 table along an axis."""
    return as_constant(m)[HEADER_END + WORDS * table + 5 + axis]


@kernel
def param_length(m: Memory, table: Param, axis: int) -> int:
    """Length of a table of thresholds along an axis."""
    return as_constant(m)[PARAMS_AT + WORDS * table + 5 + axis]


@kernel
def draw_category(m: Memory, word: int, table: Param, a: int, width: int) -> int:
    """Category drawn by a random word from a cumulative row; the row's width if the word is above all."""
    for i in range(width):
        if word < param(m, table, a, i):
            return i
    return width


@kernel
def draw_value(m: Memory, word: int, table: Table) -> int:
    """Value drawn by a random word from a table of one row, all equally likely."""
    return table_value(m, table, (word * table_length(m, table, 0)) >> 32)


# ---- rows as arrays, for rules that take whole rows ----------------------------------------------------------------


@allocating
def table_row(m: Memory, table: Table, axis: int, a: int = 0) -> np.ndarray:
    """Row of an int32 table along its last axis, as an array."""
    return array32_at(as_constant(m)[Header.TABLES] + 4 * offset_of(m, table, a), table_length(m, table, axis))


@allocating
def param_row(m: Memory, table: Param, a: int, width: int) -> np.ndarray:
    """Thresholds [width] of a table under one index of its first axis, as an array."""
    at, fixed = PARAMS_AT + WORDS * table, as_constant(m)
    return array64_at(fixed[Header.PARAMS] + 8 * (fixed[at] + a * fixed[at + 1]), width)


# ---- lists of doctors: number and place packed into one word, so that sorting needs no look at the row -----------


@kernel
def packed(m: Memory, i: int) -> int:
    """Word of a doctor on a list: trainee number, then row."""
    return row_of(m, i)[Row.NUMBER] << INDEX_BITS | i


@kernel
def push_scratch(m: Memory, place: int, i: int, key: int) -> None:
    """Put a doctor with a key on the scratch list."""
    int64_at(m[Header.KEYS])[place] = key
    int64_at(m[Header.SCRATCH])[place] = packed(m, i)


@kernel
def push_scratch_if(m: Memory, place: int, i: int, wanted: int) -> int:
    """Put a doctor without a key on the scratch list if wanted (1, else 0); returns the next place.

    In a loop over all rows: nothing jumps on what cannot be foreseen. There must be room for one who is not wanted.
    """
    int64_at(m[Header.SCRATCH])[place] = packed(m, i)
    return place + wanted


@kernel
def scratch_row(m: Memory, place: int) -> int:
    """Row number of the doctor at a place of the scratch list."""
    return int64_at(m[Header.SCRATCH])[place] & INDEX_MASK


@kernel
def scratch_trainee(m: Memory, place: int) -> int:
    """Trainee number of the doctor at a place of the scratch list."""
    return int64_at(m[Header.SCRATCH])[place] >> INDEX_BITS
