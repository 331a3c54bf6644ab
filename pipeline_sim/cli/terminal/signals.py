"""Ctrl-C, SIGTERM and SIGHUP: a command stops and tidies up; one that cannot, as in a call of a library, is ended."""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOPPED = 130
SECONDS_TO_STOP = 1.7  # so that a command ends within two seconds
INTERRUPTED = threading.Event()
SAVING = threading.Event()  # set while what was finished is being kept: that takes as long as it takes
NOTHING, GOES_ON = "nothing was written", "what was finished is kept, the same command goes on from there"
KEPT = [NOTHING]  # the last says what is left of this run if it is stopped now
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def keep(what: str) -> None:
    """Note what remains if the command is stopped from here on, however it is stopped."""
    KEPT.append(what)


def set_handlers() -> None:
    """SIGTERM and SIGHUP act like Ctrl-C, unless they are ignored, as under nohup."""
    if threading.current_thread() is threading.main_thread():
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if not INTERRUPTED.is_set():
        atexit.register(_leave)  # before what libraries do at the end, such as to wait for an object store
    INTERRUPTED.set()
    signal.default_int_handler(number, frame)


@contextmanager
def ended_in_time() -> Iterator[None]:
    """Context in which a stopped command is ended if it does not end itself: Python's handlers wait for C code."""
    KEPT[:] = [NOTHING]
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, tell = os.pipe()
    os.set_blocking(tell, False)
    over = threading.Event()
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(heard, over), daemon=True).start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        os.close(tell)


def _watch(heard: int, over: threading.Event) -> None:
    """End this process some time after the first signal that stops it; nothing if it ends before."""
    numbers = {int(getattr(signal, name)) for name in SIGNALS if hasattr(signal, name)}
    while (told := os.read(heard, 1)) and told[0] not in numbers:
        pass
    if told:
        INTERRUPTED.set()
        over.wait(SECONDS_TO_STOP)
        while SAVING.is_set() and not over.is_set():
            over.wait(0.1)
        if not over.is_set():
            _end()
    os.close(heard)


def _end() -> None:
    with suppress(OSError, ValueError):
        print(f"stopped; {KEPT[-1]}", file=sys.stderr, flush=True)
    _leave()


def _leave() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(STOPPED)
