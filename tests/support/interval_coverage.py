"""How often intervals hold a truth that is known: counted over many meta-experiments, each a study by itself.

A row says of how many intervals how many hold the truth, how many lie above it and how many below. 95 % intervals of a
sound estimator hold it in 95 of 100; with 1,000 of them 93.6 to 96.4 is chance.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
SAID, LEAST, MOST = 0.95, 0.93, 0.97  # what an interval claims, and what is borne of what it does


class Row(NamedTuple):
    """Intervals of one kind against their truth."""

    what: str
    held: int
    above: int  # intervals that lie above the truth
    below: int

    @property
    def of(self) -> int:
        """How many intervals."""
        return self.held + self.above + self.below

    @property
    def share(self) -> float:
        """Part that holds the truth."""
        return self.held / self.of

    @property
    def error(self) -> float:
        """Standard error of the share, had it been as claimed: what is left of chance in this count."""
        return sqrt(SAID * (1 - SAID) / self.of)

    @property
    def is_borne(self) -> bool:
        """True if between 93 and 97 % hold the truth."""
        return LEAST <= self.share <= MOST


def counted(what: str, truth: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> Row:
    """Where intervals lie; those that are not known, with a NaN end, claim nothing and are left out."""
    truth, low, high = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (truth, low, high)))
    known = ~(np.isnan(low) | np.isnan(high))
    above, below = int((low > truth)[known].sum()), int((high < truth)[known].sum())
    return Row(what, int(known.sum()) - above - below, above, below)


def table(rows: Sequence[Row], first: str = "intervals of") -> str:
    """The rows as Markdown."""
    lines = [
        f"| {first} | number | hold the truth, % | lie above it, % | lie below it, % |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        parts = " | ".join(f"{100 * part / row.of:.1f}" for part in (row.held, row.above, row.below))
        lines.append(f"| {row.what} | {row.of:,} | {parts} |")
    return "\n".join(lines)


class Part(NamedTuple):
    """What credible intervals hold of a known distribution of true values, on average over studies."""

    what: str
    of: int  # studies
    share: float
    below: float  # true values below the interval
    above: float


def part_table(rows: Sequence[Part]) -> str:
    """The rows as Markdown."""
    lines = ["| true effects | studies | inside, % | below, % | above, % |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        parts = " | ".join(f"{100 * part:.1f}" for part in (row.share, row.below, row.above))
        lines.append(f"| {row.what} | {row.of:,} | {parts} |")
    return "\n".join(lines)


class Calibrated(NamedTuple):
    """A probability as it is said, beside what is true."""

    what: str
    truth: float
    said: float  # mean over studies
    held: float  # of the Monte Carlo intervals, part that holds the truth
    settled: float  # part of the studies that settle a verdict, and that settle a wrong one
    wrong: float


def calibrated_table(rows: Sequence[Calibrated]) -> str:
    """The rows as Markdown."""
    lines = [
        "| probability of | true, % | said on average, % | intervals hold it, % | settled, % | settled and wrong, % |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        parts = " | ".join(f"{100 * part:.1f}" for part in row[1:])
        lines.append(f"| {row.what} | {parts} |")
    return "\n".join(lines)
