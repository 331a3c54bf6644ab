"""Tally: the counts of records/count_measures, made as the events happen, so that a run needs no log.

A block of the tally is a year: [programme + 1, office + 1, pattern, origin, CELL_WORDS] in words of 32 bits. Thus all
counts of a doctor lie together, and the yearly ones on one cache line. Counts that belong to no doctor have no origin
and stand where the first one would. Two years are in memory at once, because a start counts for the end of foundation
that it follows within a year. Most of a block stays 0: a bit for each cache line says whether anything was added there,
so that reading and clearing skip the rest. A year begins on a word of such bits.
"""

from enum import IntEnum, auto

import numpy as np

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int32_at, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import row_of, table_value
from pipeline_sim.engines.batch.memory.layout import Fault, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.records.count_measures import FIRST_TRAINEE, WITHIN_A_YEAR_DAYS, measure_names

LINE_BITS = 4  # 16 words lie on a cache line
MARK_BITS = LINE_BITS + 6  # a word of marks is for 64 lines
ORIGINS = 4
MOST_COUNTED = (1 << 31) - 1


class Slot(IntEnum):
    """Words of a cell, named as the measures of records/count_measures, a cache line of 16 after the other."""

    HEADCOUNT = 0
    WTE = auto()
    GAP_CARRIED_DAYS = auto()
    CARRYING_GAP = auto()
    PLACEMENTS = auto()
    PLACEMENTS_UNSUPERVISED = auto()
    NOT_ASSESSED = auto()
    O1 = auto()
    O2 = auto()
    O3 = auto()
    O4 = auto()
    O5 = auto()
    O6 = auto()
    LATE_REVIEWS = auto()
    REVIEW_DAYS_LATE = auto()
    REVALIDATIONS = auto()
    O8 = auto()
    O10_1 = auto()
    O10_2 = auto()
    AWAY_SICK = auto()  # the ways of being away are in the order of State
    AWAY_PARENTAL = auto()
    AWAY_OOPT = auto()
    AWAY_OOPR = auto()
    AWAY_OOPE = auto()
    AWAY_OOPC = auto()
    AWAY_OOPP = auto()
    RETURNERS = auto()
    RETURNERS_SUPPORTED = auto()
    REVALIDATIONS_LATE = auto()
    REVALIDATIONS_DEFERRED = auto()
    STARTED = auto()
    STARTED_STOCK = auto()
    SUPERNUMERARY_STARTS = auto()
    FOUNDATION_COMPLETIONS = auto()
    FOUNDATION_STARTED_WITHIN_YEAR = auto()
    CORE_COMPLETIONS = auto()
    CCTS = auto()
    TIME_TO_CCT_DAYS = auto()
    CCTS_EXTENDED = auto()
    EXTENSIONS = auto()
    EXTENSION_DAYS = auto()
    EXTENSIONS_3 = auto()
    EXTENSION_DAYS_3 = auto()
    EXTENSIONS_10_2 = auto()
    EXTENSION_DAYS_10_2 = auto()
    RESIGNED = auto()
    RELEASED = auto()
    TRANSFERS = auto()
    OFFERS = auto()
    ACCEPTED = auto()
    ADVERTISED_FIRST = auto()  # two for each kind of round, in the order of RoundKind
    ACCEPTED_FIRST = auto()
    ADVERTISED_SECOND = auto()
    ACCEPTED_SECOND = auto()
    ADVERTISED_READVERT = auto()
    ACCEPTED_READVERT = auto()
    ADVERTISED_FEBRUARY = auto()
    ACCEPTED_FEBRUARY = auto()
    ADVERTISED = auto()
    OFFERS_MADE = auto()
    OFFERS_AGAIN = auto()
    UNPLACED = auto()
    WITHDREW = auto()
    DEFERRED = auto()
    REDEPLOYED = auto()
    REDEPLOYED_WEEKS = auto()
    SEATS = auto()
    SEAT_THOUSANDTHS = auto()


CELL_WORDS = 80  # five cache lines
MEASURE_OF = np.array([measure_names().index(slot.name.lower()) for slot in Slot])  # [slots] index of the measure
OF_NO_DOCTOR = np.array([slot.name.startswith(("ADVERTISED", "OFFERS_")) for slot in Slot], np.int64)  # no origin


@kernel
def cell_of(m: Memory, day: int, trainee: int, programme: int, office: int, wte: int) -> int:
    """Offset in the tally of the cell in which a row counts."""
    doctor = int(trainee >= FIRST_TRAINEE)
    origin, part_time = (trainee >> 20 & 3) * doctor, int(wte < 100) * doctor
    fixed = as_constant(m)
    cell = (((programme + 1) * (fixed[Header.OFFICES] + 1) + office + 1) * 2 + part_time) * ORIGINS + origin
    return (table_value(m, Table.YEAR_OF, day) & 1) * fixed[Header.TALLY_YEAR] + CELL_WORDS * cell


@kernel
def fetch_count(m: Memory, i: int, day: int, slot: int) -> None:
    """Prefetch the word in which a doctor is counted."""
    row = row_of(m, i)
    cell = cell_of(m, day, row[Row.NUMBER], row[Row.PROGRAMME], row[Row.OFFICE], row[Row.WTE])
    prefetch(as_constant(m)[Header.TALLY] + 4 * (cell + slot))


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
    words = int32_at(as_constant(m)[Header.TALLY])
    held = words[place] + amount
    words[place] = held
    if held > MOST_COUNTED:
        m[Header.FAULT] = Fault.RANGE


@kernel
def mark(m: Memory, place: int) -> None:
    """Mark the cache line of a word as used."""
    fixed = as_constant(m)
    int64_at(fixed[Header.TALLY_LINES])[place >> MARK_BITS] |= 1 << (place >> LINE_BITS & 63)


@kernel
def count_extended_cct(m: Memory, i: int, day: int) -> None:
    """Count a CCT that came after an extension in its programme; the row must still hold the post."""
    row = row_of(m, i)
    if m[Header.COUNTING] and row[Row.EXTENDED_HERE]:
        cell = cell_of(m, day, row[Row.NUMBER], row[Row.PROGRAMME], row[Row.OFFICE], row[Row.WTE])
        add(m, cell, Slot.CCTS_EXTENDED, 1)


@kernel
def finish_foundation(m: Memory, i: int, day: int) -> None:
    """Remember where the end of foundation was counted; the row must still hold the post."""
    row = row_of(m, i)
    row[Row.FINISHED] = day + 1
    row[Row.FINISHED_CELL] = cell_of(m, day, row[Row.NUMBER], row[Row.PROGRAMME], row[Row.OFFICE], row[Row.WTE])


@kernel
def start_after_foundation(m: Memory, i: int, day: int) -> None:
    """Count a start soon after foundation where the end of foundation was counted."""
    row = row_of(m, i)
    if m[Header.COUNTING] and row[Row.FINISHED] and day + 1 - row[Row.FINISHED] <= WITHIN_A_YEAR_DAYS:
        add(m, row[Row.FINISHED_CELL], Slot.FOUNDATION_STARTED_WITHIN_YEAR, 1)
    row[Row.FINISHED] = 0
