"""What can be wrong with a record."""


class RecordsError(Exception):
    """One line that names the file or column and says what is wrong with it."""
