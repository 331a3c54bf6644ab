"""A small world made directly of integers, for laws and closed forms: no names, no TOML, nothing scarce by default.

Programmes: 0 foundation (2 grades), 1 core (2), 2 general practice (3), 3 higher (3). Groups: 0, 1, 2, 3 one each.
Streams: 0 after foundation, 1 after core. An exam of two parts (0, 1) and a course (2).
"""

from typing import Any

import numpy as np

from pipeline_sim.rules import rulebook as rb
from pipeline_sim.rules.codes import CERTAIN, NEVER, Stage
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE

YEAR, DOMAINS = 364, 4
GRADES = (2, 2, 3, 3)  # of each programme


def threshold(chance: float) -> int:
    """Threshold of a probability."""
    return round(chance * CERTAIN)


def ints(values: Any) -> np.ndarray:
    """Contiguous int32 array."""
    return np.ascontiguousarray(values, dtype=np.int32)


def thresholds(values: Any) -> np.ndarray:
    """Thresholds of probabilities as an int64 array."""
    return np.ascontiguousarray(np.round(np.asarray(values, float) * CERTAIN), dtype=np.int64)


def for_all_people(values: Any) -> np.ndarray:
    """The same for each group of people: a row of values as [18, N]."""
    return np.tile(np.asarray(values), (GROUPS_OF_PEOPLE, 1))


def calendar(years: int) -> rb.Calendar:
    """Calendar with years of 364 days, months of 28, changeovers every 4, 6 and 12 'months', and 6 from spring."""
    days, day = years * YEAR, np.arange(years * YEAR + 1)
    nexts = []
    for step in (112, 182, 364):
        upcoming = (day // step + 1) * step
        if step == 112:  # three placements a year: 0, 112, 224, then the new year
            upcoming = day - day % YEAR + np.select([day % YEAR < 112, day % YEAR < 224], [112, 224], YEAR)
        nexts.append(np.where(upcoming < days, upcoming, NEVER))
    nexts.append(np.where((spring := ((day - 56) // 182 + 1) * 182 + 56) < days, spring, NEVER))
    return rb.Calendar(
        year_start=ints(np.arange(years + 1) * YEAR),
        year_of=ints(day // YEAR),
        month_start=ints(np.arange(years * 13 + 1) * 28),
        month_of=ints(day // 28),
        count_day=ints(np.arange(years) * YEAR + 238),
        next_changeover=ints(nexts),
    )


def programmes() -> rb.Programmes:
    """Foundation, core, general practice and higher training."""
    grade_days, critical = np.zeros((4, 8)), np.zeros((4, 8))
    for p, n in enumerate(GRADES):
        grade_days[p, :n] = YEAR
        critical[p, n - 1] = 2
    critical[0, 0] = 1
    return rb.Programmes(
        stage=ints([Stage.FOUNDATION, Stage.CORE, Stage.GP, Stage.HIGHER]),
        group=ints([0, 1, 2, 3]),
        grades=ints(GRADES),
        grade_days=ints(grade_days),
        critical=ints(critical),
        pattern=ints([0, 1, 1, 2]),
        weight=ints([[250] * 4] * 4),
        standard=ints([850] * 4),
        entry_year=ints([0, 2, 2, 4]),
        stream=ints([-1, 0, 0, 1]),
        stream_after=ints([0, 1, -1, -1]),
        allowance_days=ints([364, 364, 546, 728]),
        first_exam_extension_days=ints([182] * 4),
    )


def rounds(years: int) -> np.ndarray:
    """Recruitment rounds: three in spring, one in autumn."""
    rows = []
    for y in range(1, years):
        start = y * YEAR
        rows += [[start - 130, start, 0, y], [start - 100, start, 1, y], [start - 50, start, 2, y]]
        rows.append([start + 90, start + 182, 3, y])
    return ints(sorted(rows))


def toy_rulebook(years: int = 4, offices: int = 2, people: int = 6, **rooms: dict[str, Any]) -> rb.Rulebook:
    """The toy Rulebook; `rooms` replaces fields, for example life={"sick": ...}."""
    months, weeks = years * 13, years * 52
    book = rb.Rulebook(
        calendar=calendar(years),
        programmes=programmes(),
        posts=posts(years, offices, people),
        people=who_there_is(),
        recruitment=recruitment(years, offices),
        placements=rb.Placements(
            slots=ints(np.full((months, 4, offices), people * 3)), unsupervised_share=ints([800] * 4)
        ),
        competence=competence(years, offices),
        exams=exams(years),
        panels=panels(years, offices),
        extensions=rb.Extensions(step_days=91, gap_steps=ints([45, 120, 150, NEVER])),
        life=life(years, offices),
        revalidation=revalidation(),
        redeployment=rb.Redeployment(
            pull=thresholds(np.zeros((weeks, 4, offices))), weeks=ints([4] * 8 + [6] * 4 + [10] * 4)
        ),
        seats=no_seats(months, offices, 4),
    )
    return changed(book, **rooms)


def posts(years: int, offices: int, people: int) -> rb.Posts:
    """Posts for all in training, and entrants of every kind."""
    stock = np.zeros((4, 8, offices))
    for programme, grades in enumerate(GRADES):
        stock[programme, :grades, :] = people
    return rb.Posts(
        establishment=ints(np.broadcast_to(np.array(GRADES)[None, :, None] * people, (years, 4, offices))),
        intake=ints(np.full((years, 4, offices), people)),
        recruits=ints(np.broadcast_to([0, 1, 1, 1], (years, 4))),
        stock=ints(stock),
        graduates=ints(np.broadcast_to(np.array([people, 0])[None, :, None], (years, 2, offices))),
        external=ints(np.broadcast_to([[people, people // 2], [people // 3, 0]], (years, 2, 2))),
        returners=ints([[people, 0], [0, 0], [0, 0]]),
        stretch=ints([1000, 1100, 1150, 1200]),
        foundation=0,
    )


def who_there_is() -> rb.People:
    """Half women; applicants from outside qualified elsewhere, and selection sees less of them; all else is alike."""
    return rb.People(
        in_post=thresholds(np.tile([0.8, 1, 1], (4, 1))),
        entrants=thresholds([[1, 1, 1], [1, 1, 1], [0, 0, 1], [0.9, 1, 1], [1, 1, 1]]),
        women=thresholds(np.full((7, 3), 0.5)),
        ages=ints([23] * 10 + [25] * 4 + [30] * 2),
        years_before=ints([2] * 8 + [6] * 8),
        selection_share=ints([1000, 1000, 800]),
    )


def recruitment(years: int, offices: int) -> rb.Recruitment:
    """Four rounds a year, in which applicants hold, decline, defer and withdraw."""
    return rb.Recruitment(
        rounds=rounds(years),
        opens=ints([[1, 0], [0, 1], [1, 1], [1, 1]]),
        takes=ints([[0, 1, 1, 0], [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 1]]),
        ahead_days=ints([182, 182, 0, 0]),
        choice=thresholds(np.broadcast_to(np.repeat([[0, 0.5, 1, 1], [0, 0, 0, 1]], 6, axis=0), (years, 12, 4))),
        applications=thresholds([0.3, 0.8, 1]),
        office_pull=thresholds(np.arange(1, offices + 1) / offices),
        home_first=threshold(0.6),
        ability_share=600,
        appointable=ints([0, 5000, 5000, 5000]),
        shortlist=1_000_000,
        decline=threshold(0.05),
        expire=threshold(0.02),
        firm=threshold(0.5),
        hold=threshold(0.2),
        defer=threshold(0.03),
        withdraw=threshold(0.03),
        max_runs=40,
        reapply_years=2,
        exam_by_offers=ints([NEVER, NEVER]),
        priority=thresholds(np.ones((len(rounds(years)), 5))),
        again=thresholds([[0.6, 0.6], [0.5, 0.6]]),
        after_f2=thresholds(np.broadcast_to([0.5, 0.7, 0.8, 0.85, 1], (years, 5))),
        after_core=thresholds([0.8, 0.9]),
    )


def competence(years: int, offices: int) -> rb.Competence:
    """Normal opportunity on every day, of a specialty beside the groups; paces that vary by a fifth."""
    opportunity = np.broadcast_to(np.arange(years * YEAR + 1) * 1000, (DOMAINS, 5, offices, years * YEAR + 1))
    return rb.Competence(
        opportunity_sum=ints(opportunity),
        taken_sum=ints(opportunity * 0),
        pace=ints(for_all_people(np.linspace(800, 1200, 1024))),
        post_pace=ints(np.linspace(900, 1100, 1024)),
        row=ints([0, 1, 4, 3]),
        ward_share=ints([[0, 500, 100, 100], [500, 900, 100, 400], [0, 500, 100, 100], [100, 300, 200, 0]]),
        surplus_days=36,
        ramp_days=28,
        ramp_days_supported=21,
        supported=thresholds(np.full((years * 13, offices), 0.5)),
    )


def exams(years: int) -> rb.Exams:
    """An exam of two parts and a course, each held every 91 days; a result of the exam takes two weeks."""
    days = years * YEAR
    day = np.arange(days + 1)
    sitting = (day // 91) * 91 + 60
    sitting = np.where(sitting < day, sitting + 91, sitting)
    return rb.Exams(
        gate=ints([[-1] * 4, [0, -1, -1, -1], [0, 2, -1, -1], [2, -1, -1, -1]]),
        parts=ints([[0] * 4, [2, 0, 0, 0], [2, 1, 0, 0], [1, 0, 0, 0]]),
        gate_from=ints([[0] * 4, [0] * 4, [1, 0, 0, 0], [0] * 4]),
        gate_by=ints([[0] * 4, [1] * 4, [2, 2, 0, 0], [1] * 4]),
        on_entry=ints([[0] * 4] * 4),
        before=ints([[0] * 4] * 4),
        is_course=ints([0, 0, 1]),
        waivable=ints([1, 0, 1]),
        after_grades=ints([0] * 3),
        after_days=ints([0, 100, 0]),
        spread_days=ints([0, 60, 200]),
        result_days=ints([14, 14, 0]),
        entry_days=ints([28, 28, 0]),
        next_sitting=ints(np.where(sitting < days, sitting, NEVER) + np.zeros((3, 1))),
        places=thresholds(np.ones((3, years * 13))),
        held=thresholds([0.3, 0.1, 0]),
        pass_first=thresholds(for_all_people([0.8, 0.9, 0.97]).T),
        attempt_step=thresholds([0.05, 0.05, 0]),
        ability_step=thresholds([0.2, 0.1, 0]),
        gap_step=thresholds([0.05, 0.05, 0]),
        max_attempts=ints([6, 6, 9]),
        valid_days=4 * YEAR,
    )


def panels(years: int, offices: int) -> rb.Panels:
    """Panels with room for everyone, whose evidence is seldom incomplete."""
    days, months, weeks = years * YEAR, years * 13, years * 52
    return rb.Panels(
        capacity=ints(np.full((weeks, offices), 10_000)),
        incomplete=thresholds(np.full((months, 5), 0.05)),
        evidence_lost=thresholds(np.full((months, 4), 0.05)),
        waiver_days=ints(np.tile([10, 5, 0, 20], (months, 1))),
        derogation=ints(np.zeros(days + 1)),
        minor_days=ints([15] * 5),
        major_days=ints([45] * 5),
        lead_first=28,
        lead_spread=56,
        resolve_days=21,
        sooner_days=182,
        foundation_has_2=0,
    )


def life(years: int, offices: int) -> rb.Life:
    """Part-time work, leave, sickness, time out of programme, transfers and resignations."""
    months = years * 13
    away = [[[182 + stage] * 8, [364] * 8, [364] * 8, [182 + stage] * 8, [91 + stage] * 8] for stage in range(5)]
    return rb.Life(
        ltft=thresholds(np.full((years, 4, 16), 0.15)),
        wte_levels=ints([50, 60, 80]),
        wte_cumulative=thresholds([0.1, 0.4, 1]),
        parental=thresholds([0.03, 0.05, 0.08, 0.06, 0.07]),
        parental_days=ints([182, 273, 364, 364, 364, 364, 364, 364]),
        sick=thresholds(np.full((months, offices), 0.3)),
        sick_days=ints([5] * 10 + [30] * 4 + [120] * 2),
        shield=thresholds(np.zeros((months, offices))),
        shield_days=90,
        absence_limit=ints([20, 14, 14, 14, 14]),
        oop=thresholds([[[0] * 5, [0, 0, 0, 0.05, 0.10], [0] * 5, [0.01, 0.06, 0.08, 0.09, 0.10]]] * years),
        oop_days=ints(away),
        long_absence_days=90,
        transfer=threshold(0.02),
        transfer_days_left=364,
        resign=thresholds([0.01, 0.02, 0.02, 0.03]),
        strain_share=500,
        grace=thresholds([0.3] * 5),
        grace_days=ints([30, 60, 60, 90, 90, 120, 150, 182]),
    )


def revalidation() -> rb.Revalidation:
    """Recommendations every five years, none postponed."""
    return rb.Revalidation(
        interval_days=1826,
        defer=threshold(0.18),
        defer_days=ints([60, 90, 120, 180, 180, 240, 300, 365]),
        postponed_from=0,
        postponed_to=0,
        postponed_days=0,
        stale_days=400,
    )


def no_seats(months: int, offices: int, programmes: int) -> rb.Seats:
    """Intervention places of no kind."""
    none, certain = ints(np.zeros(0)), thresholds(np.zeros(0))
    numbers = ("domain", "time", "displaced", "gate", "sits", "attempts", "order", "least_gap", "finds")
    tables = {"seats": (0, months, offices), "dose": (0, 12), "rank": (0, programmes), "groups": (0, 4)}
    return rb.Seats(
        **dict.fromkeys(numbers, none), **{name: ints(np.zeros(shape)) for name, shape in tables.items()},
        clears=certain, raises=certain, reading_error=0,
    )  # fmt: skip


def changed(book: rb.Rulebook, **rooms: dict[str, Any]) -> rb.Rulebook:
    """A Rulebook with some fields of some rooms replaced."""
    return book._replace(**{room: getattr(book, room)._replace(**fields) for room, fields in rooms.items()})
