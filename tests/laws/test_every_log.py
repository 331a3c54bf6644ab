"""Laws that every log of every world keeps, read row by row; and the checks that every run of ours makes."""

import pickle
from functools import cache

import numpy as np
import pytest
from generated import examples, worlds
from hypothesis import given
from readings import LAWS, Law, nobody_is_forgotten
from toybook import changed
from told import Row, rows, told

from pipeline_sim.records.check import Posts, broken_laws
from pipeline_sim.records.log import EventLog
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
MANY = examples(40)


@cache
def log_of(world: bytes) -> EventLog:
    """Every law is tried on the same worlds: run each once."""
    return told(pickle.loads(world))


def run_once(book: Rulebook) -> list[Row]:
    """Rows of a world."""
    return rows(log_of(pickle.dumps(book)))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@MANY
@given(book=worlds())
def test_law(law: Law, book: Rulebook) -> None:
    assert law(book, run_once(book)) == ""


@MANY
@given(book=worlds())
def test_checks_that_a_run_makes_of_itself(book: Rulebook) -> None:
    columns = log_of(pickle.dumps(book)).columns()
    assert broken_laws(columns, Posts(book.calendar.year_of, book.posts.establishment)) == []


@examples(25)
@given(book=worlds())
def test_nobody_is_forgotten(book: Rulebook) -> None:
    """Where panels can hold everyone, every doctor at work is seen; ordinary lengths of leave and working time."""
    plain = changed(
        book,
        panels={
            "capacity": np.full_like(book.panels.capacity, 10_000),
            "lead_first": 28,
            "lead_spread": 56,
            "resolve_days": 21,
        },
        life={"wte_levels": np.array([50, 60, 80], np.int32), "sick_days": np.full(16, 30, np.int32)},
    )
    assert nobody_is_forgotten(plain, rows(told(plain))) == ""
