"""What can be wrong with a question."""

from typing import Any


class StudyError(Exception):
    """One line that says what cannot be run or compared, and why."""


class InterruptedRunError(KeyboardInterrupt):
    """Ctrl-C while replications ran; holds what the first of them, done by then, came to."""

    def __init__(self, finished: list[Any]) -> None:
        super().__init__()
        self.finished = finished


class StopError(Exception):
    """Asked to stop: what a job that is under way raises, so that its pool can close."""
