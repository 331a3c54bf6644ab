"""Which lines of the files that ship were edited since: `shipped_lines.csv` in the folder configs has a digest of each.

Of a CSV file every row counts, whatever its quotation marks and line ends; of a TOML file every line but comments. What
a reader of a result should know is where the figures behind it differ from those that the program came with.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline_sim.records.files.shipped_files import SHIPPED, kept_path
from pipeline_sim.world.reading.csv_row import TEXT
from pipeline_sim.world.reading.csv_tables import FileStamp, file_stamp
from pipeline_sim.world.reading.sources import input_files
from pipeline_sim.world.reading.table_rules import RULES
from pipeline_sim.world.schema.world import World

LIST = "shipped_lines.csv"
DIGITS = 6  # of the digest of a line
OWN = "own/"  # to be filled by the user
ALWAYS = ("evidence/", "register/", "decision.toml", RULES)  # counted though a world may read none of it
BINARY = ".parquet"  # of the posterior sample
ENDS = (".csv", ".toml", ".json", BINARY)
NAMED = 3  # lines that are named


class EditedFile(NamedTuple):
    """File that differs from the one that ships: the numbers of lines that it lacks there, and how many are gone."""

    file: Path
    lines: tuple[int, ...]
    gone: int

    def __str__(self) -> str:
        named = ", ".join(map(str, self.lines[:NAMED]))
        more = f" and {len(self.lines) - NAMED} more" if len(self.lines) > NAMED else ""
        changed = f"line{'' if len(self.lines) == 1 else 's'} {named}{more} changed" if self.lines else ""
        gone = f"{self.gone} line{'' if self.gone == 1 else 's'} gone" if self.gone else ""
        what = f": {' and '.join(filter(None, (changed, gone)))}" if self.file.suffix != BINARY else ""
        return f"{kept_path(self.file)} differs from the file that ships{what}"


def edited_files(worlds: Iterable[World]) -> list[EditedFile]:
    """Files behind some worlds, in a copy of the folder configs or in the folder itself, that were edited."""
    listed = shipped_lines(SHIPPED / "configs" / LIST)
    found: dict[Path, EditedFile] = {}
    for world in worlds:
        read = input_files(world)
        for folder in sorted({copy for path in world.layers if (copy := copy_with(path, listed))}):
            for name, digests in listed.items():
                file = folder / name
                if file in read or name.startswith(ALWAYS) or name.endswith((f"/{RULES}", BINARY)):
                    found[file] = found.get(file) or differences(file, digests)
    return [each for _, each in sorted(found.items()) if each.lines or each.gone]


def copy_with(layer: Path, listed: Iterable[str]) -> Path | None:
    """Folder configs, or copy of it, in which a layer has the place of a file that ships; None if there is none.

    Of a file in a folder of a folder configs, such as dental/covid.toml, it is the outer one.
    """
    deepest = sorted((name for name in listed if name.endswith(layer.name)), key=lambda name: -name.count("/"))
    above = ((name, layer.parents[name.count("/")]) for name in deepest if name.count("/") < len(layer.parents))
    return next((folder for name, folder in above if layer == folder / name and (folder / RULES).is_file()), None)


def differences(file: Path, digests: str) -> EditedFile:
    """How a file differs from the one that ships: in no line if it does not."""
    return _differences(file, file_stamp(file) if file.is_file() else None, digests)


@lru_cache(maxsize=512)
def _differences(file: Path, stamp: FileStamp | None, digests: str) -> EditedFile:
    now = lines_of(file) if stamp else []
    lines: list[int] = []
    gone = 0
    if "".join(digest for _, digest in now) == digests:
        return EditedFile(file, (), gone)
    shipped = [digests[at : at + DIGITS] for at in range(0, len(digests), DIGITS)]
    for kind, first, last, begin, end in SequenceMatcher(None, shipped, [each for _, each in now], False).get_opcodes():
        if kind != "equal":
            lines += [number for number, _ in now[begin:end]]
            gone += max(0, (last - first) - (end - begin))
    return EditedFile(file, tuple(lines), gone)


def lines_of(file: Path) -> list[tuple[int, str]]:
    """Numbers of the lines of a file that say something, each with its digest; of one without text, one for all."""
    if file.suffix == BINARY:
        return [(1, hashlib.sha256(file.read_bytes()).hexdigest()[:DIGITS])]
    try:
        text = file.read_text(encoding=TEXT)
    except (OSError, UnicodeDecodeError):
        return [(1, "")]
    if file.suffix == ".csv":
        rows = csv.reader(io.StringIO(text))
        said = [(rows.line_num, "\x1f".join(row)) for row in rows if row]
    else:
        stripped = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
        said = [(number, line) for number, line in stripped if line and not line.startswith("#")]
    return [(number, hashlib.sha256(line.encode()).hexdigest()[:DIGITS]) for number, line in said]


@lru_cache(maxsize=4)
def shipped_lines(path: Path) -> dict[str, str]:
    """Digests of the lines of each file that ships, one after another, by its name in the folder configs."""
    with path.open(encoding=TEXT, newline="") as opened:
        return {row["file"]: row["lines"] for row in csv.DictReader(opened)}


def listed_lines(folder: Path) -> list[tuple[str, str]]:
    """Rows of the list: every file of a folder configs with figures, but those to be filled by the user."""
    files = sorted(path for end in ENDS for path in folder.rglob(f"*{end}"))
    names = ((path.relative_to(folder).as_posix(), path) for path in files)
    wanted = ((name, path) for name, path in names if name != LIST and not name.startswith(OWN))
    return [(name, "".join(digest for _, digest in lines_of(path))) for name, path in wanted]
