"""Pydantic errors in one line, with the file that set the key and the nearest known key."""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipeline_sim.world.reading.layers import MergedLayers
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, WorldError, hint, shown_value, world_error

WORDS = {
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "tuple_type": "should be a list",
    "list_type": "should be a list",
    "bool_type": "should be true or false",
    "float_type": "should be a number",
    "int_type": "should be a whole number",
    "string_type": "should be a text in quotation marks",
    "string_too_short": "should not be empty",
    "date_type": "should be a date such as 2022-05-01",
    "finite_number": "should be a finite number",
}
PATTERNS = {
    r"^\S(.*\S)?$": "a text of one line, not empty and without spaces at its ends",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, words joined by hyphens",
    r"^[a-z0-9]+(_[a-z0-9]+)*$": "small letters and digits, words joined by underscores",
    r"^[A-Z]+[1-9]$": "capital letters and one digit, such as ST3",
}


def first_world_error(problem: ValidationError, merged: MergedLayers) -> WorldError:
    """WorldError of the first validation error."""
    error = first_error(problem)
    path: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
    kind, value = error["type"], error["input"]
    file = merged.file(path)
    if kind == "extra_forbidden":
        return world_error(file, path, "unknown key", known_keys(path[:-1]), str(path[-1]))
    if kind == "missing":
        return world_error(file, path, "is missing")
    if kind == "literal_error":
        expected = str(error.get("ctx", {}).get("expected", ""))
        known = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
        return world_error(file, path, f"unknown word {shown_value(value)}", known, str(value))
    given = "" if isinstance(value, dict | tuple | BaseModel) else f"is {shown_value(value)}, "
    return world_error(file, path, given + plain_message(error))


def first_error(problem: ValidationError) -> Mapping[str, Any]:
    """Validation error to report: unknown keys before missing ones, which may be the same key misspelt."""
    return min(problem.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden")


def describe_error(error: Mapping[str, Any], known: Iterable[str]) -> str:
    """Description of a validation error; `known` are the keys allowed at its key path."""
    if error["type"] == "missing":
        return "missing"
    if error["type"] == "extra_forbidden":
        return f"unknown key{hint(str(error['loc'][-1]), known)}"
    return f"{plain_message(error)}, not {shown_value(error['input'])}"


def plain_message(error: Mapping[str, Any]) -> str:
    """Message of a validation error in plain English; messages of this project stay as they are."""
    kind, values = error["type"], error.get("ctx", {})
    if kind in ("too_short", "too_long"):
        least = kind == "too_short"
        bound = values["min_length" if least else "max_length"]
        entries = "entry" if bound == 1 else "entries"
        return f"should have at {'least' if least else 'most'} {bound} {entries}, has {values['actual_length']}"
    if kind == "model_type" and str(values.get("class_name")).startswith("Sourced"):
        return 'should be a figure such as { value = 3, unit = "...", source = "...", grade = "A" }'
    if kind == "string_pattern_mismatch":
        return f"should be {PATTERNS.get(values['pattern'], 'written as ' + values['pattern'])}"
    message = WORDS.get(kind, error["msg"]).removeprefix("Input ").removeprefix("String ")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def known_keys(path: KeyPath) -> list[str]:
    """Keys that the table at a key path may have."""
    kinds: list[Any] = [World]
    for part in path:
        kinds = [inner for kind in kinds for inner in below(kind, part)]
    return [name for kind in kinds for name in fields(kind)]


def fields(kind: Any) -> Iterator[str]:
    """Field names of a table."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from (name for name in kind.model_fields if name not in ("layers", "files"))


def below(kind: Any, part: str | int) -> Iterator[Any]:
    """Types allowed at a key of a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if part in kind.model_fields:
            yield from plain(kind.model_fields[str(part)].annotation)
    elif get_origin(kind) is dict:
        yield from plain(get_args(kind)[1])
    elif get_origin(kind) is tuple:
        yield from plain(get_args(kind)[0])


def plain(kind: Any) -> Iterator[Any]:
    """Types without annotations: each member of a union."""
    if hasattr(kind, "__metadata__"):
        yield from plain(kind.__origin__)
    elif get_origin(kind) in (Union, UnionType):
        for part in get_args(kind):
            yield from plain(part)
    else:
        yield kind
