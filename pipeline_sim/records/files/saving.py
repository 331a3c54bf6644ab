"""Whether finished work is just being saved: whoever stops the program by force waits for that."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

SAVING = threading.Event()


@contextmanager
def saving() -> Iterator[None]:
    """Context in which finished work is saved, however long that takes; a second Ctrl-C still stops it."""
    SAVING.set()
    try:
        yield
    finally:
        SAVING.clear()
