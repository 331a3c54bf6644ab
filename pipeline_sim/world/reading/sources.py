"""Where figures come from: each source is known, each known source is used; and figures changed one at a time."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline_sim.world.reading.layers import Merged, own_tables
from pipeline_sim.world.schema.sourced_value import ASSUMPTION, Sourced, every_figure
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path, world_error

EVIDENCE = "evidence/"


def figures(world: World) -> Iterator[tuple[KeyPath, Sourced[Any]]]:
    """Every sourced figure of a world with its key path."""
    return every_figure(world)


def check_sources(world: World, merged: Merged) -> None:
    """Refuses a source that is not declared and a declared one that no figure uses."""
    used = set()
    for path, figure in figures(world):
        if figure.source not in used:
            used.add(figure.source)
            check_source(world, merged, path, figure.source)
    for name in world.sources:
        if name not in used:
            raise world_error(merged.file(("sources", name)), ("sources", name), "no figure uses this source")


def check_source(world: World, merged: Merged, path: KeyPath, source: str) -> None:
    """Refuses a source that is neither declared, nor an evidence file, nor an assumption."""
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
    """The same world with the values of some figures changed, named by key path: `{"panels.resolve": 21.0}`.

    Ranges, units and sources stay; KeyError names a path that is no figure.
    """
    known = {shown_path(path): path for path, _ in figures(world)}
    return changed(world, {known[name]: value for name, value in changes.items()}) if changes else world


def changed(part: Any, values: Mapping[KeyPath, Any]) -> Any:
    """The part with the figures at some key paths changed; everything off the paths is shared."""
    if () in values:
        return part.model_copy(update={"value": values[()]})
    below: dict[Any, dict[KeyPath, Any]] = {}
    for path, value in values.items():
        below.setdefault(path[0], {})[path[1:]] = value
    if isinstance(part, BaseModel):
        return part.model_copy(update={str(key): changed(getattr(part, str(key)), rest) for key, rest in below.items()})
    if isinstance(part, Mapping):
        return {**part, **{key: changed(part[key], rest) for key, rest in below.items()}}
    return tuple(changed(each, below[place]) if place in below else each for place, each in enumerate(part))


def world_digest(world: World) -> str:
    """Sixteen hex digits over all a world says and every table it may read; where the files lie does not matter."""
    digest = hashlib.sha256(world.model_dump_json(exclude={"layers", "files"}).encode())
    files = cited_tables(world) | {f"files/{name}": at for name, at in world.files.items()}
    for name, file in sorted(files.items()):
        digest.update(name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cited_tables(world: World) -> dict[str, Path]:
    """Evidence that a figure names as its source, by that name."""
    cited = {figure.source for _, figure in figures(world) if figure.source.startswith(EVIDENCE)}
    return {name: world.evidence(name) for name in cited}


def input_files(world: World) -> set[Path]:
    """Every file that a world was read from: layers, their tables, the evidence that figures cite."""
    tables = [table for path in world.layers for table in own_tables(path)]
    return {path.resolve() for path in (*world.layers, *tables, *world.files.values(), *cited_tables(world).values())}
