"""Random numbers: one Philox block for each decision, keyed (seed, replication; trainee, purpose, index).

No generator has state, so that the draws of one doctor never depend on another: common random numbers across worlds.
"""

import numpy as np

from pipeline_sim.base.compiler.jit import inlined_kernel, rule
from pipeline_sim.base.philox import philox4x32


def draw(seed: int, replication: int, trainee: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Random words for one decision: four independent ones in 0 .. 2**32 - 1. Seeds may have 64 bits."""
    return philox4x32(trainee, purpose, index, seed >> 32, seed, replication)


draw_inlined = inlined_kernel(draw)  # inlined: the compiler then computes four blocks side by side
draw = rule(draw)


@rule
def bernoulli(word: int, threshold: int) -> bool:
    """Bernoulli draw: True with probability threshold / 2**32."""
    return word < threshold


@rule
def categorical(word: int, cumulative: np.ndarray) -> int:
    """Categorical draw: first entry of a cumulative threshold row above the word; its length if none is."""
    above = 0  # counted to the end: a mispredicted branch costs more than reading a row
    for i in range(cumulative.shape[0]):
        above += int(cumulative[i] <= word)
    return above


@rule
def uniform_index(word: int, count: int) -> int:
    """Uniform index in 0 .. count - 1 (to 1 in 2**32 / count)."""
    return (word * count) >> 32
