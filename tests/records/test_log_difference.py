"""Where two logs part: found whatever was lost, added or changed, wherever it was."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.worlds.draw_strategies import examples

from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.records.log_difference import (
    TURN_COLUMNS,
    Difference,
    DifferenceKind,
    first_differing_row,
    rows_between,
)

Row = tuple[int, ...]
NAMES = [column.name for column in LOG]
SMALL = st.integers(0, 2)  # so that rows are often equal, and turns often the same
ROWS = st.lists(st.tuples(*[SMALL] * len(LOG)), max_size=8)
SOME = st.lists(st.tuples(*[SMALL] * len(LOG)), min_size=1, max_size=8)


def log_of(rows: list[Row]) -> Columns:
    """Columns in the order of the log."""
    log = EventLog()
    for row in rows:
        log.write(*row)
    return log.columns()


def rows_of(columns: Columns) -> list[Row]:
    """The rows again."""
    return list(zip(*(columns[name].tolist() for name in NAMES), strict=True))


def by_hand(one: list[Row], other: list[Row]) -> int | None:
    """The first place where two lists differ, row by row."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))


def parted(one: Columns, other: Columns) -> Difference:
    """Their difference; there must be one."""
    found = first_differing_row(one, other)
    assert found is not None
    return found


@examples(100)
@given(rows=ROWS)
def test_a_log_does_not_differ_from_itself(rows: list[Row]) -> None:
    assert first_differing_row(log_of(rows), log_of(rows)) is None


def test_two_empty_logs_are_equal() -> None:
    assert first_differing_row(log_of([]), log_of([])) is None


@examples(300)
@given(one=ROWS, other=ROWS)
def test_any_two_logs_part_where_a_reader_would_say(one: list[Row], other: list[Row]) -> None:
    logs = log_of(one), log_of(other)
    found = first_differing_row(*logs)
    assert (None if found is None else found.row) == by_hand(*map(rows_of, logs))


@examples(300)
@given(one=ROWS, other=ROWS)
def test_it_does_not_matter_which_comes_first(one: list[Row], other: list[Row]) -> None:
    there, back = first_differing_row(log_of(one), log_of(other)), first_differing_row(log_of(other), log_of(one))
    if there is None or back is None:
        assert there is back
        return
    turned = {
        DifferenceKind.ONLY_IN_ONE: DifferenceKind.ONLY_IN_OTHER,
        DifferenceKind.ONLY_IN_OTHER: DifferenceKind.ONLY_IN_ONE,
    }
    assert back == (there.row, turned.get(there.kind, there.kind), there.columns, there.lengths[::-1])


@examples(200)
@given(rows=SOME)
def test_the_last_row_is_missing(rows: list[Row]) -> None:
    whole = log_of(rows)
    short = rows_between(whole, 0, len(rows) - 1)
    assert parted(whole, short) == (len(rows) - 1, DifferenceKind.ONLY_IN_ONE, (), (len(rows), len(rows) - 1))


@examples(200)
@given(rows=SOME, place=st.integers(0, 7), name=st.sampled_from(NAMES[3:]))
def test_one_number_is_changed(rows: list[Row], place: int, name: str) -> None:
    assume(place < len(rows))
    true, wrong = log_of(rows), log_of(rows)
    wrong[name][place] += 1
    assert parted(true, wrong) == (place, DifferenceKind.CHANGED, (name,), (len(rows), len(rows)))


@examples(200)
@given(rows=ROWS, more=st.tuples(*[SMALL] * len(LOG)))
def test_one_row_too_many(rows: list[Row], more: Row) -> None:
    """It is found where it stands, or later where rows like it follow; and it is said which log has it."""
    plain, longer = log_of(rows), log_of([*rows, more])
    found = parted(plain, longer)
    stands = rows_of(longer).index(more)
    assert found.lengths == (len(rows), len(rows) + 1)
    assert stands <= found.row <= len(rows)
    assert found.kind == DifferenceKind.ONLY_IN_OTHER


@examples(300)
@given(one=ROWS, other=ROWS)
def test_a_row_said_to_be_in_one_log_only_is_not_in_the_other(one: list[Row], other: list[Row]) -> None:
    logs = log_of(one), log_of(other)
    found = first_differing_row(*logs)
    assume(found is not None and found.kind != DifferenceKind.CHANGED)
    assert found is not None
    has, lacks = logs if found.kind == DifferenceKind.ONLY_IN_ONE else logs[::-1]
    turn = turns(has)[found.row]
    assert turns(has).count(turn) > turns(lacks).count(turn)


def turns(columns: Columns) -> list[Row]:
    """Day, phase and trainee of every row."""
    return list(zip(*(columns[name].tolist() for name in TURN_COLUMNS), strict=True))


def test_a_log_that_never_began_lacks_the_first_row() -> None:
    assert parted(log_of([]), log_of([(0,) * len(LOG)])) == (0, DifferenceKind.ONLY_IN_OTHER, (), (0, 1))


def test_all_columns_that_differ_are_named() -> None:
    true, wrong = log_of([(1,) * len(LOG)]), log_of([(1,) * len(LOG)])
    wrong["office"][0], wrong["amount"][0] = -1, 9
    assert parted(true, wrong).columns == ("office", "amount")


def test_a_stretch_leaves_out_what_is_not_there() -> None:
    log = log_of([(day,) + (0,) * (len(LOG) - 1) for day in range(5)])
    assert rows_between(log, -8, 2)["day"].tolist() == [0, 1]
    assert rows_between(log, 4, 9)["day"].tolist() == [4]
    assert rows_between(log, 5, 6)["day"].tolist() == []
    part = rows_between(log, 0, 1)
    part["day"][0] = 7
    assert log["day"][0] == 0


@pytest.mark.parametrize("kept", [0, 1])
def test_one_of_two_rows_of_a_turn_is_missing(kept: int) -> None:
    """Where the turn is in both logs, the one with more rows of it has the row."""
    turn = [(1, 1, 1, event, *[0] * (len(LOG) - 4)) for event in (3, 4)]
    later = (2, 1, 1, *[0] * (len(LOG) - 3))
    whole, short = log_of([*turn, later]), log_of([turn[kept], later])
    assert parted(whole, short)[:2] == (1 - kept, DifferenceKind.ONLY_IN_ONE)
    assert parted(short, whole).kind == DifferenceKind.ONLY_IN_OTHER
