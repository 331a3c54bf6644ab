"""Reading the flat Rulebook, a doctor's row and the offices' lists inside the kernel."""

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
from pipeline_sim.engines.batch.memory.layout import (
    CHANCES,
    KEYS,
    LINE,
    NUMBER,
    NUMBER_AT,
    NUMBERS,
    PROGRAMME,
    ROW_BYTES,
    ROWS,
    SCRATCH,
    STATE,
    STREAM,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import CHANCE_AT, STREAM_AFTER, WORDS
from pipeline_sim.rules.codes import State

NUMBER_BITS = 32
PLACE_MASK = (1 << NUMBER_BITS) - 1
AHEAD = 10  # doctors on a list whose rows are fetched before their turn
FAR_AHEAD = 32  # rows that are fetched early where all are looked at
SOON = 5  # doctors whose rows have come by then: what they lead to is fetched


@kernel
def row_of(m: Memory, i: int) -> Pointer:
    """A doctor's row."""
    return int32_at(as_constant(m)[ROWS] + i * ROW_BYTES)


@kernel
def stream_of(m: Memory, i: int) -> int:
    """Way of applying."""
    if row_of(m, i)[STATE] == State.POOL:
        return row_of(m, i)[STREAM]
    return number(m, STREAM_AFTER, row_of(m, i)[PROGRAMME])


@kernel
def fetch_row(m: Memory, i: int, lines: int) -> None:
    """Ask for the first cache lines of a doctor's row, to be there when the turn comes."""
    for line in range(lines):
        prefetch(m[ROWS] + i * ROW_BYTES + line * LINE)


@kernel
def fetch_ahead(m: Memory, i: int) -> None:
    """In a loop over all rows: ask for the first line of one whose turn comes soon."""
    prefetch(m[ROWS] + (i + FAR_AHEAD) * ROW_BYTES)


@kernel
def place_of(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """Where a cell of an int32 table lies; those next along the last axis follow."""
    at, fixed = NUMBER_AT + WORDS * table, as_constant(m)
    return fixed[at] + a * fixed[at + 1] + b * fixed[at + 2] + c * fixed[at + 3] + d * fixed[at + 4]


@kernel
def number_at(m: Memory, place: int) -> int:
    """A cell by its place."""
    return constant_int32_at(as_constant(m)[NUMBERS])[place]


@kernel
def number(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """A cell of an int32 table."""
    return number_at(m, place_of(m, table, a, b, c, d))


@kernel
def chance(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0) -> int:
    """A cell of a table of thresholds, or a single number."""
    at, fixed = CHANCE_AT + WORDS * table, as_constant(m)
    return constant_int64_at(fixed[CHANCES])[fixed[at] + a * fixed[at + 1] + b * fixed[at + 2] + c * fixed[at + 3]]


@kernel
def length(m: Memory, table: int, axis: int) -> int:
    """Length of an int32 table along an axis."""
    return as_constant(m)[NUMBER_AT + WORDS * table + 5 + axis]


@kernel
def chance_length(m: Memory, table: int, axis: int) -> int:
    """Length of a table of thresholds along an axis."""
    return as_constant(m)[CHANCE_AT + WORDS * table + 5 + axis]


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


# ---- rows as arrays, for rules that take whole rows ----------------------------------------------------------------


@allocating
def number_row(m: Memory, table: int, axis: int, a: int = 0) -> np.ndarray:
    """A row of an int32 table along its last axis."""
    return array32_at(as_constant(m)[NUMBERS] + 4 * place_of(m, table, a), length(m, table, axis))


@allocating
def chance_row(m: Memory, table: int, a: int, width: int) -> np.ndarray:
    """So many thresholds of a table side by side, all below one place of its first axis."""
    at, fixed = CHANCE_AT + WORDS * table, as_constant(m)
    return array64_at(fixed[CHANCES] + 8 * (fixed[at] + a * fixed[at + 1]), width)


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
def set_aside_if(m: Memory, place: int, i: int, wanted: int) -> int:
    """Onto the scratch list without a key if wanted (1, else 0); the next place.

    In a loop over all rows: nothing jumps on what cannot be foreseen. There must be room for one who is not wanted.
    """
    int64_at(m[SCRATCH])[place] = packed(m, i)
    return place + wanted


@kernel
def aside(m: Memory, place: int) -> int:
    """The doctor at a place of the scratch list."""
    return int64_at(m[SCRATCH])[place] & PLACE_MASK


@kernel
def aside_number(m: Memory, place: int) -> int:
    """The trainee number of the doctor at a place of the scratch list."""
    return int64_at(m[SCRATCH])[place] >> NUMBER_BITS
