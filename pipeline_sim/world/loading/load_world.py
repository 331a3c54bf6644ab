"""Loading of a World from its files. Refuses an invalid file with one WorldError line."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline_sim.world.loading.check_references import check_references
from pipeline_sim.world.loading.check_tables import check_tables
from pipeline_sim.world.reading.layers import MergedLayers, layer_stack, merge
from pipeline_sim.world.reading.pydantic_errors import first_world_error
from pipeline_sim.world.reading.sources import check_sources
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError


def load_world(*paths: Path | str, mix: Path | str | None = None) -> World:
    """World of one or more TOML files, later ones over earlier ones, the mix last.

    Raises WorldError: one line with the file, the key, its value and what would be right.
    """
    files = tuple(Path(path) for path in (*paths, *([mix] if mix is not None else [])))
    if not files:
        raise WorldError("no world file given")
    stack = layer_stack(files)
    if mix is not None and not any("mix" in layer.tree for layer in layer_stack(files[-1:])):
        raise WorldError(f"{mix}: mix: is missing; a file given as the mix should have a table [mix]")
    merged = merge(stack)
    world = validated(merged, {**merged.tree, "layers": tuple(layer.path.resolve() for layer in stack)})
    check_references(world, merged)
    check_sources(world, merged)
    check_tables(world, merged.ids)
    return world


def validated(merged: MergedLayers, tree: dict[str, Any]) -> World:
    """World of a tree; raises WorldError."""
    try:
        return World.model_validate(tree)
    except ValidationError as problem:
        raise first_world_error(problem, merged) from None
