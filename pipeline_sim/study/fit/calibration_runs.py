"""Runs of a calibration: the engine at the rows of a design, stored once finished, so that a stopped one resumes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.engines import RELEASES_GIL, compile_engine
from pipeline_sim.records.files.array_cache import load_arrays, save_arrays
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import Progress, run_all
from pipeline_sim.study.fit.measure_targets import measure_target, run_for_targets
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.parameter_draws import SampleRow, uncertain_parameters
from pipeline_sim.study.replication.posterior_sample import (
    Made,
    OpenParameters,
    PosteriorSample,
    is_fixed,
    load_sample,
    open_figures,
    range_digests,
    save_sample,
)
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of
from pipeline_sim.world.reading.sources import figures, named_path

Reals = npt.NDArray[np.float64]
TOGETHER = 16  # rows whose results are stored together
POSITION = "position in the range, 0 to 1"


class Search(NamedTuple):
    """Size of a calibration."""

    points: int  # of the first wave
    later: int  # of each later wave, the last of which becomes the sample
    waves: int
    seed: int
    engine: str
    workers: int


class CalibrationProblem(NamedTuple):
    """What is fitted, in which world, and to what."""

    opened: OpenParameters
    held: tuple[str, ...]  # beginnings of key paths that stay as stated
    spec: WorldSpec
    targets: tuple[Target, ...]  # K
    study_scale: float  # of the study that draws from the sample, and by whose chance a draw is to pass


def empty_sample(problem: CalibrationProblem, command: str, rules: str, targets: str) -> PosteriorSample:
    """Sample without rows: its open parameters, and every other figure that is uncertain in the world."""
    world, opened = world_of(problem.spec), problem.opened.open
    known = open_figures(world, opened)
    not_alone = (*problem.held, *known)
    uncertain = uncertain_parameters(world, not_alone)
    stated = {named_path(world, path): figure for path, figure in figures(world)}
    units = [f"{POSITION}: {stated[each.figures[0]].unit}" for each in opened]
    units += [f"cumulative probability: {each.low} to {each.high} {stated[each.name].unit}"[:200] for each in uncertain]
    made = Made(
        command=command,
        rules=rules,
        ranges=range_digests(known),
        targets=targets,
        fitted={},
        runs=0,
        held=[name for name in problem.held if any(is_fixed(each, (name,)) for each in stated)],
        open=opened,
    )
    names = tuple(each.name for each in uncertain)
    return PosteriorSample(made, names, tuple(units), np.zeros((0, len(opened) + len(names))), np.zeros(0))


def run_design(
    problem: CalibrationProblem,
    search: Search,
    design: Path,
    first: int,
    progress: Progress | None = None,
) -> Reals:
    """Targets [N, K] at the rows of a design; row n has the random numbers of replication `first` + n."""
    positions = load_sample(str(design)).positions
    specs = [problem.spec._replace(parameters=SampleRow(str(design), row)) for row in range(len(positions))]
    workers = min(search.workers, len(specs))
    if search.engine in RELEASES_GIL:
        check_memory(prepare(specs[0]).rulebook, workers)
        compile_engine()

    def run(rows: Sequence[int], report: Progress) -> Reals:
        key = hashlib.sha256(positions[rows].tobytes()).digest()
        path = design.with_suffix("") / f"{first + rows[0]:06d}.npz"
        stored = load_arrays(path)
        if stored is not None and stored["rows"].tobytes() == key:
            return np.asarray(stored["values"])
        values = []
        for done, row in enumerate(rows):
            report(done / len(rows))
            output = run_for_targets(specs[row], search.engine, search.seed, first + row, keep_log=False)
            values.append([measure_target(target, output) for target in problem.targets])
        save_arrays(path, {"rows": np.frombuffer(key, np.uint8), "values": np.array(values)})
        return np.array(values)

    parts = [range(start, min(start + TOGETHER, len(specs))) for start in range(0, len(specs), TOGETHER)]
    with threads(run, workers) as pool:
        return np.vstack(run_all(pool, parts, progress))


def write_design(empty: PosteriorSample, positions: Reals, path: Path) -> None:
    """Write positions [N, D] as a design, equally weighted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_sample(path, empty._replace(positions=positions, weights=np.full(len(positions), 1 / len(positions))))
    load_sample.cache_clear()
