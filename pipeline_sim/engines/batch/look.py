"""Reading the flat Rulebook, a doctor's row and the offices' lists inside the kernel."""

from pipeline_sim.base.cells import Cells, int32_at, int64_at
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import (
    CHANCES,
    KEYS,
    NUMBER,
    NUMBER_AT,
    NUMBERS,
    ROW_BYTES,
    ROWS,
    SCRATCH,
    Memory,
)
from pipeline_sim.engines.batch.tables import CHANCE_AT, WORDS

NUMBER_BITS = 32
PLACE_MASK = (1 << NUMBER_BITS) - 1


@kernel
def row_of(m: Memory, i: int) -> Cells:
    """A doctor's row."""
    return int32_at(m[ROWS] + i * ROW_BYTES)


@kernel
def number(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """A cell of an int32 table."""
    at = NUMBER_AT + WORDS * table
    place = m[at] + a * m[at + 1] + b * m[at + 2] + c * m[at + 3] + d * m[at + 4]
    return int32_at(m[NUMBERS])[place]


@kernel
def chance(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0) -> int:
    """A cell of a table of thresholds, or a single number."""
    at = CHANCE_AT + WORDS * table
    return int64_at(m[CHANCES])[m[at] + a * m[at + 1] + b * m[at + 2] + c * m[at + 3]]


@kernel
def length(m: Memory, table: int, axis: int) -> int:
    """Length of an int32 table along an axis."""
    return m[NUMBER_AT + WORDS * table + 5 + axis]


@kernel
def chance_length(m: Memory, table: int, axis: int) -> int:
    """Length of a table of thresholds along an axis."""
    return m[CHANCE_AT + WORDS * table + 5 + axis]


@kernel
def pick_chance(m: Memory, word: int, table: int, a: int, width: int) -> int:
    """First cell of a cumulative row above the word; its width if none is."""
    for i in range(width):
        if word < chance(m, table, a, i):
            return i
    return width


@kernel
def one_of_row(m: Memory, word: int, table: int) -> int:
    """A cell of a table of one row, all equally likely."""
    return number(m, table, (word * length(m, table, 0)) >> 32)


# ---- lists of doctors: number and place packed into one word, so that sorting needs no look at the row -----------


@kernel
def packed(m: Memory, i: int) -> int:
    """A doctor on a list."""
    return row_of(m, i)[NUMBER] << NUMBER_BITS | i


@kernel
def set_aside(m: Memory, place: int, i: int, key: int) -> None:
    """A doctor onto the scratch list."""
    int64_at(m[KEYS])[place] = key
    int64_at(m[SCRATCH])[place] = packed(m, i)


@kernel
def aside(m: Memory, place: int) -> int:
    """The doctor at a place of the scratch list."""
    return int64_at(m[SCRATCH])[place] & PLACE_MASK
