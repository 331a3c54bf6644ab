"""What a result says about itself: enough to run it again, bit for bit.

A command whose figures and tables are to be verified takes `--out`, calls its result `result_digest(parts)`, has
`records.items.issue` name its items, and writes `manifest_base(...)` with `items`, and `made_in` of a `Stopwatch`.
"""

import os
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.records.files.result_files import file_digest
from pipeline_sim.records.provenance.environment import origin, packages, program_digest, sums_of
from pipeline_sim.records.provenance.identifiers import digest_letters
from pipeline_sim.study.execution.run_replications import Replication
from pipeline_sim.study.replication.assumption_counts import assumptions
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.world.reading.sources import input_files, world_digest

if TYPE_CHECKING:
    from pipeline_sim.study.comparison.answer import Answer
    from pipeline_sim.study.comparison.run_study import Asked
    from pipeline_sim.study.comparison.study_file import Study

AGAIN = "PIPELINE_SIM_AGAIN"  # what verify has another version of the program call its result, to compare it


def result_digest(parts: Iterable[object]) -> str:
    """Seven letters over what decides a result, bit for bit: the question, how often, program, packages."""
    versions = [f"{name} {number}" for name, number in packages().items()]
    return os.environ.get(AGAIN) or digest_letters([*parts, rules_digest(), program_digest(), *versions])


def identity(assumed: Assumed) -> tuple[object, ...]:
    """What of a world decides a result; places of files do not."""
    return world_digest(world_of(assumed)), sorted(assumed.without), assumed.scale


def manifest_base(
    result: str, command: Sequence[str], worlds: Sequence[Assumed], files: Sequence[Path] = ()
) -> dict[str, Any]:
    """What every result says: its name, what made it, the command that makes it again (`--out` is added), the digest of
    every file that was read: those of the worlds, and some more.
    """
    read = set().union(*(input_files(world_of(each._replace(belief=None))) for each in worlds))
    return {
        **origin(),
        "result": result,
        "command": shlex.join(command),
        "inputs": sums_of(read | {path.resolve() for path in files}),
    }


def manifest_of(engine: str, seed: int, worlds: dict[str, tuple[Assumed, tuple[Replication, ...]]]) -> dict[str, Any]:
    """What the manifest of a run says besides."""
    return {
        "engine": engine,
        "seed": seed,
        "assumptions": assumptions([assumed for assumed, _ in worlds.values()]),
        "worlds": {name: _world(assumed, runs) for name, (assumed, runs) in worlds.items()},
    }


def manifest_of_study(answer: "Answer", asked: "Asked", name: str) -> dict[str, Any]:
    """What the manifest of a comparison, whose replications go by a name, says besides."""
    study, worlds = answer.study, answer.assumed
    return {
        "engine": asked.engine,
        "study": study.model_dump(mode="json"),
        "replications": answer.replications,
        "identity": name,
        "assumptions": assumptions_of(study, worlds.values()),
        "worlds": {name: assumed_part(assumed) for name, assumed in worlds.items()},
    }


def assumptions_of(study: "Study", worlds: Iterable[Assumed]) -> dict[str, Any]:
    """How many figures the worlds of a study rest on, and which are drawn or held."""
    return assumptions(worlds, tuple(study.held), study.parameters == "sampled", study.plausible)


def manifest_of_moves(asked: "Asked", moves: dict[str, Any], name: str) -> dict[str, Any]:
    """What the manifest of a sensitivity analysis, whose points go by a name, says besides."""
    return {
        "engine": asked.engine,
        "study": asked.study.model_dump(mode="json", exclude={"question"}),
        "moves": moves,
        "identity": name,
        "worlds": {name: assumed_part(assumed) for name, assumed in asked.worlds.items()},
    }


def _world(assumed: Assumed, runs: tuple[Replication, ...]) -> dict[str, Any]:
    return {
        **assumed_part(assumed),
        "rulebook_sha256": runs[0].rulebook_digest,
        "replications": len(runs),
        "log_sha256": [run.log_digest for run in runs],
        "rows": [run.rows for run in runs],
        "seconds": [round(run.seconds, 2) for run in runs],
    }


def assumed_part(assumed: Assumed) -> dict[str, Any]:
    """Which world, by its files and their sums."""
    world = world_of(assumed)
    return {
        "name": world.name,
        "layers": list(assumed.layers),
        "mix": assumed.mix,
        "without": sorted(assumed.without),
        "scale": assumed.scale,
        "world_digest": world_digest(world),
        "layer_sha256": {path.name: file_digest(path) for path in world.layers},
    }
