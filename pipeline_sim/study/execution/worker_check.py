"""What a worker has to be so that its bits are the client's: the same program, packages and files."""

import socket
from functools import cache
from typing import NamedTuple

from pipeline_sim.study.replication.plausible_set import plausible_digest
from pipeline_sim.study.replication.prepare import Assumed
from pipeline_sim.study.replication.run_setting import model_digest, stated_digest, versions
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

COUNT = ("pipeline-sim", "python", "numpy", "numba")  # versions that may move a bit, or keep a job from being read
MODEL = "sources of the model"


class Passport(NamedTuple):
    """Of a client, which its workers are held against."""

    traits: tuple[tuple[str, str], ...]  # name, version or digest
    worlds: tuple[tuple[Assumed, str], ...]  # digests
    plausible: tuple[str, str] | None = None  # file of the plausible set, its digest


def traits_here() -> tuple[tuple[str, str], ...]:
    """Versions and digests of this process."""
    found = versions()
    return (*((name, found[name]) for name in COUNT), (MODEL, model_digest()))


def passport_of(worlds: tuple[Assumed, ...], plausible: str | None = None) -> Passport:
    """That of this process, for some worlds and the plausible set that they are drawn from."""
    drawn = None if plausible is None else (plausible, plausible_digest(plausible) or "")
    return Passport(traits_here(), tuple((world, stated_digest(world)) for world in worlds), drawn)


@cache
def complaint(passport: Passport) -> str | None:
    """Why this process must not work for the owner of a passport; None if it may."""
    wrong = [
        f"{name} is {here}, the client's is {theirs}"
        for (name, theirs), (_, here) in zip(passport.traits, traits_here(), strict=True)
        if here != theirs
    ]
    wrong = wrong or [each for world, digest in passport.worlds if (each := _other_files(world, digest))]
    wrong = wrong or ([found] if (found := _other_set(passport.plausible)) else [])
    return f"the worker on {socket.gethostname()} cannot work for this client: {'; '.join(wrong)}" if wrong else None


def _other_files(world: Assumed, digest: str) -> str | None:
    try:
        here = stated_digest(world)
    except WorldError as error:
        return str(error)
    return None if here == digest else f"{world.mix or world.layers[-1]} is not the file that the client has"


def _other_set(plausible: tuple[str, str] | None) -> str | None:
    if plausible is None:
        return None
    path, digest = plausible
    try:
        here = plausible_digest(path)
    except (StudyError, WorldError) as error:
        return str(error)
    return None if here == digest else f"{path} is not the file that the client has"


def check_passport(passport: Passport) -> None:
    """StudyError if this process is not what the passport says."""
    problem = complaint(passport)
    if problem is not None:
        raise StudyError(problem)
