"""Sources of figures, digests of worlds, and worlds with some figures changed.

Refuses a source that is not declared and a declared source that no figure uses.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline_sim.world.reading.layers import MergedLayers, own_tables
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.sourced_value import ASSUMPTION, Sourced, every_figure
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path, world_error

EVIDENCE = "evidence/"
Model = TypeVar("Model", bound=BaseModel)


@remembered
def figures(world: World) -> list[tuple[KeyPath, Sourced[Any]]]:
    """Sourced figures of a world, each with its key path; not to be written to."""
    return every_figure(world)


def named_path(world: World, path: KeyPath) -> str:
    """Text of a key path with the ids of rows in place of their numbers: `exams[mrcp-1].pass_first`."""
    part: Any = world
    text = ""
    for key in path:
        if isinstance(key, int):
            part = part[key]
            text += f"[{getattr(part, 'id', key)}]"
        else:
            part = part[key] if isinstance(part, Mapping) else getattr(part, key)
            text += f".{key}" if text else key
    return text


def check_sources(world: World, merged: MergedLayers) -> None:
    """Check of all sources; raises WorldError for one undeclared or unused."""
    used = set()
    for path, figure in figures(world):
        if figure.source not in used:
            used.add(figure.source)
            check_source(world, merged, path, figure.source)
    for name in world.sources:
        if name not in used:
            raise world_error(merged.file(("sources", name)), ("sources", name), "no figure uses this source")


def check_source(world: World, merged: MergedLayers, path: KeyPath, source: str) -> None:
    """Check of a source; raises WorldError if it is neither declared, nor an evidence file, nor an assumption."""
    here = (*path, "source")
    if source == ASSUMPTION or source in world.sources:
        return
    if source.startswith(EVIDENCE):
        if not any((folder / source).is_file() for folder in world.folders):
            raise world_error(merged.file(path), here, f"there is no file '{source}'{world.near(source)}")
        return
    known = [*world.sources, ASSUMPTION, "evidence/<file>.csv"]
    raise world_error(merged.file(path), here, f"'{source}' is not declared in [sources]", known, source)


def with_figures(world: World, changes: Mapping[str, Any]) -> World:
    """World with the values of some figures replaced, by key path: `{"panels.resolve": 21.0}`.

    Ranges, units and sources stay; raises KeyError for a path that is no figure.
    """
    known = {shown_path(path): path for path, _ in figures(world)}
    return replace_values(world, {known[name]: value for name, value in changes.items()}) if changes else world


def replace_values(part: Any, values: Mapping[KeyPath, Any]) -> Any:
    """Copy of a table with the figures at some key paths replaced; all else is shared."""
    if () in values:
        return changed(part, {"value": values[()]})
    below: dict[Any, dict[KeyPath, Any]] = {}
    for path, value in values.items():
        below.setdefault(path[0], {})[path[1:]] = value
    if isinstance(part, BaseModel):
        return changed(part, {str(key): replace_values(getattr(part, str(key)), rest) for key, rest in below.items()})
    if isinstance(part, Mapping):
        return {**part, **{key: replace_values(part[key], rest) for key, rest in below.items()}}
    return tuple(replace_values(row, below[index]) if index in below else row for index, row in enumerate(part))


def changed(part: Model, values: dict[str, Any]) -> Model:
    """Copy of a part of a world with other values, as `model_copy` makes it, sharing what pydantic knows of it."""
    copy = type(part).__new__(type(part))
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(copy, name, getattr(part, name))
    object.__setattr__(copy, "__dict__", {**part.__dict__, **values})
    return copy


def world_digest(world: World) -> str:
    """Digest of a world and every table it may read, 16 hex digits, independent of where the files are."""
    digest = hashlib.sha256(world.model_dump_json(exclude={"layers", "files"}).encode())
    files = cited_tables(world) | {f"files/{name}": file for name, file in world.files.items()}
    for name, file in sorted(files.items()):
        digest.update(name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cited_tables(world: World) -> dict[str, Path]:
    """Evidence files that figures name as their source, by that name."""
    cited = {figure.source for _, figure in figures(world) if figure.source.startswith(EVIDENCE)}
    return {name: world.evidence(name) for name in cited}


def input_files(world: World) -> set[Path]:
    """Files that a world was read from: layers, their tables and cited evidence."""
    tables = [table for path in world.layers for table in own_tables(path).values()]
    return {path.resolve() for path in (*world.layers, *tables, *world.files.values(), *cited_tables(world).values())}
