"""The question as a file: study.toml names the worlds to compare, the luck and the size. Paths start at the file."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline_sim.study.errors import StudyError
from pipeline_sim.study.prepare import Assumed
from pipeline_sim.world.errors import shown_value
from pipeline_sim.world.explain import in_plain_words
from pipeline_sim.world.sheets import TEXT

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StudyWorld(_Frozen):
    """One world of a study: TOML layers, later ones over earlier ones, and perhaps a mix."""

    name: Name
    label: Annotated[str, Field(min_length=1)]
    layers: Annotated[list[str], Field(min_length=1)]
    mix: str | None = None
    without: list[str] = []


class Study(_Frozen):
    """A question that comparing worlds under the same luck can answer."""

    name: Name
    question: Annotated[str, Field(min_length=1)]
    baseline: str
    scale: Annotated[float, Field(gt=0, le=1)]
    replications: Annotated[int, Field(ge=1, le=100_000)]
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    doubt: bool = True  # draw the effects of interventions within their ranges, replication by replication
    worlds: Annotated[list[StudyWorld], Field(min_length=2)]


def load_study(path: Path) -> Study:
    """Read and check a study file; StudyError names the file, the key and the nearest known key."""
    try:
        content = tomllib.loads(path.read_text(encoding=TEXT))
    except OSError as error:
        raise StudyError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise StudyError(f"{path}: not TOML: not a UTF-8 text file") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: not TOML: {' '.join(str(error).split())}") from None
    try:
        study = Study.model_validate(content)
    except ValidationError as error:
        raise StudyError(f"{path}: {_first(error)}") from None
    _check_names(path, study)
    return study


def assumed(study: Study, world: StudyWorld, folder: Path) -> Assumed:
    """The world of a study with paths as seen from here."""
    layers = tuple(str(_beside(folder, layer)) for layer in world.layers)
    mix = str(_beside(folder, world.mix)) if world.mix is not None else None
    return Assumed(layers, mix, frozenset(world.without), study.scale)


def _beside(folder: Path, name: str) -> Path:
    """A path as it stands in the file, from the folder of the file, without a detour through `..`."""
    path = (folder / name).resolve()
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _check_names(path: Path, study: Study) -> None:
    names = [world.name for world in study.worlds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyError(f"{path}: worlds: two worlds are named {twice[0]}")
    if study.baseline not in names:
        raise StudyError(
            f"{path}: baseline: {study.baseline} is no world of the study{_nearest(study.baseline, names)}"
        )


def _first(error: ValidationError) -> str:
    details = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")  # a misspelt key is missing too
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in details["loc"]).lstrip(".")
    if details["type"] == "extra_forbidden":
        return f"{where}: unknown key{_nearest(str(details['loc'][-1]), _known(details['loc']))}"
    if details["type"] == "missing":
        return f"{where}: missing"
    return f"{where}: {in_plain_words(details)}, not {shown_value(details['input'])}"


def _known(location: tuple[int | str, ...]) -> list[str]:
    return list((StudyWorld if len(location) > 1 else Study).model_fields)


def _nearest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; nearest is {close[0]}" if close else f"; known are {', '.join(known)}"
