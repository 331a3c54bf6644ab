"""Random damage to words, texts, bytes and JSON, as slips, spreadsheets and strangers do it."""

import json
from random import Random
from typing import Any

ODD = (
    "", " ", "0", "-1", "1e999", "-0.0", "nan", "inf", "1,234", "12*", "½", "null", "true", "[]", "{}", "'", '"', "..",
    "/", "/dev/zero", "~", "-", "--", "=1+1", "\x1b[31m", "\0", "\u202e", "\ufeff", "é", "日本", "9" * 50, "1979-13-45",
    "a" * 3000, "%s%n", "{0}", "\\", "\r", "\n\n", "=", "@15m", "19/04/2020", "43922", "#REF!", "2021-02-29",
)  # fmt: skip


def odd_value(chance: Random) -> Any:
    """A value that few expect in JSON."""
    return chance.choice((None, True, -1, 0, 1 << 70, 1.5, float("nan"), [], {}, [[]], {"a": 1}, *ODD))


def damaged_text(text: str, chance: Random) -> str:
    """Text with a few lines or words lost, doubled, exchanged or replaced."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        words = lines[at].split(" ")
        place = chance.randrange(len(words))
        match chance.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                words[place] = chance.choice(ODD)
                lines[at] = " ".join(words)
            case 4:
                lines[at] = lines[at].replace(chance.choice("=[]{},\"' ."), chance.choice(ODD), 1)
            case 5:
                digits = [index for index, letter in enumerate(lines[at]) if letter.isdigit()] or [0]
                index = chance.choice(digits)
                lines[at] = lines[at][:index] + chance.choice(ODD) + lines[at][index + 1 :]
            case _:
                lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
        text = "\n".join(lines)
    return text


def damaged_bytes(content: bytes, chance: Random) -> bytes:
    """Bytes cut, flipped, doubled or overwritten."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) or 1)
        match chance.randrange(5):
            case 0:
                del found[at:]
            case 1 if found:
                found[at % len(found)] ^= 1 << chance.randrange(8)
            case 2:
                found[at:at] = found[at : at + chance.randrange(64)]
            case 3:
                found[at : at + 4] = chance.choice((b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xff\xfe", b"\xe9"))
            case _:
                found += chance.randbytes(chance.randrange(32))
    return bytes(found)


def damaged_json(value: Any, chance: Random) -> Any:
    """JSON with one value anywhere replaced, lost or added."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        changed = {**value, key: damaged_json(value[key], chance)}
        if chance.random() < 0.1:
            del changed[key]
        return changed if chance.random() < 0.95 else {**changed, chance.choice(ODD): odd_value(chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], damaged_json(value[at], chance), *value[at + chance.randint(0, 1) :]]
    return odd_value(chance)


def as_json(value: Any) -> bytes:
    """Bytes of JSON."""
    return json.dumps(value).encode()
