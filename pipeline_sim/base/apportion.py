"""Apportionment of whole amounts to shares, in compiled code: a draw of the parameters makes some thousand rows."""

import numpy as np

from pipeline_sim.base.compiler.jit import rule

PLACES = 1e9  # what is reached is rounded to nine decimal places


@rule
def largest_remainders(amounts: np.ndarray, shares: np.ndarray, parts: np.ndarray) -> None:
    """Parts [N, K] of amounts [N] by shares [K] that sum to 1: the largest remainders, earliest first, get the rest."""
    for row in range(len(amounts)):
        rest = amounts[row]
        for place in range(len(shares)):
            parts[row, place] = int(np.floor(amounts[row] * shares[place]))
            rest -= parts[row, place]
        behind, at = -np.inf, -1  # the last that was given one
        for _ in range(min(rest, len(shares))):
            least, chosen = np.inf, -1
            for place in range(len(shares)):
                exact = amounts[row] * shares[place]
                remainder = np.floor(exact) - exact
                after = remainder > behind or (remainder == behind and place > at)
                if after and remainder < least:
                    least, chosen = remainder, place
            parts[row, chosen] += 1
            behind, at = least, chosen


@rule
def cumulative_rounding(
    shares: np.ndarray, factors: np.ndarray, phases: np.ndarray, totals: np.ndarray, parts: np.ndarray
) -> None:
    """Parts [N, K], int32, in proportion to shares [N, K], times a factor [N] each; they sum to the totals [N].

    A phase [N] from 0 to 1 shifts where along the row remainders fall. Rows of zeros are to have factor 0.
    """
    for row in range(len(shares)):
        last = -1
        for place in range(shares.shape[1]):
            last = place if shares[row, place] != 0 and factors[row] > 0 else last
        reached, before = 0.0, 0.0
        for place in range(shares.shape[1]):
            reached += shares[row, place]
            step = np.floor(np.rint(reached * factors[row] * PLACES) / PLACES + phases[row])
            step = totals[row] if place >= last else min(step, totals[row])
            parts[row, place] = np.int32(step - before) if last >= 0 else np.int32(0)
            before = step
