"""Tables of cases, tests/cases/*.csv: one named case a row, in the words and units of those who know the rules.

Every table has the columns `case` and `follows`. The others hold numbers or words; an empty cell is 0.
"""

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent.parent
EVIDENCE = TESTS.parent / "configs" / "evidence"
WORDS = {
    "": 0,
    "no": 0,
    "yes": 1,
    # stages
    "foundation": 0,
    "core": 1,
    "run-through": 2,
    "higher": 3,
    "gp": 4,
    # what the end of a grade is
    "ordinary": 0,
    "critical point": 1,
    "final": 2,
    # evidence before a panel
    "complete": 0,
    "missing": 1,
    "came late": 2,
    "lost": 3,
    # derogation in force
    "none": 0,
    "10.x": 1,
    "10.x and gates": 3,
    # states
    "not yet": 0,
    "training": 1,
    "redeployed": 2,
    "sick": 3,
    "parental": 4,
    "oopt": 5,
    "oopr": 6,
    "oope": 7,
    "oopc": 8,
    "oopp": 9,
}
OUTCOMES = {"not assessed": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "8": 8, "10.1": 101, "10.2": 102}
FIRST_OF_KIND = {"C": 100, "U": 200, "N": 300}
# Hypothesis: the same examples in every run, and no deadline, because the first one compiles.
THOROUGH = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def whole_number(text: str, per: int = 1) -> int:
    """A decimal times `per` as a whole number; ValueError if it is not whole."""
    value = Fraction(text or "0") * per
    if value.denominator != 1:
        raise ValueError(f"{text} is not a whole number of 1/{per}")
    return int(value)


def reason_code(text: str) -> int:
    """Code of a reason such as C3, U10 or N1; an empty cell is no reason."""
    return FIRST_OF_KIND[text[0]] + int(text[1:]) if text else 0


def outcome_code(text: str) -> int:
    """Code of an outcome such as 10.1 or `not assessed`."""
    return OUTCOMES[text]


def word_code(text: str) -> int:
    """Code of a word of the table of words, or a whole number."""
    return WORDS[text] if text in WORDS else int(text)


def table_rows(table: str) -> list[dict[str, str]]:
    """Rows of tests/cases/<table>.csv."""
    with (TESTS / "cases" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def case_parameters(table: str) -> list[object]:
    """Rows of a table as pytest parameters named by the case."""
    return [pytest.param(row, id=row["case"]) for row in table_rows(table)]


def unknown_sources(follows: str) -> list[str]:
    """Sources that a `follows` cell names and that do not exist.

    The cell is `file.csv: first cell of a row [; ...]` of configs/evidence, then perhaps ` | a remark`; or
    `convention | why`, where no source decides.
    """
    named, _, remark = follows.partition(" | ")
    if named == "convention":
        return [] if remark else ["a convention that is not explained"]
    return [part for part in re.split(r"; (?=\w+\.csv: )", named) if not _is_row(part)]


def _is_row(part: str) -> bool:
    file, _, first = part.partition(": ")
    path = EVIDENCE / file
    if not path.is_file() or not first:
        return False
    with path.open(encoding="utf-8", newline="") as lines:
        return any(first in {line[0], ", ".join(line[:2])} for line in csv.reader(lines))
