"""Errors of a study: what cannot be run or compared, and runs that were stopped."""

from typing import Any


class StudyError(Exception):
    """One line that says what cannot be run or compared, and why."""


class InterruptedRunError(KeyboardInterrupt):
    """Ctrl-C while replications ran; holds the results of the leading jobs that were complete by then."""

    def __init__(self, finished: list[Any]) -> None:
        super().__init__()
        self.finished = finished


class StopError(Exception):
    """Request to stop, raised inside a job that is under way so that its pool can close."""
