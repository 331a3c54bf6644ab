"""What can be wrong with a question."""


class StudyError(Exception):
    """One line that says what cannot be run or compared, and why."""


class StopError(Exception):
    """Asked to stop: what a job that is under way raises, so that its pool can close."""
