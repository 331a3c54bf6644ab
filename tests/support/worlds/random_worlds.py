"""Worlds drawn at random, in which every feature of the model is sometimes on, to test laws on.

`worlds()` is a hypothesis strategy of Rulebooks. Each choice starts from the plain toy world, so a failing example
shrinks towards it. `noise` is a small integer from which tables are filled, so that a table has one handle.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from pipeline_sim.rules import rulebook as rb
from pipeline_sim.rules.codes import NEVER, Stage
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE, KINDS_OF_PEOPLE
from support.worlds.draw_strategies import chances, examples, prefix, table, window
from support.worlds.toy_rulebook import YEAR, changed, ints, threshold, thresholds, toy_rulebook
from support.worlds.world_differences import DrawnWorld

__all__ = ["examples", "prefix", "worlds"]
GROUPS, PARTS = 4, 3
FIRST = [0] * 4, [0, 1, 0, 0], [2, 0, 0, 0]  # gates that must be held before others


@st.composite
def worlds(draw: st.DrawFn, most_years: int = 5, most_people: int = 4, **fixed: dict[str, Any]) -> rb.Rulebook:
    """A small random world; `fixed` replaces fields of its parts at the end, as in `toy_rulebook`."""
    years, offices = draw(st.integers(2, most_years)), draw(st.integers(1, 3))
    people = draw(st.integers(1, most_people))
    book = toy_rulebook(years, offices, people)
    for feature in FEATURES:
        book = feature(draw, book)
    return DrawnWorld(*changed(book, **fixed))


def with_people(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Other numbers of doctors, arrivals and posts; a programme that closes."""
    posts = book.posts
    years, programmes, _ = posts.establishment.shape
    establishment = posts.establishment + table(draw, (0, -2, 3, 40), posts.establishment.shape)
    recruits = posts.recruits.copy()
    closing, last = draw(st.integers(0, programmes - 1)), draw(st.integers(1, years))
    establishment[last:, closing] = 0
    recruits[last:, closing] = 0
    return changed(
        book,
        posts={
            "establishment": ints(np.maximum(establishment, 0)),
            "intake": ints(table(draw, (40, 1, 0), establishment.shape)),
            "recruits": ints(recruits),
            "stock": ints(np.where(posts.stock > 0, table(draw, (2, 0, 4), posts.stock.shape), 0)),
            "graduates": ints(table(draw, (2, 0, 4), posts.graduates.shape)),
            "external": ints(table(draw, (3, 0, 9), posts.external.shape)),
            "returners": ints(table(draw, (1, 0, 3), posts.returners.shape)),
            "stretch": ints(table(draw, (1100, 1000, 3000), posts.stretch.shape)),
        },
    )


def with_attributes(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Other places of qualification, sexes, ages and paces of groups; selection that sees less of some."""
    people, choice = book.people, book.recruitment.choice.copy()
    choice[:, :KINDS_OF_PEOPLE, 1] = thresholds(table(draw, (0.5, 0, 1), (len(choice), KINDS_OF_PEOPLE)))
    return changed(
        book,
        people={
            "in_post": np.sort(thresholds(table(draw, (0.7, 0, 1), people.in_post.shape)), axis=1),
            "entrants": np.sort(thresholds(table(draw, (1, 0, 0.3), people.entrants.shape)), axis=1),
            "women": thresholds(table(draw, (0.5, 0, 1), people.women.shape)),
            "ages": ints(table(draw, (24, 18, 65), people.ages.shape)),
            "years_before": ints(table(draw, (5, 0, 34), people.years_before.shape)),
            "selection_share": ints(table(draw, (1000, 0, 500), people.selection_share.shape)),
        },
        recruitment={"choice": choice},
        competence={"pace": ints(table(draw, (1000, 500, 1500), book.competence.pace.shape))},
    )


def with_programmes(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Part years, low and high standards, other changeovers, small and large allowances."""
    have = book.programmes
    return changed(
        book,
        programmes={
            "grade_days": ints(np.where(have.grade_days > 0, table(draw, (364, 182, 91), have.grade_days.shape), 0)),
            "pattern": ints(table(draw, (0, 1, 2, 3), have.pattern.shape)),
            "standard": ints(table(draw, (850, 0, 1000, 1300), have.standard.shape)),
            "allowance_days": ints(table(draw, (364, 0, 2000), have.allowance_days.shape)),
            "weight": ints(draw(st.sampled_from(([[250] * 4] * 4, [[1000, 0, 0, 0]] * 4, [[400, 300, 200, 100]] * 4)))),
        },
    )


def with_calendar(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """A changeover that does not happen."""
    following, days = book.calendar.next_changeover, int(book.calendar.year_start[-1])
    closed = draw(st.sampled_from((-1, 112, 182, 224, YEAR, YEAR + 182, 2 * YEAR)))
    if closed < 0 or closed >= days:
        return book
    next_one = ints(np.where(following == closed, following[:, closed][:, None], following))
    return changed(book, calendar={"next_changeover": next_one})


def with_scarcity(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Slots and panels that are too small, at times closed."""
    slots, capacity = book.placements.slots, table(draw, (10_000, 1, 2, 0), book.panels.capacity.shape)
    capacity[window(draw, capacity.shape[0])] = draw(st.sampled_from((0, 1, 10_000)))
    return changed(
        book,
        placements={
            "slots": ints(table(draw, (50, 0, 1, 3), slots.shape)),
            "unsupervised_share": ints(table(draw, (800, 0, 1000), (GROUPS,))),
        },
        panels={"capacity": ints(capacity)},
    )


def with_shock(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """A period with little opportunity to learn, and derogation."""
    shape = book.competence.opportunity_sum.shape
    days = shape[-1] - 1
    when, left = window(draw, days), draw(st.integers(0, 1500))
    offered = np.full((*shape[:-1], days), 1000)
    offered[..., when] = left
    offered[:, -1, :, when] = left // 2  # of a specialty, whose group loses less
    derogation = np.zeros(days + 1)
    derogation[window(draw, days)] = draw(st.sampled_from((3, 1)))
    shielding = np.zeros(book.life.shield.shape)
    shielding[window(draw, shielding.shape[0])] = draw(chances(0, 0.5, 1))
    return changed(
        book,
        competence={"opportunity_sum": prefix(offered), "taken_sum": prefix(np.maximum(1000 - offered, 0))},
        panels={"derogation": ints(derogation)},
        life={"shield": thresholds(shielding)},
    )


def with_redeployment(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Weeks in which doctors are redeployed."""
    pull = np.zeros(book.redeployment.pull.shape)
    when = window(draw, pull.shape[0])
    pull[when] = table(draw, (0, 0.02, 0.3, 1), pull[when].shape)
    weeks = draw(st.sampled_from(([4] * 8 + [6] * 4 + [10] * 4, [1] * 16, [60] * 16)))
    return changed(book, redeployment={"pull": thresholds(pull), "weeks": ints(weeks)})


def with_exams(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Sittings with few places or none, perhaps for as long as curricula are derogated; parts hard and easy."""
    months = book.calendar.month_start.shape[0] - 1
    derogated = book.panels.derogation[book.calendar.month_start[:-1]] > 0
    places = np.ones((PARTS, months))
    places[:, derogated if draw(st.booleans()) else window(draw, months)] = draw(chances(0, 0.5, 1))
    return changed(
        book,
        exams={
            "places": thresholds(places),
            "held": thresholds(table(draw, (0.3, 0, 1), (PARTS,))),
            "after_grades": ints(table(draw, (0, 1, 3), (PARTS,))),
            "after_days": ints(table(draw, (0, 100, 400), (PARTS,))),
            "result_days": ints(table(draw, (14, 0, 120), (PARTS,))),
            "entry_days": ints(table(draw, (28, 0, 200), (PARTS,))),
            "pass_first": thresholds(table(draw, (0.7, 0, 1), (PARTS, GROUPS_OF_PEOPLE))),
            "max_attempts": ints(table(draw, (6, 1, 30), (PARTS,))),
            "on_entry": ints(table(draw, (0, 1), (len(book.exams.gate), 1)) * np.ones((1, 4))),
            "before": ints(draw(st.sampled_from(FIRST)) & (book.exams.gate >= 0) @ (1 << np.arange(4))[:, None]),
            "valid_days": draw(st.sampled_from([0, 400, 1456])),
        },
    )


def with_gates(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Other exams and courses, due in other grades; other critical points; run-through instead of practice."""
    if not draw(st.integers(0, 3)):
        return book
    have, last = book.programmes, book.programmes.grades[:, None] - 1
    required = table(draw, (3, 1, 2, 0), (len(last), 1)).astype(int)  # bit 0: the exam, bit 1: the course
    gate = np.full(book.exams.gate.shape, -1)
    gate[:, :2] = np.where(required >> np.arange(2) & 1, [0, 2], -1)
    by = np.minimum(table(draw, (2, 1, 0), gate.shape), last)
    points = table(draw, (0, 1), have.critical.shape)
    critical = np.where(np.arange(have.critical.shape[1]) < last, points, have.critical)
    stage = np.where(np.arange(len(have.stage)) == 2, draw(st.sampled_from((Stage.GP, Stage.RUN_THROUGH))), have.stage)
    return changed(
        book,
        exams={
            "gate": ints(gate),
            "parts": ints(np.select([gate == 0, gate == 2], [2, 1], 0)),
            "gate_by": ints(by),
            "gate_from": ints(np.minimum(by, table(draw, (0, 1), by.shape))),
        },
        programmes={"critical": ints(critical), "stage": ints(stage)},
    )


def with_panels(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Strict and lenient panels; evidence that is never complete at first."""
    minor, major = draw(st.sampled_from(((15, 45), (0, 0), (15, 15), (5000, 9000))))
    return changed(
        book,
        panels={
            "incomplete": thresholds(table(draw, (0.05, 0, 0.5, 1), book.panels.incomplete.shape)),
            "minor_days": ints([minor] * 5),
            "major_days": ints([major] * 5),
            "lead_first": draw(st.sampled_from((28, 0, 200))),
            "lead_spread": draw(st.sampled_from((56, 0))),
            "resolve_days": draw(st.sampled_from((21, 1, 150))),
            "sooner_days": draw(st.sampled_from((182, 1, 400))),
            "foundation_has_2": draw(st.integers(0, 1)),
            "evidence_lost": thresholds(table(draw, (0.05, 0, 0.5, 1), book.panels.evidence_lost.shape)),
            "waiver_days": ints(table(draw, (0, 0, 10, 200), book.panels.waiver_days.shape)),
        },
        extensions={"step_days": draw(st.sampled_from((91, 28, 182)))},
        competence={"surplus_days": draw(st.sampled_from((36, 0, 1000)))},
    )


def with_life(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Leave, part time, transfer, resignation."""
    life = book.life
    away = draw(st.sampled_from(([0.01, 0.06, 0.08, 0.09, 0.10], [0] * 5, [0.2, 0.4, 0.6, 0.8, 1])))
    by_year = [away if year % 2 else draw(st.sampled_from((away, [0] * 5))) for year in range(len(life.oop))]
    return changed(
        book,
        life={
            "ltft": thresholds(table(draw, (0.15, 0, 1), life.ltft.shape)),
            "wte_levels": ints(draw(st.sampled_from(([50, 60, 80], [10, 50, 99])))),
            "parental": thresholds([draw(chances(0.06, 0, 1))] * 5),
            "parental_days": ints(draw(st.sampled_from(([364] * 8, [1] * 8, [182] * 8, [500] * 8)))),
            "sick": thresholds(table(draw, (0.3, 0, 1), life.sick.shape)),
            "sick_days": ints(draw(st.sampled_from(([5] * 10 + [30] * 4 + [120] * 2, [1] * 16, [400] * 16)))),
            "absence_limit": ints(draw(st.sampled_from(([20, 14, 14, 14, 14], [0] * 5, [400] * 5)))),
            "oop": thresholds([[[0] * 5, [0] * 5, each, each] for each in by_year]),
            "oop_days": ints([[[draw(st.sampled_from((364, 91, 728)))] * 8] * 5] * 5),
            "transfer": threshold(draw(chances(0.02, 0, 1))),
            "resign": thresholds(table(draw, (0.02, 0, 0.5), life.resign.shape)),
            "grace": thresholds(table(draw, (0.3, 0, 1), life.grace.shape)),
            "long_absence_days": draw(st.sampled_from((90, 0))),
            "transfer_days_left": draw(st.sampled_from((364, 0))),
        },
        competence={"supported": thresholds(table(draw, (0.5, 0, 1), book.competence.supported.shape))},
        revalidation={
            "interval_days": draw(st.sampled_from((1826, 200))),
            "defer": threshold(draw(chances(0.18, 0, 1))),
            "postponed_to": draw(st.integers(0, 2 * YEAR)),
        },
    )


def with_rounds(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """Candidates who hold offers, decline, defer or withdraw; few offer runs."""
    have = book.recruitment
    return changed(
        book,
        recruitment={
            "decline": threshold(draw(chances(0.05, 0, 0.6))),
            "firm": threshold(draw(chances(0.5, 0, 1))),
            "defer": threshold(draw(chances(0.03, 0, 0.5))),
            "withdraw": threshold(draw(chances(0.03, 0, 0.5))),
            "reapply_years": draw(st.sampled_from((2, 0, 1))),
            "exam_by_offers": ints(table(draw, (NEVER, 0, 1), have.exam_by_offers.shape)),
            "shortlist": draw(st.sampled_from((1_000_000, 1000, 2500))),
            "max_runs": draw(st.sampled_from((40, 1, 2))),
            "appointable": ints(table(draw, (5000, 0, 40_000), have.appointable.shape)),
            "again": thresholds(table(draw, (0.6, 0, 1), have.again.shape)),
            "priority": thresholds(table(draw, (1.0, 0, 1), have.priority.shape)),
            "home_first": threshold(draw(chances(0.6, 0, 1))),
        },
    )


def with_seats(draw: st.DrawFn, book: rb.Rulebook) -> rb.Rulebook:
    """None to three kinds of intervention places; offices that misread gaps."""
    kinds = draw(st.integers(0, 3))
    shape = (kinds, book.calendar.month_start.shape[0] - 1, book.posts.establishment.shape[2])
    return changed(
        book,
        seats={
            "seats": ints(table(draw, (0, 1, 3), shape)),
            "domain": ints(table(draw, (0, -1, 3, 4), (kinds,))),
            "dose": ints(table(draw, (5000, 0, 40_000), (kinds, book.seats.dose.shape[1]))),
            "time": ints(table(draw, (5000, 0, 40_000), (kinds,))),
            "displaced": ints(table(draw, (0, 1, 9000), (kinds,))),
            "gate": ints(table(draw, (-2, -1, 2), (kinds,))),
            "clears": thresholds(table(draw, (0, 0.5, 1), (kinds,))),
            "raises": thresholds(table(draw, (0, 0.3, 1), (kinds,))),
            "sits": ints(table(draw, (0, 1), (kinds,))),
            "attempts": ints(table(draw, (0, 1, 2), (kinds,))),
            "order": ints(table(draw, (0, 1, 3), (kinds,))),
            "rank": ints(table(draw, (0, 1, 255), (kinds, len(book.programmes.stage)))),
            "groups": ints(table(draw, (1, 0), (kinds, GROUPS))),
            "least_gap": ints(table(draw, (0, 1, 20_000), (kinds,))),
            "finds": ints(table(draw, (0, 1), (kinds,))),
            "reading_error": draw(st.sampled_from((0, 20_000, 300_000))),
        },
    )


FEATURES = (
    with_people, with_attributes, with_programmes, with_calendar, with_scarcity, with_shock, with_redeployment,
    with_gates, with_exams, with_panels, with_life, with_rounds, with_seats,
)  # fmt: skip
