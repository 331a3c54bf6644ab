"""Luck of many doctors for the same decision: worked out side by side, a stretch of a list at a time."""

from enum import IntEnum, auto

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, as_constant, int64_at
from pipeline_sim.engines.batch.memory.access import INDEX_BITS
from pipeline_sim.engines.batch.memory.layout import Header, Memory
from pipeline_sim.rules.random_numbers import draw_inlined
from pipeline_sim.rules.recruitment import WISH_BLOCKS

DRAW_BATCH = 64  # doctors of a list whose random words are computed together
DRAW_WORDS = 4  # words of one draw


class Draw(IntEnum):
    """Draws of a batch that are in memory at once; a preference takes WISH_BLOCKS of them, from the first on."""

    YEAR = 0
    ABSENCE = auto()
    OOP = auto()
    POST_PACE = auto()
    SUPERVISION = auto()
    READING = auto()


DRAW_BUFFERS = max(len(Draw), WISH_BLOCKS)


@kernel
def draw_buffer(m: Memory, decision: int) -> Pointer:
    """Where the words for one of the decisions lie, first words first."""
    return int64_at(as_constant(m)[Header.DRAW_BUFFER] + decision * DRAW_WORDS * DRAW_BATCH * 8)


@kernel
def draw_batch(m: Memory, whose: int, first: int, count: int, decision: int, purpose: int, index: int) -> None:
    """Four words for each of at most STRETCH doctors of a list, from a place on, kept as one of the decisions."""
    fixed, who, lots = as_constant(m), int64_at(m[whose] + 8 * first), draw_buffer(m, decision)
    seed, replication = fixed[Header.SEED], fixed[Header.REPLICATION]
    for place in range(count):
        one, two, three, four = draw_inlined(seed, replication, who[place] >> INDEX_BITS, purpose, index)
        lots[place], lots[place + DRAW_BATCH] = one, two
        lots[place + 2 * DRAW_BATCH], lots[place + 3 * DRAW_BATCH] = three, four


@kernel
def batched_words(m: Memory, decision: int, place: int) -> tuple[int, int, int, int]:
    """The four words of the doctor at a place of the stretch."""
    lots = draw_buffer(m, decision)
    return lots[place], lots[place + DRAW_BATCH], lots[place + 2 * DRAW_BATCH], lots[place + 3 * DRAW_BATCH]
