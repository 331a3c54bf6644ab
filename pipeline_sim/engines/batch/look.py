"""Reading the flat Rulebook inside the kernel."""

import numpy as np

from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import Memory


@kernel
def number(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """A cell of an int32 table."""
    at = m.at_number[table]
    return np.int64(m.numbers[at[0] + a * at[1] + b * at[2] + c * at[3] + d * at[4]])  # type: ignore[return-value]


@kernel
def chance(m: Memory, table: int, a: int = 0, b: int = 0, c: int = 0) -> int:
    """A cell of a table of thresholds, or a single number."""
    at = m.at_chance[table]
    return m.chances[at[0] + a * at[1] + b * at[2] + c * at[3]]


@kernel
def length(m: Memory, table: int, axis: int) -> int:
    """Length of an int32 table along an axis."""
    return m.at_number[table, 5 + axis]


@kernel
def chance_length(m: Memory, table: int, axis: int) -> int:
    """Length of a table of thresholds along an axis."""
    return m.at_chance[table, 5 + axis]


@kernel
def pick_chance(m: Memory, word: int, table: int, a: int, width: int) -> int:
    """First cell of a cumulative row above the word; its width if none is."""
    for i in range(width):
        if word < chance(m, table, a, i):
            return i
    return width


@kernel
def one_of_row(m: Memory, word: int, table: int, a: int, axis: int) -> int:
    """A cell of a row, all equally likely; `axis` is that of the cells."""
    count = m.at_number[table, 5 + axis]
    place = (word * count) >> 32
    if axis == 0:
        return number(m, table, place)
    return number(m, table, a, place)
