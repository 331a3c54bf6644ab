"""Files asked for by name, of the project or of one's own: studies, worlds, scenarios, mixes, a budget behind @."""

from pathlib import Path

from pipeline_sim.records.files.shipped_files import SHIPPED
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import hint

TOML, STUDY_FILE = ".toml", "study.toml"
FOLDERS = {"study": "experiments", "world": "configs"}  # of what ships


def named_file(asked: str, name: str, shipped: Path, kind: str) -> Path:
    """File of a mix or scenario (`kind`) of the project, or a file; StudyError names the nearest, and the option."""
    word = as_name(name)
    known = {path.stem: path.stem.replace("_", " ") for path in sorted(shipped.glob(f"*{TOML}"))}
    file = shipped / f"{word}{TOML}" if word in known else Path(name)
    if not file.is_file():
        if file.suffix == TOML:
            raise StudyError(f"{asked} {name}: there is no such file")
        raise StudyError(f"{asked} {name}: no {kind} of that name, and no file{hint(word, known)}")
    return file


def named_path(kind: str, typed: Path) -> Path:
    """Study or world (`kind`) as typed, else that which ships by that path or name; StudyError names the nearest."""
    own = typed / STUDY_FILE if kind == "study" and typed.is_dir() else typed
    if own.is_file():
        return own
    folder = SHIPPED / FOLDERS[kind]
    for place in (SHIPPED / typed, folder / typed):
        for file in (place, place / STUDY_FILE, place.parent / f"{place.name}{TOML}"):
            if file.is_file():
                return from_here(file)
    if own.exists() or own.suffix == TOML:
        return own  # whoever reads it says what is wrong
    files = folder.glob(f"*/{STUDY_FILE}" if kind == "study" else f"*{TOML}")
    known = sorted(file.parent.name if kind == "study" else file.stem for file in files)
    raise StudyError(f"cannot read {typed}: no such file, and no {kind} of that name ships{hint(typed.stem, known)}")


def from_here(path: Path) -> Path:
    """Path relative to the working folder, where it is within it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def as_name(word: str) -> str:
    """Word as names of the project are written: as-spent is as_spent."""
    return word.lower().replace("-", "_")


def split_budget(name: str) -> tuple[str, str | None]:
    """Mix as typed, without the budget behind @, and that budget as typed: as_spent@15m."""
    plain, at, amount = name.rpartition("@")
    return (name, None) if not at or Path(name).exists() else (plain, amount)


def mix_budget(name: str, budget: str | None) -> tuple[str, str | None]:
    """Mix as typed without its budget, and its budget, or else that of --budget; StudyError where both are given."""
    plain, own = split_budget(name)
    if own is not None and budget is not None:
        raise StudyError(f"--mix {name} has a budget already: give it without --budget {budget}")
    return plain, own if own is not None else budget
