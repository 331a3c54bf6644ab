"""Loading of a World from its files. Refuses an invalid file with one WorldError line."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline_sim.world.interventions.own_mix import gbp_of
from pipeline_sim.world.loading.check_references import check_references
from pipeline_sim.world.loading.check_tables import check_tables
from pipeline_sim.world.reading.layers import MergedLayers, layer_stack, merge
from pipeline_sim.world.reading.pydantic_errors import first_world_error
from pipeline_sim.world.reading.sources import check_sources
from pipeline_sim.world.schema.sourced_value import ASSUMPTION
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

TOML = ".toml"


def load_world(*paths: Path | str, mix: Path | str | None = None) -> World:
    """World of one or more TOML files, later ones over earlier ones, the mix last, perhaps `file.toml@15m`.

    Raises WorldError: one line with the file, the key, its value and what would be right.
    """
    mix, budget = mix_and_budget(mix)
    files = tuple(Path(path) for path in (*paths, *([mix] if mix is not None else [])))
    if not files:
        raise WorldError("no world file given")
    stack = layer_stack(files)
    if mix is not None and not any("mix" in layer.tree for layer in layer_stack(files[-1:])):
        raise WorldError(f"{mix}: mix: is missing; a file given as the mix should have a table [mix]")
    merged, real = merge(stack), tuple(layer.path.resolve() for layer in stack)
    world = validated(merged, {**merged.tree, "layers": real})
    if budget is not None:
        merged = with_budget(merged, budget)
        world = validated(merged, {**merged.tree, "layers": real})
    check_references(world, merged)
    check_sources(world, merged)
    check_tables(world, merged.ids)
    return world


def mix_and_budget(mix: Path | str | None) -> tuple[Path | str | None, float | None]:
    """File of a mix, and the budget that is to stand instead of its own, as in `as_spent.toml@15m`."""
    name, at, amount = str(mix).rpartition("@")
    if mix is None or not at or Path(mix).exists() or not name.endswith(TOML):
        return mix, None
    return name, gbp_of(amount)


def with_budget(merged: MergedLayers, budget: float) -> MergedLayers:
    """Layers with another budget, shared out as before: an own decision, so it loses source and grade of the file."""
    mix = merged.tree["mix"]
    lines = mix["lines"]
    total = sum(line.get("gbp", 0.0) for line in lines)
    own = {"value": budget, "spread": 0.0, "unit": "GBP", "source": ASSUMPTION, "grade": "C"}
    if total > 0:
        lines = tuple({**line, "gbp": line["gbp"] * budget / total} for line in lines)
    return merged._replace(tree={**merged.tree, "mix": {**mix, "budget": own, "lines": lines}})


def validated(merged: MergedLayers, tree: dict[str, Any]) -> World:
    """World of a tree; raises WorldError."""
    try:
        return World.model_validate(tree)
    except ValidationError as problem:
        raise first_world_error(problem, merged) from None
