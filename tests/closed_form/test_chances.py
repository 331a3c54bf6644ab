"""Chances that add up: what many doctors do agrees with the formula, by an exact binomial test."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binomtest
from support.run_and_read import rows, rows_of, run_log
from support.worlds.deterministic_world import CORE, GP, deterministic_world, with_initial_stock
from support.worlds.toy_rulebook import YEAR, changed, ints, threshold, thresholds

from pipeline_sim.rules.codes import Event

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
            "gate": ints([[-1] * 4, [0, -1, -1, -1], [-1] * 4, [-1] * 4]),
            "pass_first": thresholds([chance] * 2),
            "attempt_step": thresholds([0] * 2),
            "ability_step": thresholds([0] * 2),
            "gap_step": thresholds([0] * 2),
            "max_attempts": ints([31] * 2),
        },
    )
    read = rows(run_log(book, 4))
    passed = Counter(row.to_code for row in rows_of(read, Event.EXAM_PASSED))
    sat = Counter(row.to_code for row in rows_of(read, Event.EXAM_PASSED, Event.EXAM_FAILED))
    assert sat[1] == PEOPLE
    for attempt in range(1, 6):
        agrees(passed[attempt], PEOPLE, chance * (1 - chance) ** (attempt - 1))
        assert sat[attempt + 1] == sat[attempt] - passed[attempt]


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
    pace = ints([500] * 512 + [1500] * 512)
    book = deterministic_world(2, PEOPLE, competence={"pace": pace}, programmes={"standard": ints([1000] * 4)})
    first = [row for row in rows_of(rows(run_log(book)), Event.CENSUS) if row.day == YEAR - 1]
    agrees(sum(row.amount > 0 for row in first), PEOPLE, 0.5)
