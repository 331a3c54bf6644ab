"""Pydantic's complaints in one line, with the file that set the key and the nearest known key."""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from pipeline_sim.world.reading.layers import Merged
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
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, words joined by hyphens",
    r"^[a-z0-9]+(_[a-z0-9]+)*$": "small letters and digits, words joined by underscores",
    r"^[A-Z]+[1-9]$": "capital letters and one digit, such as ST3",
}


def explained(problem: ValidationError, merged: Merged) -> WorldError:
    """The first complaint as a WorldError."""
    found = first_of(problem)
    path: KeyPath = tuple(part for part in found["loc"] if part != "[key]")
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
    text = in_plain_words(found)
    tells_the_value = isinstance(value, dict | tuple | BaseModel)
    return world_error(file, path, text if tells_the_value else f"is {shown_value(value)}, {text}")


def first_of(problem: ValidationError) -> Mapping[str, Any]:
    """The complaint to tell: unknown keys come before keys that are missing, for one may be the other misspelt."""
    return min(problem.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")


def told_of(found: Mapping[str, Any], known: Iterable[str]) -> str:
    """What is wrong with a key and what would be right; `known` are the keys that could stand there."""
    if found["type"] == "missing":
        return "missing"
    if found["type"] == "extra_forbidden":
        return f"unknown key{hint(str(found['loc'][-1]), known)}"
    return f"{in_plain_words(found)}, not {shown_value(found['input'])}"


def in_plain_words(found: Mapping[str, Any]) -> str:
    """What would be right, said without the words of a programmer; complaints of our own stay as they are."""
    kind, values = found["type"], found.get("ctx", {})
    if kind in ("too_short", "too_long"):
        bound = f"at least {values['min_length']}" if kind == "too_short" else f"at most {values['max_length']}"
        return f"should have {bound} entries, has {values['actual_length']}"
    if kind == "model_type" and str(values.get("class_name")).startswith("Sourced"):
        return 'should be a figure such as { value = 3, unit = "...", source = "...", grade = "A" }'
    if kind == "string_pattern_mismatch":
        return f"should be {PATTERNS.get(values['pattern'], 'written as ' + values['pattern'])}"
    message = WORDS.get(kind, found["msg"]).removeprefix("Input ").removeprefix("String ")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


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
