"""Text that is written or printed: no character of it is a command to a terminal or a spreadsheet, or breaks a page.

One rule for cells: a text that begins with one of `FORMULA` has a space before it, so that no spreadsheet runs it.
"""

import re
from functools import lru_cache

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are full-width
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """Text whose control characters, but line ends and tabs, are spelt: `\\x1b`."""
    return CONTROL.sub(spelt_character, text)


def spelt_character(found: "re.Match[str]") -> str:
    """A character by its number; a byte of a name that is no letter by its own."""
    number = ord(found[0])
    if 0xDC80 <= number < 0xDD00:
        number -= 0xDC00
    elif number >= 0x80:
        return f"\\u{number:04x}"
    return f"\\x{number:02x}"


def harmless_cell(value: object) -> object:
    """Cell that a spreadsheet shows and does not run."""
    return _harmless_word(value) if isinstance(value, str) else value


@lru_cache(maxsize=10_000)  # a column of a table has few words
def _harmless_word(text: str) -> str:
    return f" {harmless(text)}" if text.startswith(FORMULA) else harmless(text)
