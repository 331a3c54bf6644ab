"""RecordsError: one line that says which file is missing, damaged or cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager


class RecordsError(Exception):
    """Error of a file or log, as one line for the user."""


@contextmanager
def file_errors(action: str, path: object) -> Iterator[None]:
    """Context in which an OSError becomes RecordsError "cannot ACTION PATH: reason"."""
    try:
        yield
    except OSError as error:
        raise RecordsError(f"cannot {action} {path}: {error.strerror or error}") from None
