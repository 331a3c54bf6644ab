"""Luck of many doctors for the same decision: worked out side by side, a stretch of a list at a time."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer, as_constant, int64_at
from pipeline_sim.engines.batch.memory.access import NUMBER_BITS
from pipeline_sim.engines.batch.memory.layout import LOT_WORDS, LOTS, REPLICATION, SEED, STRETCH, Memory
from pipeline_sim.rules.random_numbers import draw_inlined


@kernel
def lots_of(m: Memory, decision: int) -> Pointer:
    """Where the words for one of the decisions lie, first words first."""
    return int64_at(as_constant(m)[LOTS] + decision * LOT_WORDS * STRETCH * 8)


@kernel
def draw_stretch(m: Memory, whose: int, first: int, count: int, decision: int, purpose: int, index: int) -> None:
    """Four words for each of at most STRETCH doctors of a list, from a place on, kept as one of the decisions."""
    fixed, who, lots = as_constant(m), int64_at(m[whose] + 8 * first), lots_of(m, decision)
    seed, replication = fixed[SEED], fixed[REPLICATION]
    for place in range(count):
        one, two, three, four = draw_inlined(seed, replication, who[place] >> NUMBER_BITS, purpose, index)
        lots[place], lots[place + STRETCH] = one, two
        lots[place + 2 * STRETCH], lots[place + 3 * STRETCH] = three, four


@kernel
def lot(m: Memory, decision: int, place: int) -> tuple[int, int, int, int]:
    """The four words of the doctor at a place of the stretch."""
    lots = lots_of(m, decision)
    return lots[place], lots[place + STRETCH], lots[place + 2 * STRETCH], lots[place + 3 * STRETCH]
