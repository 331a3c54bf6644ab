"""Identifiers of results, figures and tables: `F1-k7m3-q4dt` is the first figure of the result k7m3q4d.

A letter for the kind and a number, seven characters over all that decides the result, and a check character that
shows a mistyped identifier. Capitals, hyphens and spaces do not matter, nor o for 0, i and l for 1.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline_sim.records.records_error import RecordsError

FIGURE, TABLE, TABLE_FILE, RESULT = "F", "T", "D", "R"
KINDS = {FIGURE: "figure", TABLE: "table of the report", TABLE_FILE: "table as a file", RESULT: "whole result"}
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # 32 without look-alikes: no i, l, o, u (Crockford, 2002)
LENGTH, BITS = 7, 5
LOOK_ALIKES = str.maketrans("ilo", "110", "- \t")
FORM = re.compile(rf"(?:([ftd])([1-9][0-9]{{0,2}})|(r))([{LETTERS}]{{{LENGTH}}})([{LETTERS}])")
EXAMPLE = "F1-k7m3-q4dt"
POLYNOMIAL = 0b100101  # x^5 + x^2 + 1 makes a field of the 32 letters


class Identifier(NamedTuple):
    """Identifier of an item of a result, or of the result itself."""

    kind: str  # letter
    number: int  # of its kind in the result, from 1; 0 for the result itself
    result: str

    @property
    def text(self) -> str:
        """Written form, as F1-k7m3-q4dt."""
        plain = f"{self.kind}{self.number or ''}".lower() + self.result
        return f"{self.kind}{self.number or ''}-{self.result[:4]}-{self.result[4:]}{check_letter(plain)}"


def digest_letters(parts: Iterable[object]) -> str:
    """Digest of the texts of some parts: seven characters of LETTERS."""
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    return "".join(LETTERS[number >> BITS * index & 31] for index in range(LENGTH))


def check_letter(plain: str) -> str:
    """Check character, a sum over the field of 32: shows one wrong character, or two exchanged."""
    total = 0
    for letter in plain:
        total = _times_x(total ^ LETTERS.index(letter))
    return LETTERS[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ POLYNOMIAL if doubled & 32 else doubled


def read_identifier(text: str) -> Identifier:
    """Identifier as typed; RecordsError if it is none or was mistyped."""
    plain = text.lower().translate(LOOK_ALIKES)
    parts = FORM.fullmatch(plain)
    if parts is None:
        raise RecordsError(f"'{text[:40]}' is not an identifier: they look like {EXAMPLE}")
    kind, number, whole, result, check = parts.groups()
    if check_letter(plain[:-1]) != check:
        raise RecordsError(f"{text} is mistyped: its check letter is wrong")
    return Identifier((kind or whole).upper(), int(number or 0), result)
