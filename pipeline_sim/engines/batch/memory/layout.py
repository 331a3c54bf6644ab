"""Where everything lies: one row of integers a doctor, the office's books, and the header that says where they are.

The kernel takes one address, `m`: that of the header, int64 words. The first words are counters, the next ones
addresses, then come places and strides of all tables of the Rulebook. Nothing is allocated inside the kernel.
"""

import numpy as np

from pipeline_sim.base.compiler.pointers import Pointer
from pipeline_sim.records.columns import LOG

Memory = Pointer  # the header

# a doctor's row: int32 cells, the busiest together on the first cache lines
# who, where, what is due next; SERVED: day on which the time of the grade, or of grace in post, is served
(NUMBER, NEXT_DAY, NEXT_PHASE, STATE, PROGRAMME, GRADE, OFFICE, WTE) = range(8)
(SUPERVISED, POST_PACE, SERVED, SINCE, TRAINING_DAYS, PROMISE_DAY, STREAM, APPLIES_FROM) = range(8, 16)
# learning, four columns each
BALANCE, COVID = 16, 20
PACE, WANTS_SLOT, QUEUED, ASKED, OUTCOME, SECOND_LOOK, LAST_REVIEW, LEAD = range(24, 32)
# the diary: days on which something is due, in the order of DIARY_PHASES
DIARY = 32
(RETURNS, EXAM, REVIEW, REVALIDATION, PROGRESS, RESIGNATION, YEAR, OOP, PARENTAL, SICK, ROTATION) = range(32, 43)
ENTRIES = 11
(EXTENSION_DAYS, LAST_OUTCOME, LOOKS, GRADE_SINCE, PROGRAMME_SINCE) = range(43, 48)
# years, exams, absence
(PROPENSITY, ABILITY, PASSED, ALLOWANCE_USED) = range(48, 52)
ATTEMPTS = 52  # four columns
(ABSENT_DAYS, REDEPLOYED_DAYS, ISOLATION_DAYS, REVALIDATION_AT) = range(56, 60)
FINISHED = 60  # day of the last end of foundation, while nothing has been told since
QUEUE_PLACE = 61  # of the list of those waiting for a panel
EXTENDED_HERE = 62  # 1 after an extension in this programme
FOUND = 63  # 1 once a conversation has found the gap
# seldom looked at: a year's plans, applying, and the keys of the count of the last end of foundation
(LEVEL_WORD, WOMAN, AWAY_FROM, SHIELDS, SICK_DAYS, PARENTAL_DAYS, OOP_DAYS, OOP_KIND) = range(64, 72)
(HOME, PROMISE_PROGRAMME, PROMISE_OFFICE, PROMISE_KIND, WITHDRAWS, FINISHED_CELL, ISOLATING) = range(72, 79)
COLUMNS = 80
ROW_BYTES = 4 * COLUMNS
LINE = 64  # bytes of a cache line
LINES = ROW_BYTES // LINE
BUSY_LINES = LINES - 1  # without what is seldom looked at
WORD_OFFSET = 1 << 31  # a word of luck is kept less this

TURNS = 16  # phases in which doctors take turns come before it; the heads of a day's buckets fill a cache line
DIARY_PHASES = np.array([1, 2, 3, 5, 6, 7, 10, 11, 11, 11, 13], np.int32)
CHUNK = 15  # doctors in one chunk of a bucket; the sixteenth word is the head of those before
COUNT_BITS = 4  # of a head: how many stand in its chunk; above them the number of the chunk plus one
MOST_HEADED = (1 << 31 - COUNT_BITS) - 2  # chunks whose number fits into a head
CHUNK_WORDS = CHUNK + 1
WISH_WORDS = 4  # of a doctor's wishes for a year, see engines/batch/event_routines/preferences
READING_WORDS = 8  # of what an office reads of a doctor while places are given, see event_routines/intervention_places
STRETCH = 64  # doctors of a list whose luck is worked out together, see engines/batch/memory/batched_draws
LOT_WORDS, DECISIONS = 4, 5  # words for a decision, and decisions that are kept at once

# words of the header: counters
(SEED, REPLICATION, LAST_DAY, FAULT, LOGGING, MOST_LISTED) = range(6)
(ROWS_USED, FREE_ROWS, CHUNKS_USED, FREE_CHUNKS, REQUESTS, QUEUE, PROMISES) = range(7, 14)
MARKED = 6  # words of marks that stand for other words of marks
COUNTING = 19  # 1 if counts are made
LOG_STOP = 14  # rows of the log after which it is handed on
(LOG_USED, LOG_ORDERED, LOG_TOLD, OFFICES) = range(15, 19)
(MOST_ROWS, MOST_CHUNKS, MOST_LOG, NEXT_PROMISE, GROUP_OFFICES, TALLY_YEAR) = range(20, 26)
# addresses
(ROWS, NUMBERS, CHANCES, HEADS, CHUNKS, FREE_LIST, FREE_CHUNK_LIST) = range(32, 39)
(REQUEST_LIST, QUEUE_LIST, PROMISE_LIST, TURN) = range(39, 43)  # doctors: asking, queueing, promised, whose turn it is
(KEYS, SCRATCH, SPARE_KEYS, SPARE, DIGITS) = range(43, 48)  # what is being sorted, and room to sort it in
(POSTS, PROMISED, SLOTS, WANTED) = range(48, 52)  # books by programme or group, and office
LOG_COLUMNS = 52  # eleven addresses
TALLY, WISHES, READINGS, TALLY_LINES = 63, 64, 65, 66
OFFICES_ACT = 67  # address of the machine code of `days.offices_act`
LOTS = 68
HOLD, ARRIVE = 69, 70  # of `rounds.hold` and `arrivals.arrive`
ROLL, MARKS = 71, 72  # all doctors there will ever be, see engines/batch/memory/trainee_order
NUMBER_AT = 80  # where the places of the tables begin
# faults: what a kernel says when it has run out of room or range
(FINE, ROWS_FULL, CHUNKS_FULL, LOG_FULL, RANGE, NO_MEMORY) = range(6)

LOG_TYPES = tuple(np.dtype(column.dtype) for column in LOG)
