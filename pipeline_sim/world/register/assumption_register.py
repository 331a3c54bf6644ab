"""Register of assumptions, `register.toml`: owner, rationale and review date of every figure and table of a world.

Value, unit, range, source and grade of a figure are in the world files. An entry covers figures by patterns, the
beginnings of their key paths, in which `*` is any one part; the longest pattern wins, then the one with fewer `*`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, ValidationError

from pipeline_sim.world.reading.layers import lists_to_tuples, read_toml
from pipeline_sim.world.reading.pydantic_errors import first_error, plain_message
from pipeline_sim.world.schema.sourced_value import Frozen
from pipeline_sim.world.world_error import KeyPath, WorldError, hint, nearest, shown_path, shown_value, world_error

REGISTER = "register.toml"
ANY = "*"
Text = Annotated[str, Field(min_length=1)]
Sentence = Annotated[str, Field(min_length=20)]
Distribution = Literal["triangular", "even", "fixed", "held"]
Provenance = Literal["observed", "estimated", "surrogate", "assumed"]


class Entry(Frozen):
    """Entry of the register: assumptions with one owner and rationale."""

    title: Text
    covers: Annotated[tuple[Text, ...], Field(min_length=1)]  # beginnings of key paths; `files.x` is a table x
    distribution: Distribution  # triangular: prior from low, value, high; even: any position in the range
    provenance: Provenance  # surrogate: observed for a proxy
    rationale: Sentence
    owner: Text
    sunset: date  # review date
    stale_when: Sentence  # event that requires an earlier review


class ShippedWorlds(Frozen):
    """Worlds whose assumptions must all be registered; paths are relative to the register."""

    layers: Annotated[tuple[Text, ...], Field(min_length=1)]
    others: tuple[Text, ...] = ()  # worlds in place of the first layer
    scenarios: Text | None = None  # folder of layers, each laid over them
    supply: Text | None = None  # the same, of levers of supply
    mixes: Text | None = None  # folder of mixes


class _File(Frozen):
    owners: dict[str, Sentence]
    shipped: ShippedWorlds
    entries: Annotated[dict[str, Entry], Field(min_length=1)]


class EntryPattern(NamedTuple):
    """Pattern of an entry: the beginning of the key paths that it covers."""

    strength: tuple[int, int]  # length, and minus the number of `*`
    parts: tuple[str, ...]
    entry: str

    def matches(self, path: KeyPath) -> bool:
        """True if a key path begins with the pattern."""
        return len(self.parts) <= len(path) and all(
            part in (ANY, str(here)) for part, here in zip(self.parts, path, strict=False)
        )


class Register(NamedTuple):
    """Register: entries by name, and their patterns."""

    path: Path
    owners: Mapping[str, str]  # role: what it answers for
    shipped: ShippedWorlds
    entries: Mapping[str, Entry]
    patterns: Mapping[str, tuple[EntryPattern, ...]]  # by their first part, the strongest first

    def pattern_of(self, path: KeyPath) -> EntryPattern | None:
        """Strongest pattern that matches a key path, if any; raises WorldError if two entries match equally."""
        matching = [pattern for pattern in self.patterns.get(str(path[0]), ()) if pattern.matches(path)]
        rivals = sorted({pattern.entry for pattern in matching if pattern.strength == matching[0].strength})
        if len(rivals) > 1:
            problem = f"is covered equally by the entries {' and '.join(rivals)}: make one of the patterns longer"
            raise world_error(self.path, path, problem)
        return matching[0] if matching else None

    def name_of(self, path: KeyPath) -> str | None:
        """Name of the entry that covers a key path, if any."""
        pattern = self.pattern_of(path)
        return pattern.entry if pattern is not None else None

    def entry(self, name: str) -> Entry:
        """Entry by name; raises WorldError."""
        if name not in self.entries:
            raise WorldError(f"{self.path}: there is no entry '{name}'{hint(name, self.entries)}")
        return self.entries[name]


def load_register(folder: Path) -> Register:
    """Register of a folder; raises WorldError: one line with the file, the entry and the field."""
    path = folder / REGISTER
    try:
        file = _File.model_validate(lists_to_tuples(read_toml(path)))
    except ValidationError as problem:
        raise _register_error(path, problem) from None
    for name, entry in file.entries.items():
        if entry.owner not in file.owners:
            text = f"'{entry.owner}' is not in [owners]{hint(entry.owner, file.owners)}"
            raise world_error(path, ("entries", name, "owner"), text)
    idle = sorted(set(file.owners) - {entry.owner for entry in file.entries.values()})
    if idle:
        raise world_error(path, ("owners", idle[0]), "answers for no entry")
    return Register(path, file.owners, file.shipped, file.entries, patterns_by_root(path, file.entries))


def patterns_by_root(path: Path, entries: Mapping[str, Entry]) -> dict[str, tuple[EntryPattern, ...]]:
    """Patterns by their first part, the strongest first; raises WorldError for one without a first part."""
    by_root: dict[str, list[EntryPattern]] = {}
    for name, entry in entries.items():
        for index, text in enumerate(entry.covers):
            parts = tuple(text.split("."))
            if parts[0] in ("", ANY):
                here = ("entries", name, "covers", index)
                raise world_error(path, here, f"is '{text}', should begin with a table of a world such as life")
            by_root.setdefault(parts[0], []).append(EntryPattern((len(parts), -parts.count(ANY)), parts, name))
    return {
        root: tuple(sorted(found, key=lambda pattern: pattern.strength, reverse=True))
        for root, found in by_root.items()
    }


def _register_error(path: Path, problem: ValidationError) -> WorldError:
    error = first_error(problem)
    where, kind, value = error["loc"], error["type"], error["input"]
    if kind == "missing":
        return world_error(path, where, "is missing")
    if kind == "extra_forbidden":
        known = Entry.model_fields if where[0] == "entries" else _File.model_fields
        close = nearest(str(where[-1]), known)
        return WorldError(f"{path}: {shown_path(where)}: unknown key" + (f"; nearest is '{close}'" if close else ""))
    return world_error(path, where, f"is {shown_value(value)}, {plain_message(error)}")
