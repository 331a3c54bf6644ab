"""The counts of records/measures, made as the events happen, so that a run needs no log to be counted.

A block of the tally is a year: [measures / 2, programme + 1, office + 1, pattern, origin, 2] in words of 32 bits. Thus
what happens to many in one phase is counted side by side, and two measures of a programme in an office, for all its
doctors, on one cache line. What is counted of no doctor has no origin, and stands where the first one would. Two years
are kept at once, because a start counts for the end of foundation that it follows within a year. Most of a block stays
0: a bit for each cache line says whether anything was added there, so that who reads and clears a block need not look
at the rest. A year begins on a word of such bits.
"""

import numpy as np

from pipeline_sim.base.cells import fetch, int32_at, int64_at, unchanging
from pipeline_sim.base.jit import kernel
from pipeline_sim.engines.batch.layout import (
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
    TALLY_CELLS,
    TALLY_LINES,
    TALLY_YEAR,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.look import number, row_of
from pipeline_sim.engines.batch.tables import YEAR_OF
from pipeline_sim.records.measures import FIRST_TRAINEE, WITHIN_A_YEAR_DAYS

LINE_BITS = 4  # 16 words lie on a cache line
MARK_BITS = LINE_BITS + 6  # a word of marks is for 64 lines
ORIGINS = 4
MOST_COUNTED = (1 << 31) - 1
(
    HEADCOUNT,
    WTE_SUM,
    GAP_CARRIED_DAYS,
    CARRYING_GAP,
    NOT_ASSESSED,
    O1,
    O2,
    O3,
    O4,
    O5,
    O6,
    O8,
    O10_1,
    O10_2,
    LATE_REVIEWS,
    REVIEW_DAYS_LATE,
    EXTENSIONS,
    EXTENSION_DAYS,
    EXTENSIONS_3,
    EXTENSION_DAYS_3,
    EXTENSIONS_10_2,
    EXTENSION_DAYS_10_2,
    CCTS,
    TIME_TO_CCT_DAYS,
    CCTS_EXTENDED,
    CORE_COMPLETIONS,
    FOUNDATION_COMPLETIONS,
    FOUNDATION_STARTED_WITHIN_YEAR,
    RESIGNED,
    RELEASED,
    REVALIDATIONS,
    REVALIDATIONS_LATE,
    REVALIDATIONS_DEFERRED,
    ADVERTISED,
    OFFERS,
    ACCEPTED,
    ADVERTISED_FIRST,  # then ACCEPTED_FIRST, and so on by kind of round
    OFFERS_MADE,
    OFFERS_AGAIN,
    UNPLACED,
    WITHDREW,
    DEFERRED,
    STARTED,
    STARTED_STOCK,
    SUPERNUMERARY_STARTS,
    REDEPLOYED,
    REDEPLOYED_WEEKS,
    AWAY_SICK,  # then the other ways of being away, in the order of State
    RETURNERS,
    RETURNERS_SUPPORTED,
    TRANSFERS,
    PLACEMENTS,
    PLACEMENTS_UNSUPERVISED,
    SEATS,
    SEAT_THOUSANDTHS,
) = (*range(37), *range(44, 55), *range(61, 68))
MEASURES = 68
MEASURE_ROOM = MEASURES + 1 & -2  # for as many: they lie in pairs
OF_NO_DOCTOR = np.zeros(MEASURE_ROOM, np.int64)  # 1 for what rows of rounds and offices are counted as
OF_NO_DOCTOR[[ADVERTISED, *range(ADVERTISED_FIRST, OFFERS_MADE, 2), OFFERS_MADE, OFFERS_AGAIN]] = 1


@kernel
def cell_of(m: Memory, day: int, trainee: int, programme: int, office: int, wte: int) -> int:
    """Where the first count of a row stands in the tally."""
    doctor = int(trainee >= FIRST_TRAINEE)
    origin, part_time = (trainee >> 20 & 3) * doctor, int(wte < 100) * doctor
    fixed = unchanging(m)
    cell = (((programme + 1) * (fixed[OFFICES] + 1) + office + 1) * 2 + part_time) * ORIGINS + origin
    return (number(m, YEAR_OF, day) & 1) * fixed[TALLY_YEAR] + 2 * cell


@kernel
def fetch_pair(m: Memory, i: int, day: int, measure: int) -> None:
    """Ask for where a doctor, whose row is there already, is counted in a measure that has an even number."""
    row, fixed = row_of(m, i), unchanging(m)
    cell = cell_of(m, day, row[NUMBER], row[PROGRAMME], row[OFFICE], row[WTE])
    fetch(fixed[TALLY] + 4 * (cell + measure * fixed[TALLY_CELLS]))


@kernel
def add(m: Memory, cell: int, measure: int, amount: int) -> None:
    """Add to one count."""
    fixed = unchanging(m)
    place = cell + (measure & -2) * fixed[TALLY_CELLS] + (measure & 1)
    add_at(m, place, amount)
    mark(m, place)


@kernel
def add_pair(m: Memory, cell: int, measure: int, amount: int, other: int) -> None:
    """Add to a count whose measure has an even number, and to that of the next measure."""
    place = cell + measure * unchanging(m)[TALLY_CELLS]
    add_at(m, place, amount)
    add_at(m, place + 1, other)
    mark(m, place)


@kernel
def add_at(m: Memory, place: int, amount: int) -> None:
    """Add to a word; more than it can hold ends the run."""
    words = int32_at(unchanging(m)[TALLY])
    held = words[place] + amount
    words[place] = held
    if held > MOST_COUNTED:
        m[FAULT] = RANGE


@kernel
def mark(m: Memory, place: int) -> None:
    """Something was added on the cache line of a word."""
    fixed = unchanging(m)
    int64_at(fixed[TALLY_LINES])[place >> MARK_BITS] |= 1 << (place >> LINE_BITS & 63)


@kernel
def count_extended_cct(m: Memory, i: int, day: int) -> None:
    """A CCT that came after an extension in its programme; the row must still hold the post."""
    row = row_of(m, i)
    if row[EXTENDED_HERE]:
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
    if row[FINISHED] and day + 1 - row[FINISHED] <= WITHIN_A_YEAR_DAYS:
        add(m, row[FINISHED_CELL], FOUNDATION_STARTED_WITHIN_YEAR, 1)
    row[FINISHED] = 0
