"""Parity of the engines: whether every engine writes equal rows for a world and a seed."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import Columns, EventLog, columns_digest
from pipeline_sim.records.log_difference import Difference, first_differing_row, rows_between
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.execution.worker_pool import Progress, by_day

ROWS_BEFORE = 10
ByDay = Callable[[int, int], None]  # day reached, days in all


class Agreement(NamedTuple):
    """A seed on which all engines wrote equal rows."""

    seed: int
    rows: int
    digest: str  # SHA-256 of the log, as a manifest gives it


class Disagreement(NamedTuple):
    """First difference between the logs of two engines."""

    seed: int
    engines: tuple[str, str]
    difference: Difference
    before: Columns  # the rows before, the same in both
    there: tuple[Columns, Columns]  # the row of either; none where a log has ended


class Parity(NamedTuple):
    """Seeds on which all engines agree, up to the first on which they do not."""

    engines: tuple[str, ...]
    agreed: tuple[Agreement, ...]
    disagreement: Disagreement | None

    @property
    def rows(self) -> int:
        """Rows of whole logs that were compared and equal."""
        return sum(agreement.rows for agreement in self.agreed)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the logs, a line each."""
        return hashlib.sha256("\n".join(agreement.digest for agreement in self.agreed).encode()).hexdigest()


def parity(rulebook: Rulebook, seeds: Sequence[int], progress: Progress | None = None) -> Parity:
    """Parity of the engines on some seeds, one replication each, until two of them differ."""
    agreed: list[Agreement] = []
    for index, seed in enumerate(seeds):
        outcome = compare_engines(rulebook, seed, by_day(progress, index, len(seeds)))
        if isinstance(outcome, Disagreement):
            return Parity(tuple(ENGINES), tuple(agreed), outcome)
        agreed.append(outcome)
    return Parity(tuple(ENGINES), tuple(agreed), None)


def compare_engines(
    rulebook: Rulebook, seed: int, report: ByDay | None = None, replication: int = 0
) -> Agreement | Disagreement:
    """Comparison on one seed: the log of the first engine, the reference, against that of every other."""
    first, *others = ENGINES
    one = log_of(first, rulebook, seed, replication, report)
    for name in others:
        other = log_of(name, rulebook, seed, replication)
        difference = first_differing_row(one, other)
        if difference is not None:
            return _disagreement(seed, (first, name), difference, (one, other))
    return Agreement(seed, len(one["day"]), columns_digest(one))


def log_of(engine: str, rulebook: Rulebook, seed: int, replication: int = 0, report: ByDay | None = None) -> Columns:
    """Log of one engine in its canonical order."""
    log = EventLog(keep_counts=False)
    ENGINES[engine](rulebook, seed, replication, log, report)
    return log.columns()


def _disagreement(
    seed: int, engines: tuple[str, str], difference: Difference, logs: tuple[Columns, Columns]
) -> Disagreement:
    row = difference.row
    before, there = rows_between(logs[0], row - ROWS_BEFORE, row), [rows_between(log, row, row + 1) for log in logs]
    return Disagreement(seed, engines, difference, before, (there[0], there[1]))
