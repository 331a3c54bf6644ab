"""What can be wrong with a question."""


class StudyError(Exception):
    """One line that says what cannot be run or compared, and why."""
