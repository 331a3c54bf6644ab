"""The counts of records/count_measures, made as the events happen, so that a run needs no log to be counted.

A block of the tally is a year: [programme + 1, office + 1, pattern, origin, SLOTS] in words of 32 bits. Thus all that a
doctor is counted in lies together, and what most are counted in every year, on one cache line. What is counted of no
doctor has no origin, and stands where the first one would. Two years are kept at once, because a start counts for the
end of foundation that it follows within a year. Most of a block stays 0: a bit for each cache line says whether
anything was added there, so that who reads and clears a block need not look at the rest. A year begins on a word of
such bits.
"""

import numpy as np

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int32_at, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import number, row_of
from pipeline_sim.engines.batch.memory.layout import (
    COUNTING,
    EXTENDED_HERE,
    FAULT,
    FINISHED,
    FINISHED_CELL,
    NUMBER,
    OFFICE,
    OFFICES,
    PROGRAMME,
    RANGE,
    TALLY,
    TALLY_LINES,
    TALLY_YEAR,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import YEAR_OF
from pipeline_sim.records.count_measures import WITHIN_A_YEAR_DAYS
from pipeline_sim.rules.event_order import FIRST_TRAINEE

LINE_BITS = 4  # 16 words lie on a cache line
MARK_BITS = LINE_BITS + 6  # a word of marks is for 64 lines
ORIGINS = 4
MOST_COUNTED = (1 << 31) - 1
# slots of a cell, a cache line after the other
(HEADCOUNT, WTE_SUM, GAP_CARRIED_DAYS, CARRYING_GAP, PLACEMENTS, PLACEMENTS_UNSUPERVISED) = range(6)
(NOT_ASSESSED, O1, O2, O3, O4, O5, O6, LATE_REVIEWS, REVIEW_DAYS_LATE, REVALIDATIONS) = range(6, 16)
(O8, O10_1, O10_2, AWAY_SICK) = range(16, 20)  # then the other ways of being away, in the order of State
(RETURNERS, RETURNERS_SUPPORTED, REVALIDATIONS_LATE, REVALIDATIONS_DEFERRED, STARTED, STARTED_STOCK) = range(26, 32)
(SUPERNUMERARY_STARTS, FOUNDATION_COMPLETIONS, FOUNDATION_STARTED_WITHIN_YEAR, CORE_COMPLETIONS) = range(32, 36)
(CCTS, TIME_TO_CCT_DAYS, CCTS_EXTENDED, EXTENSIONS, EXTENSION_DAYS, EXTENSIONS_3, EXTENSION_DAYS_3) = range(36, 43)
(EXTENSIONS_10_2, EXTENSION_DAYS_10_2, RESIGNED, RELEASED, TRANSFERS) = range(43, 48)
(OFFERS, ACCEPTED, ADVERTISED_FIRST) = range(48, 51)  # then ACCEPTED_FIRST, and so on by kind of round
(ADVERTISED, OFFERS_MADE, OFFERS_AGAIN, UNPLACED, WITHDREW, DEFERRED) = range(58, 64)
(REDEPLOYED, REDEPLOYED_WEEKS, SEATS, SEAT_THOUSANDTHS) = range(64, 68)
SLOTS = 80  # five cache lines
MEASURE_OF = np.array(  # place in records.measures.measure_names() of what is counted in a slot
    [
        *range(4), 64, 65, *range(4, 11), 14, 15, 30,
        *range(11, 14), *range(54, 63), 31, 32, 49, 50,
        51, 26, 27, 25, *range(22, 25), *range(16, 22), 28, 29, 63,
        34, 35, *range(36, 44), 33, *range(44, 49),
        52, 53, 66, 67,
    ]
)  # fmt: skip
OF_NO_DOCTOR = np.zeros(SLOTS, np.int64)  # 1 for what rows of rounds and offices are counted as
OF_NO_DOCTOR[[ADVERTISED, *range(ADVERTISED_FIRST, ADVERTISED_FIRST + 8, 2), OFFERS_MADE, OFFERS_AGAIN]] = 1


@kernel
def cell_of(m: Memory, day: int, trainee: int, programme: int, office: int, wte: int) -> int:
    """Where the slots of what a row counts for begin in the tally."""
    doctor = int(trainee >= FIRST_TRAINEE)
    origin, part_time = (trainee >> 20 & 3) * doctor, int(wte < 100) * doctor
    fixed = as_constant(m)
    cell = (((programme + 1) * (fixed[OFFICES] + 1) + office + 1) * 2 + part_time) * ORIGINS + origin
    return (number(m, YEAR_OF, day) & 1) * fixed[TALLY_YEAR] + SLOTS * cell


@kernel
def fetch_count(m: Memory, i: int, day: int, slot: int) -> None:
    """Ask for where a doctor, whose row is there already, is counted."""
    row = row_of(m, i)
    cell = cell_of(m, day, row[NUMBER], row[PROGRAMME], row[OFFICE], row[WTE])
    prefetch(as_constant(m)[TALLY] + 4 * (cell + slot))


@kernel
def add(m: Memory, cell: int, slot: int, amount: int) -> None:
    """Add to one count."""
    add_at(m, cell + slot, amount)
    mark(m, cell + slot)


@kernel
def add_pair(m: Memory, cell: int, slot: int, amount: int, other: int) -> None:
    """Add to two counts whose slots lie side by side on a cache line."""
    add_at(m, cell + slot, amount)
    add_at(m, cell + slot + 1, other)
    mark(m, cell + slot)


@kernel
def add_at(m: Memory, place: int, amount: int) -> None:
    """Add to a word; more than it can hold ends the run."""
    words = int32_at(as_constant(m)[TALLY])
    held = words[place] + amount
    words[place] = held
    if held > MOST_COUNTED:
        m[FAULT] = RANGE


@kernel
def mark(m: Memory, place: int) -> None:
    """Something was added on the cache line of a word."""
    fixed = as_constant(m)
    int64_at(fixed[TALLY_LINES])[place >> MARK_BITS] |= 1 << (place >> LINE_BITS & 63)


@kernel
def count_extended_cct(m: Memory, i: int, day: int) -> None:
    """A CCT that came after an extension in its programme; the row must still hold the post."""
    row = row_of(m, i)
    if m[COUNTING] and row[EXTENDED_HERE]:
        add(m, cell_of(m, day, row[NUMBER], row[PROGRAMME], row[OFFICE], row[WTE]), CCTS_EXTENDED, 1)


@kernel
def finish_foundation(m: Memory, i: int, day: int) -> None:
    """Remember where the end of foundation was counted; the row must still hold the post."""
    row = row_of(m, i)
    row[FINISHED] = day + 1
    row[FINISHED_CELL] = cell_of(m, day, row[NUMBER], row[PROGRAMME], row[OFFICE], row[WTE])


@kernel
def start_after_foundation(m: Memory, i: int, day: int) -> None:
    """Count a start soon after foundation where the end of foundation was counted."""
    row = row_of(m, i)
    if m[COUNTING] and row[FINISHED] and day + 1 - row[FINISHED] <= WITHIN_A_YEAR_DAYS:
        add(m, row[FINISHED_CELL], FOUNDATION_STARTED_WITHIN_YEAR, 1)
    row[FINISHED] = 0
