"""Requirements of a worker, so that its results equal the client's bit for bit: program, packages and files."""

import socket
from functools import cache
from typing import NamedTuple

from pipeline_sim.study.replication.posterior_sample import sample_digest
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.run_setting import model_digest, versions, world_spec_digest
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

COMPARED = ("pipeline-sim", "python", "numpy", "numba")  # versions that may move a bit, or keep a job from being read
MODEL = "sources of the model"


class WorkerRequirements(NamedTuple):
    """Client's program and files, which its workers must match."""

    traits: tuple[tuple[str, str], ...]  # name, version or digest
    worlds: tuple[tuple[WorldSpec, str], ...]  # digests
    posterior: tuple[str, str] | None = None  # file of the posterior sample, its digest


def environment_traits() -> tuple[tuple[str, str], ...]:
    """Versions and digests of this process."""
    installed = versions()
    return (*((name, installed[name]) for name in COMPARED), (MODEL, model_digest()))


def requirements_of(worlds: tuple[WorldSpec, ...], posterior: str | None = None) -> WorkerRequirements:
    """Requirements of this process, for some worlds and the posterior sample that they are drawn from."""
    drawn = None if posterior is None else (posterior, sample_digest(posterior) or "")
    return WorkerRequirements(environment_traits(), tuple((world, world_spec_digest(world)) for world in worlds), drawn)


@cache
def mismatch(requirements: WorkerRequirements) -> str | None:
    """Why this process must not work for a client; None if it may."""
    problems = [
        f"{name} is {here}, the client's is {required}"
        for (name, required), (_, here) in zip(requirements.traits, environment_traits(), strict=True)
        if here != required
    ]
    problems = problems or list(filter(None, (_other_files(*world) for world in requirements.worlds)))
    problems = problems or list(filter(None, [_other_set(requirements.posterior)]))
    host = socket.gethostname()
    return f"the worker on {host} cannot work for this client: {'; '.join(problems)}" if problems else None


def _other_files(world: WorldSpec, digest: str) -> str | None:
    try:
        here = world_spec_digest(world)
    except WorldError as error:
        return str(error)
    return None if here == digest else f"{world.mix or world.layers[-1]} is not the file that the client has"


def _other_set(posterior: tuple[str, str] | None) -> str | None:
    if posterior is None:
        return None
    path, digest = posterior
    try:
        here = sample_digest(path)
    except (StudyError, WorldError) as error:
        return str(error)
    return None if here == digest else f"{path} is not the file that the client has"


def check_requirements(requirements: WorkerRequirements) -> None:
    """Refuses, with StudyError, to work where this process does not match."""
    problem = mismatch(requirements)
    if problem is not None:
        raise StudyError(problem)
