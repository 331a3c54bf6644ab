"""The register of assumptions: for every figure and table of a world who answers for it, why it is so, until when.

A figure's value, unit, range, source and grade stand with it in the world files. What the register adds stands in
`register.toml`, an entry for figures that belong together. An entry claims them by the beginnings of their key paths,
in which `*` is any one part; the longest beginning wins, then the one with fewer `*`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, ValidationError

from pipeline_sim.world.reading.layers import frozen, read_toml
from pipeline_sim.world.reading.pydantic_errors import first_of, in_plain_words
from pipeline_sim.world.schema.sourced_value import Frozen
from pipeline_sim.world.world_error import KeyPath, WorldError, hint, nearest, shown_path, shown_value, world_error

REGISTER = "register.toml"
ANY = "*"
Text = Annotated[str, Field(min_length=1)]
Sentence = Annotated[str, Field(min_length=20)]
Distribution = Literal["triangular", "plausible", "fixed", "held"]
Provenance = Literal["observed", "estimated", "surrogate", "assumed"]


class Entry(Frozen):
    """Assumptions that are answered for together."""

    title: Text
    covers: Annotated[tuple[Text, ...], Field(min_length=1)]  # beginnings of key paths; `files.x` is a table x
    distribution: Distribution  # triangular: drawn from low, value, high; plausible: drawn in a row with others
    provenance: Provenance  # surrogate: observed of something that stands in for it
    rationale: Sentence
    owner: Text
    sunset: date  # by when it must be looked at again
    stale_when: Sentence  # what would make it stale before


class Shipped(Frozen):
    """Worlds whose every assumption is to be in the register; paths start at it."""

    layers: Annotated[tuple[Text, ...], Field(min_length=1)]
    others: tuple[Text, ...] = ()  # worlds in place of the first layer
    scenarios: Text | None = None  # folder of layers, each laid over them
    mixes: Text | None = None  # folder of mixes


class _File(Frozen):
    owners: dict[str, Sentence]
    shipped: Shipped
    entries: Annotated[dict[str, Entry], Field(min_length=1)]


class Claim(NamedTuple):
    """The beginning of key paths that an entry covers."""

    strength: tuple[int, int]  # length, less those that are any part
    parts: tuple[str, ...]
    entry: str

    def holds(self, path: KeyPath) -> bool:
        """True if a key path begins so."""
        return len(self.parts) <= len(path) and all(
            part in (ANY, str(here)) for part, here in zip(self.parts, path, strict=False)
        )


class Register(NamedTuple):
    """All entries by name."""

    path: Path
    owners: Mapping[str, str]  # role: what it answers for
    shipped: Shipped
    entries: Mapping[str, Entry]
    claims: Mapping[str, tuple[Claim, ...]]  # by their first part, the strongest first

    def claim_of(self, path: KeyPath) -> Claim | None:
        """The claim by which a figure or table is covered, if any; WorldError if two entries claim it alike."""
        held = [claim for claim in self.claims.get(str(path[0]), ()) if claim.holds(path)]
        rivals = sorted({claim.entry for claim in held if claim.strength == held[0].strength})
        if len(rivals) > 1:
            problem = f"is claimed alike by the entries {' and '.join(rivals)}: make one of the claims longer"
            raise world_error(self.path, path, problem)
        return held[0] if held else None

    def name_of(self, path: KeyPath) -> str | None:
        """The entry that covers a figure or table, if any."""
        claim = self.claim_of(path)
        return claim.entry if claim is not None else None

    def entry(self, name: str) -> Entry:
        """An entry by its name; WorldError names the nearest."""
        if name not in self.entries:
            raise WorldError(f"{self.path}: there is no entry '{name}'{hint(name, self.entries)}")
        return self.entries[name]


def load_register(folder: Path) -> Register:
    """The register of a folder; WorldError is one line with the file, the entry and the field."""
    path = folder / REGISTER
    tree = frozen(read_toml(path))
    try:
        found = _File.model_validate(tree)
    except ValidationError as problem:
        raise _explained(path, problem) from None
    for name, entry in found.entries.items():
        if entry.owner not in found.owners:
            known = f"{hint(entry.owner, found.owners)}"
            raise world_error(path, ("entries", name, "owner"), f"'{entry.owner}' is not in [owners]{known}")
    idle = sorted(set(found.owners) - {entry.owner for entry in found.entries.values()})
    if idle:
        raise world_error(path, ("owners", idle[0]), "answers for no entry")
    return Register(path, found.owners, found.shipped, found.entries, claims_of(path, found.entries))


def claims_of(path: Path, entries: Mapping[str, Entry]) -> dict[str, tuple[Claim, ...]]:
    """All claims by their first part, the strongest first; one that could be anything is refused."""
    found: dict[str, list[Claim]] = {}
    for name, entry in entries.items():
        for place, text in enumerate(entry.covers):
            parts = tuple(text.split("."))
            if parts[0] in ("", ANY):
                here = ("entries", name, "covers", place)
                raise world_error(path, here, f"is '{text}', should begin with a table of a world such as life")
            found.setdefault(parts[0], []).append(Claim((len(parts), -parts.count(ANY)), parts, name))
    return {
        first: tuple(sorted(claims, key=lambda each: each.strength, reverse=True)) for first, claims in found.items()
    }


def _explained(path: Path, problem: ValidationError) -> WorldError:
    found = first_of(problem)
    where, kind, value = found["loc"], found["type"], found["input"]
    if kind == "missing":
        return world_error(path, where, "is missing")
    if kind == "extra_forbidden":
        known = Entry.model_fields if where[0] == "entries" else _File.model_fields
        close = nearest(str(where[-1]), known)
        return WorldError(f"{path}: {shown_path(where)}: unknown key" + (f"; nearest is '{close}'" if close else ""))
    return world_error(path, where, f"is {shown_value(value)}, {in_plain_words(found)}")
