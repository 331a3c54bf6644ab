"""Lists of doctors that the batch engine sorts, draws lots for and counts, held against plain Python."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.toy_rulebook import changed, toy_rulebook

from pipeline_sim.base.compiler.jit import entry
from pipeline_sim.base.compiler.pointers import int64_at
from pipeline_sim.engines.batch.arena import Arena, Room, lay_out, post_cells
from pipeline_sim.engines.batch.flatten import tables
from pipeline_sim.engines.batch.memory.access import INDEX_BITS
from pipeline_sim.engines.batch.memory.batched_draws import (
    DRAW_BATCH,
    DRAW_BUFFERS,
    DRAW_WORDS,
    batched_words,
    draw_batch,
)
from pipeline_sim.engines.batch.memory.books import draw_first_words
from pipeline_sim.engines.batch.memory.layout import Fault, Header
from pipeline_sim.engines.batch.memory.sort import order_log, sort_scratch
from pipeline_sim.engines.batch.memory.trainee_order import roll_from, sort_turn, who_come
from pipeline_sim.engines.batch.output.read_counts import counted
from pipeline_sim.engines.batch.output.tally import (
    CELL_WORDS,
    LINE_BITS,
    MARK_BITS,
    MEASURE_OF,
    MOST_COUNTED,
    OF_NO_DOCTOR,
    Slot,
    add,
)
from pipeline_sim.rules.codes import Origin, Purpose
from pipeline_sim.rules.event_order import COHORT_SHIFT, ORIGIN_SHIFT
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.rules.rulebook import Rulebook

pytestmark = pytest.mark.law
SEED, REPLICATION, MOST = 7, 3, 1100


@entry
def turn_sorted(address: int, count: int) -> int:
    return sort_turn(int64_at(address), count)


@entry
def scratch_sorted(address: int, count: int) -> None:
    sort_scratch(int64_at(address), count)


@entry
def lots_drawn(address: int, count: int, purpose: int, index: int) -> None:
    draw_first_words(int64_at(address), count, purpose, index)


@entry
def stretch_drawn(address: int, first: int, count: int, decision: int, index: int) -> None:
    draw_batch(int64_at(address), Header.SCRATCH, first, count, decision, 3, index)


@entry
def word_of_lot(address: int, decision: int, place: int, word: int) -> int:
    return batched_words(int64_at(address), decision, place)[word]


@entry
def log_ordered(address: int) -> None:
    order_log(int64_at(address))


@entry
def counted_in(address: int, measure: int, amount: int) -> None:
    add(int64_at(address), (0, CELL_WORDS), measure, amount)


def arena_with(words: list[int], keys: list[int], book: Rulebook | None = None) -> Arena:
    """Memory with a scratch list of doctors and their keys."""
    book = book or toy_rulebook()
    arena = lay_out(book, tables(book), Room(MOST, MOST, MOST), SEED, REPLICATION, False)
    listed(arena, Header.SCRATCH)[: len(words)] = words
    listed(arena, Header.KEYS)[: len(keys)] = keys
    return arena


def listed(arena: Arena, what: int) -> npt.NDArray[np.int64]:
    """A list where the header says that it is now: a pass of sorting changes places with the spare one."""
    return next(words for words in arena.memory.values() if words.ctypes.data == arena.header[what])


def scattered(bits: set[int], seed: int) -> list[int]:
    """Different numbers that differ in some bits only, all of which decide their order; shuffled."""
    numbers = np.random.default_rng(seed).permutation(1 << len(bits))[:MOST].tolist()
    return [sum((number >> place & 1) << bit for place, bit in enumerate(sorted(bits))) for number in numbers]


def roll_call(arena: Arena, book: Rulebook) -> list[int]:
    """Everybody who will ever come, in trainee order, each in a row; the roll knows them."""
    many = who_come(book)
    people = [
        (cohort - 1 + 1 << COHORT_SHIFT | origin << ORIGIN_SHIFT | place) << INDEX_BITS
        for cohort, origins in enumerate(many.tolist())
        for origin, count in enumerate(origins)
        for place in range(count)
    ]
    words = [person | row for row, person in enumerate(people)]
    listed(arena, Header.ROLL)[: len(words)] = words
    return words


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, 200), min_size=2, max_size=4), st.integers(0, 1 << 32))
def test_turns_are_in_trainee_order_each_doctor_once(counts: list[int], seed: int) -> None:
    book, rng = toy_rulebook(3), np.random.default_rng(seed)
    arena = arena_with([], [], book)
    people = roll_call(arena, book)
    assert people == sorted(people)
    for many in counts:  # no mark is left for the next
        asked = rng.choice(people, many).tolist()
        listed(arena, Header.SCRATCH)[: len(asked)] = asked
        count = turn_sorted(arena.address, len(asked))
        found = listed(arena, Header.SCRATCH)[:count].tolist()
        assert sorted(set(found)) == sorted(set(asked))
        assert found == sorted(found)
        assert len(found) == len(set(found)) or asked == found


def test_a_family_shares_a_roll_with_room_for_the_most_that_come() -> None:
    few = toy_rulebook(3)
    many = changed(few, posts={"graduates": few.posts.graduates + 2})
    shared, own = roll_from([few, many]), roll_from([many])
    assert shared.tolist() == own.tolist()
    assert tables(few, shared).roll[-1] == own[-1] > tables(few).roll[-1]


@settings(deadline=None)
@given(st.sets(st.integers(0, 62), max_size=9), st.integers(0, 99))
def test_the_scratch_list_is_in_the_order_of_keys_then_numbers(bits: set[int], seed: int) -> None:
    keys = [key for key in scattered(bits, seed)[: MOST // 2] for _ in range(2)]
    words = [(key * 7 + place) % (1 << 20) << INDEX_BITS | place for place, key in enumerate(keys)]
    arena = arena_with(words, keys)
    scratch_sorted(arena.address, len(keys))
    in_order = sorted(zip(keys, words, strict=True))
    assert listed(arena, Header.KEYS)[: len(keys)].tolist() == [key for key, _ in in_order]
    assert listed(arena, Header.SCRATCH)[: len(keys)].tolist() == [word for _, word in in_order]


@settings(deadline=None)
@given(st.lists(st.integers(0, (1 << 30) - 1), max_size=20), st.integers(0, 5000))
def test_lots_are_the_first_words_of_everyones_own_luck(numbers: list[int], index: int) -> None:
    arena = arena_with([number << INDEX_BITS | place for place, number in enumerate(numbers)], [])
    lots_drawn(arena.address, len(numbers), int(Purpose.TRANSFER), index)
    own = [draw(SEED, REPLICATION, number, int(Purpose.TRANSFER), index)[0] for number in numbers]
    assert listed(arena, Header.KEYS)[: len(numbers)].tolist() == own


@settings(deadline=None)
@given(st.lists(st.integers(0, (1 << 31) - 1), min_size=1, max_size=DRAW_BATCH + 9), st.integers(0, 5000), st.data())
def test_each_of_a_stretch_has_all_words_of_his_own_luck(numbers: list[int], index: int, data: st.DataObject) -> None:
    arena = arena_with([number << INDEX_BITS | place for place, number in enumerate(numbers)], [])
    first = data.draw(st.integers(0, len(numbers) - 1))
    count = min(DRAW_BATCH, len(numbers) - first)
    for decision in range(DRAW_BUFFERS):
        stretch_drawn(arena.address, first, count, decision, index + decision)
    for decision in range(DRAW_BUFFERS):
        for place in range(count):
            words = tuple(word_of_lot(arena.address, decision, place, word) for word in range(DRAW_WORDS))
            assert words == draw(SEED, REPLICATION, numbers[first + place], 3, index + decision)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 10**9), st.integers(-5, 5)), st.integers(0, 1))
def test_the_counts_of_a_year_are_read_once_and_those_of_the_other_left(added: dict[int, int], year: int) -> None:
    arena = arena_with([], [])
    block, (programmes, offices) = arena.tally.reshape(2, -1), toy_rulebook().posts.establishment.shape[1:]
    of_posts, first_people = post_cells(programmes, offices), arena.header.item(Header.TALLY_PEOPLE)
    cells = of_posts + GROUPS_OF_PEOPLE
    for place, value in added.items():
        which, slot, cell = place % 2, place // 2 % len(MEASURE_OF), place // 200 % cells
        cell -= cell % (2 * len(Origin)) if OF_NO_DOCTOR[slot] and cell < of_posts else 0  # no pattern and no origin
        begins = cell * CELL_WORDS if cell < of_posts else first_people + (cell - of_posts) * CELL_WORDS
        at = which * block.shape[1] + begins + slot
        arena.tally[at] += value
        arena.lines.view(np.uint64)[at >> MARK_BITS] |= np.uint64(1 << (at >> LINE_BITS & 63))
    expected, other = block[year].copy(), block[1 - year].copy()
    (_, programme, office, pattern, origin, measure), value, people, of_people = counted(arena.address, year)
    cell = (((programme + 1) * (offices + 1) + office + 1) * 2 + pattern) * len(Origin) + np.maximum(origin, 0)
    found = np.zeros_like(expected)
    found[cell * CELL_WORDS + np.argsort(MEASURE_OF)[measure]] = value
    found[first_people + people[1] * CELL_WORDS + np.argsort(MEASURE_OF)[people[2]]] = of_people
    assert np.array_equal(found, expected)
    assert not (value == 0).any()
    assert not (of_people == 0).any()
    assert (people[0] == year).all()
    assert not block[year].any()
    assert np.array_equal(block[1 - year], other)
    assert [part.shape for part in counted(arena.address, year)] == [(6, 0), (0,), (3, 0), (0,)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=60), st.integers(0, 20))
def test_rows_of_the_log_are_put_in_trainee_order_as_they_were_written(trainees: list[int], before: int) -> None:
    book, before = toy_rulebook(), min(before, len(trainees))
    arena = lay_out(book, tables(book), Room(MOST, MOST, MOST), SEED, REPLICATION, True)
    arena.log["trainee"][: len(trainees)] = trainees
    arena.log["amount"][: len(trainees)] = range(len(trainees))
    arena.header[Header.LOG_ORDERED], arena.header[Header.LOG_USED] = before, len(trainees)
    log_ordered(arena.address)
    rows = [*enumerate(trainees)]
    expected = rows[:before] + sorted(rows[before:], key=lambda row: row[1])
    found = zip(arena.log["amount"].tolist(), arena.log["trainee"].tolist(), strict=True)
    assert [*found][: len(rows)] == expected


def test_more_rows_of_a_phase_than_a_list_has_room_for_end_the_attempt() -> None:
    book = toy_rulebook()
    arena = lay_out(book, tables(book), Room(MOST, MOST, MOST), SEED, REPLICATION, True)
    arena.header[Header.MOST_LISTED] = 10
    arena.log["trainee"][:12] = range(12, 0, -1)
    arena.header[Header.LOG_ORDERED], arena.header[Header.LOG_USED] = 2, 12
    log_ordered(arena.address)
    assert arena.header[Header.FAULT] == Fault.FINE
    arena.log["trainee"][:12] = range(12, 0, -1)
    arena.header[Header.LOG_ORDERED] = 0
    log_ordered(arena.address)
    assert arena.header[Header.FAULT] == Fault.LOG_FULL


def test_a_count_that_its_word_cannot_hold_ends_the_run() -> None:
    arena = arena_with([], [])
    counted_in(arena.address, Slot.WTE, MOST_COUNTED - 1)
    counted_in(arena.address, Slot.WTE, 1)
    assert arena.header[Header.FAULT] == Fault.FINE
    counted_in(arena.address, Slot.WTE, 1)
    assert arena.header[Header.FAULT] == Fault.RANGE
