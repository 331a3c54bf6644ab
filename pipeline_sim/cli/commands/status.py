"""The command `status`: the contents of a store of replications and the progress of the run that fills it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline_sim.cli.terminal.console import console, time_left, warn
from pipeline_sim.records.files.lock import is_alive

if TYPE_CHECKING:
    from pipeline_sim.study.execution.store_inventory import Contents

RUNNING = "running"
SOUND, DAMAGED = 0, 1


def status(
    folder: Annotated[
        str, typer.Argument(help="Store that batch or compare fills, or the folder of one setting in it.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the contents of a store of replications and the progress of its run.

    Status 1 if a file is damaged. Read-only: does not disturb a running batch.
    """
    from pipeline_sim.records.files.storage import storage_at
    from pipeline_sim.study.execution.store_inventory import inventory

    store = inventory(storage_at(folder))
    if as_json:
        settings = [contents_record(contents) for contents in store.settings]
        print(json.dumps({"settings": settings, "wrong": list(store.problems)}, indent=1))
    else:
        for contents in store.settings:
            print_contents(contents, sound=not store.problems)
        for line in store.problems:
            warn(line)
    raise typer.Exit(DAMAGED if store.problems else SOUND)


def contents_record(contents: Contents) -> dict[str, Any]:
    """Contents of one setting as JSON."""
    return {
        "setting": contents.setting,
        "told": contents.fields,
        "dataset": contents.digest,
        "worlds": {world: sum(count for _, count in blocks.values()) for world, blocks in contents.worlds.items()},
        "run": {**contents.state, "alive": is_alive(contents.state)} if contents.state else None,
    }


def print_contents(contents: Contents, sound: bool) -> None:
    """Print the replications of one setting by world, their digest and the state of the last run."""
    from rich.table import Table

    fields = contents.fields
    size = f"scale {fields['scale']:g}, seed {fields['seed']}, parameters {fields['parameters']}"
    console().print(f"setting {contents.setting}: {size}", soft_wrap=True)
    table = Table("world", "replications", "blocks")
    for world, blocks in sorted(contents.worlds.items()):
        name = world.removeprefix("world=").rsplit("-", 1)[0]
        table.add_row(name, str(sum(count for _, count in blocks.values())), str(len(blocks)))
    console().print(table)
    console().print(f"dataset {contents.digest}" + (", checksums correct" if sound else ""), soft_wrap=True)
    if contents.state:
        console().print(run_text(contents.state), soft_wrap=True)


def run_text(state: dict[str, Any]) -> str:
    """State of the last run that wrote to the store, in one line."""
    texts = [f"{state['done']} of {state['wanted']} replications at {state['time']}"]
    if state["state"] != RUNNING:
        return f"last run: {texts[0]}, {state['state']}"
    alive = is_alive(state)
    if alive is False:
        return f"last run: {texts[0]}, then it was stopped or killed; the same command goes on from there"
    if state["replications_per_second"]:
        texts += [f"{state['replications_per_second']:.3g} a second", time_left(state["seconds_left"])]
    runs = "is running" if alive else "last wrote"
    return f"process {state['process']} on {state['host']} {runs}: {', '.join(texts)}"
