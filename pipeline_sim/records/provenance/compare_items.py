"""What differs first between two makings of a figure or table."""

import csv
import hashlib
from itertools import zip_longest
from pathlib import Path

from pipeline_sim.records.provenance.issued_items import place_bytes
from pipeline_sim.records.provenance.lookup import SHOWN, Result
from pipeline_sim.records.records_error import RecordsError

TEXTS = (".csv", ".svg", ".html", ".txt")
AROUND = 60  # letters of a line that are shown


def differing(text: str, was: Result, now: Result) -> list[str]:
    """A line for every place of an item that is not bit for bit what it was."""
    old, new = was.manifest.places(text), now.folder
    lines = [line for place, digest in old.items() if (line := difference(place, digest, was, new))]
    made = set(now.manifest.files) - set(was.manifest.files) if old is was.manifest.files else set()
    return [*lines, *(f"{name} is made now and was not then" for name in sorted(made))]


def difference(place: str, digest: str, was: Result, now: Path) -> str:
    """What differs first in a place; nothing if it is the same."""
    try:
        found = place_bytes(now, place)
    except RecordsError:
        return f"{place} is not made any more"
    sum_now = hashlib.sha256(found).hexdigest()
    if sum_now == digest:
        return ""
    if not was.has_files:
        return f"{place} has sha256 {sum_now[:SHOWN]}…, it had {digest[:SHOWN]}…"
    return f"{place}: {first_of(place, place_bytes(was.folder, place), found)}"


def first_of(place: str, was: bytes, now: bytes) -> str:
    """The first line, or byte, that differs."""
    suffix = Path(place.partition("#")[0]).suffix
    if suffix not in TEXTS:
        at = next(at for at, (one, other) in enumerate(zip_longest(was, now)) if one != other)
        return f"byte {at + 1:,} is the first that is other ({len(now):,} bytes, {len(was):,} then)"
    before, after = was.decode(errors="replace").splitlines(), now.decode(errors="replace").splitlines()
    pairs = enumerate(zip_longest(before, after, fillvalue=""), 1)
    number, old, new = next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), (0, "", ""))
    if old == new:
        return "its lines are the same but end in another way"
    if suffix == ".csv" and number > 1 and before[0] == after[0]:
        return cell_of(before[0], number, old, new)
    at = next(at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other)
    return f"line {number} is {_part(new, at)}, was {_part(old, at)}"


def cell_of(head: str, number: int, was: str, now: str) -> str:
    """The first cell of a line of CSV that differs."""
    names, old, new = (next(csv.reader([line]), []) for line in (head, was, now))
    for name, one, other in zip_longest(names, old, new, fillvalue=""):
        if one != other:
            return f"line {number}, {name} is {_part(other, 0)}, was {_part(one, 0)}"
    return f"line {number} is written in another way"


def _part(line: str, at: int) -> str:
    start = max(0, at - AROUND // 2)
    part = line[start : start + AROUND]
    return f"“{'…' if start else ''}{part}{'…' if start + AROUND < len(line) else ''}”" if line else "nothing"
