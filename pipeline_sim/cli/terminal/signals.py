"""Ctrl-C, SIGTERM and SIGHUP: a command stops and tidies up; one that cannot, as in a call of a library, is ended."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from pipeline_sim.records.files.saving import SAVING

STOPPED = 130
SECONDS_TO_TIDY_UP, SECONDS_TO_STOP = 0.8, 1.8  # before workers, and then the command, are ended by force
INTERRUPTED = threading.Event()
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
    os.close(heard)
    if not told:
        return
    INTERRUPTED.set()
    if not over.wait(SECONDS_TO_TIDY_UP) and not SAVING.is_set() and "multiprocessing" in sys.modules:
        for worker in sys.modules["multiprocessing"].active_children():
            worker.kill()  # so that whoever waits for it goes on
    over.wait(SECONDS_TO_STOP - SECONDS_TO_TIDY_UP)
    while SAVING.is_set() and not over.is_set():
        over.wait(0.1)
    if over.is_set():
        time.sleep(SECONDS_TO_STOP)  # it has said so: libraries may wait at the end of the process as well
    with suppress(OSError, ValueError):
        if not over.is_set():
            print(f"stopped; {KEPT[-1]}", file=sys.stderr, flush=True)
    os._exit(STOPPED)
