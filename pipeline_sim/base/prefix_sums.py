"""Prefix sums of rounded daily amounts, in compiled code: NumPy's take five passes over memory."""

import numpy as np

from pipeline_sim.base.compiler.jit import rule


@rule
def sum_thousandths(table: np.ndarray, missing: bool, sums: np.ndarray) -> None:
    """Prefix sums [N, T+1], int32, of a table [N, T], float32, in thousandths, each entry rounded half to even first.

    With `missing`, of what each entry lacks to 1, at least 0. Both are computed in single precision, as NumPy does.
    """
    one, thousand = np.float32(1), np.float32(1000)
    for row in range(table.shape[0]):
        total = np.int32(0)
        sums[row, 0] = total
        for day in range(table.shape[1]):
            amount = max(np.float32(0), one - table[row, day]) if missing else table[row, day]
            total += np.int32(np.rint(amount * thousand))
            sums[row, day + 1] = total


@rule
def sum_again(table: np.ndarray, missing: bool, first: int, sums: np.ndarray) -> None:
    """Change prefix sums [N, T+1] to those with a table [N, W] in the place of the W entries from `first` on."""
    one, thousand = np.float32(1), np.float32(1000)
    last = first + table.shape[1]
    for row in range(table.shape[0]):
        total, before = sums[row, first], sums[row, last]
        for day in range(table.shape[1]):
            amount = max(np.float32(0), one - table[row, day]) if missing else table[row, day]
            total += np.int32(np.rint(amount * thousand))
            sums[row, first + day + 1] = total
        more = np.int32(total - before)
        for day in range(last + 1, sums.shape[1]):
            sums[row, day] += more
