"""Worlds that live their common beginning once tell, each of them, what they tell when they are run alone."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CONFIGS
from support.worlds.busy_worlds import exams_lost, scarce_world, scarce_world_with_ample_panels
from support.worlds.changed_tables import CHANGES, time_axis_length
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import YEAR, changed, toy_rulebook

from pipeline_sim.engines import ENGINES, SHARED_PREFIX_ENGINES
from pipeline_sim.engines.batch import divergence, snapshot
from pipeline_sim.engines.batch.divergence import first_day_of_divergence
from pipeline_sim.engines.batch.memory.layout import Header
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.parameter_draws import ParameterDraw
from pipeline_sim.study.replication.prepare import WorldSpec, prepare

pytestmark = pytest.mark.parity
together = import_module("pipeline_sim.engines.batch.branching")
CHANGED = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.floats(0, 1)), min_size=1, max_size=3)


def alone(book: Rulebook, seed: int, keeps: bool = True) -> EventLog:
    log = EventLog(keeps)
    ENGINES["batch"](book, seed, 0, log)
    return log


def told_together(books: Sequence[Rulebook], seed: int, keeps: Sequence[bool] | None = None) -> list[EventLog]:
    logs = [EventLog(keep) for keep in keeps or [True] * len(books)]
    SHARED_PREFIX_ENGINES["batch"](books, seed, 0, logs)
    return logs


def same(one: EventLog, other: EventLog) -> bool:
    """Rows, counts and how many rows were told."""
    if (len(one), one.rows_emitted, len(one.counts)) != (len(other), other.rows_emitted, len(other.counts)):
        return False
    counts = zip(one.counts, other.counts, strict=True)
    return all(np.array_equal(mine, theirs) for mine, theirs in counts) and (
        not one.keep_rows or equal_rows(one, other)
    )


def equal_rows(one: EventLog, other: EventLog) -> bool:
    return len(one) == len(other) and (len(one) == 0 or one.digest() == other.digest())


def changed_at(book: Rulebook, what: str, part: float) -> Rulebook:
    """The world, changed from a part of the run on."""
    return CHANGES[what](book, min(int(part * time_axis_length(book, what)), time_axis_length(book, what) - 1))


@given(book=worlds(most_years=4, most_people=5), how=CHANGED, seed=st.integers(0, 1 << 48))
@examples(120)
def test_each_of_several_tells_what_it_tells_alone(book: Rulebook, how: list[tuple[str, float]], seed: int) -> None:
    books = [book, *(changed_at(book, *one) for one in how)]
    for expected, log in zip((alone(each, seed) for each in books), told_together(books, seed), strict=True):
        assert same(expected, log)


@given(book=worlds(most_years=4, most_people=5), how=CHANGED, seed=st.integers(0, 1 << 48), last=st.booleans())
@examples(40)
def test_a_trunk_that_is_itself_changed(book: Rulebook, how: list[tuple[str, float]], seed: int, last: bool) -> None:
    """Several changes in one world, and the plain world before or after it; not every log is kept."""
    other = book
    for one in how:
        other = changed_at(other, *one)
    books, keeps = [other, book, other], [not last, True, last]
    expected = [alone(each, seed, keep) for each, keep in zip(books, keeps, strict=True)]
    for one, log in zip(expected, told_together(books, seed, keeps), strict=True):
        assert same(one, log)


@given(book=worlds(most_years=4, most_people=5), how=CHANGED, seed=st.integers(0, 1 << 48), back=st.booleans())
@examples(60)
def test_worlds_that_part_from_worlds_that_parted(
    book: Rulebook, how: list[tuple[str, float]], seed: int, back: bool
) -> None:
    """Each world is that before it with one more change, in either order of the worlds."""
    books = [book]
    for one in how:
        books.append(changed_at(books[-1], *one))
    books = books[::-1] if back else books
    for expected, log in zip((alone(each, seed) for each in books), told_together(books, seed), strict=True):
        assert same(expected, log)


def test_who_parts_from_whom() -> None:
    base = scarce_world()
    late, early = CHANGES["slots"](base, 50), CHANGES["slots"](base, 20)
    with_early = CHANGES["capacity"](early, 100)
    other = base._replace(recruitment=other_share(base))
    books = [base, early, other, late, with_early, CHANGES["slots"](other, 40)]
    trunks = together.branches_of([together.World(0, book, EventLog(False)) for book in books])
    assert [(one.first_day, names(one, books)) for one in trunks] == [(0, [0, [1, [4]], [3]]), (0, [2, [5]])]
    assert [one.first_day for one in trunks[0].all] == [0, 560, 700, 1400]


def names(branch: Any, books: Sequence[Rulebook]) -> list[Any]:
    """Index of a branch's world, then those of its branches."""
    index = next(index for index, book in enumerate(books) if book is branch.rulebook)
    return [index, *(names(one, books) for one in branch.branches)]


@pytest.mark.parametrize("room", [1, 20, 60, 120])
def test_too_little_room_starts_all_of_them_again(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    guess = together.first_guess
    monkeypatch.setattr(together, "first_guess", lambda book: guess(book)._replace(doctors=room, chunks=room, log=room))
    books = [
        scarce_world(),
        *(changed_at(scarce_world(), what, 0.5) for what in ("graduates", "opportunity", "capacity")),
        changed_at(changed_at(scarce_world(), "capacity", 0.5), "graduates", 0.8),
    ]
    for book, log in zip(books, told_together(books, 3), strict=True):
        assert same(alone(book, 3), log)


def test_a_branch_that_breaks_is_told() -> None:
    """Doses that add up to more than a row can hold end the run, in whichever world they are given."""
    book = CHANGES["seats"](scarce_world(), 30)
    most = {name: np.full_like(getattr(book.seats, name), (1 << 31) - 1) for name in ("dose", "time")}
    huge = changed(book, seats=most)
    with pytest.raises(RecordsError, match="too large for its column"):
        told_together([scarce_world(), huge], 1)


@given(
    book=worlds(most_years=4, most_people=5),
    how=CHANGED,
    seed=st.integers(0, 1 << 48),
    whom=st.lists(st.booleans(), min_size=4, max_size=4),
)
@examples(40)
def test_who_wants_no_counts_does_not_spoil_those_of_others(
    book: Rulebook, how: list[tuple[str, float]], seed: int, whom: list[bool]
) -> None:
    books = [book, *(changed_at(book, *one) for one in how)]
    logs = [EventLog(keep_counts=wanted) for _, wanted in zip(books, whom, strict=False)]
    SHARED_PREFIX_ENGINES["batch"](books, seed, 0, logs)
    for each, log, wanted in zip(books, logs, whom, strict=False):
        expected = alone(each, seed)  # in the memory that was left
        assert equal_rows(expected, log)
        assert same(expected, log) == wanted or not expected.counts
        assert wanted or not log.counts


def test_progress_goes_up_to_the_end() -> None:
    books = [
        scarce_world(),
        changed_at(scarce_world(), "capacity", 0.5),
        scarce_world()._replace(recruitment=other_share(scarce_world())),
    ]
    seen: list[tuple[int, int]] = []
    SHARED_PREFIX_ENGINES["batch"](
        books, 1, 0, [EventLog(False) for _ in books], lambda day, days: seen.append((day, days))
    )
    reached, in_all = zip(*seen, strict=True)
    assert list(reached) == sorted(set(reached))
    assert set(in_all) == {5 * YEAR + 5 * YEAR + 5 * YEAR // 2}
    assert reached[-1] == in_all[0]


def other_share(book: Rulebook) -> Any:
    return book.recruitment._replace(ability_share=1)


def test_england_with_covid_and_a_mix() -> None:
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid", "interventions", "costs"))
    mixes = [str(CONFIGS / "mixes" / f"{name}.toml") for name in ("as_spent", "all_backfill", "pay_for_extensions")]
    books = [
        prepare(WorldSpec(layers, mix, scale=0.02, parameters=ParameterDraw(1, 0))).rulebook for mix in (None, *mixes)
    ]
    assert all(2790 <= first_day_of_divergence(books[0], book) <= 4746 for book in books)  # April 2022
    assert first_day_of_divergence(books[0], books[3]) == 4746  # no row of the log is moved by what pays for extensions
    for book, log in zip(books, told_together(books, 5), strict=True):
        assert same(alone(book, 5), log)


@pytest.mark.parametrize("word", [Header.PREFERENCES, Header.QUEUE_LIST, Header.PROMISE_LIST])
def test_a_list_that_is_not_put_back_is_seen(word: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(snapshot.LISTS, word)
    assert trunk_is_disturbed()


@pytest.mark.parametrize("word", [Header.POSTS, Header.PROMISED, Header.SLOTS_HELD])
def test_books_that_are_not_put_back_are_seen(word: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "ZERO_AT_START", tuple(one for one in snapshot.ZERO_AT_START if one != word))
    assert trunk_is_disturbed()


def trunk_is_disturbed() -> bool:
    """True if the trunk is told otherwise than alone when four other worlds have parted from it half-way."""
    others = [changed_at(scarce_world(), what, 0.5) for what in ("choice", "capacity", "slots", "graduates")]
    return not same(alone(scarce_world(), 3), told_together([scarce_world(), *others], 3)[0])


def test_what_is_put_back_disturbs_nothing() -> None:
    assert not trunk_is_disturbed()


# ---- the same, with a bug: a world parts a day later than it may -----------------------------------------------------


def soon_due() -> Rulebook:
    """Recommendations fall due four hundred days after the last."""
    return changed(scarce_world(), revalidation={"interval_days": 400})


WORLDS: dict[str, Callable[[], Rulebook]] = {"postponement": soon_due, "waivers": exams_lost}


def told_late(one: Rulebook, other: Rulebook, late: int = 1) -> bool:
    """True if a world that parts from another some days too late is told otherwise than alone."""
    day, days = first_day_of_divergence(one, other), int(one.calendar.year_start[-1])
    assert 0 < day < days
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "first_day_of_divergence", lambda trunk, book: days if book is trunk else day + late)
        return not same(alone(other, 1), told_together([one, other], 1)[1])


SEEN = {  # the entry from which on the table is changed
    "posts": 1,
    "intake": 1,
    "recruits": 1,
    "external": 1,
    "choice": 1,
    "priority": 5,
    "slots": 4,
    "opportunity": 25,
    "taken": 181,
    "capacity": 30,
    "incomplete": 10,
    "evidence lost": 10,
    "waiver": 24,
    "derogation": 469,
    "part time": 1,
    "sickness": 13,
    "shielding": 13,
    "pull": 1,
    "waivers": 0,
    "weeks": 0,
    "seats": 1,
    "postponement": 402,
}


@pytest.mark.parametrize("what", SEEN)
def test_a_day_too_late_is_seen(what: str) -> None:
    book = WORLDS.get(what, scarce_world)()
    assert told_late(book, CHANGES[what](book, SEEN[what]))
    assert not told_late(book, CHANGES[what](book, SEEN[what]), late=0)


def test_graduates_a_day_too_late_are_seen() -> None:
    """Told late of fewer in August, a world would give some of February the numbers of those who are there already."""
    fewer = CHANGES["graduates"](scarce_world(), 1)
    assert told_late(fewer, scarce_world())
    assert not told_late(fewer, scarce_world(), late=0)


def test_a_year_too_late_is_seen_where_a_year_is_planned_ahead() -> None:
    """Absence is planned on the first day of the year; a cohort of F2 applies in the spring before its year begins.

    That is who ends F2 in time: too few where panels have no room, so they have room in the world of that fault.
    """
    ample = scarce_world_with_ample_panels()
    for year in (2, 4):
        assert told_late(ample, CHANGES["after F2"](ample, year), YEAR)
        assert not told_late(ample, CHANGES["after F2"](ample, year), late=0)
    assert told_late(scarce_world(), CHANGES["sickness"](scarce_world(), 20), 20 * 28 - YEAR)


def test_panels_ask_ahead_whether_a_sitting_is_cancelled() -> None:
    """At a review that decides the end of a grade, which comes up to 84 days later."""
    book = changed(exams_lost(), exams={"places": toy_rulebook(5, 2, 40).exams.places})
    assert told_late(book, CHANGES["no places"](book, 15), 28)
    assert not told_late(book, CHANGES["no places"](book, 15), late=0)


def test_every_table_with_a_time_axis_is_changed_somewhere() -> None:
    """Each axis is needed: without it the table would count from day 0."""
    fields = {*divergence.AXES}
    book = scarce_world()
    seen = set()
    for what, change in CHANGES.items():
        other = change(book, time_axis_length(book, what) // 2)
        seen |= {one for one in fields if divergence.field_differs_from(book, other, *one) < divergence.NEVER}
    assert seen == fields
