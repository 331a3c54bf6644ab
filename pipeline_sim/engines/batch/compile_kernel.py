"""Compilation of every entry of the kernel, or its loading from disk.

What is on no disk yet is compiled on two processors at once, by this process and by a second one that ends when it is
done: Numba compiles one function at a time. What the second one did not get done is compiled here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipeline_sim.base.compiler.jit import compile_for, is_ready
from pipeline_sim.engines.batch.day_loop import offices_act, run_days
from pipeline_sim.engines.batch.event_routines.arrivals import arrive
from pipeline_sim.engines.batch.event_routines.recruitment import run_round
from pipeline_sim.engines.batch.output.read_counts import counted

SECOND = "from pipeline_sim.engines.batch.compile_kernel import second_half; second_half()"


def compile_engine() -> None:
    """Compile every entry of the kernel, or load it from disk; it serves all worlds."""
    with second_process():
        compile_for(run_days, 0, 0, 0)
        compile_for(run_round, 0, 0, 0)
        compile_for(counted, 0, 0)
    second_half()


def second_half() -> None:
    """Compile the second half of the entries: about as much work as the first."""
    compile_for(offices_act, 0, 0, 0)
    compile_for(arrive, 0, 0, 0)


@contextmanager
def second_process() -> Iterator[None]:
    """Context in which a second process compiles the second half, if there is a processor for it."""
    process = None
    if processors() > 1 and not (is_ready(offices_act) or is_ready(arrive)):
        with suppress(OSError):  # where none can be started all is done here
            process = started()
    try:
        yield
        if process is not None:
            process.wait()
    finally:
        if process is not None:
            process.kill()  # after Ctrl-C; one that has ended does not mind
            process.wait()


def started() -> "subprocess.Popen[bytes]":
    """Second process, with the module path of this one; it prints nothing."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if os.path.exists(place))}
    nothing = subprocess.DEVNULL
    command = (sys.executable, "-P", "-c", SECOND)
    return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, env=environment)


def processors() -> int:
    """Number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
