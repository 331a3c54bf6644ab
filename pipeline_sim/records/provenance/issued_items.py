"""Items of a result that have an identifier: figures and tables, the places of each, and their digests."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline_sim.records.files.checked_files import inside, read_regular
from pipeline_sim.records.provenance.identifiers import RESULT, Identifier
from pipeline_sim.records.records_error import RecordsError


class Item(NamedTuple):
    """Figure or table of a result."""

    kind: str  # letter, one of identifiers.KINDS
    name: str  # unique within its kind
    title: str
    places: tuple[str, ...]  # files of the folder, readable ones first; page.html#name: an element of a page


class ItemCatalogue(NamedTuple):
    """Catalogue of the items of a result, by identifier."""

    items: Mapping[str, Item]

    def identifier_of(self, kind: str, name: str) -> str:
        """Identifier of an item; empty if it has none."""
        return next((text for text, item in self.items.items() if (item.kind, item.name) == (kind, name)), "")

    def by_name(self, kind: str) -> dict[str, str]:
        """Identifiers of all items of a kind, by name."""
        return {item.name: text for text, item in self.items.items() if item.kind == kind}

    def entries(self, folder: Path) -> dict[str, Any]:
        """Entries of the items for the manifest, once their files are written."""
        return {
            text: {
                "kind": item.kind,
                "name": item.name,
                "title": item.title,
                "places": [[place, place_digest(folder, place)] for place in item.places],
            }
            for text, item in self.items.items()
        }


NO_ITEMS = ItemCatalogue({})


def catalogue_items(result: str, items: Sequence[Item]) -> ItemCatalogue:
    """Catalogue of the items of a result and of the whole, numbered in the order given; empty without a result name.

    For the manifest: `write_manifest(folder, {**manifest, "result": result, "items": catalogue.entries(folder)})`.
    """
    if not result:
        return NO_ITEMS
    counts: dict[str, int] = {}
    catalogue = {Identifier(RESULT, 0, result).text: Item(RESULT, result, "everything", ())}
    for item in items:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        catalogue[Identifier(item.kind, counts[item.kind], result).text] = item
    return ItemCatalogue(catalogue)


def place_digest(folder: Path, place: str) -> str:
    """SHA-256 of the content of a place."""
    return hashlib.sha256(place_bytes(folder, place)).hexdigest()


def place_bytes(folder: Path, place: str) -> bytes:
    """Content of a place, a file or an element of a page; RecordsError if there is none."""
    file, _, name = place.partition("#")
    path = inside(folder, file)
    content = read_regular(path)
    return page_element(content, name, path) if name else content


def page_element(page: bytes, name: str, path: Path) -> bytes:
    """Element of a page with a given id; it must contain no other of its kind."""
    match = re.search(rb'<(\w+) id="%s".*?</\1>' % re.escape(name.encode()), page, re.DOTALL)
    if match is None:
        raise RecordsError(f"{path} has nothing named {name}")
    return match[0]
