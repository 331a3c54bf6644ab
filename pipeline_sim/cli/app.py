"""The commands by name; each is in `cli/commands/<name>.py`, or where `MODULES` has it, imported only when typed."""

import atexit
import gc
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from pipeline_sim.cli.terminal.command_line import PROGRAM
from pipeline_sim.cli.terminal.console import one_line_errors, prepare_cache, prepare_terminal
from pipeline_sim.cli.terminal.signals import ended_in_time
from pipeline_sim.cli.terminal.typed_files import check_typed_files

COMMANDS = {
    "init": "Write an editable copy of the worlds and studies that ship.",
    "run": "Run one world and print indicators by training year.",
    "compare": "Compare the worlds of a study with common random numbers and write a report.",
    "app": "Ask own questions in a browser: build mixes, compare them, take the answer away.",
    "optimise": "Search for the best mix of a budget, and report which mixes are not beaten.",
    "value": "Value what better evidence would be worth for the choice that a study poses, in pounds.",
    "robust": "Find the choice that is regretted least over draws and scenarios, and when another is better.",
    "interventions": "List what recovery money can buy: unit, price, ceiling, for whom, what it does, grade.",
    "mixes": "List mixes, show one, or write a new one: mixes new FILE simulation=10m boot-camps=5m@north.",
    "trace": "Print the career of one doctor in plain English.",
    "describe": "List the assumptions of a world, or print the model report.",
    "validate": "Compare the model with published figures.",
    "calibrate": "Fit all uncertain figures together to published figures.",
    "evidence": "Add your own records as figures to compare with and fit to, or write their template.",
    "elicit": "Pool experts' judgements of figures and write them as a layer.",
    "verify": "Reproduce a figure, table or result and compare it bit for bit.",
    "explain": "Print what a figure or table, or a number printed from its result, is based on.",
    "schema": "Print the keys of study or world files as JSON Schema, for editors.",
    "warmup": "Assess the length of the warm-up period by MSER-5.",
    "register": "List every assumption with range, grade, owner, review date and influence.",
    "sensitivity": "Measure how strongly each assumption affects the answer to a study.",
    "bench": "Measure the speed and memory of the engines against their thresholds.",
    "parity": "Check that the engines produce identical event logs.",
    "batch": "Run the replications of a study unattended, with checkpoints.",
    "status": "Show the contents of a store of replications and the progress of its run.",
    "plan": "Estimate the time, memory and disk that a study needs.",
}  # in the order of --help; a command and its function and module have one name
MODULES = {
    "app": "own.browser_app",
    "optimise": "decide.optimise",
    "value": "decide.value",
    "robust": "decide.robust",
    "interventions": "catalogue.intervention_list",
    "mixes": "catalogue.mix_list",
    "evidence": "own.evidence",
    "elicit": "own.elicit",
    "init": "own.init",
    "schema": "own.schema",
}  # the others bear its name
OBJECTS_BETWEEN_COLLECTIONS = 50_000  # of garbage, of which imports leave none: a tenth less processor time to start
FEWER_OF_THE_OLD = 20, 20  # collections of young objects to one of older ones, and of those to one of all


class LazyGroup(TyperGroup):
    """Group of commands of which only the one that was typed is imported; `--help` lists the table."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Command of a name, its module imported; none if there is no such command."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Section of `--help` that lists the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def new_app(**options: Any) -> typer.Typer:
    """Typer application that prints plain text and leaves errors to `one_line_errors`."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **options)


def load_command(name: str) -> Any:
    """Click command from the function of its module."""
    single = new_app()
    module = import_module(f"pipeline_sim.cli.commands.{MODULES.get(name, name)}")
    single.command(name)(getattr(module, name))
    return typer.main.get_command(single)


app = new_app(
    cls=LazyGroup,
    help="Postgraduate medical training in England, simulated doctor by doctor: what do recovery programmes achieve?",
)
for command, line in COMMANDS.items():
    app.command(command, help=line)(lambda: None)  # known by name, for suggestions where a name is mistyped


def main() -> None:
    """Entry point: status 0; 1 if a check fails; 2 with one line for what the user can correct; 70 for a fault; 130."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *FEWER_OF_THE_OLD)
    atexit.register(gc.freeze)  # or the end goes through every object for garbage: a fifth of a short run
    arguments = sys.argv[1:] or ["--help"]
    prepare_terminal()
    with ended_in_time():
        status = one_line_errors(lambda: dispatch(arguments))
    sys.exit(status)


def dispatch(arguments: list[str]) -> object:
    """Run the command that was typed."""
    check_typed_files(arguments)
    if "--help" not in arguments:
        prepare_cache()
    return app(arguments, standalone_mode=False, prog_name=PROGRAM)
