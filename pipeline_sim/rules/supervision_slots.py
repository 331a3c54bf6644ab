"""Allocation of supervised slots: order of priority."""

from pipeline_sim.base.compiler.jit import rule

WORD_BITS = 32
GAP_BITS = 28
LARGEST_GAP = (1 << GAP_BITS) - 1


@rule
def order_key(critical: int, gap: int, random_word: int) -> int:
    """Sort key for a slot, lowest first: a critical point ahead, then the larger gap, then the smaller random word.

    `gap` is in any one unit and counts up to 2**28 - 1; the key is below 2**61.
    """
    later = 0 if critical else 1
    smallness = LARGEST_GAP - min(gap, LARGEST_GAP)
    return later << (GAP_BITS + WORD_BITS) | smallness << WORD_BITS | random_word
