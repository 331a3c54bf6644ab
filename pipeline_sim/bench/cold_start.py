"""`python -m pipeline_sim.bench.cold_start`: a run from process start to its first days, timed at each mark.

Started by `measure`, once with rules compiled before and once with an empty cache; it does what a command does.
"""

import json
import sys
import time
from contextlib import suppress

MARKS = ("imported", "world", "kernels", "days")


class FirstDaysError(Exception):
    """Exception that ends the run after its first days."""


def report_mark(mark: str) -> None:
    """Report that a mark is reached; the parent has the clock."""
    print(json.dumps({"mark": mark, "processor": time.process_time()}), flush=True)


def stop_after_first_days(part: float) -> None:
    """Progress callback of the run."""
    report_mark("days")
    raise FirstDaysError


def main() -> None:
    """Import, prepare the world, load or compile the kernels, run the first days."""
    layers, scale = json.loads(sys.argv[1]).values()
    from pipeline_sim.engines import compile_engine
    from pipeline_sim.study.execution.run_replications import Job, replicate
    from pipeline_sim.study.replication.prepare import WorldSpec, prepare

    report_mark("imported")
    assumed = WorldSpec(tuple(layers), scale=scale)
    prepare(assumed)
    report_mark("world")
    compile_engine()
    report_mark("kernels")
    replicate([Job(assumed, "batch", 2021, 0)], 1, stop_after_first_days)


if __name__ == "__main__":
    with suppress(FirstDaysError):
        main()
