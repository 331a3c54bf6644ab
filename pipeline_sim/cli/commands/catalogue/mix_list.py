"""The command `mixes`: the mixes there are, one mix line by line, and a new one made from words."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_rows
from pipeline_sim.cli.terminal.default_paths import MIXES, found_mix, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.world.schema.world import World

LAYERS = ("england.toml", "costs.toml", "covid.toml", "interventions.toml")
LISTED = ("mix", "budget, GBP", "composition")
LINES = ("intervention", "GBP", "share", "units", "unit", "left by ceilings, GBP", "for", "split", "from", "order")
MAX_CELL = 110


class Action(StrEnum):
    """What to do with mixes."""

    LIST = "list"
    SHOW = "show"
    NEW = "new"


def mixes(
    action: Annotated[Action, typer.Argument(help="list, show NAME|FILE, or new FILE LINE ...")] = Action.LIST,
    mix: Annotated[Path | None, typer.Argument(help="Name of a mix, or a file.")] = None,
    lines: Annotated[
        list[str] | None, typer.Argument(help="Lines of a new mix: simulation=10m boot-camps=5m@north coaching=20%.")
    ] = None,
    budget: Annotated[str | None, typer.Option(help="Budget of a new mix, such as 15m; the sum of its lines.")] = None,
) -> None:
    """List mixes, show one, or write a new one: mixes new FILE simulation=10m boot-camps=5m@north."""
    if action is Action.LIST:
        if mix is not None:
            raise StudyError(f"mixes list takes no name: mixes show {mix}")
        if budget is not None:
            raise StudyError(f"mixes list takes no --budget: mixes show NAME@{budget} shows a mix with that budget")
        print_rows("Mixes that come with the model", LISTED, listed_mixes(), MAX_CELL if sys.stdout.isatty() else None)
        return
    if mix is None:
        raise StudyError(f"mixes {action.value} should name {'a mix' if action is Action.SHOW else 'a file'}")
    if action is Action.NEW:
        write_new(mix, lines or [], budget)
    elif lines or budget is not None:
        more = (
            f"no --budget: mixes show NAME@{budget}" if not lines else "no lines: mixes new FILE LINE ... makes a mix"
        )
        raise StudyError(f"mixes show takes one name and {more}")
    show(mix if action is Action.NEW else found_mix("mixes show", mix))


def listed_mixes() -> list[tuple[str, ...]]:
    """Cells of every shipped mix."""
    rows: list[tuple[str, ...]] = []
    worlds: list[World] = []
    for path in sorted(MIXES.glob("*.toml")):
        worlds.append(world := world_with(path))
        assert world.mix is not None
        rows.append((path.stem, f"{world.mix.budget.value:,.0f}", composition(world)))
    note_edited(worlds)
    return rows


def world_with(mix: Path | None) -> World:
    """England with COVID and a mix; WorldError if the mix cannot be."""
    from pipeline_sim.world.loading.load_world import load_world

    return load_world(*(shipped(layer) for layer in LAYERS), mix=mix)


def composition(world: World) -> str:
    """Shares of the budget by intervention, the largest first."""
    assert world.mix is not None
    assert world.interventions is not None
    whole, parts = sum(world.mix.weights) or 1.0, dict[str, float]()
    for line, weight in zip(world.mix.lines, world.mix.weights, strict=True):
        parts[line.intervention] = parts.get(line.intervention, 0.0) + weight / whole
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {100 * share:.3g} %" for name, share in ordered)


def write_new(file: Path, words: list[str], budget: str | None) -> None:
    """Write an own mix and check it as any other; it is not left behind if it is refused."""
    from pipeline_sim.records.files.result_files import write_text
    from pipeline_sim.world.interventions.own_mix import gbp_of, mix_text, own_line

    if file.suffix != ".toml":
        raise StudyError(f"mixes new: the file is {file}, should end in .toml")
    if file.exists():
        raise StudyError(f"{file} is there already: name another file")
    if not words:
        raise StudyError("mixes new: no line is given: should be such as simulation=10m boot-camps=5m@north")
    world = world_with(None)
    text = mix_text(file.stem, [own_line(world, word) for word in words], None if budget is None else gbp_of(budget))
    write_text(file, text)
    try:
        world_with(file)
    except Exception:
        file.unlink()
        raise
    console().print(f"written to {file}; pipeline-sim compare --mix {file} answers what it gains", soft_wrap=True)


def show(file: Path) -> None:
    """Print a mix line by line: money, units, whom they are for, and what ceilings leave unspent."""
    from pipeline_sim.world.interventions.apply_mix import purchases
    from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, pence_per_unit

    world = world_with(file)
    note_edited([world])
    bought = purchases(world)
    assert bought is not None
    assert world.mix is not None
    rows, budget = list[tuple[str, ...]](), world.mix.budget
    for spend in bought.lines:
        line, entry = spend.line, bought.catalogue.entries[spend.line.intervention]
        given, spent = int(spend.budget.sum()), int(spend.spent.sum())
        units = f"{spent / pence_per_unit(line.intervention, entry):,.0f}"
        whom = ", ".join((*line.groups, *line.offices, *line.regions, *(f"first {each}" for each in line.first)))
        money = f"{given / PENCE_PER_GBP:,.0f}", f"{given / (budget.value * PENCE_PER_GBP or 1):.1%}"
        left = f"{(given - spent) / PENCE_PER_GBP:,.0f}"
        rows.append(
            (line.intervention, *money, units, entry.bought_unit, left, whom or "all that it is for", line.split,
             str(line.start), str(line.order or getattr(entry, "order", None) or ""))
        )  # fmt: skip
    title = f"{world.mix.name}: £{budget.value:,.0f} (grade {budget.grade}, {budget.source}); effects are of grade C"
    print_rows(title, LINES, rows, MAX_CELL if sys.stdout.isatty() else None)
