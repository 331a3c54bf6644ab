"""From a printed number to the rows of the tables that hold it, what their columns mean and how they are made."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.table_columns import COLUMNS, ENDS, MONEY
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.estimates.indicators import BY_YEAR, OVER_ALL_YEARS

if TYPE_CHECKING:
    import pandas as pd

MOST, DRAWS = 8, "draws"  # rows that are shown; the table in which everything is once more
MILLIONS = {"m": 1e6, "bn": 1e9, "": 1.0}
AXES = ("year", "rung", "draw", "gbp_a_month", "weight")  # numbers that no result is printed from


class NumberRow(NamedTuple):
    """Row of a table in which a printed number stands."""

    table: str
    column: str
    exact: float
    names: str  # what the row is of
    meaning: str  # of the column
    formula: str  # of the indicator; empty if it has none


def number_rows(folder: Path, printed: str) -> list[NumberRow]:
    """Rows whose number is printed so, to two figures, as pounds, in millions or in per cent; RecordsError for none."""
    wanted = printed_value(printed)
    tables = sorted(folder.glob("*.csv"), key=lambda path: (path.stem == DRAWS, path.stem))
    kind = "GBP" if "£" in printed else "%" if "%" in printed else ""
    found = [row for path in tables for row in _rows(path, wanted, kind)]
    if not found:
        raise RecordsError(f"no table of {folder} holds a number that is printed as {printed}")
    return sorted(found, key=lambda row: (row.table == DRAWS, not row.column.endswith("_mean")))


def printed_value(text: str) -> float:
    """Value of a printed number: 310, £79,000, £1.2m, 9.2 %, −5; RecordsError for what is no number."""
    plain = text.replace("−", "-").replace("£", "").replace(",", "").strip()
    plain = plain.rstrip("% ").strip()
    unit = next(unit for unit in ("bn", "m", "") if plain.endswith(unit))
    try:
        return float(plain.removesuffix(unit)) * MILLIONS[unit]
    except ValueError:
        raise RecordsError(f"{text} is no printed number: 310, £79,000, £1.2m and '9.2 %' are") from None


def _rows(path: Path, wanted: float, kind: str) -> Iterator[NumberRow]:
    import pandas as pd

    table = pd.read_csv(path)
    for column in table.select_dtypes("number"):
        if column in AXES:
            continue
        times = 100 if is_part(str(column)) else 1  # tables hold shares and probabilities as 0 to 1
        alike = {value for value in table[column].dropna().unique() if _printed_alike(float(value) * times, wanted)}
        for _, row in table[table[column].isin(alike)].iterrows():
            if kind_of(str(column), str(row.get("unit", ""))) != kind:
                continue
            meaning = COLUMNS.get(column) or ENDS.get(str(column).rpartition("_")[2], "")
            yield NumberRow(path.stem, str(column), float(row[column]), _names(row), meaning, formula_of(row))


def is_part(column: str) -> bool:
    """Whether a column holds shares or probabilities, from 0 to 1."""
    return column.startswith(("share", "probability")) or column.endswith("_share")


def kind_of(column: str, unit: str) -> str:
    """Kind of a number: GBP, % (also of shares and probabilities), or neither."""
    if "gbp" in column or (unit == "GBP" and not column.startswith("probability")):
        return "GBP"
    return "%" if is_part(column) or (unit == "%" and column != "draws_to_settle") else ""


def _printed_alike(value: float, wanted: float) -> bool:
    return math.isfinite(value) and rounded(abs(value)) == rounded(abs(wanted))


def _names(row: "pd.Series") -> str:
    texts = (str(value) for name, value in row.items() if isinstance(value, str) and not str(name).endswith("label"))
    return ", ".join(texts)


def formula_of(row: "pd.Series") -> str:
    """Formula of the indicator of a row; empty if it has none."""
    formulas = {each.name: each.formula.text for each in BY_YEAR}
    formulas |= {name: text for name, (_, _, text) in OVER_ALL_YEARS.items()}
    formulas |= {name: text for name, (_, text) in MONEY.items()}
    return formulas.get(str(row.get("indicator", "")), "")
