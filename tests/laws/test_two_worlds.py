"""Laws about a world and another that differs from it in one thing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.paired_world_laws import (
    a_shock_only_takes,
    changed_from_month,
    later_is_never_earlier,
    no_seats_change_nothing,
    one_more_changes_no_other,
    placebo_changes_nothing,
    same_random_numbers_in_both,
    with_ample_resources,
    without_seats,
    without_shock,
)
from support.run_and_read import rows, rows_of, run_log
from support.worlds.deterministic_world import deterministic_world
from support.worlds.random_worlds import examples, prefix, worlds
from support.worlds.toy_rulebook import changed, for_all_people, ints, thresholds, toy_rulebook

from pipeline_sim.rules.codes import NEVER, Event, Purpose
from pipeline_sim.rules.rulebook import Rulebook

FEW = examples(12)


@FEW
@given(book=worlds(most_years=4))
def test_the_same_seed_tells_the_same_story(book: Rulebook) -> None:
    assert run_log(book, 5, 2).digest() == run_log(book, 5, 2).digest()


def test_seeds_and_replications_tell_others() -> None:
    book = toy_rulebook(2, 2, 3)
    logs = {run_log(book, seed, replication).digest() for seed in (0, 1, 1 << 33) for replication in (0, 1)}
    assert len(logs) == 6


@FEW
@given(book=worlds(most_years=4))
def test_no_shock_and_no_places_are_the_baseline(book: Rulebook) -> None:
    """Two ways of saying that nothing happens: tables of nothing, and no tables."""
    baseline = without_seats(without_shock(book))
    none_of_two = changed(book, seats={"seats": book.seats.seats * 0})
    assert run_log(baseline).digest() == run_log(without_shock(none_of_two)).digest()


@FEW
@given(book=worlds(most_years=4))
def test_places_that_there_are_none_of(book: Rulebook) -> None:
    assert no_seats_change_nothing(book) == ""


@FEW
@given(book=worlds(most_years=4, most_people=6))
def test_placebo(book: Rulebook) -> None:
    assert placebo_changes_nothing(book) == ""


def test_placebo_where_everyone_is_near_the_line() -> None:
    """Everyone falls slowly behind, so that a thousandth of a day would tip somebody over it."""
    assert placebo_changes_nothing(toy_rulebook(4, 2, 12, programmes={"standard": ints([1000] * 4)})) == ""


@FEW
@given(book=worlds(most_years=3))
def test_after_the_last_day_nothing_matters(book: Rulebook) -> None:
    assert run_log(book).digest() == run_log(with_an_afterlife(book)).digest()


def with_an_afterlife(book: Rulebook) -> Rulebook:
    """Every table goes on past the end, and there it is wild."""
    last, years = int(book.calendar.year_start[-1]), book.calendar.year_start.shape[0] - 1
    sums = {name: getattr(book.competence, name) for name in ("opportunity_sum", "taken_sum")}
    return changed(
        book,
        competence={name: longer(table, -1, 30, int(table.max()) + 99_999) for name, table in sums.items()},
        placements={"slots": longer(book.placements.slots, 0, 1, 0)},
        panels={
            "capacity": longer(book.panels.capacity, 0, 4, 1),
            "derogation": longer(book.panels.derogation, 0, 30, 3),
        },
        redeployment={"pull": longer(book.redeployment.pull, 0, 4, 1 << 32)},
        seats={"seats": longer(book.seats.seats, 1, 1, 9)},
        recruitment={
            "rounds": np.append(book.recruitment.rounds, ints([[last, last + 50, 0, years]]), 0),
            "choice": longer(book.recruitment.choice, 0, 1, 1),
        },
    )


def longer(table: np.ndarray, axis: int, by: int, value: int) -> np.ndarray:
    """The table, some entries longer."""
    width = [(0, by) if n == axis % table.ndim else (0, 0) for n in range(table.ndim)]
    return np.pad(table, width, constant_values=value)


@FEW
@given(book=worlds(most_years=4), month=st.integers(0, 51))
def test_downstream_never_moves_upstream(book: Rulebook, month: int) -> None:
    assert later_is_never_earlier(book, min(month, book.placements.slots.shape[0] - 1)) == ""


def test_downstream_does_move_downstream() -> None:
    """The law above would hold of an engine that did not look."""
    book = toy_rulebook(3, 2, 4)
    assert run_log(book).digest() != run_log(changed_from_month(book, 20)).digest()


@FEW
@given(book=worlds(most_years=4), data=st.data())
def test_one_more_doctor(book: Rulebook, data: st.DataObject) -> None:
    room = data.draw(st.sampled_from(("stock", "graduates", "external", "returners")))
    assert one_more_changes_no_other(book, with_one_more(book, room)) == ""


def with_one_more(book: Rulebook, room: str) -> Rulebook:
    """One doctor more in the last place of a cohort."""
    table = getattr(book.posts, room).copy()
    where = (3, 2, -1) if room == "stock" else (0,) * (table.ndim - 2) + (-1, -1)
    where = (2, -1) if room == "returners" else where
    table[where] += 1
    return changed(book, posts={room: table})


@FEW
@given(book=worlds(most_years=4, life={"long_absence_days": 90}))
def test_a_doctor_has_the_same_luck_everywhere(book: Rulebook) -> None:
    calm = without_shock(book)
    hard = {"pass_first": thresholds(for_all_people([0.1] * 3).T)}
    other = changed(with_ample_resources(calm), panels={"lead_first": 5}, exams=hard)
    assert same_random_numbers_in_both(calm, other) == ""


@FEW
@given(book=worlds(most_years=4))
def test_a_shock_only_takes(book: Rulebook) -> None:
    """No decision hangs on being behind: lenient panels, no gates, no cap, no strain, no pull out of sight."""
    offered = np.minimum(np.diff(book.competence.opportunity_sum, axis=-1), 1000)
    lenient = changed(
        with_ample_resources(book),
        panels={"minor_days": ints([90_000] * 5), "major_days": ints([90_000] * 5)},
        exams={"gate": np.full_like(book.exams.gate, -1)},
        competence={"surplus_days": 10_000, "opportunity_sum": prefix(offered)},
        life={"strain_share": 0, "shield": np.zeros_like(book.life.shield)},
        redeployment={"pull": np.zeros_like(book.redeployment.pull)},
    )
    assert a_shock_only_takes(lenient) == ""


def test_a_shock_takes() -> None:
    """A shock that is felt: the law above is not about nothing."""
    book = toy_rulebook(3, 1, 4, competence={"surplus_days": 0})
    shock = book.competence.opportunity_sum // 2
    half = changed(book, competence={"opportunity_sum": shock, "taken_sum": shock})
    counted = [sum(row.amount for row in rows(run_log(world)) if row.event == Event.CENSUS) for world in (book, half)]
    assert counted[1] > counted[0] + 100


def test_purposes_and_never_are_what_the_luck_is_keyed_by() -> None:
    """Numbers are for ever: a renumbered purpose would give everybody another life."""
    assert [purpose.value for purpose in Purpose] == list(range(len(Purpose)))
    assert NEVER == 1 << 30


SHARES = st.lists(st.integers(0, 1000), min_size=4, max_size=4)


@FEW
@given(ward=SHARES, own=SHARES, weeks=st.integers(1, 12))
def test_who_is_sent_to_a_ward_of_their_own_loses_less(ward: list[int], own: list[int], weeks: int) -> None:
    """Two doctors with the same weights, sent in the same week: core learns no less there than GP in any domain."""
    plain = deterministic_world(2, 0, programmes={"standard": ints([1000] * 4)})
    stock, pull = plain.posts.stock * 0, plain.redeployment.pull * 0
    stock[1:3, 0], pull[3] = 1, 1 << 32
    shares = ints([ward, np.maximum(ward, own), ward, ward])
    called = changed(
        plain,
        posts={"stock": stock},
        redeployment={"pull": pull, "weeks": ints([weeks] * 16)},
        competence={"ward_share": shares},
    )
    core, gp = (row.amount for row in rows_of(rows(run_log(called)), Event.CENSUS)[:2])
    lost = weeks * 7 * (4000 - shares.sum(axis=1)) // 4000
    assert (core, gp) == (lost[1], lost[2])
    assert core <= gp
