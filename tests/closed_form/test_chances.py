"""Chances that add up: what many doctors do agrees with the formula, by an exact binomial test."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binomtest
from support.run_and_read import rows, rows_of, run_log
from support.worlds.deterministic_world import CORE, GP, deterministic_world, with_initial_stock
from support.worlds.toy_rulebook import YEAR, changed, for_all_people, ints, threshold, thresholds

from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
PEOPLE = 600
UNLIKELY = 1e-4


def agrees(found: int, of_all: int, chance: float) -> None:
    """Not a result that comes up once in ten thousand times."""
    assert binomtest(found, of_all, chance).pvalue > UNLIKELY, (found, of_all, chance)


@pytest.mark.parametrize("chance", [0.03, 0.2, 0.5])
def test_survivors_of_years_at_risk(chance: float) -> None:
    """Three years of general practice, each survived with 1 - p; who survives all three completes."""
    book = with_initial_stock(GP, PEOPLE, deterministic_world(4))
    book = changed(book, life={"resign": thresholds([chance] * 4), "strain_share": 0})
    read = [row for replication in range(2) for row in rows(run_log(book, 3, replication))]
    years = Counter(row.day // YEAR for row in rows_of(read, Event.RESIGNED))
    at_risk = 2 * PEOPLE
    for year in range(3):
        agrees(years[year], at_risk, chance)
        at_risk -= years[year]
    assert len(rows_of(read, Event.COMPLETED)) == at_risk
    agrees(at_risk, 2 * PEOPLE, (1 - chance) ** 3)


@pytest.mark.parametrize("chance", [0.3, 0.7])
def test_attempts_until_passed_are_geometric(chance: float) -> None:
    book = with_initial_stock(CORE, PEOPLE, deterministic_world(3))
    book = changed(
        book,
        programmes={"standard": ints([0] * 4), "allowance_days": ints([9000] * 4)},
        exams={
            "pass_first": thresholds(for_all_people([chance] * 3).T),
            "max_attempts": ints([31] * 3),
            "result_days": ints([0] * 3),
            "entry_days": ints([0] * 3),
        },
    )
    read = rows(run_log(one_part(book), 4))
    passed = Counter(row.to_code for row in rows_of(read, Event.EXAM_PASSED))
    sat = Counter(row.to_code for row in rows_of(read, Event.EXAM_PASSED, Event.EXAM_FAILED))
    assert sat[1] == PEOPLE
    for attempt in range(1, 6):
        agrees(passed[attempt], PEOPLE, chance * (1 - chance) ** (attempt - 1))
        assert sat[attempt + 1] == sat[attempt] - passed[attempt]


def one_part(book: Rulebook) -> Rulebook:
    """A world in which core training alone asks for an exam, of one part, whose chance is the same for all."""
    nothing = {step: thresholds([0] * 3) for step in ("attempt_step", "ability_step", "gap_step", "held")}
    gates = {"gate": ints([[-1] * 4, [0, -1, -1, -1], [-1] * 4, [-1] * 4]), "parts": ints([[1, 0, 0, 0]] * 4)}
    return changed(book, exams={**gates, **nothing})


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_places_go_by_lot_to_a_share_of_candidates(share: float) -> None:
    """Who has no place at a sitting tries again at the next one; who had passed before the start does not come."""
    book = one_part(with_initial_stock(CORE, PEOPLE, deterministic_world(3)))
    sure = {"pass_first": thresholds(for_all_people([1] * 3).T), "result_days": ints([0] * 3)}
    book = changed(book, exams={**sure, "places": np.full_like(book.exams.places, threshold(share))})
    days = Counter(row.day for row in rows_of(rows(run_log(book, 4)), Event.EXAM_PASSED))
    left = PEOPLE
    for sitting in (60, 151, 242):
        agrees(days[sitting], left, share)
        left -= days[sitting]
    held = changed(book, exams={"held": thresholds([share] * 3)})
    passed = rows_of(rows(run_log(held, 4)), Event.EXAM_PASSED)
    agrees(PEOPLE - len(passed), PEOPLE, share)


def test_a_hazard_week_by_week() -> None:
    """Pulled at least once in n weeks at hazard h: 1 - (1 - h) ** n; each spell lasts a week."""
    hazard, weeks = 0.02, 30
    book = deterministic_world(2, PEOPLE)
    pull = np.zeros_like(book.redeployment.pull)
    pull[5 : 5 + weeks] = threshold(hazard)
    read = rows(run_log(changed(book, redeployment={"pull": pull, "weeks": ints([1] * 16)})))
    calls = rows_of(read, Event.REDEPLOYED)
    agrees(len({row.trainee for row in calls}), PEOPLE, 1 - (1 - hazard) ** weeks)
    agrees(len(calls), PEOPLE * weeks, hazard)
    assert {row.day // 7 for row in calls} <= set(range(5, 5 + weeks))


def test_sickness_comes_at_the_yearly_rate() -> None:
    book = deterministic_world(2, PEOPLE)
    sick = np.full_like(book.life.sick, threshold(0.35))
    read = rows(run_log(changed(book, life={"sick": sick, "sick_days": ints([5] * 16)})))
    for year in range(2):
        ill = {row.trainee for row in rows_of(read, Event.AWAY) if row.day // YEAR == year}
        agrees(len(ill), PEOPLE, 0.35)


def test_lasting_pace_is_the_table_that_was_given() -> None:
    """Half of the doctors twice as fast: half of them are behind after a year."""
    pace = ints(for_all_people([500] * 512 + [1500] * 512))
    book = deterministic_world(2, PEOPLE, competence={"pace": pace}, programmes={"standard": ints([1000] * 4)})
    first = [row for row in rows_of(rows(run_log(book)), Event.CENSUS) if row.day == YEAR - 1]
    agrees(sum(row.amount > 0 for row in first), PEOPLE, 0.5)
