"""TOML layers: which files make a world, in what order, and which file set which key.

A layer may name weaker layers in `extends`, CSV files that are part of the world in `tables`, and CSV files that
others read in `files`; all are relative to it.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.reading.csv_sections import rows_of
from pipeline_sim.world.reading.csv_tables import TEXT
from pipeline_sim.world.world_error import KeyPath, WorldError, world_error

Tree = dict[str, Any]
FIGURE_KEYS = {"value", "unit"}


class Layer(NamedTuple):
    """One file, read."""

    path: Path
    tree: Tree


class Merged(NamedTuple):
    """All layers as one tree, and the file behind each key path."""

    tree: Tree
    origin: dict[KeyPath, str]

    def file(self, path: KeyPath) -> str:
        """The file that set a key, or the nearest table above it."""
        while path and path not in self.origin:
            path = path[:-1]
        return self.origin.get(path, "")


def read_toml(path: Path) -> Tree:
    """A TOML file as a tree; every way of not being one is a WorldError."""
    try:
        return tomllib.loads(path.read_text(encoding=TEXT))
    except tomllib.TOMLDecodeError as problem:
        raise WorldError(f"{path}: not valid TOML: {' '.join(str(problem).split())}") from None
    except UnicodeDecodeError:
        raise WorldError(f"{path}: not a UTF-8 text file") from None
    except IsADirectoryError:
        raise WorldError(f"{path}: cannot be read: a folder, should be a file") from None
    except OSError as problem:
        raise WorldError(f"{path}: cannot be read: {problem.strerror or problem}") from None


def file_names(path: Path, key: str, names: Any) -> list[str]:
    """The names a layer gives under `extends`; a list of words and nothing else."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise world_error(path, (key,), f"is {names!r}, should be a list of file names")
    return names


def layers(path: Path, chain: tuple[Path, ...] = ()) -> Iterator[Layer]:
    """The layers of a file, weakest first and itself last; a cycle is refused with its chain."""
    place = path.resolve()
    if place in chain:
        names = " -> ".join(link.name for link in (*chain[chain.index(place) :], place))
        raise world_error(path, ("extends",), f"layers go round in a circle: {names}")
    tree = read_toml(path)
    for name in file_names(path, "extends", tree.pop("extends", [])):
        yield from layers(path.parent / name, (*chain, place))
    yield Layer(path, tree)


def with_tables(layer: Layer) -> Iterator[tuple[Tree, str]]:
    """A layer's CSV tables, each as a tree of its own with its file name, then the layer itself."""
    tree = dict(layer.tree)
    if "layers" in tree:
        raise world_error(layer.path, ("layers",), "unknown key", ("extends",), "extends")
    for key, file in named_files(layer, tree.pop("tables", {}), "tables").items():
        yield {key: rows_of(key, file, layer.path)}, str(file)
    files = named_files(layer, tree.pop("files", {}), "files")
    for key, file in files.items():
        if not file.is_file():
            raise world_error(layer.path, ("files", key), f"there is no file '{file}'")
    yield {**tree, "files": {key: file.resolve() for key, file in files.items()}}, str(layer.path)


def own_tables(path: Path) -> list[Path]:
    """CSV files that a layer is made of besides itself."""
    tree = read_toml(path)
    return list(named_files(Layer(path, tree), tree.get("tables", {}), "tables").values())


def named_files(layer: Layer, names: Any, key: str) -> dict[str, Path]:
    """Files a layer names under a key."""
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise world_error(layer.path, (key,), "should give a file name for each table")
    return {name: layer.path.parent / file for name, file in names.items()}


def frozen(value: Any) -> Any:
    """The value with every list made a tuple."""
    if isinstance(value, dict):
        return {key: frozen(part) for key, part in value.items()}
    if isinstance(value, list):
        return tuple(frozen(part) for part in value)
    return value


def lay_over(below: Tree, above: Tree, file: str, origin: dict[KeyPath, str], path: KeyPath = ()) -> Tree:
    """`above` laid over `below`: tables are merged key by key, everything else (a figure too) is replaced whole."""
    result = dict(below)
    for key, value in above.items():
        here = (*path, key)
        origin[here] = file
        under = result.get(key)
        if isinstance(value, dict) and not FIGURE_KEYS & value.keys():
            result[key] = lay_over(under if isinstance(under, dict) else {}, value, file, origin, here)
        else:
            result[key] = frozen(value)
    return result


def merge(stack: list[Layer]) -> Merged:
    """All layers as one tree; later ones win."""
    tree: Tree = {}
    origin: dict[KeyPath, str] = {(): str(stack[-1].path)}
    for layer in stack:
        for part, file in with_tables(layer):
            tree = lay_over(tree, part, file, origin)
    return Merged(tree, origin)


def stack_of(paths: tuple[Path, ...]) -> list[Layer]:
    """The layers of several files in order; one reached twice counts where it first stands."""
    found: dict[Path, Layer] = {}
    for path in paths:
        for layer in layers(path):
            found.setdefault(layer.path.resolve(), layer)
    return list(found.values())
