"""What the batch engine counts as it goes is what the rows add up to, with the log kept or not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CONFIGS
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.batch.output import tally
from pipeline_sim.records.count_measures import MeasureAxes, counts_of_log, measure_names, measure_table
from pipeline_sim.records.event_log import Counts, EventLog, PeopleCounts
from pipeline_sim.records.people_counts import people_counts_of_log
from pipeline_sim.rules.codes import Event, Origin, RoundKind, State
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import WorldSpec, prepare


def counted(book: Rulebook, seed: int, keeps: bool) -> EventLog:
    log = EventLog(keeps)
    ENGINES["batch"](book, seed, 0, log)
    return log


def frame_of(book: Rulebook, warm_up: int) -> MeasureAxes:
    return MeasureAxes(book.calendar.year_start, 2016, warm_up, book.programmes.stage)


def table(counts: list[Counts], frame: MeasureAxes, replication: int = 0) -> pd.DataFrame:
    return pd.DataFrame(measure_table(counts, frame, replication))


@pytest.mark.unit
def test_every_count_has_the_place_of_its_name() -> None:
    names = measure_names()
    slots = {names[measure]: slot for slot, measure in enumerate(tally.MEASURE_OF)}
    assert slots == {slot.name.lower(): slot for slot in tally.Slot}
    assert sorted(slots) == sorted(names)
    assert len(names) <= tally.CELL_WORDS
    assert tally.CELL_WORDS % (1 << tally.LINE_BITS) == 0
    assert len(Origin) == tally.ORIGINS
    of_no_doctor = {name for name, slot in slots.items() if tally.OF_NO_DOCTOR[slot]}
    assert of_no_doctor == {name for name in names if name.startswith(("advertised", "offers_"))}
    in_order = [f"away_{state.name.lower()}" for state in State if State.SICK <= state <= State.OOPP]
    assert [slots[name] for name in in_order] == list(range(tally.Slot.AWAY_SICK, tally.Slot.AWAY_SICK + len(in_order)))
    outcomes = [slots[name] for name in ("not_assessed", "o1", "o2", "o3", "o4", "o5", "o6")]
    assert outcomes == list(range(tally.Slot.NOT_ASSESSED, tally.Slot.NOT_ASSESSED + len(outcomes)))
    rounds = [slots[f"{what}_{kind.name.lower()}"] for kind in RoundKind for what in ("advertised", "accepted")]
    assert rounds == list(range(tally.Slot.ADVERTISED_FIRST, tally.Slot.ADVERTISED_FIRST + len(rounds)))
    pairs = (tally.Slot.HEADCOUNT, tally.Slot.GAP_CARRIED_DAYS, tally.Slot.PLACEMENTS, tally.Slot.SEATS)
    assert all(slot % 2 == 0 for slot in pairs)  # on one cache line with the next


@given(book=worlds(most_years=3, most_people=5), seed=st.integers(0, 1 << 48))
@examples(30)
def test_who_wants_no_counts_gets_the_same_rows_and_none(book: Rulebook, seed: int) -> None:
    with_counts, rows = counted(book, seed, True), EventLog(keep_counts=False)
    ENGINES["batch"](book, seed, 0, rows)
    assert rows.digest() == with_counts.digest()
    assert rows.counts == []
    assert rows.rows_emitted == with_counts.rows_emitted
    again = counted(book, seed, True)  # in the memory of the run that did not count
    frame = frame_of(book, 0)
    pd.testing.assert_frame_equal(table(again.counts, frame), table([counts_of_log(rows.columns(), frame)], frame))


@given(book=worlds(most_years=4, most_people=5), seed=st.integers(0, 1 << 48), warm_up=st.integers(0, 1))
@examples(60)
def test_counts_are_the_measures_of_the_rows(book: Rulebook, seed: int, warm_up: int) -> None:
    with_rows, without = counted(book, seed, True), counted(book, seed, False)
    frame = frame_of(book, warm_up)
    told = table([counts_of_log(with_rows.columns(), frame)], frame)
    pd.testing.assert_frame_equal(table(with_rows.counts, frame), told)
    pd.testing.assert_frame_equal(table(without.counts, frame), told)
    assert len(without) == 0
    assert without.rows_emitted == with_rows.rows_emitted == len(with_rows)


@given(book=worlds(most_years=4, most_people=5), seed=st.integers(0, 1 << 48))
@examples(30)
def test_counts_by_group_of_people_are_those_of_the_rows(book: Rulebook, seed: int) -> None:
    with_rows, without = counted(book, seed, True), counted(book, seed, False)
    told = by_group([people_counts_of_log(with_rows.columns(), frame_of(book, 0))])
    assert by_group(with_rows.people_counts) == told
    assert by_group(without.people_counts) == told
    assert bool(told) == bool((with_rows.columns()["event"] == Event.ENTERED).any())  # a world may have nobody at all


def by_group(parts: list[PeopleCounts]) -> dict[tuple[int, int, int], int]:
    """Counts by year, group and measure."""
    rows = [row for part in parts for row in zip(*(column.tolist() for column in part), strict=True)]
    assert len({row[:3] for row in rows}) == len(rows)
    return {row[:3]: row[3] for row in rows}


def test_counts_of_as_many_offices_as_a_world_may_have() -> None:
    book = toy_rulebook(2, 100, 1)
    log, frame = counted(book, 1, True), frame_of(book, 0)
    told = table([counts_of_log(log.columns(), frame)], frame)
    pd.testing.assert_frame_equal(table(log.counts, frame), told)
    assert told["office"].max() == 99


def test_counts_of_england_with_covid_and_a_mix() -> None:
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid", "interventions", "costs"))
    prepared = prepare(WorldSpec(layers, str(CONFIGS / "mixes" / "conversations_then_courses.toml"), scale=0.02))
    log = counted(prepared.rulebook, 5, True)
    told = table([counts_of_log(log.columns(), prepared.frame)], prepared.frame, 3)
    pd.testing.assert_frame_equal(table(log.counts, prepared.frame, 3), told)
    assert np.all(told["replication"] == 3)
