"""What was said in October 2021 (evidence/recovery_programme.csv), as a shape: no figure of it was published.

Extensions were significantly lower than had been projected in spring, when almost 7,000 doctors were feared to need
one, while the number of doctors with a training backlog had grown, who carry a risk of extensions to come.
"""

from datetime import date

import numpy as np
import pytest
from support import CONFIGS
from support.run_and_read import Row, rows, run_log

from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of

SCALE, FEARED = 0.1, 7000
Told = dict[str, list[Row]]


def told_of(layers: tuple[str, ...]) -> tuple[Rulebook, list[Row]]:
    """Rows of one replication."""
    book = prepare(WorldSpec(tuple(str(CONFIGS / name) for name in layers), None, scale=SCALE)).rulebook
    return book, rows(run_log(book, 2021, engine="batch"))


@pytest.fixture(scope="module")
def book_and_rows() -> tuple[Rulebook, Told]:
    """England with COVID and without."""
    book, covid = told_of(("england.toml", "covid.toml"))
    return book, {"covid": covid, "none": told_of(("england.toml",))[1]}


def day_of(when: date) -> int:
    """Day of the model."""
    return world_of(WorldSpec((str(CONFIGS / "england.toml"),))).dates.day(when)


def more_extensions(told: Told, first: date, last: date) -> float:
    """Extensions in a span of days beyond those of the world without COVID, in all of England."""
    span = range(day_of(first), day_of(last))
    with_it, without = (sum(r.event == Event.EXTENDED and r.day in span for r in told[w]) for w in ("covid", "none"))
    return (with_it - without) / SCALE


def with_a_backlog(book: Rulebook, log: list[Row], year: int) -> int:
    """Doctors who carry a gap that a panel would name, at the end of July."""
    last = int(np.searchsorted(book.calendar.year_start, day_of(date(year, 7, 31)), side="right")) - 1
    minor = book.panels.minor_days[book.programmes.stage]
    census = (row for row in log if row.event == Event.CENSUS and row.programme >= 0)
    return sum(book.calendar.year_of[row.day] == last and row.amount >= minor[row.programme] for row in census)


def test_fewer_were_extended_by_october_2021_than_had_been_feared(book_and_rows: tuple[Rulebook, Told]) -> None:
    so_far = more_extensions(book_and_rows[1], date(2020, 3, 1), date(2021, 10, 12))
    assert 0 < so_far < FEARED / 2


def test_while_doctors_with_a_backlog_still_grew(book_and_rows: tuple[Rulebook, Told]) -> None:
    book, told = book_and_rows
    before, first, second = (with_a_backlog(book, told["covid"], year) for year in (2019, 2020, 2021))
    assert 2 * before < first < second
    assert with_a_backlog(book, told["none"], 2021) < first / 2


def test_and_most_extensions_were_still_to_come(book_and_rows: tuple[Rulebook, Told]) -> None:
    so_far = more_extensions(book_and_rows[1], date(2020, 3, 1), date(2021, 10, 12))
    assert more_extensions(book_and_rows[1], date(2021, 10, 12), date(2024, 7, 31)) > so_far
