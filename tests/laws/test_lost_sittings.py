"""Exams that COVID shut are nobody's fault: read from the rows of England alone, not from what the engine noted."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from support import CONFIGS
from support.reviews.cancelled_exams import RESULTS, only_cancelled_since
from support.run_and_read import Row, rows, run_log

from pipeline_sim.rules.codes import NEVER, Event, Outcome, Reason
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import WorldSpec, prepare


@pytest.fixture(scope="module")
def england() -> Rulebook:
    """England with COVID, a twentieth of its size."""
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid"))
    return prepare(WorldSpec(layers, scale=0.05)).rulebook


@pytest.fixture(scope="module")
def log(england: Rulebook) -> list[Row]:
    """All rows of one run."""
    return list(rows(run_log(england, 2021, engine="batch")))


@pytest.fixture(scope="module")
def reviews(england: Rulebook, log: list[Row]) -> Counter[tuple[int, int]]:
    """Outcomes and reasons of those who failed a part, then had only cancelled sittings until their review."""
    told: dict[int, list[Row]] = defaultdict(list)
    for row in log:
        told[row.trainee].append(row)
    return Counter(decision for career in told.values() for decision in only_cancelled_since(england, career))


def test_failed_and_then_shut_out_is_not_the_trainee_s_fault(reviews: Counter[tuple[int, int]]) -> None:
    assert reviews[Outcome.O10_1, Reason.C1] + reviews[Outcome.O10_2, Reason.C8] > 5
    blamed = {decision: count for decision, count in reviews.items() if decision[1] == Reason.U5}
    assert not blamed


def test_courses_are_spread_and_some_doctors_lack_one_that_covid_closed(england: Rulebook, log: list[Row]) -> None:
    life_support = int(np.flatnonzero(england.exams.is_course)[0])
    taken = Counter(row.grade for row in log if row.event in RESULTS and row.from_code == life_support)
    assert min(taken[0], taken[1]) > taken.total() // 5
    decisions = Counter((row.to_code, row.from_code) for row in log if row.event == Event.REVIEWED)
    assert decisions[Outcome.O10_1, Reason.C2] > 3


def test_a_valid_certificate_is_not_asked_for_again(england: Rulebook, log: list[Row]) -> None:
    held: dict[tuple[int, int], int] = {}
    again = []
    for row in log:
        if row.event in RESULTS and england.exams.is_course[row.from_code]:
            key = row.trainee, row.from_code
            again += [row] if row.day - held.get(key, NEVER) in range(england.exams.valid_days) else []
            held |= {key: row.day} if row.event == Event.EXAM_PASSED else {}
    assert len(held) > 1000
    assert not again


def test_an_exam_that_was_waived_is_asked_for_in_the_next_programme(england: Rulebook, log: list[Row]) -> None:
    """Nobody else sits there what entrants hold."""
    asked = england.exams.on_entry == 1
    entry = {(p, part) for p, gate in zip(*np.nonzero(asked), strict=True) for part in parts_of(england, p, gate)}
    waived = {row.trainee for row in log if row.event == Event.REVIEWED and row.from_code == Reason.C1}
    late = [row for row in log if row.event in RESULTS and (row.programme, row.from_code) in entry]
    assert len({row.trainee for row in late}) > 10
    assert {row.trainee for row in late} <= waived


def parts_of(book: Rulebook, programme: int, gate: int) -> range:
    """Parts of a gate of a programme."""
    first = int(book.exams.gate[programme, gate])
    return range(first, first + int(book.exams.parts[programme, gate]))
