"""Rules of CSV tables, from `table_rules.toml` in the folders of a world: kinds of columns, keys, what must agree."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline_sim.world.reading.csv_tables import FileStamp, file_stamp
from pipeline_sim.world.reading.layers import read_toml
from pipeline_sim.world.reading.pydantic_errors import below, fields, first_error, plain_message
from pipeline_sim.world.world_error import KeyPath, WorldError, shown_value, world_error

RULES = "table_rules.toml"


class Rules(BaseModel):
    """Part of the rules of tables. Refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Column(Rules):
    """Column: its kind and bounds. A `figure` is a number, or words about several such as `6 / +6`.

    `known` names the section of the world that has its words, `found_in` the evidence table and column that has them,
    `pattern` a regular expression of the whole cell.
    """

    kind: Literal["number", "whole", "figure", "period", "month", "day", "word", "words"]
    least: float = float("-inf")
    most: float = float("inf")
    empty: bool = False  # may cells be empty?
    absent: bool = False  # may a table be without it?
    one_of: tuple[str, ...] = ()
    known: Literal["", "programmes", "offices", "gates", "regions"] = ""
    or_else: str = ""  # column that gives the word where the cell is empty
    found_in: tuple[str, str] | None = None
    also: tuple[str, ...] = ()  # words beside those of `known` or `found_in`
    pattern: str = ""


class Total(Rules):
    """Columns whose sum is another column's value, within a relative tolerance."""

    parts: tuple[str, ...]
    total: str
    tolerance: float


class Share(Rules):
    """Column that is the percentage of some columns in others' sum, or as many `per` 1, within a tolerance."""

    share: str
    part: str
    whole: tuple[str, ...]
    per: float = 100.0
    tolerance: float


class Steps(Rules):
    """Dates that follow each other without a gap, by months or by weeks, in each series of equal `by`."""

    column: str
    by: str = ""
    weeks: bool = False  # else months


class Jumps(Rules):
    """Numbers that change by a factor of `most` at most between rows of equal `by` in the order of `along`.

    Numbers below `above` may change by more, and those of other words than `only`. With `share_of` it is the share in
    that column which is compared.
    """

    columns: tuple[str, ...]
    along: str
    by: str = ""
    only: tuple[str, ...] = ()
    most: float
    above: float = 0.0
    share_of: str = ""


class Spread(Rules):
    """Range whose end is at most so many times its beginning."""

    low: str
    high: str
    most: float


class Filled(Rules):
    """Columns that may not be empty in rows with one of some words in a column."""

    columns: tuple[str, ...]
    where: str
    words: tuple[str, ...]


class Index(Rules):
    """Column that is another's percentage of the same month of a year, within a tolerance in percentage points."""

    index: str
    of: str
    month: str
    year: int
    tolerance: float


class Cited(Rules):
    """Numbers that stand in a column of an evidence table wherever a row of grade A names it as its source."""

    column: str
    table: str
    among: str


class TableRules(Rules):
    """Rules of a table, hashed as the object that they are."""

    key: tuple[str, ...] = ()
    columns: dict[str, Column] = {}
    in_order: bool = False  # should the columns stand in the order of these rules?
    within: tuple[tuple[str, ...], ...] = ()  # numbers in ascending order, empty cells left out
    totals: tuple[Total, ...] = ()
    shares: tuple[Share, ...] = ()
    spreads: tuple[Spread, ...] = ()
    filled: tuple[Filled, ...] = ()
    indices: tuple[Index, ...] = ()
    steps: Steps | None = None
    jumps: tuple[Jumps, ...] = ()
    cited: tuple[Cited, ...] = ()
    _file: Path = Path()
    _table: str = ""

    @property
    def file(self) -> Path:
        """File in which these rules stand."""
        return self._file

    @property
    def table(self) -> str:
        """Name of the table."""
        return self._table

    def placed(self, file: Path, table: str) -> "TableRules":
        """These rules, as those of a table, from a file."""
        self._file, self._table = file, table
        return self

    def error(self, path: KeyPath, text: str, known: Iterable[str], word: str) -> WorldError:
        """Error of one of these rules, with a hint at the known word nearest to `word`."""
        return world_error(self.file, (self.table, *path), text, known, word)

    def __hash__(self) -> int:
        return id(self)


def table_rules(folders: Iterable[Path]) -> dict[str, TableRules]:
    """Rules by table name: the file name without `.csv`, `world.x` for a section of the world; the first folder wins.

    Raises WorldError for rules that cannot be read.
    """
    rules: dict[str, TableRules] = {}
    for folder in folders:
        if (folder / RULES).exists():
            rules = {**_read_once(folder / RULES, file_stamp(folder / RULES)), **rules}
    return rules


@lru_cache(maxsize=16)
def _read_once(file: Path, _stamp: FileStamp) -> dict[str, TableRules]:
    rules = {}
    trees = read_toml(file)
    if not trees:
        raise WorldError(f"{file}: has no rules, should have a table for each table of the world, such as [posts]")
    for name, tree in trees.items():
        try:
            rules[name] = TableRules.model_validate(tree).placed(file, name)
        except ValidationError as problem:
            raise rule_error(file, name, first_error(problem)) from None
    return rules


def rule_error(file: Path, name: str, error: Mapping[str, Any]) -> WorldError:
    """Error of a rule that cannot be read, in plain words."""
    path = (name, *(part for part in error["loc"] if part != "[key]"))
    if error["type"] == "extra_forbidden":
        kinds: list[Any] = [TableRules]
        for part in path[1:-1]:
            kinds = [inner for kind in kinds for inner in below(kind, part)]
        known = [key for kind in kinds for key in fields(kind)]
        return world_error(file, path, "unknown key", known, str(path[-1]))
    if error["type"] == "missing":
        return world_error(file, path, "is missing")
    given = "" if isinstance(error["input"], dict | list | tuple) else f"is {shown_value(error['input'])}, "
    return world_error(file, path, given + plain_message(error))
