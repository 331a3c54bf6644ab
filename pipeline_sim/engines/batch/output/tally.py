"""Tally: the counts of records/count_measures, made as the events happen, so that a run needs no log.

A block of the tally is a year: [programme + 1, office + 1, pattern, origin, CELL_WORDS] in words of 32 bits. Thus all
counts of a doctor lie together, and the yearly ones on one cache line. Counts that belong to no doctor have no origin
and stand where the first one would. Two years are in memory at once, because a start counts for the end of foundation
that it follows within a year. Most of a block stays 0: a bit for each cache line says whether anything was added there,
so that reading and clearing skip the rest. Last in a block is a cell for each group of people (`rules/people`) of the
whole nation, in which a row about a doctor counts once more, and one for rows about no doctor; their lines are always
marked. A year and the cells of these groups begin on a word of such bits.
"""

from enum import IntEnum

import numpy as np

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int32_at, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import row_of, table_value
from pipeline_sim.engines.batch.memory.layout import Fault, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.records.count_measures import WITHIN_A_YEAR_DAYS, measure_names
from pipeline_sim.rules.codes import Origin
from pipeline_sim.rules.event_order import FIRST_TRAINEE, origin_of

LINE_BITS = 4  # 16 words lie on a cache line
MARK_BITS = LINE_BITS + 6  # a word of marks is for 64 lines
ORIGINS = len(Origin)
PATTERNS = 2
MOST_COUNTED = (1 << 31) - 1
Cells = tuple[int, int]  # in which a row counts: of the post, and of the group of people


# Words of a cell, named as the measures of records/count_measures, 16 on a cache line. AWAY_* are in the
# order of State; ADVERTISED_FIRST begins two for each kind of round, in the order of RoundKind.
Slot = IntEnum(
    "Slot",
    """
    HEADCOUNT WTE GAP_CARRIED_DAYS CARRYING_GAP PLACEMENTS PLACEMENTS_UNSUPERVISED NOT_ASSESSED O1 O2 O3 O4 O5 O6
    LATE_REVIEWS REVIEW_DAYS_LATE REVALIDATIONS O8 O10_1 O10_2 AWAY_SICK AWAY_PARENTAL AWAY_OOPT AWAY_OOPR AWAY_OOPE
    AWAY_OOPC AWAY_OOPP RETURNERS RETURNERS_SUPPORTED REVALIDATIONS_LATE REVALIDATIONS_DEFERRED STARTED STARTED_STOCK
    SUPERNUMERARY_STARTS FOUNDATION_COMPLETIONS FOUNDATION_STARTED_WITHIN_YEAR CORE_COMPLETIONS CCTS TIME_TO_CCT_DAYS
    CCTS_EXTENDED EXTENSIONS EXTENSION_DAYS EXTENSIONS_3 EXTENSION_DAYS_3 EXTENSIONS_10_2 EXTENSION_DAYS_10_2 RESIGNED
    RELEASED TRANSFERS OFFERS ACCEPTED ADVERTISED_FIRST ACCEPTED_FIRST ADVERTISED_SECOND ACCEPTED_SECOND
    ADVERTISED_READVERT ACCEPTED_READVERT ADVERTISED_FEBRUARY ACCEPTED_FEBRUARY ADVERTISED OFFERS_MADE OFFERS_AGAIN
    UNPLACED WITHDREW DEFERRED REDEPLOYED REDEPLOYED_WEEKS SEATS SEAT_THOUSANDTHS
    """,
    start=0,
)
CELL_WORDS = 80  # five cache lines
MEASURE_OF = np.array([measure_names().index(slot.name.lower()) for slot in Slot])  # [slots] index of the measure
OF_NO_DOCTOR = np.array([slot.name.startswith(("ADVERTISED", "OFFERS_")) for slot in Slot], np.int64)  # no origin


@kernel
def cells_of(m: Memory, day: int, trainee: int, programme: int, office: int, wte: int, people: int) -> Cells:
    """Offsets in the tally of the two cells in which a row counts: of the post, and of the group of people."""
    doctor = int(trainee >= FIRST_TRAINEE)
    origin, part_time = origin_of(trainee) * doctor, int(wte < 100) * doctor
    fixed = as_constant(m)
    cell = (((programme + 1) * (fixed[Header.OFFICES] + 1) + office + 1) * 2 + part_time) * ORIGINS + origin
    year = (table_value(m, Table.YEAR_OF, day) & 1) * fixed[Header.TALLY_YEAR]
    return year + CELL_WORDS * cell, people_cell(m, year, people)


@kernel
def people_cell(m: Memory, year: int, people: int) -> int:
    """Offset in the tally of the cell of a group of people, in the block that begins at an offset."""
    return year + as_constant(m)[Header.TALLY_PEOPLE] + CELL_WORDS * people


@kernel
def doctor_cells(m: Memory, i: int, day: int) -> Cells:
    """Cells in which a row about a doctor counts."""
    row = row_of(m, i)
    programme, office, wte = row[Row.PROGRAMME], row[Row.OFFICE], row[Row.WTE]
    return cells_of(m, day, row[Row.NUMBER], programme, office, wte, row[Row.PEOPLE])


@kernel
def fetch_count(m: Memory, i: int, day: int, slot: int) -> None:
    """Prefetch the word in which a doctor is counted; those of groups of people are always near."""
    prefetch(as_constant(m)[Header.TALLY] + 4 * (doctor_cells(m, i, day)[0] + slot))


@kernel
def add(m: Memory, cells: Cells, slot: int, amount: int) -> None:
    """Add to one count."""
    of_post, of_people = cells
    add_at(m, of_post + slot, amount)
    add_at(m, of_people + slot, amount)
    mark(m, of_post + slot)


@kernel
def add_pair(m: Memory, cells: Cells, slot: int, amount: int, other: int) -> None:
    """Add to two counts whose slots lie side by side on a cache line."""
    of_post, of_people = cells
    add_at(m, of_post + slot, amount)
    add_at(m, of_post + slot + 1, other)
    add_at(m, of_people + slot, amount)
    add_at(m, of_people + slot + 1, other)
    mark(m, of_post + slot)


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
    if m[Header.COUNTING] and row[Row.EXTENDED_BY]:
        add(m, doctor_cells(m, i, day), Slot.CCTS_EXTENDED, 1)


@kernel
def finish_foundation(m: Memory, i: int, day: int) -> None:
    """Remember where the end of foundation was counted; the row must still hold the post."""
    row = row_of(m, i)
    row[Row.FINISHED] = day + 1
    row[Row.FINISHED_CELL] = doctor_cells(m, i, day)[0]


@kernel
def start_after_foundation(m: Memory, i: int, day: int) -> None:
    """Count a start soon after foundation where the end of foundation was counted."""
    row = row_of(m, i)
    if m[Header.COUNTING] and row[Row.FINISHED] and day + 1 - row[Row.FINISHED] <= WITHIN_A_YEAR_DAYS:
        there, year = row[Row.FINISHED_CELL], as_constant(m)[Header.TALLY_YEAR]
        cells = there, people_cell(m, there // year * year, row[Row.PEOPLE])
        add(m, cells, Slot.FOUNDATION_STARTED_WITHIN_YEAR, 1)
    row[Row.FINISHED] = 0
