"""Check of the rows of a CSV table under its rules: an edit that cannot be meant is refused with file and line.

Of tables without rules only what holds for every table is checked: no row twice, grades, figures within their ranges.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path

from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.table_rules import Column, Index, Jumps, Share, Spread, Steps, TableRules, Total
from pipeline_sim.world.world_error import WorldError, hint

GRADES = ("A", "B", "C")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2060, 1, 1)
PROGRAMMES = "programmes"  # column whose cells name several
YEAR = "(19|20)[0-9]{2}([/-][0-9]{2}|(-[0-9]{2}){2})?"  # a year, training year, span, month or day
PERIOD = re.compile(f".*[A-Za-z].*|{YEAR}((-|; ?| / | & ){YEAR})*")
WORDED = re.compile("[A-Za-z/|;(]|^[0-9.]+(-[0-9.]+|[+])$")  # figures that are no single number
RANGES = tuple(("low", middle, "high") for middle in ("mode", "value", "mode_or_value"))
BROKEN = re.compile(
    "^#(REF!|N/A|DIV/0!|VALUE!|NAME[?]|NUM!|NULL!)|\ufffd|Â[£ ]|Ã[\xa0-\xbf]|â€", re.MULTILINE
)  # wrong formulas, letters


def check_rows(rows: Sequence[CsvRow], file: Path, rules: TableRules) -> None:
    """Check of a table; raises WorldError."""
    for name, column in rules.columns.items():
        if rows and name not in rows[0] and not column.absent:
            raise WorldError(f"{file}: no column '{name}'{hint(name, rows[0])}")
    names = [name for name in rows[0] if name in rules.columns] if rows else []
    if rules.in_order and names != list(rules.columns):
        raise WorldError(f"{file}: line 1: columns should be in this order: {', '.join(rules.columns)}")
    check_unique(rows, tuple(name for name in rules.key if rows and name in rows[0]))
    graded = [name for name in ("grade", "grade_conf") if name not in rules.columns and has_grades(rows, name)]
    ranges = [names for names in (*rules.within, *RANGES) if rows and sum(name in rows[0] for name in names) > 1]
    for row in rows:
        check_cells(row, rules, graded)
        for each in ranges:
            check_order(row, [name for name in each if row.get(name)])
    for total in rules.totals:
        check_total(rows, total)
    for share in rules.shares:
        check_share(rows, share)
    for index in rules.indices:
        check_index(rows, index)
    if rules.steps:
        check_steps(rows, rules.steps)
    for jumps in rules.jumps:
        for name in jumps.columns:
            check_jumps(rows, jumps, name)


def check_unique(rows: Sequence[CsvRow], key: tuple[str, ...]) -> None:
    """Check that no two rows have the same key, with any of the words of its cells; raises WorldError."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for words in product(*(words_of(row, name) for name in key)) if key else [tuple(row.values())]:
            if words in seen:
                text = f"{' '.join(words)} stands there twice" if key else "is the same row"
                raise row.error(f"{text}, as in line {seen[words]}")
            seen[words] = row.line


def check_cells(row: CsvRow, rules: TableRules, graded: Sequence[str]) -> None:
    """Check of each cell that the model reads, and of grades; raises WorldError."""
    cells = list(row.values())
    if cells != [*map(str.strip, cells)] or not "".join(cells).isprintable() or BROKEN.search("\n".join(cells)):
        check_letters(row)
    for name, column in rules.columns.items():
        if name in row and (row[name] or not column.empty):
            check_cell(row, name, column)
    for name in graded:
        if row[name] and not row[name].startswith(GRADES):
            raise row.wrong(name, "should begin with A, B or C")
    for spread in rules.spreads:
        check_spread(row, spread)
    for filled in rules.filled:
        for name in filled.columns if row[filled.where] in filled.words else ():
            if not row[name]:
                raise row.wrong(name, f"should not be empty where {filled.where} is {row[filled.where]}")


def check_letters(row: CsvRow) -> None:
    """Check of the letters of each cell; raises WorldError."""
    for name, cell in row.items():
        if not cell.isprintable() or cell != cell.strip():
            raise row.wrong(name, "should have no spaces at its ends and no line breaks or control characters")
        if BROKEN.search(cell):
            raise row.wrong(name, "is what a spreadsheet makes of a formula or of letters it cannot read")


def has_grades(rows: Sequence[CsvRow], name: str) -> bool:
    """True if a column has grades of evidence, not those of doctors: more than half its cells begin with A, B or C."""
    cells = [row[name] for row in rows if row.get(name)]
    return sum(cell.startswith(GRADES) for cell in cells) * 2 > len(cells)


def check_spread(row: CsvRow, spread: Spread) -> None:
    """Check that a range is not too wide, where its low end is above zero; raises WorldError."""
    if not (row.get(spread.low) and row.get(spread.high)):
        return
    if row.number(spread.high) > spread.most * row.number(spread.low) > 0:
        raise row.wrong(spread.high, f"should be at most {spread.most:g} times {row[spread.low]}, its {spread.low}")


def check_cell(row: CsvRow, name: str, column: Column) -> None:
    """Check of a cell against its kind and bounds; raises WorldError."""
    if column.kind == "number":
        row.number(name, column.least, column.most)
    elif column.kind == "whole":
        row.whole(name)
        row.number(name, column.least, column.most)
    elif column.kind in ("day", "month"):
        day = row.day(name)
        if not FIRST_DAY <= day <= LAST_DAY or (column.kind == "month" and day.day != 1):
            raise row.wrong(
                name, f"should be {'the first of a month' if column.kind == 'month' else 'a day'} from 2000 to 2059"
            )
    elif not row[name]:
        raise row.wrong(name, "should not be empty")
    elif column.kind == "period" and not PERIOD.fullmatch(row[name]):
        raise row.wrong(
            name, "should be a year, a span such as 2020-22, a training year, a month such as 2020-04, or words"
        )
    elif column.kind == "figure" and is_number(row[name]):
        row.number(name, column.least, column.most)
    elif column.kind == "figure" and not re.search(WORDED, row[name]):
        raise row.wrong(name, "should be a number without marks, a range such as 3-4, or words")
    if column.pattern and not re.fullmatch(column.pattern, row[name]):
        raise row.wrong(name, f"should be of the form {column.pattern}")
    if column.one_of and row[name] not in column.one_of:
        raise row.wrong(name, f"should be one of {', '.join(column.one_of)}{hint(row[name], column.one_of)}")


def check_order(row: CsvRow, names: Sequence[str]) -> None:
    """Check that numbers or dates ascend; raises WorldError. Other cells are left to the rules of their column."""
    for kind in (is_number, is_day):
        if all(kind(row[name]) for name in names):
            for lower, upper in pairwise(names):
                if (row.number(lower) > row.number(upper)) if kind is is_number else row[lower] > row[upper]:
                    raise row.wrong(upper, f"should be at least {row[lower]}, its {lower}")


def check_total(rows: Sequence[CsvRow], total: Total) -> None:
    """Check of a sum; raises WorldError."""
    for row in rows:
        if row[total.total] and all(row.get(name) for name in total.parts):
            parts, value = sum(row.number(name) for name in total.parts), row.number(total.total)
            if abs(parts - value) > total.tolerance * max(abs(value), 1.0):
                raise row.wrong(total.total, f"should be about {parts:g}, the sum of {', '.join(total.parts)}")


def check_share(rows: Sequence[CsvRow], share: Share) -> None:
    """Check of a percentage; raises WorldError."""
    for row in rows:
        if not all(row[name] for name in (share.share, share.part, *share.whole)):
            continue  # whether a cell may be empty is said by the rule of its column
        whole = sum(row.number(name) for name in share.whole)
        expected = share.per * row.number(share.part) / whole if whole else 0.0
        if abs(row.number(share.share) - expected) > share.tolerance:
            what = "the percentage of" if share.per == 100 else f"per {share.per:g} of"
            text = f"should be {expected:.2f}, {share.part} as {what} {' and '.join(share.whole)}"
            raise row.wrong(share.share, text)


def check_index(rows: Sequence[CsvRow], index: Index) -> None:
    """Check of a percentage of the same month of a year; raises WorldError."""
    months = {row.day(index.month): row.number(index.of) for row in rows}
    for row in rows:
        base = months.get(row.day(index.month).replace(year=index.year), 0.0)
        if row[index.index] and base:
            expected = 100 * row.number(index.of) / base
            if abs(row.number(index.index) - expected) > index.tolerance:
                text = f"should be {expected:.1f}, the percentage of {index.of} in that month of {index.year}"
                raise row.wrong(index.index, text)


def check_steps(rows: Sequence[CsvRow], steps: Steps) -> None:
    """Check that dates follow each other without a gap; raises WorldError."""
    for before, row in pairs(rows, steps.by):
        day = before.day(steps.column)
        following = day + timedelta(days=7) if steps.weeks else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if row.day(steps.column) != following:
            text = (
                f"should be {following.isoformat()}, the {'week' if steps.weeks else 'month'} after line {before.line}"
            )
            raise row.wrong(steps.column, text)


def check_jumps(rows: Sequence[CsvRow], jumps: Jumps, name: str) -> None:
    """Check that a column, or its share in another, changes by no more than its factor; raises WorldError."""
    names = [name, jumps.share_of] if jumps.share_of else [name]
    given = sorted((row for row in rows if all(row[each] for each in names)), key=lambda row: row[jumps.along])
    for before, row in pairs(given, jumps.by, jumps.only):
        value, earlier = row.number(name), before.number(name)
        if jumps.share_of and before.number(jumps.share_of):
            earlier *= row.number(jumps.share_of) / before.number(jumps.share_of)
        if max(value, earlier) > jumps.above and min(value, earlier) * jumps.most < max(value, earlier):
            text = f"should be within {jumps.most:g} times {earlier:g}, by line {before.line}"
            raise row.wrong(name, text)


def pairs(rows: Sequence[CsvRow], by: str, only: tuple[str, ...] = ()) -> Iterator[tuple[CsvRow, CsvRow]]:
    """Neighbouring rows of each series: rows with the same word in a column, and with one of some words if given."""
    series: dict[str, list[CsvRow]] = {}
    for row in rows:
        for word in words_of(row, by):
            series.setdefault(word, []).append(row)
    for word, each in series.items():
        if not only or word in only:
            yield from pairwise(each)


def words_of(row: CsvRow, name: str) -> list[str]:
    """Words of a cell; the cell itself where the column is not one of several programmes, nothing without a column."""
    if not name:
        return [""]
    return row[name].split() if name == PROGRAMMES else [row[name]]


def is_day(cell: str) -> bool:
    """True if a cell is a date such as 2020-04-06, which sorts as text."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", cell) is not None


def is_number(cell: str) -> bool:
    """True if a cell is a finite number."""
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False
