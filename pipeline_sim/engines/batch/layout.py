"""Where everything lies: one aligned row of integers a doctor, and the office's books.

A row is an int64 array; the constants below are its columns. One width everywhere: a second width would compile
every rule twice. Nothing here is allocated inside the kernel.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

# who
(NUMBER, ORIGIN, HOME, ABILITY, PACE, WOMAN, PROPENSITY, LEVEL_WORD, LEAD) = range(9)
# where and since when
(STATE, PROGRAMME, GRADE, OFFICE, WTE, SUPERVISED, POST_PACE, SINCE, GRADE_SINCE, PROGRAMME_SINCE) = range(9, 19)
# learning
(TRAINING_DAYS, EXTENSION_DAYS, ALLOWANCE_USED, PASSED) = range(19, 23)
BALANCE, COVID, ATTEMPTS = 23, 27, 31  # four columns each
# reviews
(OUTCOME, LAST_OUTCOME, LAST_REVIEW, LOOKS, SECOND_LOOK, QUEUED, ASKED) = range(35, 42)
# absence
(REDEPLOYED_DAYS, ISOLATION_DAYS, ABSENT_DAYS, AWAY_FROM, ISOLATING, SHIELDS) = range(42, 48)
(SICK_DAYS, PARENTAL_DAYS, OOP_DAYS, OOP_KIND) = range(48, 52)
# applying
(STREAM, APPLIES_FROM, PROMISE_DAY, PROMISE_PROGRAMME, PROMISE_OFFICE, PROMISE_KIND, WITHDRAWS) = range(52, 59)
REVALIDATION_AT = 59
# the diary: days on which something is due, in the order of DIARY_PHASES
DIARY = 60
(RETURNS, EXAM, REVIEW, REVALIDATION, PROGRESS, RESIGNATION, YEAR, OOP, PARENTAL, SICK, ROTATION) = range(60, 71)
ENTRIES = 11
(NEXT_DAY, NEXT_PHASE, WANTS_SLOT) = range(71, 74)
COLUMNS = 80
WORD_OFFSET = 1 << 31  # a word of luck is kept less this

PHASES = 18
DIARY_PHASES = np.array([1, 2, 3, 5, 6, 7, 10, 11, 11, 11, 13], np.int32)
CHUNK = 15  # doctors in one chunk of a bucket

LOG_ROW = np.dtype(
    [
        ("day", "<i4"),
        ("phase", "i1"),
        ("trainee", "<i4"),
        ("event", "i1"),
        ("from_code", "<i2"),
        ("to_code", "<i2"),
        ("programme", "<i2"),
        ("grade", "i1"),
        ("office", "i1"),
        ("wte", "i1"),
        ("amount", "<i4"),
    ]
)

# counters: places of single numbers in Memory.counter
(ROWS_USED, FREE_ROWS, CHUNKS_USED, FREE_CHUNKS, LOG_USED, REQUESTS, FAULT, LAST_DAY, LOGGING) = range(9)
(SEED, REPLICATION, QUEUE) = range(9, 12)
(FREE_LIST, REQUEST_LIST, SCRATCH, FREE_CHUNK_LIST, QUEUE_LIST) = range(5)  # rows of Memory.lists
(POSTS, SLOTS) = range(2)  # layers of Memory.held
COUNTERS = 16
# faults: what a kernel says when it has run out of room or range
(FINE, ROWS_FULL, CHUNKS_FULL, LOG_FULL, RANGE) = range(5)


class Memory(NamedTuple):
    """All memory of one replication: the flat Rulebook and the offices' books.

    N doctors at once, T days, C chunks, L rows of log, P programmes, O offices, G groups.
    """

    numbers: Ints
    chances: Longs
    at_number: Longs
    at_chance: Longs
    rows: Longs  # [N, COLUMNS]
    lists: Longs  # [5, N or C] rows: free, asking for a placement, being sorted; free chunks; rows waiting for a panel
    heads: Longs  # [T * PHASES] first chunk of a bucket, -1 empty
    chunks: Longs  # [C, CHUNK + 2] doctors, how many, next chunk
    held: Longs  # [2, max(P, G), O] holders of posts, supervised slots in use
    keys: Longs  # [N] sort keys
    log: np.ndarray  # [L] LOG_ROW
    counter: Longs  # [COUNTERS]
