"""Arguments and options that several commands share, and the checks of what was typed; nothing heavy is imported."""

import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

MAX_RUNS = 100_000  # replications, points or seeds
MAX_SCALE = 16  # as in world/lowering/lower, which is heavy
STUDY_FILE = "study.toml"  # as in study/comparison/named_files, which is heavy


class ParameterMode(StrEnum):
    """Values of uncertain parameters."""

    SAMPLED = "sampled"
    MODE = "mode"


def checked_engine(name: str) -> str:
    """Name of an engine; BadParameter if there is none of that name. Engines are heavy, so they are imported here."""
    from pipeline_sim.engines import ENGINES

    if name not in ENGINES:
        raise typer.BadParameter(f"no engine {name}; known are {', '.join(ENGINES)}")
    return name


def checked_scale(scale: float | None) -> float | None:
    """Size of the model above 0 and at most 16; above 1 only serves to measure speed. BadParameter for any other."""
    if scale is not None and not (math.isfinite(scale) and 0 < scale <= MAX_SCALE):
        raise typer.BadParameter(f"scale is {scale:g}, should be above 0 and at most {MAX_SCALE}")
    return scale


def checked_seed(seed: int | None) -> int | None:
    """Random seed from 0 to 2**63 - 1; BadParameter for any other."""
    if seed is not None and not 0 <= seed < 1 << 63:
        raise typer.BadParameter(f"seed is {seed}, should be 0 to 2**63 - 1")
    return seed


def mix_path(path: Path | None) -> Path | None:
    """File of a mix; that of the project where its name was typed."""
    from pipeline_sim.cli.terminal.default_paths import found_mix

    return None if path is None else found_mix("--mix", path)


def study_path(path: Path | None) -> Path | None:
    """Study file of a file, a folder with a study.toml, or the name of a study that ships."""
    from pipeline_sim.study.comparison.named_files import named_path

    return None if path is None else named_path("study", path)


def world_paths(paths: list[Path] | None) -> list[Path] | None:
    """World files as typed, or those that ship where their names were typed."""
    from pipeline_sim.study.comparison.named_files import named_path

    return None if paths is None else [named_path("world", path) for path in paths]


def traced_paths(paths: list[Path]) -> list[Path]:
    """World files as typed or named, or the folder of a result."""
    return paths if paths[0].is_dir() else world_paths(paths) or []


WorldFiles = Annotated[
    list[Path],
    typer.Argument(help="World files (TOML) or names such as england; later override earlier.", callback=world_paths),
]
StudyFile = Annotated[
    Path,
    typer.Argument(help="Study file (TOML), its folder, or a name such as recovery_25m.", callback=study_path),
]
AskedStudy = Annotated[
    Path | None,
    typer.Argument(help="Study file, its folder or its name; recovery_25m by default.", callback=study_path),
]
Mix = Annotated[
    Path | None,
    typer.Option(
        help="Mix of interventions: a TOML file, or a name that `mixes` lists; as_spent@15m: with that budget.",
        callback=mix_path,
    ),
]
Mixes = Annotated[
    list[str] | None,
    typer.Option("--mix", help="Mix to compare in place of those of the study: a name that `mixes` lists, or a file."),
]
Budget = Annotated[str | None, typer.Option(help="Budget of every mix, such as 15m, shared out as before.")]
Scenarios = Annotated[
    list[str] | None, typer.Option("--scenario", help="Scenario to run the mixes in as well: a name or a file.")
]
Engine = Annotated[str, typer.Option(help="Simulation engine: batch or reference.", callback=checked_engine)]
Scale = Annotated[float, typer.Option(help="Size of the model; 1 is all of England.", callback=checked_scale)]
StudyScale = Annotated[
    float | None, typer.Option(help="Size of the model; that of the study by default.", callback=checked_scale)
]
Replications = Annotated[int, typer.Option(min=1, max=MAX_RUNS, help="Number of replications.")]
StudyReplications = Annotated[
    int | None, typer.Option(min=1, max=MAX_RUNS, help="Number of replications; that of the study by default.")
]
Seed = Annotated[int, typer.Option(help="Random seed.", callback=checked_seed)]
StudySeed = Annotated[
    int | None, typer.Option(help="Random seed; that of the study by default.", callback=checked_seed)
]
Parameters = Annotated[
    ParameterMode | None, typer.Option(help="Uncertain parameters: sampled from their ranges, or at their mode.")
]
Full = Annotated[bool, typer.Option("--full", help="Full size of the study, as its file states it.")]
Without = Annotated[list[str] | None, typer.Option(help="Shock or intervention to leave out; may be repeated.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Parallel workers; one per core by default.")]
Store = Annotated[
    str | None, typer.Option(help="Folder or s3://… of finished replications; beside the results by default.")
]
Out = Annotated[Path | None, typer.Option(help="Result folder; results/<name>/<digest> by default.")]
Targets = Annotated[Path | None, typer.Option(help="Published figures (TOML); those supplied by default.")]
Identifier = Annotated[
    str, typer.Argument(help="Identifier of a figure, table or result, such as F1-k7m3-q4dt, or a folder.")
]
Results = Annotated[Path, typer.Option(help="Folder of results, or one result.")]
RegisterFolder = Annotated[
    Path | None, typer.Option("--register", help="Folder of the assumptions register; configs/register by default.")
]
