"""Two tellings of one story: does every engine write the same rows for a world and a seed?"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import Columns, EventLog, columns_digest
from pipeline_sim.records.log_difference import Difference, first_difference, stretch
from pipeline_sim.rules.rulebook import Rulebook

ROWS_BEFORE = 10
Progress = Callable[[float], None]  # part done, 0 to 1
ByDay = Callable[[int, int], None]  # day reached, days in all


class Agreement(NamedTuple):
    """All engines wrote these rows."""

    seed: int
    rows: int
    digest: str  # SHA-256 of the log, as a manifest gives it


class Disagreement(NamedTuple):
    """Two engines part at a row."""

    seed: int
    engines: tuple[str, str]
    difference: Difference
    before: Columns  # the rows before, the same in both
    there: tuple[Columns, Columns]  # the row of either; none where a log has ended


class Parity(NamedTuple):
    """Seeds on which all engines agree, up to the first on which they do not."""

    engines: tuple[str, ...]
    agreed: tuple[Agreement, ...]
    parted: Disagreement | None

    @property
    def rows(self) -> int:
        """Rows compared and found equal, of whole logs."""
        return sum(each.rows for each in self.agreed)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the logs, a line each."""
        return hashlib.sha256("\n".join(each.digest for each in self.agreed).encode()).hexdigest()


def parity(rulebook: Rulebook, seeds: Sequence[int], progress: Progress | None = None) -> Parity:
    """Run every engine on every seed, one replication each, until two of them differ."""
    agreed: list[Agreement] = []
    for place, seed in enumerate(seeds):
        found = compared(rulebook, seed, _by_day(progress, place, len(seeds)))
        if isinstance(found, Disagreement):
            return Parity(tuple(ENGINES), tuple(agreed), found)
        agreed.append(found)
    return Parity(tuple(ENGINES), tuple(agreed), None)


def compared(
    rulebook: Rulebook, seed: int, report: ByDay | None = None, replication: int = 0
) -> Agreement | Disagreement:
    """One seed: the log of the first engine, the one to be read, held against that of every other."""
    first, *others = ENGINES
    one = told_by(first, rulebook, seed, replication, report)
    for name in others:
        other = told_by(name, rulebook, seed, replication)
        difference = first_difference(one, other)
        if difference is not None:
            return _disagreement(seed, (first, name), difference, (one, other))
    return Agreement(seed, len(one["day"]), columns_digest(one))


def told_by(engine: str, rulebook: Rulebook, seed: int, replication: int = 0, report: ByDay | None = None) -> Columns:
    """The log of one engine in its canonical order."""
    log = EventLog(counted=False)
    ENGINES[engine](rulebook, seed, replication, log, report)
    return log.columns()


def _disagreement(
    seed: int, engines: tuple[str, str], difference: Difference, logs: tuple[Columns, Columns]
) -> Disagreement:
    row = difference.row
    before, there = stretch(logs[0], row - ROWS_BEFORE, row), [stretch(log, row, row + 1) for log in logs]
    return Disagreement(seed, engines, difference, before, (there[0], there[1]))


def _by_day(progress: Progress | None, place: int, count: int) -> ByDay | None:
    """What the slowest engine, the first, says of its days: how far one of several seeds is, as a part of all."""
    return None if progress is None else lambda day, total: progress((place + day / max(total, 1)) / count)
