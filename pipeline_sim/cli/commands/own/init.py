"""The command `init`: a copy of what ships, to be edited: worlds, evidence, mixes, scenarios and studies."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.console import console
from pipeline_sim.study.study_error import StudyError

FOLDERS = ("configs", "experiments")


def init(folder: Annotated[Path, typer.Argument(help="Folder for the copy; made if it is not there.")]) -> None:
    """Write an editable copy of the worlds and studies that ship.

    Names such as configs/england.toml and experiments/recovery_25m mean the copy where it is in the working folder.
    """
    from pipeline_sim.records.files.shipped_files import SHIPPED
    from pipeline_sim.records.records_error import file_errors

    taken = next((folder / name for name in FOLDERS if (folder / name).exists()), None)
    if taken is not None:
        raise StudyError(f"{taken} is there already: name another folder")
    with file_errors("write", folder):
        for name in FOLDERS:
            shutil.copytree(SHIPPED / name, folder / name, copy_function=shutil.copyfile)
    console().print(f"written to {folder}: {' and '.join(FOLDERS)}", soft_wrap=True)
    study = folder / "experiments" / "recovery_25m"
    console().print(f"a first look: pipeline-sim compare {study} --scale 0.02 --replications 4", soft_wrap=True)
