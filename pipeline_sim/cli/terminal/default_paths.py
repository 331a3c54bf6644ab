"""Files and folders that a command uses where none is named: those that ship with the program, and results."""

from pathlib import Path

from pipeline_sim.records.files.shipped_files import SHIPPED
from pipeline_sim.study.comparison.named_files import from_here, named_file, named_path, split_budget
from pipeline_sim.study.study_error import StudyError

CONFIGS = SHIPPED / "configs"
QUESTION = Path("recovery_25m")
MIXES = CONFIGS / "mixes"
RESULTS = Path("results")


def shipped(name: str) -> str:
    """Path of a file in the folder configs that ships; StudyError if it is not there."""
    path = CONFIGS / name
    if not path.is_file():
        raise StudyError(f"no world is named, and {path} is not there: name a world")
    return str(from_here(path))


def default_study(given: Path | None) -> Path:
    """Study file: that given, else the question of the README; StudyError if there is none."""
    return given if given is not None else named_path("study", QUESTION)


def found_mix(asked: str, given: Path) -> Path:
    """File of a mix, of the project by its name or that given, perhaps with a budget: as_spent@15m; else StudyError."""
    name, budget = split_budget(str(given))
    file = from_here(named_file(asked, name, MIXES, "mix"))
    return file if budget is None else Path(f"{file}@{budget}")


def register_folder(given: Path | None) -> Path:
    """Folder of the assumptions register: that given, else the one that ships; StudyError if there is none."""
    if given is not None:
        return given
    folder = CONFIGS / "register"
    if not folder.is_dir():
        raise StudyError("the folder configs/register is not there: name another with --register")
    return from_here(folder)


def default_store(study: str, folder: Path | None = None) -> Path:
    """Folder of a study's finished replications: in the folder of its results, which batch and compare share."""
    return (folder or RESULTS / study) / f"{study}.store"
