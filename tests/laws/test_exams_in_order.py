"""Exams that need another one, or must be held by the offers, read from the rows alone."""

from collections import defaultdict

import numpy as np
import pytest
from support import CONFIGS
from support.reviews.cancelled_exams import RESULTS
from support.run_and_read import Row, rows, run_log
from support.worlds.toy_rulebook import ints, toy_rulebook

from pipeline_sim.rules.codes import NEVER, Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import WorldSpec, prepare

CORE, AFTER_CORE = 1, 1  # programme and stream of the toy world


def gate_of(book: Rulebook, row: Row) -> int:
    """Gate of the programme to which a part belongs."""
    first, count = book.exams.gate[row.programme], book.exams.parts[row.programme]
    return int(np.flatnonzero((first >= 0) & (first <= row.from_code) & (row.from_code < first + count))[0])


def test_no_exam_is_sat_before_one_that_it_needs() -> None:
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid"))
    book = prepare(WorldSpec(layers, scale=0.05)).rulebook
    results: dict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for row in rows(run_log(book, 2021, engine="batch")):
        if row.event in RESULTS:
            results[row.trainee, row.programme, gate_of(book, row)].append(row)
    both = 0
    for (doctor, programme, gate), sat in results.items():
        first = min(row.day - int(book.exams.result_days[row.from_code]) for row in sat)
        for other in np.flatnonzero(book.exams.before[programme, gate] >> np.arange(4) & 1):
            needed = results.get((doctor, programme, int(other)), [])
            assert all(row.day <= first for row in needed), (needed, sat)
            both += bool(needed)
    assert both > 20


@pytest.mark.parametrize(("first_year", "some"), [(NEVER, True), (2, True), (0, False)])
def test_who_must_hold_the_exam_by_the_offers_is_offered_nothing_without(first_year: int, some: bool) -> None:
    """In a world in which nobody can pass it, and panels let everybody go on."""
    derogation, by = ints(np.full(4 * 364 + 1, 3)), {"exam_by_offers": ints([NEVER, first_year])}
    book = toy_rulebook(4, 1, 6, panels={"derogation": derogation}, recruitment=by)
    shut = {name: getattr(book.exams, name) * 0 for name in ("places", "held", "pass_first")}
    book = book._replace(exams=book.exams._replace(**shut))
    told = [row for row in rows(run_log(book, 3)) if row.event in (Event.STARTED, Event.COMPLETED, Event.ACCEPTED)]
    where: dict[int, int] = {}
    ahead = 0
    for row in told:
        ahead += row.event == Event.ACCEPTED and where.get(row.trainee) == CORE
        where[row.trainee] = row.programme if row.event == Event.STARTED else where.get(row.trainee, -1)
        if row.event == Event.COMPLETED:
            where[row.trainee] = -1
    assert (ahead > 0) == some
