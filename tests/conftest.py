"""Lets every test import the shared worlds of this folder: `toybook`, `generated`. Hears Ctrl-C wherever it is run."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _hears_interrupts() -> Iterator[None]:
    """A shell that runs tests in the background makes them, and all that they start, deaf to SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
