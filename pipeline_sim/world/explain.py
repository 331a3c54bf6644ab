"""Pydantic's complaints in one line, with the file that set the key and the nearest known key."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipeline_sim.world.errors import KeyPath, WorldError, shown_value, world_error
from pipeline_sim.world.layers import Merged
from pipeline_sim.world.schema import World


def explained(problem: ValidationError, merged: Merged) -> WorldError:
    """The first complaint as a WorldError; unknown keys come before keys that are missing."""
    complaints = sorted(problem.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
    found = complaints[0]
    path: KeyPath = found["loc"]
    kind, value = found["type"], found["input"]
    file = merged.file(path)
    if kind == "extra_forbidden":
        return world_error(file, path, "unknown key", known_keys(path[:-1]), str(path[-1]))
    if kind == "missing":
        return world_error(file, path, "is missing")
    if kind == "literal_error":
        expected = str(found.get("ctx", {}).get("expected", ""))
        known = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
        return world_error(file, path, f"unknown word {shown_value(value)}", known, str(value))
    return world_error(file, path, sentence(found["msg"], kind, value))


def sentence(message: str, kind: str, value: Any) -> str:
    """What is wrong; own messages already tell the value."""
    text = message[:1].lower() + message[1:] if message[1:2].islower() else message
    if isinstance(value, dict | tuple | BaseModel):
        return text
    return f"is {shown_value(value)}: {text}"


def known_keys(path: KeyPath) -> list[str]:
    """Keys the table at a key path may have."""
    kinds: list[Any] = [World]
    for part in path:
        kinds = [inner for kind in kinds for inner in below(kind, part)]
    return [name for kind in kinds for name in fields(kind)]


def fields(kind: Any) -> Iterator[str]:
    """Names of the fields of a table."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from (name for name in kind.model_fields if name not in ("layers", "files"))


def below(kind: Any, part: str | int) -> Iterator[Any]:
    """The types that may stand at a key of a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if part in kind.model_fields:
            yield from plain(kind.model_fields[str(part)].annotation)
    elif get_origin(kind) is dict:
        yield from plain(get_args(kind)[1])
    elif get_origin(kind) is tuple:
        yield from plain(get_args(kind)[0])


def plain(kind: Any) -> Iterator[Any]:
    """A type without its annotations; each part of a union."""
    if hasattr(kind, "__metadata__"):
        yield from plain(kind.__origin__)
    elif get_origin(kind) in (Union, UnionType):
        for part in get_args(kind):
            yield from plain(part)
    else:
        yield kind
