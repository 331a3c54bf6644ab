"""What a page is made of: sections, tables, cells; and how numbers stand in a cell."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pipeline_sim.report.text.number_format import pounds, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate, Ratio

MINUS = "−"  # read out as minus; a hyphen is not


class Cell(NamedTuple):
    """A number, its interval, and whether it can be told from nothing."""

    text: str
    interval: str = ""
    doubt: str = ""


class Row(NamedTuple):
    """A line of a table; without cells it heads the lines that follow."""

    head: str
    cells: tuple[Cell, ...] = ()


class Table(NamedTuple):
    """A table of a page."""

    name: str
    caption: str
    head: tuple[str, ...]  # the first names the row heads
    rows: Sequence[Row]
    note: str = ""


class Section(NamedTuple):
    """A question and what is found."""

    name: str
    title: str
    says: Sequence[str]
    points: Sequence[str] = ()
    tables: Sequence[Table] = ()
    folded: Sequence[Table] = ()  # shown when asked for, and in print

    @property
    def shown(self) -> list[Table]:
        """Tables that have something to show, in the order of the page."""
        return [table for table in (*self.tables, *self.folded) if table.rows]


def number(value: float) -> str:
    """Two significant figures; a dash where there is none."""
    return "–" if math.isnan(value) else rounded(value).replace("-", MINUS)


def signed(value: float) -> str:
    """The same, saying which way it goes."""
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def level(value: float) -> str:
    """Three significant figures, thousands separated."""
    if math.isnan(value):
        return "–"
    shown = float(f"{value:.3g}")
    text = f"{shown:,.0f}" if abs(shown) >= 100 else f"{shown:.3g}"
    return text.replace("-", MINUS)


def money(value: float) -> str:
    """Pounds in a cell."""
    return "–" if math.isnan(value) else pounds(value, MINUS)


def share(value: float) -> str:
    """A part of one as a percentage."""
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def gained(found: Estimate, minus: bool = True) -> Cell:
    """A gain; `minus` turns a difference that is better when it is less."""
    return cell(found.turned() if minus else found, number)


def changed(found: Estimate) -> Cell:
    """A difference as it is, with its sign."""
    return cell(found, signed)


def priced(found: Estimate | None) -> Cell:
    """Pounds with their interval."""
    return Cell("no prices") if found is None else cell(found, money)


def cell(found: Estimate, write: Callable[[float], str]) -> Cell:
    """A number with its interval, marked where the interval holds nothing."""
    if math.isnan(found.mean) or found.low == found.high == 0:
        return Cell(write(found.mean + 0.0))
    if math.isnan(found.low):
        return Cell(write(found.mean), "", "one draw")
    return Cell(
        write(found.mean), f"{write(found.low)} to {write(found.high)}", "" if found.can_tell else "cannot tell"
    )


def ratio(found: Ratio, gained: Estimate) -> Cell:
    """A price of one, if any is gained and it can be told."""
    if gained.low == gained.high == 0:
        return Cell("none gained")
    if not found.can_tell:
        return Cell("cannot tell")
    return Cell(money(found.mean), f"{money(found.low)} to {money(found.high)}")


def plain(texts: Iterable[str]) -> tuple[Cell, ...]:
    """Cells that have no interval."""
    return tuple(Cell(text) for text in texts)


def runs(answer: Answer) -> str:
    """How often it was run, in words."""
    study = answer.study
    times = "1 replication" if answer.replications == 1 else f"{answer.replications:,} replications"
    if study.parameters != "sampled":
        return times
    made = math.ceil(answer.replications / study.lucks)
    return f"{times} ({'1 draw' if made == 1 else f'{made:,} draws'} of the figures in doubt)"
