"""The command line that reproduces a result, from the parameters that were parsed: no option is listed twice."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from pipeline_sim.cli.terminal.options import STUDY_FILE
from pipeline_sim.records.files.shipped_files import kept_path

PROGRAM = "pipeline-sim"
NOT_IN_RESULT = {"out", "store", "workers", "check", "record"}  # where, how fast and with what checks it is made


def command_of(context: typer.Context, **used: object) -> list[str]:
    """Words of the command that reproduces a result: its arguments and options that have a value, in their order.

    `used` replaces what was typed by what was run: the size that the study file gives, the replications finished.
    """
    words = [PROGRAM, str(context.command.name)]
    for parameter in context.command.params:
        if parameter.name not in NOT_IN_RESULT:
            option = parameter.opts[:1] if parameter.param_type_name == "option" else []
            words += _words(option, (context.params | used)[str(parameter.name)])
    return words


def _words(option: Sequence[str], value: Any) -> list[str]:
    """Words of one parameter; none where it has no value."""
    if isinstance(value, list | tuple):
        return [word for item in value for word in _words(option, item)]
    if value is None or value is False or value == "":
        return []
    if isinstance(value, Path):
        value = kept_path(value.parent if value.name == STUDY_FILE else value)
    return [*option] if value is True else [*option, str(value)]
