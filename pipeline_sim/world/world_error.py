"""WorldError: one line with the file, the key, its value and what would be right."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

KeyPath = tuple[str | int, ...]
MOST_LISTED = 16  # known names listed where none is similar
MOST_NEAR = 5  # names that contain the word, or whose labels do


class WorldError(Exception):
    """Error of a world that cannot be used, in one line."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Known word most similar to a word, if any is similar."""
    matches = get_close_matches(str(word), [str(name) for name in known], n=1, cutoff=0.5)
    return matches[0] if matches else None


def hint(word: str, known: Iterable[str]) -> str:
    """End of an error message about a word: the nearest known word, else all of them if they are few.

    Known names may have labels, which are searched too: `led` is locally-employed-doctors.
    """
    names = [str(name) for name in known]
    near = names_about(word, known) if isinstance(known, Mapping) else []
    if near:
        quoted = ", ".join(f"'{name}'" for name in near)
        return f"; nearest {'is' if len(near) == 1 else 'are'} {quoted}"
    close = nearest(word, names) if word else None
    if close:
        return f"; nearest is '{close}'"
    return f"; known are {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else ""


def names_about(word: str, known: Mapping[str, str]) -> list[str]:
    """Names whose initials are a word, or that contain it in themselves or their labels."""
    part = str(word).lower().replace("_", "-").rstrip("s")
    initials = [name for name in known if "".join(each[:1] for each in name.split("-")) == str(word).lower()]
    texts = {name: f"{name} {label}".lower() for name, label in known.items() if isinstance(label, str)}
    holding = [name for name, text in texts.items() if len(part) > 2 and part in text]
    return initials or holding[:MOST_NEAR]


def shown_path(path: KeyPath) -> str:
    """Text of a key path: `exams[2].pass_first`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(top)"


def shown_value(value: Any) -> str:
    """Text of a value on one line, shortened."""
    text = " ".join((str(value) if isinstance(value, date) else repr(value)).split())
    return text if len(text) <= 60 else text[:57] + "..."


def world_error(file: Path | str, path: KeyPath, problem: str, known: Iterable[str] = (), word: str = "") -> WorldError:
    """Error of a key of a file, with a hint at the known word nearest to `word`."""
    return WorldError(" ".join(f"{file}: {shown_path(path)}: {problem}{hint(word, known)}".split()))
