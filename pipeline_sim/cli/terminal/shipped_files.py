"""Files that ship with the program: the folder configs beside it."""

from pathlib import Path

from pipeline_sim.base.package import PACKAGE
from pipeline_sim.study.study_error import StudyError

CONFIGS = PACKAGE.parent / "configs"


def shipped(name: str) -> str:
    """A file of the folder configs beside the program; StudyError if the program was installed without it."""
    path = CONFIGS / name
    if not path.is_file():
        raise StudyError(f"no world is named, and {path} is not there: name a world")
    return str(path)


def register_folder(given: Path | None) -> Path:
    """The folder asked for, else the one beside the program; StudyError if it was installed without it."""
    if given is not None:
        return given
    folder = CONFIGS / "register"
    if not folder.is_dir():
        raise StudyError("the folder configs/register is not there: name another with --register")
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
