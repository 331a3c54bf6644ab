"""`python -m pipeline_sim.bench.cold_start`: from nothing to the first days of a run, saying when each part is done.

Started by `england`, once with rules compiled before and once with an empty cache. It takes the road of a command.
"""

import json
import sys
import time
from contextlib import suppress

MARKS = ("imported", "world", "kernels", "days")


class FirstDaysError(Exception):
    """Raised when the first days have been run, to end there."""


def say(mark: str) -> None:
    """A mark is reached; the parent has the clock."""
    print(json.dumps({"mark": mark, "processor": time.process_time()}), flush=True)


def first_days(part: float) -> None:
    """What a run reports to."""
    say("days")
    raise FirstDaysError


def main() -> None:
    """Import, make the world, fetch or compile the kernels, run the first days."""
    layers, scale = json.loads(sys.argv[1]).values()
    from pipeline_sim.engines import compile_engine
    from pipeline_sim.study.execution.run_replications import Job, replicate
    from pipeline_sim.study.replication.prepare import Assumed, prepare

    say("imported")
    assumed = Assumed(tuple(layers), scale=scale)
    prepare(assumed)
    say("world")
    compile_engine()
    say("kernels")
    replicate([Job(assumed, "batch", 2021, 0)], 1, first_days)


if __name__ == "__main__":
    with suppress(FirstDaysError):
        main()
