"""Counts of a training year, read off the tally, whose block is then cleared for the next year but one.

Runs between days, so it may allocate. Which words are not 0 cannot be foreseen, so nothing jumps on it.
"""

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import Pointer, int32_at, int64_at, lowest_bit, prefetch
from pipeline_sim.engines.batch.memory.access import PREFETCH_ROW
from pipeline_sim.engines.batch.memory.layout import Header, Memory
from pipeline_sim.engines.batch.output.tally import (
    CELL_WORDS,
    LINE_BITS,
    MARK_BITS,
    MEASURE_OF,
    OF_NO_DOCTOR,
    ORIGINS,
    PATTERNS,
)
from pipeline_sim.rules.people import NOBODY

KEYS = 6  # columns of records.event_log.Counts before the value
PEOPLE_KEYS = 3  # columns of records.event_log.PeopleCounts before the value
LINE_WORDS = 1 << LINE_BITS
MARKS_PER_BYTE = MARK_BITS - 3  # a mark of eight bytes stands for so many words


@allocating
def counted(address: int, year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Counts of a year that are not 0, in the order of the tally.

    Keys [6, N] and values [N] of counts by post, then keys [3, K] and values [K] of those by group of people.
    """
    m = int64_at(address)
    count = empty_out(m, (year & 1) * m[Header.TALLY_YEAR])
    places, held, people = int64_at(m[Header.KEYS]), int64_at(m[Header.SCRATCH]), m[Header.TALLY_PEOPLE]
    of_post, of_doctor = before(places, count, people), before(places, count, people + CELL_WORDS * NOBODY)
    keys, values = np.empty((KEYS, of_post), np.int16), np.empty(of_post, np.int64)
    for n in range(of_post):
        values[n] = held[n]
    write_keys(keys, places, year, m[Header.OFFICES] + 1)
    people_keys = np.empty((PEOPLE_KEYS, of_doctor - of_post), np.int16)
    people_values = np.empty(of_doctor - of_post, np.int64)
    for n in range(of_doctor - of_post):
        place = places[of_post + n] - people
        people_keys[0, n], people_keys[1, n] = year, place // CELL_WORDS
        people_keys[2, n] = MEASURE_OF[place % CELL_WORDS]
        people_values[n] = held[of_post + n]
    return keys, values, people_keys, people_values


@kernel
def before(places: Pointer, count: int, limit: int) -> int:
    """Number of offsets, which are in ascending order, below a limit."""
    while count > 0 and places[count - 1] >= limit:
        count -= 1
    return count


@kernel
def marked_lines(m: Memory, begins: int) -> int:
    """List the cache lines of a block on which something was counted, and clear their marks; returns how many.

    Those of groups of people are always marked.
    """
    marks, lines, count = int64_at(m[Header.TALLY_LINES] + (begins >> MARKS_PER_BYTE)), int64_at(m[Header.SPARE]), 0
    for place in range(m[Header.TALLY_YEAR] >> MARK_BITS):
        left = marks[place]
        if place < m[Header.TALLY_PEOPLE] >> MARK_BITS:
            marks[place] = 0
        while left != 0:
            lines[count] = (place << MARK_BITS) + (lowest_bit(left) << LINE_BITS)
            count += 1
            left &= left - 1
    return count


@kernel
def empty_out(m: Memory, begins: int) -> int:
    """List the offsets and values of a block that are not 0, and clear it; returns how many.

    After that they are 0. Every word of a marked line is written down, and the next one in its place if it was 0.
    """
    words, marked = int32_at(m[Header.TALLY] + 4 * begins), marked_lines(m, begins)
    lines, places, values, count = int64_at(m[Header.SPARE]), int64_at(m[Header.KEYS]), int64_at(m[Header.SCRATCH]), 0
    for n in range(marked):
        if n + PREFETCH_ROW < marked:
            prefetch(m[Header.TALLY] + 4 * (begins + lines[n + PREFETCH_ROW]))
        for word in range(lines[n], lines[n] + LINE_WORDS):
            places[count], values[count] = word, words[word]
            count += int(words[word] != 0)
            words[word] = 0
    return count


@kernel
def write_keys(keys: np.ndarray, places: Pointer, year: int, offices: int) -> None:
    """Write year, programme, office, pattern, origin and measure of cells; -1 where a key does not apply."""
    programme = 0
    for n in range(keys.shape[1]):
        cell = places[n] // CELL_WORDS
        slot, post = places[n] - CELL_WORDS * cell, cell // (PATTERNS * ORIGINS)
        while post >= (programme + 1) * offices:
            programme += 1
        keys[0, n], keys[1, n], keys[2, n] = year, programme - 1, post - programme * offices - 1
        keys[3, n], keys[4, n] = cell // ORIGINS % PATTERNS, -1 if OF_NO_DOCTOR[slot] else cell % ORIGINS
        keys[5, n] = MEASURE_OF[slot]
