"""Which luck: one Philox block for each decision, keyed (seed, replication; trainee, purpose, index).

No generator has state, so what one doctor meets can never shift what another draws.
"""

import numpy as np

from pipeline_sim.base.compiler.jit import inlined_kernel, rule
from pipeline_sim.base.philox import philox4x32


def draw(seed: int, replication: int, trainee: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Four independent words in 0 .. 2**32 - 1 for one decision. Seeds above 2**32 use their high half too."""
    return philox4x32(trainee, purpose, index, seed >> 32, seed, replication)


draw_inlined = inlined_kernel(draw)  # written out there: the compiler then works out four blocks side by side
draw = rule(draw)


@rule
def bernoulli(word: int, threshold: int) -> bool:
    """True with chance threshold / 2**32."""
    return word < threshold


@rule
def categorical(word: int, cumulative: np.ndarray) -> int:
    """First entry of a cumulative threshold row above the word; its length if none is."""
    above = 0  # counted to the end: a jump that cannot be foreseen costs more than reading a row
    for i in range(cumulative.shape[0]):
        above += int(cumulative[i] <= word)
    return above


@rule
def uniform_index(word: int, count: int) -> int:
    """An index in 0 .. count - 1, all equally likely (to 1 in 2**32 / count)."""
    return (word * count) >> 32
