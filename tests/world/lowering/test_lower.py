"""The door down: shapes, types and totals of the Rulebook, and that the scale shrinks everything together."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.rules.codes import CERTAIN, NEVER, Critical, Pattern, RoundKind
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.lowering.lower_training import ward_share
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.reading.sources import with_figures
from pipeline_sim.world.schema.names import names_of, year_label
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import PlaceKind, Timeline
from pipeline_sim.world.world_error import WorldError


def shapes_of(world: World, book: Rulebook) -> dict[str, tuple[int, ...]]:
    """What the Rulebook's own comments promise."""
    dates = world.dates
    p, o, g, e, s = (len(x) for x in (world.programmes, world.offices, world.groups, world.exams, world.streams))
    n = g + len(world.competence.specialties)
    y, t, m, w, k = dates.years, dates.days, dates.months, dates.weeks, len(book.seats.domain)
    return {
        "calendar.year_start": (y + 1,), "calendar.year_of": (t + 1,), "calendar.month_start": (m + 1,),
        "calendar.month_of": (t + 1,), "calendar.next_changeover": (4, t + 1),
        "programmes.grade_days": (p, 8), "programmes.critical": (p, 8), "programmes.weight": (p, 4),
        "posts.establishment": (y, p, o), "posts.intake": (y, p, o), "posts.recruits": (y, p), "posts.stock": (p, 8, o),
        "posts.graduates": (y, 2, o), "posts.external": (y, 2, s), "posts.returners": (3, s),
        "programmes.entry_year": (p,), "programmes.stream": (p,), "recruitment.choice": (y, 6 * s, p),
        "recruitment.ahead_days": (4,),
        "recruitment.opens": (4, s), "recruitment.takes": (4, p), "recruitment.applications": (3,),
        "recruitment.office_pull": (o,), "recruitment.again": (2, s), "recruitment.after_f2": (y, 5),
        "recruitment.after_core": (2,), "placements.slots": (m, g, o), "placements.unsupervised_share": (g,),
        "competence.opportunity_sum": (4, n, o, t + 1), "competence.taken_sum": (4, n, o, t + 1),
        "competence.pace": (18, 1024), "competence.post_pace": (1024,), "competence.ward_share": (p, 4),
        "competence.supported": (m, o), "competence.row": (p,), "seats.finds": (k,), "seats.domain": (k,),
        "exams.gate": (p, 4), "exams.parts": (p, 4), "exams.gate_from": (p, 4), "exams.gate_by": (p, 4),
        "exams.is_course": (e,), "exams.after_grades": (e,), "exams.after_days": (e,), "exams.result_days": (e,),
        "exams.entry_days": (e,), "exams.next_sitting": (e, t + 1), "exams.places": (e, m), "exams.held": (e,),
        "exams.pass_first": (e, 18), "people.in_post": (p, 3), "people.entrants": (5, 3), 
        "people.women": (p + 1 + s, 3),
        "people.ages": (16,), "people.years_before": (16,), "people.selection_share": (3,),
        "panels.capacity": (w, o), "panels.incomplete": (m, 5), "panels.derogation": (t + 1,),
        "panels.minor_days": (5,), "panels.major_days": (5,), "extensions.gap_steps": (4,),
        "life.ltft": (y, p, 16), "life.parental_days": (8,), "life.sick": (m, o), "life.sick_days": (16,),
        "life.shield": (m, o), "life.oop": (y, p, 5), "life.oop_days": (5, 5, 8), "life.resign": (p,),
        "life.grace": (5,), "life.grace_days": (8,), "revalidation.defer_days": (8,), "redeployment.pull": (w, g, o),
        "redeployment.weeks": (16,), "seats.seats": (k, m, o), "seats.dose": (k, 12), "seats.groups": (k, g),
        "seats.rank": (k, p), "seats.time": (k,), "seats.raises": (k,),
    }  # fmt: skip


def parts_of(book: Rulebook) -> list[tuple[str, Any]]:
    """Every field with its dotted name."""
    return [
        (f"{section}.{name}", value)
        for section, part in zip(book._fields, book, strict=True)
        for name, value in zip(part._fields, part, strict=True)
    ]


def test_only_integers_go_down_in_c_order(book: Rulebook) -> None:
    for name, value in parts_of(book):
        if isinstance(value, SharedRows):
            assert all(block.dtype == np.int32 and block.flags.c_contiguous for block in value.blocks), name
        elif isinstance(value, np.ndarray):
            assert value.dtype in (np.int32, np.int64), name
            assert value.flags.c_contiguous, name
            assert value.dtype == np.int32 or (value.min(initial=0) >= 0 and value.max(initial=0) <= CERTAIN), name
        else:
            assert type(value) is int, name


def test_shapes_are_those_of_the_contract(world: World, book: Rulebook) -> None:
    found = dict(parts_of(book))
    for name, shape in shapes_of(world, book).items():
        assert found[name].shape == shape, name


def test_thresholds_and_ints_have_their_own_widths(book: Rulebook) -> None:
    hints = {
        f"{section}.{name}": hint
        for section, part in zip(book._fields, book, strict=True)
        for name, hint in type(part).__annotations__.items()
    }
    for name, value in parts_of(book):
        if isinstance(value, np.ndarray):
            assert str(value.dtype) in str(hints[name]), name


def test_same_world_same_bits(world: World, people: Population, timeline: Timeline, book: Rulebook) -> None:
    again = lower(world, people, timeline)
    for (name, one), (_, other) in zip(parts_of(book), parts_of(again), strict=True):
        assert np.array_equal(one, other), name


def test_changeovers_by_pattern(world: World, book: Rulebook) -> None:
    day = world.dates.day
    nexts = book.calendar.next_changeover
    assert nexts[Pattern.FOUR, 0] == day(date(2017, 12, 6))
    assert nexts[Pattern.SIX, 0] == day(date(2018, 2, 7))
    assert nexts[Pattern.TWELVE, 0] == day(date(2018, 8, 1))
    assert nexts[Pattern.FOUR, day(date(2017, 12, 6))] == day(date(2018, 4, 4))
    assert nexts[Pattern.TWELVE, world.dates.days - 1] == world.dates.days
    assert nexts[Pattern.TWELVE, world.dates.days] == NEVER


def test_closed_changeover_is_passed_over(world: World, people: Population, timeline: Timeline) -> None:
    closed = timeline.changeover_open.copy()
    closed[world.dates.day(date(2020, 4, 1))] = False
    nexts = lower(world, people, replace(timeline, changeover_open=closed)).calendar.next_changeover
    assert nexts[Pattern.FOUR, world.dates.day(date(2020, 3, 1))] == world.dates.day(date(2020, 8, 5))
    assert nexts[Pattern.SIX, world.dates.day(date(2020, 3, 1))] == world.dates.day(date(2020, 8, 5))


def test_rounds_follow_each_other(world: World, book: Rulebook) -> None:
    rounds = book.recruitment.rounds
    assert np.all(np.diff(rounds[:, 0]) > 0)
    assert np.all(rounds[:, 0] < rounds[:, 1])
    assert np.array_equal(book.calendar.year_of[rounds[:, 1]], rounds[:, 3])
    assert rounds[:, 2].tolist() == [3, 0, 1, 2] * 5 + [3]
    august = rounds[rounds[:, 2] != RoundKind.FEBRUARY]
    assert np.all(np.isin(august[:, 1], book.calendar.year_start))
    first = rounds[rounds[:, 2] == RoundKind.FIRST][0]
    assert world.dates.date(first[0]) == date(2018, 3, 26)
    assert world.dates.date(first[1]) == date(2018, 8, 1)
    february = rounds[0]
    assert world.dates.date(february[1]) == date(2018, 2, 7)


def test_grades_end_at_critical_points_and_the_last_is_final(world: World, book: Rulebook) -> None:
    surgery = world.programme_index("general-surgery")
    expected = [Critical.ORDINARY] * 3 + [Critical.CRITICAL_POINT, Critical.ORDINARY, Critical.FINAL, 0, 0]
    assert book.programmes.critical[surgery].tolist() == expected
    assert book.programmes.grade_days[surgery].tolist() == [364] * 6 + [0, 0]


def test_weights_are_whole(book: Rulebook) -> None:
    assert np.all(book.programmes.weight.sum(axis=1) == 1000)


def test_extensions_are_whole_time_days(world: World, book: Rulebook) -> None:
    practice = world.programme_index("general-practice")
    assert book.programmes.allowance_days[practice] == 546
    assert book.programmes.first_exam_extension_days[practice] == 91
    assert book.extensions.step_days == 91


def test_normal_times_earn_a_day_a_day(book: Rulebook) -> None:
    days = book.competence.opportunity_sum.shape[-1]
    assert np.array_equal(book.competence.opportunity_sum[3, 1, 1], np.arange(days) * 1000)
    assert not book.competence.taken_sum.any()


def test_shocks_take_and_interventions_do_not_give_back_what_was_taken(
    world: World, people: Population, timeline: Timeline
) -> None:
    shocked, mended = timeline.shocked.copy(), timeline.opportunity.copy()
    shocked[0, 1, 1, 10:20] = 0.4
    mended[0, 1, 1, 10:20] = 0.7
    competence = lower(world, people, replace(timeline, shocked=shocked, opportunity=mended)).competence
    assert competence.taken_sum[0, 1, 1, 20] - competence.taken_sum[0, 1, 1, 10] == 6000
    assert competence.opportunity_sum[0, 1, 1, 20] - competence.opportunity_sum[0, 1, 1, 10] == 7000
    assert competence.taken_sum.sum(axis=(0, 1, 2))[10] == 0


def test_more_than_normal_takes_nothing(world: World, people: Population, timeline: Timeline) -> None:
    competence = lower(world, people, replace(timeline, shocked=timeline.shocked * np.float32(1.2))).competence
    assert not competence.taken_sum.any()


def test_slots_follow_posts_coverage_and_timeline(world: World, people: Population, timeline: Timeline) -> None:
    share = timeline.slots_share.copy()
    share[5] = 0.5
    book = lower(world, people, replace(timeline, slots_share=share))
    group = world.group_index("general-practice")
    posts = book.posts.establishment[0, world.programme_index("general-practice")]
    coverage = world.placements.coverage.value["general-practice"]
    assert np.all(np.abs(book.placements.slots[4, group] - posts * coverage) <= 0.5)
    assert np.all(np.abs(book.placements.slots[5, group] - posts * coverage / 2) <= 0.5)


def test_panels_hold_a_years_reviews_with_headroom(england: tuple[World, Population, Timeline]) -> None:
    world = england[0]
    book = lower(*england)
    year = book.calendar.year_of[np.arange(world.dates.weeks) * 7]
    capacity = np.array([book.panels.capacity[year == index].sum() for index in range(world.dates.years)])
    posts = book.posts.establishment.sum(axis=(1, 2))
    expected = posts * world.panels.reviews.value * world.panels.headroom.value
    assert capacity == pytest.approx(expected, rel=0.02)


def test_most_panels_sit_in_summer_and_few_out_of_season(world: World, book: Rulebook) -> None:
    week = world.dates.day(date(2019, 6, 5)) // 7
    out_of_season = world.dates.day(date(2019, 9, 4)) // 7
    assert np.all(book.panels.capacity[week] > 10 * book.panels.capacity[out_of_season])
    assert np.all(book.panels.capacity[out_of_season] >= 1)


def test_no_panel_where_the_timeline_closes_them(world: World, people: Population, timeline: Timeline) -> None:
    left = timeline.panel_capacity_share.copy()
    left[30:40] = 0
    capacity = lower(world, people, replace(timeline, panel_capacity_share=left)).panels.capacity
    assert not capacity[30:40].any()
    assert np.all(capacity[:30] >= 1)


def seat_kind(world: World, seats: Any) -> PlaceKind:
    """A kind of seat."""
    doses = np.linspace(11, 0, 12)
    return PlaceKind("camp", seats, 0, doses, "mrcs", 0.9, 1, (world.group_index("surgery"),), 5.0)


def test_seats_keep_their_total(world: World, people: Population, timeline: Timeline) -> None:
    seats = np.full((world.dates.months, 2), 7.3)
    seats[:12] = 0
    book = lower(world, people, replace(timeline, place_kinds=(seat_kind(world, seats),)))
    assert book.seats.seats.sum() == round(seats.sum() * world.size)
    assert not book.seats.seats[0, :12].any()
    assert abs(int(book.seats.seats[0, :, 0].sum()) - int(book.seats.seats[0, :, 1].sum())) <= 1
    assert book.seats.dose.shape == (1, 12)
    assert book.seats.dose[0, [0, 2, 4, 11]].tolist() == [11000, 9000, 7000, 0]
    assert book.seats.gate[0] == world.exam_index("mrcs")
    assert book.seats.groups[0].sum() == 1
    assert book.seats.least_gap[0] == 5000


def test_programmes_named_first_rank_before_all_others(world: World, people: Population, timeline: Timeline) -> None:
    kind = replace(seat_kind(world, np.ones((world.dates.months, 2))), first=(("general-surgery",), ("surgery",)))
    ranks = lower(world, people, replace(timeline, place_kinds=(kind,))).seats.rank[0]
    for programme, rank in zip(world.programmes, ranks.tolist(), strict=True):
        assert rank == (0 if programme.id == "general-surgery" else 1 if programme.group == "surgery" else 2)


def test_more_kinds_of_places_than_luck_can_tell_apart(world: World, people: Population, timeline: Timeline) -> None:
    kind = seat_kind(world, np.zeros((world.dates.months, 2)))
    assert lower(world, people, replace(timeline, place_kinds=(kind,) * 64)).seats.finds.tolist() == [0] * 64
    with pytest.raises(WorldError, match="make 65 kinds of places, should be at most 64"):
        lower(world, people, replace(timeline, place_kinds=(kind,) * 65))


def test_returners_who_have_support_now(world: World, people: Population, timeline: Timeline, book: Rulebook) -> None:
    share = world.competence.supported.value
    more = timeline.supported_more.copy()
    more[5] = 0.4
    supported = lower(world, people, replace(timeline, supported_more=more)).competence.supported
    assert np.array_equal(supported[4], book.competence.supported[4])
    assert supported[5] / CERTAIN == pytest.approx(share + (1 - share) * 0.4)


def test_one_figure_moves_only_its_own_cells(
    world: World, people: Population, timeline: Timeline, book: Rulebook
) -> None:
    other = lower(with_figures(world, {"panels.resolve": 21.0}), people, timeline)
    changed = [
        name
        for (name, one), (_, two) in zip(parts_of(book), parts_of(other), strict=True)
        if not np.array_equal(one, two)
    ]
    assert changed == ["panels.resolve_days"]


def test_a_ward_teaches_the_doctors_of_its_own_programmes_more() -> None:
    """England: a programme of `own_wards` learns no less of any domain there than the others do, and more of one."""
    england = load_world(CONFIGS / "england.toml")
    taught = dict(zip((each.id for each in england.programmes), ward_share(england), strict=True))
    own = {name for ward in england.competence.own_wards for name in ward.programmes}
    assert {"intensive-care", "anaesthetics", "respiratory-medicine", "internal-medicine"} <= own
    for name, shares in taught.items():
        assert (shares >= taught["general-surgery"]).all()
        assert (shares > taught["general-surgery"]).any() == (name in own)


def test_names_are_in_the_order_of_the_rulebook(world: World, book: Rulebook) -> None:
    names = names_of(world, ("camp",))
    assert names.programmes[book.posts.foundation] == "foundation"
    assert [len(grades) for grades in names.grades] == book.programmes.grades.tolist()
    assert [names.groups[group] for group in book.programmes.group] == [each.group for each in world.programmes]
    assert names.programme_groups == tuple(book.programmes.group.tolist())
    assert names.years == (2017, 2018, 2019, 2020, 2021, 2022)
    assert names.years[names.reported_from] == 2018
    assert year_label(2020) == "2020/21"
    assert year_label(1999) == "1999/00"
