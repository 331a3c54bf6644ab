"""Comparison of a figure or table with its reproduction: the first difference, as a sentence."""

import csv
import hashlib
from itertools import zip_longest
from pathlib import Path

from pipeline_sim.records.provenance.issued_items import place_bytes
from pipeline_sim.records.provenance.lookup import DIGITS_SHOWN, Result
from pipeline_sim.records.records_error import RecordsError

TEXTS = (".csv", ".svg", ".html", ".txt")
CONTEXT = 60  # characters of a line that are shown


def list_differences(text: str, was: Result, now: Result) -> list[str]:
    """Differences of a reproduced item: a sentence for each place that is not bit for bit equal."""
    old, new = was.manifest.places(text), now.folder
    lines = [line for place, digest in old.items() if (line := describe_difference(place, digest, was, new))]
    made = set(now.manifest.files) - set(was.manifest.files) if old is was.manifest.files else set()
    return [*lines, *(f"{name} is made now and was not then" for name in sorted(made))]


def describe_difference(place: str, digest: str, was: Result, now: Path) -> str:
    """First difference in a place of an item, as a sentence; empty if there is none."""
    try:
        content = place_bytes(now, place)
    except RecordsError:
        return f"{place} is not made any more"
    sum_now = hashlib.sha256(content).hexdigest()
    if sum_now == digest:
        return ""
    if not was.has_files:
        return f"{place} has sha256 {sum_now[:DIGITS_SHOWN]}…, it had {digest[:DIGITS_SHOWN]}…"
    return f"{place}: {describe_first_difference(place, place_bytes(was.folder, place), content)}"


def describe_first_difference(place: str, was: bytes, now: bytes) -> str:
    """First differing line, CSV cell or byte of a file, in words."""
    suffix = Path(place.partition("#")[0]).suffix
    if suffix not in TEXTS:
        at = next(at for at, (one, other) in enumerate(zip_longest(was, now)) if one != other)
        return f"byte {at + 1:,} is the first that differs ({len(now):,} bytes, {len(was):,} then)"
    before, after = was.decode(errors="replace").splitlines(), now.decode(errors="replace").splitlines()
    pairs = enumerate(zip_longest(before, after, fillvalue=""), 1)
    number, old, new = next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), (0, "", ""))
    if old == new:
        return "its lines are the same but end in another way"
    if suffix == ".csv" and number > 1 and before[0] == after[0]:
        return describe_first_cell(before[0], number, old, new)
    at = next(at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other)
    return f"line {number} is {_part(new, at)}, was {_part(old, at)}"


def describe_first_cell(head: str, number: int, was: str, now: str) -> str:
    """First differing cell of a line of CSV, in words."""
    names, old, new = (next(csv.reader([line]), []) for line in (head, was, now))
    for name, one, other in zip_longest(names, old, new, fillvalue=""):
        if one != other:
            return f"line {number}, {name} is {_part(other, 0)}, was {_part(one, 0)}"
    return f"line {number} is written in another way"


def _part(line: str, at: int) -> str:
    start = max(0, at - CONTEXT // 2)
    part = line[start : start + CONTEXT]
    return f"“{'…' if start else ''}{part}{'…' if start + CONTEXT < len(line) else ''}”" if line else "nothing"
