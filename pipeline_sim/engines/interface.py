"""Interface of engines: the same rows from the same Rulebook, seed and replication.

An engine writes rows into a log in any order within a (day, phase, trainee); readers see the canonical order.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook

Progress = Callable[[int, int], None]  # day reached, days in all


class Engine(Protocol):
    """Engine that runs one replication into a log."""

    def __call__(
        self, rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: Progress | None = None
    ) -> None: ...


class Together(Protocol):
    """Engine that runs one replication of several worlds, each into its own log, with the rows of single runs."""

    def __call__(
        self,
        rulebooks: Sequence[Rulebook],
        seed: int,
        replication: int,
        logs: Sequence[EventLog],
        progress: Progress | None = None,
    ) -> None: ...
