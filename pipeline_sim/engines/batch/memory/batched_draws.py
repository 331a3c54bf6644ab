"""Random words of many doctors for one decision, drawn side by side, a batch of a list at a time."""

from enum import IntEnum, auto

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, as_constant, int64_at
from pipeline_sim.engines.batch.memory.access import INDEX_BITS
from pipeline_sim.engines.batch.memory.layout import Header, Memory
from pipeline_sim.rules.random_numbers import draw_inlined
from pipeline_sim.rules.recruitment import PREFERENCE_BLOCKS

DRAW_BATCH = 64  # doctors of a list whose random words are computed together
DRAW_WORDS = 4  # words of one draw


class Draw(IntEnum):
    """Draws of a batch that are in memory at once; a preference takes PREFERENCE_BLOCKS of them, from the first on."""

    YEAR = 0
    ABSENCE = auto()
    OOP = auto()
    POST_PACE = auto()
    SUPERVISION = auto()
    READING = auto()
    REVIEW = auto()


DRAW_BUFFERS = max(len(Draw), PREFERENCE_BLOCKS)


@kernel
def draw_buffer(m: Memory, decision: int) -> Pointer:
    """Buffer of the words of one draw, first words first."""
    return int64_at(as_constant(m)[Header.DRAW_BUFFER] + decision * DRAW_WORDS * DRAW_BATCH * 8)


@kernel
def draw_batch(m: Memory, whose: int, first: int, count: int, decision: int, purpose: int, index: int) -> None:
    """Draw four words for each of at most DRAW_BATCH doctors of a list, from a place on."""
    fixed, who, words = as_constant(m), int64_at(m[whose] + 8 * first), draw_buffer(m, decision)
    seed, replication = fixed[Header.SEED], fixed[Header.REPLICATION]
    for place in range(count):
        one, two, three, four = draw_inlined(seed, replication, who[place] >> INDEX_BITS, purpose, index)
        words[place], words[place + DRAW_BATCH] = one, two
        words[place + 2 * DRAW_BATCH], words[place + 3 * DRAW_BATCH] = three, four


@kernel
def batched_words(m: Memory, decision: int, place: int) -> tuple[int, int, int, int]:
    """Four words of the doctor at an index of the batch."""
    words = draw_buffer(m, decision)
    return words[place], words[place + DRAW_BATCH], words[place + 2 * DRAW_BATCH], words[place + 3 * DRAW_BATCH]
