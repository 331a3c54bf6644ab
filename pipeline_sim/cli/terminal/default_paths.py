"""Files and folders that a command uses where none is named: those of `configs` beside the program, and results."""

from pathlib import Path

from pipeline_sim.base.package import PACKAGE
from pipeline_sim.study.study_error import StudyError

CONFIGS = PACKAGE.parent / "configs"
RESULTS = Path("results")


def shipped(name: str) -> str:
    """Path of a file in the folder configs beside the program; StudyError if it was installed without it."""
    path = CONFIGS / name
    if not path.is_file():
        raise StudyError(f"no world is named, and {path} is not there: name a world")
    return str(path)


def register_folder(given: Path | None) -> Path:
    """Folder of the assumptions register: that given, else the one beside the program; StudyError if there is none."""
    if given is not None:
        return given
    folder = CONFIGS / "register"
    if not folder.is_dir():
        raise StudyError("the folder configs/register is not there: name another with --register")
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def default_store(study: str, folder: Path | None = None) -> Path:
    """Folder of a study's finished replications: in the folder of its results, which batch and compare share."""
    return (folder or RESULTS / study) / f"{study}.store"
