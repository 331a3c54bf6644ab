"""A good log breaks no invariant; a log with one thing wrong breaks the invariant about that thing."""

from functools import cache

import numpy as np
import pytest
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.records.invariants import PostLimits, broken_invariants, replay_states
from pipeline_sim.rules.codes import Event, Phase, State

pytestmark = pytest.mark.law
BOOK = toy_rulebook(years=4, people=4)
POSTS = PostLimits(BOOK.calendar.year_of, BOOK.posts.establishment)


@cache
def good() -> EventLog:
    log = EventLog()
    ENGINES["reference"](BOOK, 3, 0, log)
    return log


def columns() -> Columns:
    return {name: column.copy() for name, column in good().columns().items()}


def without(found: Columns, place: int) -> Columns:
    return {name: np.delete(column, place) for name, column in found.items()}


def last(found: Columns, *events: Event) -> int:
    return int(np.flatnonzero(np.isin(found["event"], events))[-1])


def test_a_run_breaks_no_law() -> None:
    assert broken_invariants(columns(), POSTS) == []


def test_the_log_is_worth_checking() -> None:
    found = columns()
    for event in (Event.STARTED, Event.COMPLETED, Event.AWAY, Event.RETURNED, Event.CENSUS, Event.RESIGNED):
        assert (found["event"] == event).sum() > 3


def test_a_row_out_of_order_breaks_time() -> None:
    found = columns()
    found["day"][10] = found["day"][-1]
    assert any(sentence.startswith("time:") for sentence in broken_invariants(found, POSTS))


def test_a_row_before_the_first_day_breaks_time() -> None:
    found = columns()
    found["day"][0] = -1
    assert any(sentence.startswith("time: day -1") for sentence in broken_invariants(found, POSTS))


@pytest.mark.parametrize("event", [Event.STARTED, Event.COMPLETED, Event.ENTERED])
def test_a_step_left_out_breaks_one_state(event: Event) -> None:
    found = columns()
    place = int(np.flatnonzero(found["event"] == event)[6])
    assert any(sentence.startswith("one state: doctor") for sentence in broken_invariants(without(found, place), POSTS))


def test_an_ending_left_out_breaks_the_heads_and_drops_someone() -> None:
    found = columns()
    sentences = broken_invariants(without(found, last(found, Event.RELEASED, Event.RESIGNED)), POSTS)
    assert any(sentence.startswith("heads:") for sentence in sentences)
    assert any(sentence.startswith("nobody dropped:") for sentence in sentences)


def test_a_doctor_missing_from_the_last_census_is_dropped() -> None:
    found = columns()
    sentences = broken_invariants(without(found, last(found, Event.CENSUS)), POSTS)
    assert any(sentence.startswith("nobody dropped: doctor") for sentence in sentences)


def test_an_ending_in_another_office_breaks_the_heads() -> None:
    found = columns()
    place = last(found, Event.COMPLETED)
    found["office"][place] = 1 - found["office"][place]
    assert any(sentence.startswith("heads:") for sentence in broken_invariants(found, POSTS))


def test_a_start_above_the_establishment_that_is_not_counted_breaks_posts() -> None:
    found = columns()
    fewer = POSTS._replace(establishment=POSTS.establishment - 1)
    assert any(sentence.startswith("posts:") for sentence in broken_invariants(found, fewer))
    found["amount"][last(found, Event.STARTED)] += 1
    assert any(sentence.startswith("posts:") for sentence in broken_invariants(found, POSTS))


@pytest.mark.parametrize("offices", [65, 100])
def test_a_world_of_many_offices_breaks_no_law(offices: int) -> None:
    posts = PostLimits(BOOK.calendar.year_of, np.repeat(BOOK.posts.establishment, offices, axis=2)[:, :, -offices:])
    found, most = columns(), BOOK.posts.establishment.shape[2] - 1
    last_office = found["office"] == most
    found["office"][last_office] = offices - 1
    moved = found["event"] == Event.TRANSFERRED
    for name in ("from_code", "to_code"):
        found[name][moved & (found[name] == most)] = offices - 1
    posts.establishment[:, :, most], posts.establishment[:, :, 0] = 0, BOOK.posts.establishment[:, :, 0]
    assert broken_invariants(found, posts) == []


def test_lives_know_the_state_before_each_row() -> None:
    log = EventLog()
    for day, event, was, now in ((0, Event.ENTERED, 0, 0), (1, Event.STARTED, 0, 0), (5, Event.AWAY, 1, State.SICK)):
        log.write(day, Phase.ENTER, 1 << 23, event, was, now, 0, 0, 0, 100, 0)
    lives = replay_states(log.columns())
    assert lives.before.tolist() == [State.NOT_YET, State.POOL, State.TRAINING]
    assert lives.after.tolist() == [State.POOL, State.TRAINING, State.SICK]
