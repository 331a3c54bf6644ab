"""A small world made directly of integers, for laws and closed forms: no names, no TOML, nothing scarce unless asked.

Programmes: 0 foundation (2 grades), 1 core (2), 2 general practice (3), 3 higher (3). Groups: 0, 1, 2, 3 one each.
Streams: 0 after foundation, 1 after core. One exam (0) and one course (1).
"""

from typing import Any

import numpy as np

from pipeline_sim.rules import rulebook as rb
from pipeline_sim.rules.codes import CERTAIN, NEVER, Stage

YEAR = 364
DOMAINS = 4


def share(chance: float) -> int:
    """A threshold."""
    return round(chance * CERTAIN)


def ints(values: Any) -> np.ndarray:
    """int32, contiguous."""
    return np.ascontiguousarray(values, dtype=np.int32)


def thresholds(values: Any) -> np.ndarray:
    """int64 thresholds from chances."""
    return np.ascontiguousarray(np.round(np.asarray(values, float) * CERTAIN), dtype=np.int64)


def calendar(years: int) -> rb.Calendar:
    """Years of 364 days, months of 28, changeovers every 4, 6 and 12 'months' of 91 or 182 days."""
    days = years * YEAR
    day = np.arange(days + 1)
    nexts = []
    for step in (112, 182, 364):
        upcoming = (day // step + 1) * step
        if step == 112:  # three placements a year: 0, 112, 224, then the new year
            in_year = day % YEAR
            upcoming = day - in_year + np.select([in_year < 112, in_year < 224], [112, 224], YEAR)
        nexts.append(np.where(upcoming < days, upcoming, NEVER))
    return rb.Calendar(
        ints(np.arange(years + 1) * YEAR),
        ints(day // YEAR),
        ints(np.arange(years * 13 + 1) * 28),
        ints(day // 28),
        ints(np.arange(years) * YEAR + 238),
        ints(nexts),
    )


def programmes(offices: int) -> rb.Programmes:
    """Foundation, core, general practice, higher."""
    grades = np.array([2, 2, 3, 3])
    grade_days, critical = np.zeros((4, 8)), np.zeros((4, 8))
    for p, n in enumerate(grades):
        grade_days[p, :n] = YEAR
        critical[p, n - 1] = 2
    critical[0, 0] = 1
    return rb.Programmes(
        ints([Stage.FOUNDATION, Stage.CORE, Stage.GP, Stage.HIGHER]),
        ints([0, 1, 2, 3]),
        ints(grades),
        ints(grade_days),
        ints(critical),
        ints([0, 1, 1, 2]),
        ints([[250] * 4] * 4),
        ints([850] * 4),
        ints([0, 2, 2, 4]),
        ints([-1, 0, 0, 1]),
        ints([0, 1, -1, -1]),
        ints([364, 364, 546, 728]),
        ints([182] * 4),
    )


def rounds(years: int) -> np.ndarray:
    """Offers in spring and autumn."""
    rows = []
    for y in range(1, years):
        start = y * YEAR
        rows += [[start - 130, start, 0, y], [start - 100, start, 1, y], [start - 50, start, 2, y]]
        rows.append([start + 90, start + 182, 3, y])
    return ints(sorted(rows))


def toybook(years: int = 4, offices: int = 2, people: int = 6, **rooms: dict[str, Any]) -> rb.Rulebook:
    """The toy Rulebook; `rooms` replaces fields, for example life={"sick": ...}."""
    days, months, weeks = years * YEAR, years * 13, years * 52
    cal = calendar(years)
    stock = np.zeros((4, 8, offices))
    for p, n in enumerate((2, 2, 3, 3)):
        stock[p, :n, :] = people
    flat = np.full((DOMAINS, 4, offices, 1), 1000).cumsum(0) * 0 + 1000
    opportunity = np.concatenate(
        [np.zeros((DOMAINS, 4, offices, 1)), np.broadcast_to(flat, (DOMAINS, 4, offices, days)).cumsum(-1)], -1
    )
    day = np.arange(days + 1)
    sitting = (day // 91) * 91 + 60
    sitting = np.where(sitting < day, sitting + 91, sitting)
    book = rb.Rulebook(
        cal,
        programmes(offices),
        rb.Posts(
            ints(np.broadcast_to(np.array([2, 2, 3, 3])[None, :, None] * people, (years, 4, offices))),
            ints(np.broadcast_to([0, 1, 1, 1], (years, 4))),
            ints(stock),
            ints(np.broadcast_to(np.array([people, 0])[None, :, None], (years, 2, offices))),
            ints(np.broadcast_to([people, people // 2], (years, 2))),
            ints([[people, 0], [0, 0], [0, 0]]),
            ints([1000, 1100, 1150, 1200]),
            0,
        ),
        rb.Recruitment(
            rounds(years),
            ints([[1, 0], [0, 1], [1, 1], [1, 1]]),
            ints([[0, 1, 1, 0], [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 1]]),
            thresholds(np.broadcast_to([[0, 0.5, 1, 1], [0, 0, 0, 1]], (years, 2, 4))),
            thresholds([0.3, 0.8, 1]),
            thresholds(np.arange(1, offices + 1) / offices),
            share(0.6),
            600,
            800,
            ints([0, 5000, 5000, 5000]),
            share(0.05),
            share(0.02),
            share(0.5),
            share(0.2),
            share(0.03),
            share(0.03),
            40,
            2,
            thresholds([0.6, 0.6]),
            thresholds(np.broadcast_to([0.5, 0.7, 0.8, 0.85, 1], (years, 5))),
            thresholds([0.8, 0.9]),
        ),
        rb.Placements(ints(np.full((months, 4, offices), people * 3)), ints([800] * 4)),
        rb.Competence(
            ints(opportunity),
            ints(opportunity * 0),
            ints(np.linspace(800, 1200, 1024)),
            ints(np.linspace(900, 1100, 1024)),
            ints([0, 500, 100, 100]),
            36,
            28,
            21,
            thresholds(np.full((months, offices), 0.5)),
        ),
        rb.Exams(
            ints([[-1] * 4, [0, -1, -1, -1], [0, 1, -1, -1], [1, -1, -1, -1]]),
            ints([[0] * 4, [0] * 4, [1, 0, 0, 0], [0] * 4]),
            ints([[0] * 4, [1] * 4, [2, 2, 0, 0], [1] * 4]),
            ints([0, 1]),
            ints(np.where(sitting < days, sitting, NEVER) + np.zeros((2, 1))),
            ints(np.zeros((2, days + 1))),
            thresholds([0.7, 0.97]),
            thresholds([0.05, 0]),
            thresholds([0.2, 0]),
            thresholds([0.05, 0]),
            ints([6, 9]),
        ),
        rb.Panels(
            ints(np.full((weeks, offices), 10_000)),
            thresholds(np.full((months, 5), 0.05)),
            ints(np.zeros(days + 1)),
            ints([15] * 5),
            ints([45] * 5),
            10,
            28,
            56,
            21,
            182,
            0,
        ),
        rb.Extensions(91, ints([45, 120, 150, NEVER])),
        rb.Life(
            thresholds(np.full((years, 4), 0.15)),
            ints([50, 60, 80]),
            thresholds([0.1, 0.4, 1]),
            share(0.5),
            share(0.06),
            ints([182, 273, 364, 364, 364, 364, 364, 364]),
            thresholds(np.full((months, offices), 0.3)),
            ints([5] * 10 + [30] * 4 + [120] * 2),
            thresholds(np.zeros((months, offices))),
            90,
            20,
            thresholds([[0] * 5, [0] * 5, [0] * 5, [0.01, 0.06, 0.08, 0.09, 0.10], [0] * 5]),
            ints([[182] * 8, [364] * 8, [364] * 8, [182] * 8, [182] * 8]),
            90,
            share(0.02),
            364,
            thresholds([0.01, 0.02, 0.02, 0.03]),
            500,
            thresholds([0.3] * 5),
            ints([30, 60, 60, 90, 90, 120, 150, 182]),
        ),
        rb.Revalidation(1826, share(0.18), ints([60, 90, 120, 180, 180, 240, 300, 365]), 0, 0, 0, 400),
        rb.Redeployment(thresholds(np.zeros((weeks, 4, offices))), ints([4] * 8 + [6] * 4 + [10] * 4)),
        no_seats(months, offices),
    )
    return changed(book, **rooms)


def no_seats(months: int, offices: int) -> rb.Seats:
    """No interventions that give places."""
    none = ints(np.zeros(0))
    return rb.Seats(
        ints(np.zeros((0, months, offices))),
        none,
        ints(np.zeros((0, 12))),
        none,
        thresholds(np.zeros(0)),
        none,
        ints(np.zeros((0, 4))),
        none,
        none,
        0,
    )


def changed(book: rb.Rulebook, **rooms: dict[str, Any]) -> rb.Rulebook:
    """The Rulebook with some fields of some rooms replaced."""
    return book._replace(**{room: getattr(book, room)._replace(**fields) for room, fields in rooms.items()})
