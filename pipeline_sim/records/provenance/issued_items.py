"""What of a result goes by an identifier: figures and tables, the places where each stands, and their digests."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.records.provenance.identifiers import RESULT, Identifier
from pipeline_sim.records.records_error import RecordsError


class Item(NamedTuple):
    """A figure or table of a result."""

    kind: str  # letter, one of identifiers.KINDS
    name: str  # no other of its kind has it
    title: str
    places: tuple[str, ...]  # files of the folder, those that can be read first; page.html#name: an element of a page


class Issued(NamedTuple):
    """The identifiers of a result."""

    items: Mapping[str, Item]

    def of(self, kind: str, name: str) -> str:
        """The identifier of an item; nothing where it has none."""
        return next((text for text, item in self.items.items() if (item.kind, item.name) == (kind, name)), "")

    def entries(self, folder: Path) -> dict[str, Any]:
        """What the manifest says of the items, once their files are written."""
        return {
            text: {
                "kind": item.kind,
                "name": item.name,
                "title": item.title,
                "places": [[place, place_digest(folder, place)] for place in item.places],
            }
            for text, item in self.items.items()
        }


NONE_ISSUED = Issued({})


def issue(result: str, items: Sequence[Item]) -> Issued:
    """Identifiers for the items of a result, and one for the whole, in the order given; none if the result has no name.

    Write them down: `write_manifest(folder, {**manifest, "result": result, "items": issued.entries(folder)})`.
    """
    if not result:
        return NONE_ISSUED
    counts: dict[str, int] = {}
    found = {Identifier(RESULT, 0, result).text: Item(RESULT, result, "everything", ())}
    for item in items:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        found[Identifier(item.kind, counts[item.kind], result).text] = item
    return Issued(found)


def place_digest(folder: Path, place: str) -> str:
    """SHA-256 of what stands in a place."""
    return hashlib.sha256(place_bytes(folder, place)).hexdigest()


def place_bytes(folder: Path, place: str) -> bytes:
    """What stands in a place; RecordsError if there is nothing."""
    file, _, name = place.partition("#")
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        raise RecordsError(f"cannot read {folder / file}: {error.strerror or error}") from None
    return element(content, name, folder / file) if name else content


def element(page: bytes, name: str, path: Path) -> bytes:
    """The element of a page that has a name, which holds no other of its kind."""
    found = re.search(rb'<(\w+) id="%s".*?</\1>' % re.escape(name.encode()), page, re.DOTALL)
    if found is None:
        raise RecordsError(f"{path} has nothing named {name}")
    return found[0]
