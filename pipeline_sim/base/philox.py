"""Philox4x32-10: random words as a pure function of counter and key (Salmon et al. 2011, 10.1145/2063384.2063405)."""

import numpy as np

from pipeline_sim.base.compiler.jit import inlined_rule

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
ROUNDS = 10


@inlined_rule
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Random words, four in 0 .. 2**32 - 1, of four counter words and two key words (their low 32 bits count)."""
    x0, x1, x2, x3 = np.uint64(c0) & MASK, np.uint64(c1) & MASK, np.uint64(c2) & MASK, np.uint64(c3) & MASK
    y0, y1 = np.uint64(k0) & MASK, np.uint64(k1) & MASK
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * x0
        product_1 = MULTIPLIER_1 * x2
        x0, x1, x2, x3 = (
            (product_1 >> HALF) ^ x1 ^ y0,
            product_1 & MASK,
            (product_0 >> HALF) ^ x3 ^ y1,
            product_0 & MASK,
        )
        y0 = (y0 + WEYL_0) & MASK
        y1 = (y1 + WEYL_1) & MASK
    return np.int64(x0), np.int64(x1), np.int64(x2), np.int64(x3)  # type: ignore[return-value]
