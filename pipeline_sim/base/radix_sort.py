"""Radix sort and fill of arrays in compiled code; NumPy's own take seconds to compile."""

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, rule

BITS = 8
DIGITS = 1 << BITS
WORD_BITS = 63


@rule
def fill(row: np.ndarray, value: int) -> None:
    """Fill a one-dimensional array with a value."""
    for place in range(row.shape[0]):
        row[place] = value


@allocating
def sort_keys(keys: np.ndarray, first_bit: int) -> None:
    """Sort int64 keys of at least 0 in place by their bits from `first_bit` on; stable.

    One pass for every eight bits in which any two keys differ.
    """
    differ = 0
    for place in range(keys.shape[0]):
        differ |= keys[place] ^ keys[0]
    spare, digits = np.empty(keys.shape[0], np.int64), np.empty(DIGITS, np.int64)
    for bit in range(first_bit, WORD_BITS, BITS):
        if differ >> bit & (DIGITS - 1):
            scatter_by_digit(keys, spare, digits, bit)
            for place in range(keys.shape[0]):
                keys[place] = spare[place]


@rule
def scatter_by_digit(keys: np.ndarray, spare: np.ndarray, digits: np.ndarray, bit: int) -> None:
    """One pass of the sort: count the digits, then scatter the keys in their order."""
    fill(digits, 0)
    for place in range(keys.shape[0]):
        digits[keys[place] >> bit & (DIGITS - 1)] += 1
    begins = 0
    for digit in range(DIGITS):
        count = digits[digit]
        digits[digit] = begins
        begins += count
    for place in range(keys.shape[0]):
        digit = keys[place] >> bit & (DIGITS - 1)
        spare[digits[digit]] = keys[place]
        digits[digit] += 1
