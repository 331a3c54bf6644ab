"""Specification of the reduced pipeline, which each of its programs implements.

Trainees enter once a year; those there at the start are in all grades. A grade lasts 364 whole-time days, longer in
the calendar for who works three or four days in five. At fixed changeovers, every 91 days for half of the trainees and
every 182 for the others, a trainee releases the training slot, gets a placement that suits more or less, and
requests a slot of the office. At the end of that day offices allocate their slots in trainee order; a trainee without
one learns half until the next changeover. Once a year, and some weeks before the grade ends, a review passes or extends
the grade: likelier so when learning is more than the tolerance behind. At the end of the grade the trainee goes on to
the next; after the last, leaves. Everything is an integer. Each decision has one Philox4x32-10 block, keyed
(seed, replication; trainee, purpose, day), so that programs that use it give the same events; the order of turns is
(day, phase, trainee), and within a phase trainees commute.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

YEAR_DAYS = 364  # 52 weeks, so that every year begins on a changeover
WEEK_DAYS = 5
CHANCE = 1 << 32
MIX_1, MIX_2, MIX_3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
PIECE = 1 << 16  # rows hashed at a time


class Spec(NamedTuple):
    """Size and rules of the pipeline. By default about 55,000 in post for ten years."""

    seed: int = 2021
    replication: int = 0
    years: int = 10
    entrants: int = 6_900  # a year; `grades` times as many are there at the start
    grades: int = 7
    offices: int = 13
    slots: int = 3_700  # of an office
    grade_days: int = 364  # of whole-time training
    rotation_days: int = 91  # a divisor of 364; twice that for half of the trainees
    review_days: int = 364  # between reviews at most
    lead_days: int = 28  # before the end of a grade at least
    lead_span: int = 63  # further days of lead, each trainee's own
    slowest: int = 8  # tenths of the normal pace in the worst placement
    paces: int = 5  # kinds of placement, a tenth apart
    tolerance_days: int = 40  # of whole-time training behind what is required
    extension_days: int = 91
    most_extensions: int = 2  # in one grade; then a review passes
    part_time: int = CHANCE // 5  # threshold: works three or four days in five
    pass_if_level: int = CHANCE - CHANCE // 25  # threshold
    pass_if_behind: int = CHANCE // 2  # threshold

    @property
    def days(self) -> int:
        """Number of days of the run."""
        return self.years * YEAR_DAYS

    @property
    def trainees(self) -> int:
        """Number of all who ever train; trainee numbers are below it."""
        return self.entrants * (self.grades + self.years)


def sized(spec: Spec, divisor: int) -> Spec:
    """Spec with fewer trainees and slots."""
    return spec._replace(entrants=spec.entrants // divisor, slots=spec.slots // divisor)


class Phase(IntEnum):
    """Phase of a day, in order."""

    ENTER = 0
    REVIEW = 1
    FINISH = 2
    ROTATE = 3
    PLACE = 4


class Kind(IntEnum):
    """Kind of event; the comment names the amount."""

    ENTERED = 0  # grade
    PASSED = 1  # gap
    EXTENDED = 2  # gap
    PROGRESSED = 3  # grade begun
    LEFT = 4  # days since entry
    ROTATED = 5  # pace of the placement
    GIVEN = 6  # office
    REFUSED = 7  # office


class Purpose(IntEnum):
    """Purpose of a block of random words."""

    ENTRY = 0
    PLACE = 1
    REVIEW = 2


# ---- rules, in Python; `numba_model` compiles the same functions ----------------------------------------------------


def uniform_index(word: int, count: int) -> int:
    """Uniform index below `count` from a random word."""
    return (word * count) >> 32


def working_days(word: int, part_time: int) -> int:
    """Working days a week, 3 to 5, from a random word."""
    return 3 + (word & 1) if word < part_time else WEEK_DAYS


def planned_days(grade_days: int, working: int) -> int:
    """Calendar days that a grade takes when nothing goes wrong."""
    return (WEEK_DAYS * grade_days + working - 1) // working


def day_points(working: int, slot: int, pace: int) -> int:
    """Learning in a calendar day; a whole-time day at the normal pace with a slot is 100 points."""
    return working * (1 + slot) * pace


def required_points(working: int, planned: int, served: int) -> int:
    """Points required after some calendar days of a grade; no more once it is overdue."""
    return 20 * working * min(served, planned)


def next_changeover(day: int, rotation: int) -> int:
    """First changeover after a day."""
    return (day // rotation + 1) * rotation


def next_review(day: int, review_days: int, finish: int, lead: int) -> int:
    """Day of the next review; the day itself or one before it means none in this grade."""
    return min(day + review_days, finish - lead)


# ---- what happened -------------------------------------------------------------------------------------------------


class Log(NamedTuple):
    """Log of events, an array a column."""

    day: npt.NDArray[np.int32]
    phase: npt.NDArray[np.int8]
    trainee: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int8]
    amount: npt.NDArray[np.int32]


Row = tuple[int, int, int, int, int]


def log_of(rows: list[Row]) -> Log:
    """Log from rows."""
    table = np.array(rows, np.int32).reshape(-1, len(Log._fields)).T
    return Log(table[0], table[1].astype(np.int8), table[2], table[3].astype(np.int8), table[4])


def first_rows(log: Log, count: int) -> Log:
    """First rows of a log."""
    return Log(log.day[:count], log.phase[:count], log.trainee[:count], log.kind[:count], log.amount[:count])


def checksum(log: Log) -> int:
    """Checksum of a log: 64-bit sum over hashed rows, whatever their order."""
    total = 0
    for begin in range(0, len(log.day), PIECE):
        key = np.zeros(len(log.day[begin : begin + PIECE]), np.uint64)
        for column in log:
            key = (key + column[begin : begin + PIECE].astype(np.int64).view(np.uint64) + MIX_1) * MIX_2
            key ^= key >> np.uint64(29)
        key *= MIX_3
        total += int((key ^ key >> np.uint64(32)).sum(dtype=np.uint64))
    return total % (1 << 64)
