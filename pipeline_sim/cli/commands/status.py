"""The command status: what a store holds and how a run that fills it stands."""

import json
from typing import Any

from pipeline_sim.cli.terminal.console import complain, console
from pipeline_sim.records.files.lock import is_alive
from pipeline_sim.records.files.storage import place_of
from pipeline_sim.study.execution.store_inventory import Contents, inventory

RUNNING = "running"
SOUND, DAMAGED = 0, 1


def show_status(where: str, as_json: bool) -> int:
    """Print it; the exit status, 1 if something is damaged."""
    found = inventory(place_of(where))
    if as_json:
        settings = [told(contents) for contents in found.settings]
        print(json.dumps({"settings": settings, "wrong": list(found.wrong)}, indent=1))
    else:
        for contents in found.settings:
            show(contents)
        for line in found.wrong:
            complain(line)
    return DAMAGED if found.wrong else SOUND


def told(contents: Contents) -> dict[str, Any]:
    """What is kept of a setting, for programs."""
    return {
        "setting": contents.setting,
        "told": contents.told,
        "dataset": contents.digest,
        "worlds": {world: sum(count for _, count in blocks.values()) for world, blocks in contents.worlds.items()},
        "run": {**contents.state, "alive": is_alive(contents.state)} if contents.state else None,
    }


def show(contents: Contents) -> None:
    """What is kept of a setting, for people."""
    from rich.table import Table

    said = contents.told
    title = f"setting {contents.setting}: scale {said['scale']:g}, seed {said['seed']}, parameters {said['parameters']}"
    console().print(title, soft_wrap=True)
    table = Table("world", "replications", "blocks")
    for world, blocks in sorted(contents.worlds.items()):
        name = world.removeprefix("world=").rsplit("-", 1)[0]
        table.add_row(name, str(sum(count for _, count in blocks.values())), str(len(blocks)))
    console().print(table)
    console().print(f"dataset {contents.digest}, checksums hold", soft_wrap=True)
    if contents.state:
        console().print(run_in_words(contents.state), soft_wrap=True)


def run_in_words(state: dict[str, Any]) -> str:
    """How the last run that wrote here stands."""
    words = [f"{state['done']} of {state['wanted']} replications at {state['time']}"]
    if state["state"] != RUNNING:
        return f"last run: {words[0]}, {state['state']}"
    alive = is_alive(state)
    if alive is False:
        return f"last run: {words[0]}, then it was stopped or killed; the same command goes on from there"
    if state["replications_per_second"]:
        minutes, seconds = divmod(round(state["seconds_left"]), 60)
        words += [f"{state['replications_per_second']:.3g} a second", f"about {minutes} min {seconds:02d} s left"]
    runs = "is running" if alive else "was heard last"
    return f"process {state['process']} on {state['host']} {runs}: {', '.join(words)}"
