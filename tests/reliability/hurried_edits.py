"""Edits of CSV tables that people make in a hurry in a spreadsheet, by kind of column."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

Lines = list[list[str]]
Edit = Callable[[Lines, int, int], Lines]


def cell(change: Callable[[str], str]) -> Edit:
    """Edit of one cell."""

    def edit(lines: Lines, row: int, column: int) -> Lines:
        return [
            [change(c) if (r, i) == (row, column) else c for i, c in enumerate(line)] for r, line in enumerate(lines)
        ]

    return edit


def swapped_with_neighbour(lines: Lines, row: int, column: int) -> Lines:
    """Edit that exchanges a cell with the one on its right, or its left at the end."""
    other = column + 1 if column + 1 < len(lines[row]) else column - 1
    line = list(lines[row])
    line[column], line[other] = line[other], line[column]
    return [*lines[:row], line, *lines[row + 1 :]]


def heading_swapped(lines: Lines, row: int, column: int) -> Lines:
    """Edit that exchanges the heading with that of the column on its right."""
    return swapped_with_neighbour(lines, 0, column)


def day_and_month(text: str) -> str:
    """Date with day and month exchanged, where that is a date."""
    year, month, *day = text.split("-")
    return "-".join((year, *day, month)) if day and int(day[0]) <= 12 else text


def typing_error(text: str) -> str:
    """Word with two letters exchanged."""
    at = next((i for i in range(len(text) - 1) if text[i] != text[i + 1]), 0)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


NUMBERS: dict[str, Edit] = {
    "ten times": cell(lambda text: f"{float(text) * 10:g}"),
    "a tenth": cell(lambda text: f"{float(text) / 10:g}"),
    "negative": cell(lambda text: f"-{text}"),
    "footnote mark": cell(lambda text: f"{text}*"),
    "thousands separator": cell(lambda text: f"1,{text}"),
    "decimal comma": cell(lambda text: f"{text.split('.')[0]},5"),
    "per cent sign": cell(lambda text: f"{text}%"),
    "about": cell(lambda text: f"~{text}"),
    "not available": cell(lambda _: "n/a"),
    "dash": cell(lambda _: "–"),
    "not a number": cell(lambda _: "nan"),
    "error of a formula": cell(lambda _: "#REF!"),
    "exchanged": swapped_with_neighbour,
    "headings exchanged": heading_swapped,
}
DATES: dict[str, Edit] = {
    "day and month": cell(day_and_month),
    "as spreadsheets write": cell(lambda text: "/".join(reversed(text.split("-")))),
    "short month": cell(lambda _: "Apr-20"),
    "with time": cell(lambda text: f"{text} 00:00:00"),
    "serial number": cell(lambda _: "43922"),
    "another century": cell(lambda text: f"19{text[2:]}"),
    "a year on": cell(lambda text: f"{int(text[:4]) + 1}{text[4:]}"),
}
WORDS: dict[str, Edit] = {
    "typing error": cell(typing_error),
    "capitals": cell(str.upper),
    "space at the end": cell(lambda text: f"{text} "),
    "line break": cell(lambda text: f"{text}\n"),
    "another word": cell(lambda _: "total"),
}
YEARS: dict[str, Edit] = {
    "2091": cell(lambda _: "2091"),
    "1938": cell(lambda _: "1938"),
    "training year": cell(lambda text: f"{text}/{text[2:]}"),
    "with a point": cell(lambda text: f"{text}.5"),
}
ROWS_OF_ANY: dict[str, Edit] = {
    "row twice": lambda lines, row, _: [*lines, lines[row]],
    "row twice, other figure": lambda lines, row, column: [*lines, cell(lambda c: f"{c}1")(lines, row, column)[row]],
    "cell missing": lambda lines, row, _: [*lines[:row], lines[row][:-1], *lines[row + 1 :]],
    "cell too many": lambda lines, row, _: [*lines[:row], [*lines[row], "x"], *lines[row + 1 :]],
    "column gone": lambda lines, _, column: [[c for i, c in enumerate(line) if i != column] for line in lines],
    "heading changed": lambda lines, _, column: [
        [f"{c}s" if i == column else c for i, c in enumerate(lines[0])],
        *lines[1:],
    ],
    "emptied": cell(lambda _: ""),
}


def texts(lines: Lines) -> str:
    """CSV text of lines."""
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def lines_of(file: Path) -> Lines:
    """Lines of a CSV file as cells."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def edits_of(kind: str) -> Mapping[str, Edit]:
    """Edits of a kind of column."""
    return {"number": NUMBERS, "whole": {**NUMBERS, **YEARS}, "day": DATES, "month": DATES}.get(kind, WORDS)
