"""Study file: study.toml names the worlds to compare, the seed and the size. Paths are relative to the file."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.repeated_draws import draws_of_replications
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.csv_row import TEXT
from pipeline_sim.world.reading.pydantic_errors import describe_error, first_error
from pipeline_sim.world.world_error import shown_path

RENAMED = {
    "lucks": "is repeat_every now: 0 if draws have one replication each, 1 if two, 4 if one in four has two",
    "plausible": "is posterior now: the file that calibrate writes",
}
Scale = Annotated[float, Field(gt=0, le=1)]
Replications = Annotated[int, Field(ge=1, le=100_000)]
Label = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StudyWorld(_Frozen):
    """One world of a study: TOML layers, later ones over earlier ones, and perhaps a mix."""

    name: Name
    label: Label
    layers: Annotated[list[str], Field(min_length=1)]
    mix: str | None = None
    without: list[str] = []


class StudyScenario(_Frozen):
    """A scenario in which the baseline and every mix are run as well: TOML layers over those of each world."""

    name: Name
    label: Label
    layers: Annotated[list[str], Field(min_length=1)]


class Size(_Frozen):
    """Size of a study."""

    scale: Scale
    replications: Replications


class Step(_Frozen):
    """Shocks whose loss is reported together."""

    label: Label
    shocks: Annotated[list[str], Field(min_length=1)]


class Attribution(_Frozen):
    """Attribution of losses to shocks, and of gains to interventions of one programme, one after another."""

    programme: str
    replications: Replications  # the first so many are attributed
    steps: Annotated[list[Step], Field(min_length=1)]  # in order; shocks that no step names come last


class Study(_Frozen):
    """A study: worlds compared with common random numbers."""

    name: Name
    question: Annotated[str, Field(min_length=1, max_length=2000)]
    contact: Label | None = None  # whom readers of the report may ask
    baseline: str
    headline: Literal["extensions", "months_short"] = "extensions"  # indicator that mixes are ranked by, less is better
    scale: Scale
    replications: Replications
    full: Size | None = None  # the size of --full
    seed: Annotated[int, Field(ge=0, lt=1 << 63)]
    parameters: Literal["sampled", "mode"] = "sampled"  # figures of grade C drawn within their ranges, or as stated
    held: list[str] = []  # beginnings of key paths that are not drawn
    posterior: str | None = None  # file of the posterior sample, from which all that was fitted is drawn jointly
    repeat_every: Annotated[int, Field(ge=0, le=1000)] = 0  # one of so many draws is run twice; 0: none
    precision: Annotated[float, Field(gt=0)] | None = None  # stop when headline intervals are this narrow, either way
    year: int | None = None  # training year in which the programme's money is spent: horizons start there
    worlds: Annotated[list[StudyWorld], Field(min_length=2)]
    scenarios: list[StudyScenario] = []  # other paths of events; each has its own baseline
    attribution: Attribution | None = None
    decision: dict[str, Any] | None = None  # what may be bought and to what end, as `pipeline_sim.decide` reads it
    _file: Path | None = PrivateAttr(None)  # that it was read from
    parts: bool = False  # every intervention of each mix also alone, and each mix also without it


@contextmanager
def of_file(study: Study) -> Iterator[None]:
    """Context in which a StudyError names the file that the study was read from."""
    try:
        yield
    except StudyError as problem:
        if study._file is None or str(study._file) in str(problem):
            raise
        raise StudyError(f"{study._file}: {problem}") from None


def load_study(path: Path) -> Study:
    """Study of a file, checked; StudyError names the file, the key and the nearest known key."""
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
    study._file = path
    check_study_names(path, study)
    if study.posterior is not None:
        study = study.model_copy(update={"posterior": str(_beside(path.parent, study.posterior))})
    return study


def sized(study: Study, path: Path, full: bool, given: Mapping[str, object]) -> Study:
    """Study at its full size if `full`, with options of the command line applied; None means not given."""
    changes = {name: value for name, value in given.items() if value is not None}
    if full:
        if study.full is None:
            raise StudyError(f"{path}: has no full size: add full = {{ scale = 1.0, replications = 250 }}")
        changes = {**study.full.model_dump(), **changes}
    if not changes.get("precision", 1.0) > 0:  # type: ignore[operator]
        raise StudyError(f"precision is {changes['precision']}, should be above 0")
    return study.model_copy(update=changes)


def is_first_look(study: Study) -> bool:
    """Whether a study is run at less than the full size that its file states."""
    whole = study.full
    return whole is not None and (study.scale < whole.scale or study.replications < whole.replications)


def draws_of(study: Study, replications: int) -> Draws:
    """Draws of the first so many replications, which count alike; one draw where none is sampled."""
    if study.parameters != "sampled":
        return Draws.one(replications)
    return Draws.alike(draws_of_replications(replications, study.repeat_every))


def world_spec(study: Study, world: StudyWorld, folder: Path) -> WorldSpec:
    """Specification of a world of a study, with paths relative to the working folder."""
    layers = paths_of(world, folder)
    mix = str(_beside(folder, world.mix)) if world.mix is not None else None
    return WorldSpec(layers, mix, frozenset(world.without), study.scale)


def paths_of(world: StudyWorld | StudyScenario, folder: Path) -> tuple[str, ...]:
    """Layers of a world or a scenario of a study, relative to the working folder."""
    return tuple(str(_beside(folder, layer)) for layer in world.layers)


def _beside(folder: Path, name: str) -> Path:
    """A path of the file, relative to the working folder if within it, without `..`."""
    path = (folder / name).resolve()
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def check_study_names(path: Path, study: Study) -> None:
    """Refuse, with StudyError, worlds and scenarios of one name, and names of worlds that are not there."""
    names = [world.name for world in study.worlds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyError(f"{path}: worlds: two worlds are named {twice[0]}")
    scenarios = [scenario.name for scenario in study.scenarios]
    again = sorted({name for name in scenarios if scenarios.count(name) > 1})
    if again:
        raise StudyError(f"{path}: scenarios: two scenarios are named {again[0]}")
    labels = [*(world.label for world in study.worlds), *(scenario.label for scenario in study.scenarios)]
    alike = sorted({label for label in labels if labels.count(label) > 1})
    if alike:
        raise StudyError(f"{path}: two worlds or scenarios have the label “{alike[0]}”, should have one each")
    if study.baseline not in names:
        raise StudyError(
            f"{path}: baseline: {study.baseline} is no world of the study{_nearest(study.baseline, names)}"
        )
    if study.attribution is not None and study.attribution.programme not in names:
        programme = study.attribution.programme
        raise StudyError(
            f"{path}: attribution.programme: {programme} is no world of the study{_nearest(programme, names)}"
        )


def _first(error: ValidationError) -> str:
    problem = first_error(error)
    if problem["type"] == "extra_forbidden":
        key = str(problem["loc"][-1])
        message = RENAMED.get(key, f"unknown key{_nearest(key, _known(problem['loc']))}")
    else:
        message = describe_error(problem, ())
    return f"{shown_path(tuple(problem['loc']))}: {message}"


def _known(location: tuple[int | str, ...]) -> list[str]:
    parts: dict[int | str, type[BaseModel]] = {
        "worlds": StudyWorld,
        "scenarios": StudyScenario,
        "full": Size,
        "steps": Step,
        "attribution": Attribution,
    }
    section = next((parts[part] for part in reversed(location[:-1]) if part in parts), Study)
    return list(section.model_fields)


def _nearest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; nearest is {close[0]}" if close else f"; known are {', '.join(known)}"
