"""Writes the digests anew: `PYTHONPATH=.:tests python -m baselines.renew`."""

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from baselines.digests import LOGS, TABLES, log_rows, table_digests


def write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A table as CSV; says on the terminal whether it changed."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    same = path.read_text(encoding="utf-8") == before
    print(f"{path.name}: {'as before' if same else 'CHANGED: say in CHANGELOG which results move, and why'}")


if __name__ == "__main__":
    write(LOGS, ("world", "seed", "sha256"), log_rows())
    write(TABLES, ("table", "sha256"), table_digests().items())
    sys.exit(0)
