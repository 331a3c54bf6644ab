"""TOML layers of a world, their order, and the file that set each key.

A layer may name weaker layers in `extends`, CSV sections of the world in `tables`, and other CSV files in `files`,
all relative to it.
"""

import pickle
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.world.reading.csv_row import TEXT
from pipeline_sim.world.reading.csv_sections import rows_of
from pipeline_sim.world.world_error import KeyPath, WorldError, world_error

Tree = dict[str, Any]
FIGURE_KEYS = {"value", "unit"}
ADDED = {"add": "value", "add_low": "low", "add_high": "high"}  # names more for a figure by name, in a stronger layer


class Layer(NamedTuple):
    """File and its tree."""

    path: Path
    tree: Tree


class MergedLayers(NamedTuple):
    """Layers as one tree, the file behind each key path, and the ids that any layer gives in a section."""

    tree: Tree
    origin: dict[KeyPath, str]
    ids: dict[str, set[str]]

    def file(self, path: KeyPath) -> str:
        """File that set a key, or the nearest table above it."""
        while path and path not in self.origin:
            path = path[:-1]
        return self.origin.get(path, "")


def read_toml(path: Path) -> Tree:
    """Tree of a TOML file, the caller's own; raises WorldError if it cannot be read."""
    try:
        return parsed_toml(path.read_text(encoding=TEXT))
    except tomllib.TOMLDecodeError as problem:
        raise WorldError(f"{path}: not valid TOML: {' '.join(str(problem).split())}") from None
    except UnicodeDecodeError:
        raise WorldError(f"{path}: not a UTF-8 text file") from None
    except IsADirectoryError:
        raise WorldError(f"{path}: cannot be read: a folder, should be a file") from None
    except OSError as problem:
        raise WorldError(f"{path}: cannot be read: {problem.strerror or problem}") from None


def parsed_toml(text: str) -> Tree:
    """Tree of the text of a TOML file, the caller's own."""
    return dict(pickle.loads(_parsed(text)))


@lru_cache(maxsize=64)
def _parsed(text: str) -> bytes:
    return pickle.dumps(tomllib.loads(text))  # a copy of its own takes a twentieth of the time of parsing again


def file_names(path: Path, key: str, names: Any) -> list[str]:
    """File names under `extends`; raises WorldError if it is not a list of texts."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise world_error(path, (key,), f"is {names!r}, should be a list of file names")
    return names


def layers(path: Path, chain: tuple[Path, ...] = ()) -> Iterator[Layer]:
    """Layers of a file, weakest first and itself last; raises WorldError for a cycle."""
    real = path.resolve()
    if real in chain:
        names = " -> ".join(link.name for link in (*chain[chain.index(real) :], real))
        raise world_error(path, ("extends",), f"layers extend each other in a circle: {names}")
    tree = read_toml(path)
    for name in file_names(path, "extends", tree.pop("extends", [])):
        yield from layers(path.parent / name, (*chain, real))
    yield Layer(path, tree)


def with_tables(layer: Layer) -> Iterator[tuple[Tree, str]]:
    """Trees of a layer's CSV sections, then of the layer itself, each with its file name."""
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


def own_tables(path: Path) -> dict[str, Path]:
    """CSV files that a layer names as its sections."""
    tree = read_toml(path)
    return named_files(Layer(path, tree), tree.get("tables", {}), "tables")


def named_files(layer: Layer, names: Any, key: str) -> dict[str, Path]:
    """Files that a layer names under a key; raises WorldError."""
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise world_error(layer.path, (key,), "should give a file name for each table")
    return {name: layer.path.parent / file for name, file in names.items()}


def file_with(files: tuple[Path, ...], path: KeyPath) -> Path | str:
    """Strongest of a world's files, the strongest last, that sets a key; 'world' if none does."""
    for file in reversed(files):
        tree: Any = read_toml(file)
        for part in path:
            tree = tree.get(part) if isinstance(tree, dict) else None
        if tree is not None:
            return file
    return "world"


def lists_to_tuples(value: Any) -> Any:
    """Copy of a value with every list made a tuple."""
    if isinstance(value, dict):
        return {key: lists_to_tuples(part) for key, part in value.items()}
    if isinstance(value, list):
        return tuple(lists_to_tuples(part) for part in value)
    return value


def overlay(below: Tree, above: Tree, file: str, origin: dict[KeyPath, str], path: KeyPath = ()) -> Tree:
    """Tree of `above` over `below`: tables are merged key by key, other values (figures too) replaced."""
    result = dict(below)
    for key, value in above.items():
        here = (*path, key)
        origin[here] = file
        weaker = result.get(key)
        if isinstance(value, dict) and ADDED.keys() & value.keys() and not FIGURE_KEYS & value.keys():
            result[key] = with_names(weaker, value, file, here)
        elif isinstance(value, dict) and not FIGURE_KEYS & value.keys():
            result[key] = overlay(weaker if isinstance(weaker, dict) else {}, value, file, origin, here)
        else:
            result[key] = lists_to_tuples(value)
    return result


def with_names(weaker: Any, above: Tree, file: str, path: KeyPath) -> Tree:
    """Figure of a weaker layer with names more, or in place of its own; raises WorldError if it is none by name."""
    result = dict(weaker) if isinstance(weaker, dict) else {}
    for key, names in above.items():
        end = ADDED.get(key)
        if end is None:
            raise world_error(file, (*path, key), "should not stand beside add; a whole figure has a value", ADDED, key)
        if not isinstance(names, dict) or not isinstance(result.get(end), dict):
            raise world_error(file, (*path, key), f"no weaker layer has a {end} by name that names can be added to")
        result[end] = {**result[end], **lists_to_tuples(names)}
    return result


def merge(stack: list[Layer]) -> MergedLayers:
    """Layers as one tree; later ones win."""
    tree: Tree = {}
    origin: dict[KeyPath, str] = {(): str(stack[-1].path)}
    ids: dict[str, set[str]] = {"programmes": set(), "offices": set(), "gates": set(), "regions": set()}
    for layer in stack:
        for part, file in with_tables(layer):
            tree = overlay(tree, part, file, origin)
            for section in ("programmes", "offices"):
                ids[section].update(named_rows(part.get(section)))
            ids["regions"].update(map(str, listed) if isinstance(listed := part.get("regions"), list) else ())
            ids["gates"].update(gates_of(part.get("programmes")))
    return MergedLayers(tree, origin, ids)


def gates_of(programmes: Any) -> Iterator[str]:
    """Exams that the rows of a section of programmes ask for, as far as it is one."""
    for row in programmes if isinstance(programmes, list) else []:
        if isinstance(row, dict) and isinstance(row.get("gates"), list):
            yield from (str(gate.get("exam")) for gate in row["gates"] if isinstance(gate, dict))


def named_rows(section: Any) -> Iterator[str]:
    """Ids and names of the rows of a section, as far as it is one."""
    for row in section if isinstance(section, list) else []:
        if isinstance(row, dict):
            yield from (str(row[key]) for key in ("id", "name") if key in row)


def layer_stack(paths: tuple[Path, ...]) -> list[Layer]:
    """Layers of several files in order, each once, at its first position."""
    by_path: dict[Path, Layer] = {}
    for path in paths:
        for layer in layers(path):
            by_path.setdefault(layer.path.resolve(), layer)
    return list(by_path.values())
