"""What a result says about itself: enough to run it again, bit for bit.

A command whose figures and tables are to be verified takes `--out`, calls its result `result_digest(parts)`, names
its items by `catalogue_items`, and writes `manifest_base(...)` with `items`, and `made_in` of a `Stopwatch`.
"""

import os
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline_sim.base.compiler.jit import rules_digest
from pipeline_sim.records.files.result_files import file_digest
from pipeline_sim.records.files.shipped_files import kept_path
from pipeline_sim.records.provenance.environment import (
    input_digests,
    package_versions,
    program_digest,
    provenance_record,
)
from pipeline_sim.records.provenance.identifiers import digest_letters
from pipeline_sim.study.execution.run_replications import Replication
from pipeline_sim.study.replication.assumption_counts import assumptions
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.reading import shipped_lines
from pipeline_sim.world.reading.sources import input_files, world_digest

if TYPE_CHECKING:
    from pipeline_sim.study.comparison.answer import Answer
    from pipeline_sim.study.comparison.run_study import StudyPlan
    from pipeline_sim.study.comparison.study_file import Study

AGAIN = "PIPELINE_SIM_AGAIN"  # what verify has another version of the program call its result, to compare it


def result_digest(parts: Iterable[object]) -> str:
    """Seven letters over what decides a result, bit for bit: the question, how often, program, packages."""
    versions = [f"{name} {number}" for name, number in package_versions().items()]
    return os.environ.get(AGAIN) or digest_letters([*parts, rules_digest(), program_digest(), *versions])


def world_spec_key(spec: WorldSpec) -> tuple[object, ...]:
    """Key of a world: all of it that decides a result, wherever its files are."""
    return world_digest(world_of(spec)), sorted(spec.without), spec.scale


def manifest_base(
    result: str, command: Sequence[str], worlds: Sequence[WorldSpec], files: Sequence[Path] = ()
) -> dict[str, Any]:
    """Entries of every manifest: result, provenance, command (`--out` is added), digests of all input files, edits."""
    stated = [world_of(spec._replace(parameters=None)) for spec in worlds]
    read = set().union(*map(input_files, stated))
    edited = list(map(str, shipped_lines.edited_files(stated)))
    return {
        **provenance_record(),
        "result": result,
        "command": shlex.join(command),
        "inputs": input_digests(read | {path.resolve() for path in files}),
        **({"edited": edited} if edited else {}),
    }


def manifest_of(engine: str, seed: int, worlds: dict[str, tuple[WorldSpec, tuple[Replication, ...]]]) -> dict[str, Any]:
    """Entries of a run's manifest besides the base."""
    return {
        "engine": engine,
        "seed": seed,
        "assumptions": assumptions([spec for spec, _ in worlds.values()]),
        "worlds": {name: _world(spec, runs) for name, (spec, runs) in worlds.items()},
    }


def manifest_of_study(answer: "Answer", plan: "StudyPlan", name: str) -> dict[str, Any]:
    """Entries of a comparison's manifest besides the base; `name` identifies its replications."""
    study, worlds = answer.study, {**answer.specs, **plan.worlds, **plan.scenarios.worlds}
    return {
        "engine": plan.engine,
        "study": kept_study(study).model_dump(mode="json"),
        "replications": answer.replications,
        "identity": name,
        "assumptions": assumptions_of(study, worlds.values()),
        "worlds": {name: world_spec_fields(spec) for name, spec in worlds.items()},
    }


def assumptions_of(study: "Study", worlds: Iterable[WorldSpec]) -> dict[str, Any]:
    """Assumption counts of the worlds of a study, and which figures are drawn or held fixed."""
    return assumptions(worlds, tuple(study.held), study.parameters == "sampled", study.posterior)


def manifest_of_moves(plan: "StudyPlan", moves: dict[str, Any], name: str) -> dict[str, Any]:
    """Entries of a sensitivity analysis' manifest besides the base; `name` identifies its points."""
    return {
        "engine": plan.engine,
        "study": kept_study(plan.study).model_dump(mode="json", exclude={"question"}),
        "moves": moves,
        "identity": name,
        "worlds": {name: world_spec_fields(spec) for name, spec in plan.worlds.items()},
    }


def kept_study(study: "Study") -> "Study":
    """Study with the path of its posterior sample as it is kept."""
    kept = None if study.posterior is None else kept_path(Path(study.posterior)).as_posix()
    return study.model_copy(update={"posterior": kept})


def _world(spec: WorldSpec, runs: tuple[Replication, ...]) -> dict[str, Any]:
    return {
        **world_spec_fields(spec),
        "rulebook_sha256": runs[0].rulebook_digest,
        "replications": len(runs),
        "log_sha256": [run.log_digest for run in runs],
        "rows": [run.rows for run in runs],
        "seconds": [round(run.seconds, 2) for run in runs],
    }


def world_spec_fields(spec: WorldSpec) -> dict[str, Any]:
    """World as its files and their digests."""
    world = world_of(spec)
    return {
        "name": world.name,
        "layers": [kept_path(Path(layer)).as_posix() for layer in spec.layers],
        "mix": None if spec.mix is None else kept_path(Path(spec.mix)).as_posix(),
        "without": sorted(spec.without),
        "scale": spec.scale,
        "world_digest": world_digest(world),
        "layer_sha256": {path.name: file_digest(path) for path in world.layers},
    }
