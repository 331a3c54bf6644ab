"""Roll of all doctors there will ever be, in trainee order: a bitmap over it sorts a list without comparing.

A list is put into trainee order by marking its doctors on the roll and reading the marks: a bit for each place, and a
bit for each word of these bits, so that empty stretches are passed over. Nothing is compared, and all bits are 0 after.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, int64_at, lowest_bit
from pipeline_sim.engines.batch.memory.access import INDEX_BITS, packed, row_of, table_value
from pipeline_sim.engines.batch.memory.layout import Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Table
from pipeline_sim.rules.codes import OUTSIDE, Origin
from pipeline_sim.rules.event_order import FIRST_TRAINEE, ORIGIN_MASK, ORIGIN_SHIFT
from pipeline_sim.rules.rulebook import Rulebook

WORD_BITS = 6
IN_COHORT = FIRST_TRAINEE - 1


def roll_from(rulebooks: Sequence[Rulebook]) -> npt.NDArray[np.int64]:
    """Offsets on the roll of the doctors of each cohort and origin; then its length.

    Worlds that live on in one memory share a roll: it has room for the most that come in any of them.
    """
    return np.concatenate([[0], np.cumsum(np.max([who_come(rulebook) for rulebook in rulebooks], axis=0))])


def who_come(rulebook: Rulebook) -> npt.NDArray[np.int64]:
    """Number of doctors [cohorts + 1, origins]; cohorts are the years of the run, after an empty one."""
    posts = rulebook.posts
    many = np.zeros((2 + max(len(posts.graduates), len(posts.external)), ORIGIN_MASK + 1), np.int64)
    many[1, Origin.STOCK], many[1, Origin.RETURNER] = posts.stock.sum(), posts.returners.sum()
    many[1 : 1 + len(posts.graduates), Origin.GRADUATE] = posts.graduates.sum(axis=(1, 2))
    for kind, origin in enumerate(OUTSIDE):
        many[1 : 1 + len(posts.external), origin] = posts.external[:, kind].sum(axis=1)
    return many


@kernel
def place_on_roll(m: Memory, trainee: int) -> int:
    """Index of a doctor on the roll."""
    return table_value(m, Table.ROLL_FROM, trainee >> ORIGIN_SHIFT) + (trainee & IN_COHORT)


@kernel
def enrol(m: Memory, i: int) -> None:
    """Enter the row of a new doctor on the roll."""
    int64_at(as_constant(m)[Header.ROLL])[place_on_roll(m, row_of(m, i)[Row.NUMBER])] = packed(m, i)


@kernel
def sort_turn(m: Memory, count: int) -> int:
    """Sort the scratch list by trainee number, without its keys; returns its length.

    Who stands on it twice, as in a bucket after plans have changed, may be there once only: a turn is taken once.
    """
    who, in_order = int64_at(m[Header.SCRATCH]), True
    for place in range(1, count):
        in_order = in_order and who[place - 1] < who[place]
    if in_order:
        return count
    mark(m, count)
    return call_roll(m)


@kernel
def mark(m: Memory, count: int) -> None:
    """Set the bits of the doctors of the scratch list."""
    fixed, who = as_constant(m), int64_at(m[Header.SCRATCH])
    above = int64_at(fixed[Header.MARKS])
    marks = int64_at(fixed[Header.MARKS] + 8 * fixed[Header.MARK_GROUPS])
    for place in range(count):
        bit = place_on_roll(m, who[place] >> INDEX_BITS)
        word = bit >> WORD_BITS
        marks[word] |= 1 << (bit & 63)
        above[word >> WORD_BITS] |= 1 << (word & 63)


@kernel
def call_roll(m: Memory) -> int:
    """List those whose bits are set, in trainee order, and clear the bits; returns how many."""
    fixed, who, count = as_constant(m), int64_at(m[Header.SCRATCH]), 0
    roll, above = int64_at(fixed[Header.ROLL]), int64_at(fixed[Header.MARKS])
    marks = int64_at(fixed[Header.MARKS] + 8 * fixed[Header.MARK_GROUPS])
    for first in range(fixed[Header.MARK_GROUPS]):
        words = above[first]
        above[first] = 0
        while words != 0:
            word = (first << WORD_BITS) + lowest_bit(words)
            words &= words - 1
            bits = marks[word]
            marks[word] = 0
            while bits != 0:
                who[count] = roll[(word << WORD_BITS) + lowest_bit(bits)]
                count += 1
                bits &= bits - 1
    return count
