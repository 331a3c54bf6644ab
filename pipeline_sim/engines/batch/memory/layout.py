"""Memory layout of one replication: a row of integers for each doctor, the offices' counts, and the header.

Owns every column, header word and fault code. Compiled code takes one address, `m`, that of the header: int64 words,
first counters, then addresses, then where each table of the Rulebook begins. Nothing is allocated inside the kernel.
"""

from enum import IntEnum, auto

import numpy as np

from pipeline_sim.base.compiler.pointers import Pointer
from pipeline_sim.records.columns import LOG

Memory = Pointer  # the header


class Row(IntEnum):
    """Columns of a doctor's row of int32 cells; what is read most is on the first cache lines of 16 cells."""

    NUMBER = 0  # trainee number
    NEXT_DAY = auto()  # of the event that stands in the calendar queue; -1 if none
    NEXT_PHASE = auto()
    STATE = auto()
    PROGRAMME = auto()
    GRADE = auto()
    OFFICE = auto()
    WTE = auto()  # per cent of full time
    SUPERVISED = auto()  # 1 with a supervised slot
    PEOPLE = auto()  # group of the doctor, see rules/people
    SERVED = auto()  # day on which the time of the grade, or of grace in post, is served
    SINCE = auto()  # day up to which learning is written down
    WANTS_SLOT = auto()
    PROMISE_DAY = auto()  # first day of a promised post, plus 1; 0 if none
    STREAM = auto()
    APPLIES_FROM = auto()  # training year
    # learning
    BALANCE = 16  # four domains
    COVID = 20  # four domains
    PACE = 24
    TRAINING_DAYS = auto()  # WTE-centidays in this grade
    QUEUED = auto()
    POST_PACE = auto()
    OUTCOME = auto()  # of this grade's end
    SECOND_LOOK = auto()
    LAST_REVIEW = auto()
    LEAD = auto()  # days from the review to the end of the grade
    # the diary: days on which something is due, in the order of DIARY_PHASES
    RETURNS = 32
    EXAM = auto()
    REVIEW = auto()
    REVALIDATION = auto()
    PROGRESS = auto()
    RESIGNATION = auto()
    YEAR = auto()
    OOP = auto()
    PARENTAL = auto()
    SICK = auto()
    ROTATION = auto()
    EXTENSION_DAYS = auto()
    LAST_OUTCOME = auto()
    LOOKS = auto()
    GRADE_SINCE = auto()
    AWAY_FROM = auto()  # first day of an absence
    # years, exams, absence
    PROPENSITY = 48  # word that decides part-time work, less WORD_OFFSET
    ABILITY = auto()
    PASSED = auto()  # a bit for each gate, and for those that the programme does not have
    ALLOWANCE_USED = auto()
    SITTINGS = 52  # four gates: attempts, part, result awaited and its day, see memory/sittings
    ABSENT_DAYS = 56
    REDEPLOYED_DAYS = auto()
    ISOLATION_DAYS = auto()
    LEVEL_WORD = auto()
    ASKED = auto()  # day on which the last review was asked for; back from a long absence, the first one for the next
    QUEUE_INDEX = auto()  # in the list of those waiting for a panel
    LOST = auto()  # a bit for each gate of which a sitting was lost in this grade, or since the last extension
    HELP = auto()  # bit 0: a conversation has found the gap; above it support for an exam, see event_routines/exams
    # seldom read: a year's plans, applications, and where the last end of foundation was counted
    REVALIDATION_AT = 64
    FINISHED = auto()  # day of the last end of foundation, plus 1, until a start is counted for it; else 0
    PROGRAMME_SINCE = auto()
    SHIELDS = auto()
    SICK_DAYS = auto()
    PARENTAL_DAYS = auto()
    OOP_DAYS = auto()
    OOP_KIND = auto()
    HOME = auto()
    PROMISE_PROGRAMME = auto()
    PROMISE_OFFICE = auto()
    PROMISE_KIND = auto()
    WITHDRAWS = auto()
    FINISHED_CELL = auto()
    ISOLATING = auto()
    EXTENDED_BY = auto()  # outcome of the last extension in this programme; 0 if none


COLUMNS = 80
ROW_BYTES = 4 * COLUMNS
LINE = 64  # bytes of a cache line
LINES = ROW_BYTES // LINE
BUSY_LINES = LINES - 1  # without what is seldom read
LEARNING_LINES = 2  # who, where and what has been learnt
WORD_OFFSET = 1 << 31  # a random word is stored less this

TURNS = 16  # phases in which doctors take turns come before it; the heads of a day's buckets fill a cache line
DIARY_PHASES = np.array([1, 2, 3, 5, 6, 7, 10, 11, 11, 11, 13], np.int32)
ENTRIES = len(DIARY_PHASES)
CHUNK = 31  # doctors in one chunk of a bucket; its last word is the head of those before
COUNT_BITS = 5  # of a head: how many stand in its chunk; above them the number of the chunk plus one
MOST_HEADED = (1 << 31 - COUNT_BITS) - 2  # chunks whose number fits into a head
CHUNK_WORDS = CHUNK + 1
PREFERENCE_WORDS = 4  # of a doctor's preferences for a year, see engines/batch/event_routines/preferences
READING_WORDS = 8  # of what an office reads of a doctor while places are given, see event_routines/intervention_places


class Header(IntEnum):
    """Words of the header: counters, then addresses. The tables of the Rulebook follow, see `table_index`."""

    SEED = 0
    REPLICATION = auto()
    LAST_DAY = auto()
    FAULT = auto()
    LOGGING = auto()  # 1 if rows are kept
    COUNTING = auto()  # 1 if counts are made
    OFFICES = auto()
    GROUP_OFFICES = auto()
    TALLY_YEAR = auto()  # words of a year of the tally
    TALLY_PEOPLE = auto()  # words of it before the counts by group of people
    MOST_ROWS = auto()
    MOST_CHUNKS = auto()
    MOST_LISTED = auto()
    MOST_LOG = auto()
    MARK_GROUPS = auto()  # words of marks that stand for other words of marks
    ROWS_USED = auto()
    FREE_ROWS = auto()
    CHUNKS_USED = auto()
    FREE_CHUNKS = auto()
    REQUESTS = auto()
    QUEUE = auto()
    PROMISES = auto()
    NEXT_PROMISE = auto()  # earliest PROMISE_DAY
    LOG_USED = auto()
    LOG_ORDERED = auto()
    LOG_TOTAL = auto()  # rows written since the beginning
    LOG_STOP = auto()  # rows of the log after which it is handed on
    # addresses
    ROWS = auto()
    TABLES = auto()
    PARAMS = auto()
    HEADS = auto()
    CHUNKS = auto()
    FREE_LIST = auto()
    FREE_CHUNK_LIST = auto()
    REQUEST_LIST = auto()  # doctors who ask for a supervised slot
    QUEUE_LIST = auto()  # doctors who wait for a panel
    PROMISE_LIST = auto()  # doctors with a promised post
    TURN = auto()  # doctors whose turn it is
    KEYS = auto()  # of what is being sorted
    SCRATCH = auto()  # what is being sorted
    SPARE_KEYS = auto()
    SPARE = auto()
    DIGITS = auto()
    POSTS = auto()  # held, [programme, office]
    PROMISED = auto()  # [programme, office]
    SLOTS_HELD = auto()  # [group, office]
    SLOT_REQUESTS = auto()  # [group, office]
    TALLY = auto()
    TALLY_LINES = auto()
    PREFERENCES = auto()
    READINGS = auto()
    OFFICES_ACT = auto()  # machine code of `day_loop.offices_act`
    RUN_ROUND = auto()  # machine code of `recruitment.run_round`
    ARRIVE = auto()  # machine code of `arrivals.arrive`
    DRAW_BUFFER = auto()
    ROLL = auto()  # all doctors there will ever be, see engines/batch/memory/trainee_order
    MARKS = auto()
    LOG_COLUMNS = auto()  # as many addresses as the log has columns


HEADER_END = Header.LOG_COLUMNS + len(LOG)


class Fault(IntEnum):
    """Why the kernel stopped: out of room or out of range."""

    FINE = 0
    ROWS_FULL = auto()
    CHUNKS_FULL = auto()
    LOG_FULL = auto()
    RANGE = auto()
    NO_MEMORY = auto()


LOG_TYPES = tuple(np.dtype(column.dtype) for column in LOG)
