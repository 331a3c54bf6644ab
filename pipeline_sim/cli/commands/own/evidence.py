"""The command `evidence`: users' own records as figures to compare with and fit to; the template for them."""

import os
import shutil
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_line
from pipeline_sim.cli.terminal.default_paths import CONFIGS, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.study.study_error import StudyError

RECORDS, SHIPPED = "records", "evidence/targets.toml"


class Action(StrEnum):
    """What to do with records."""

    TEMPLATE = "template"
    ADD = "add"


class AddedRole(StrEnum):
    """Role of own records."""

    FIT = "fit"
    TEST = "test"


def evidence(
    action: Annotated[Action, typer.Argument(help="template FILE, or add FILE --role fit|test.")],
    file: Annotated[Path, typer.Argument(help="Table of records (CSV).")],
    role: Annotated[AddedRole | None, typer.Option(help="fit: to calibrate with; test: held out for testing.")] = None,
    to: Annotated[Path | None, typer.Option(help="Folder to write; named as the file by default.")] = None,
    beside: Annotated[Path | None, typer.Option(help="Figures (TOML) to add to; those supplied by default.")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="In place of those figures, not beside them.")] = False,
) -> None:
    """Add your own records as figures to compare with and fit to, or write their template.

    Every row that is refused is named, and nothing is written then.
    """
    if file.suffix != ".csv":
        raise StudyError(f"the table of records is {file}, should end in .csv")
    if action is Action.ADD:
        if role is None:
            raise StudyError("evidence add should have --role fit, to calibrate with, or --role test, for testing")
        write_records(file, role.value, to or file.with_suffix(""), beside or Path(shipped(SHIPPED)), alone)
        return
    if role is not None or to is not None or beside is not None or alone:
        raise StudyError("evidence template has no options: --role, --to, --beside and --alone are of evidence add")
    files = {file: f"{RECORDS}.csv", file.with_name(f"{file.stem}_dictionary.csv"): f"{RECORDS}_dictionary.csv"}
    for target in files:
        if target.exists():
            raise StudyError(f"{target} is there already: name another file")
    for target, name in files.items():
        shutil.copyfile(shipped(f"own/{name}"), target)
    console().print(f"written to {file}; {list(files)[1]} says what each column means", soft_wrap=True)


def write_records(file: Path, role: str, folder: Path, beside: Path, alone: bool) -> None:
    """Write a folder of targets once every row is in order and the model can measure it."""
    from pipeline_sim.study.fit.targets import load_targets
    from pipeline_sim.study.fit.validate_model import check_validation
    from pipeline_sim.study.own.own_records import TARGETS, read_records, write_targets
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.reading.table_rules import table_rules

    if folder.exists():
        raise StudyError(f"{folder} is there already: name another folder with --to")
    others = load_targets(beside)
    plan = check_validation(others, beside, "batch", None, {})
    note_edited(map(world_of, plan.worlds.values()))
    rules = table_rules((CONFIGS / "own",))[RECORDS]
    records, refused = read_records(file, world_of(plan.worlds["covid"]), rules)
    if refused:
        for line in refused:
            print_line(f"refused: {line}")
        count = f"{len(refused)} of {len(refused) + len(records)} rows"
        raise StudyError(f"{file}: {count} are refused: nothing is written")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        below = None if alone else os.path.relpath(beside, draft)
        replaced = write_targets(draft, records, role, os.path.relpath(plan.path, draft), others, below)
        check_validation(load_targets(draft / TARGETS), draft / TARGETS, "batch", None, {})
        draft.chmod(0o755)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for line in replaced:
        console().print(line, soft_wrap=True)
    use = f"validate --targets {folder / TARGETS} compares with them, calibrate --targets fits to those of role fit"
    console().print(f"{len(records)} records of role {role} written to {folder}: {use}", soft_wrap=True)
