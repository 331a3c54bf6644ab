"""The reduced pipeline: the programs that share their luck tell the same events, the others the same story."""

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_sim.bench.reduced import numba_model, plain_model, work_arrays
from pipeline_sim.bench.reduced.cpp_twin import compiler, twin
from pipeline_sim.bench.reduced.reduced_spec import (
    CHANCE,
    Kind,
    Log,
    Phase,
    Spec,
    checksum,
    log_of,
    sized,
)
from pipeline_sim.bench.reduced.work_arrays import arena

needs_compiler = pytest.mark.skipif(compiler() is None, reason="no C++ compiler found (g++, clang++, or $CXX)")
SMALL = sized(Spec(years=8), 150)
REPLICATIONS = 40
THRESHOLDS = st.sampled_from([0, CHANCE // 3, CHANCE])
SPECS = st.builds(
    Spec,
    seed=st.integers(0, 2**63 - 1),
    replication=st.integers(0, 2**32 - 1),
    years=st.integers(1, 4),
    entrants=st.integers(1, 12),
    grades=st.integers(1, 3),
    offices=st.integers(1, 3),
    slots=st.integers(0, 12),
    grade_days=st.integers(182, 546),
    rotation_days=st.sampled_from([91, 182, 364]),
    review_days=st.integers(30, 400),
    lead_days=st.integers(0, 60),
    lead_span=st.integers(1, 90),
    slowest=st.integers(1, 10),
    paces=st.integers(1, 5),
    tolerance_days=st.integers(0, 100),
    extension_days=st.integers(1, 200),
    most_extensions=st.integers(0, 3),
    part_time=THRESHOLDS,
    pass_if_level=THRESHOLDS,
    pass_if_behind=THRESHOLDS,
)


def told(spec: Spec, play: Callable[[int], int] = numba_model.play) -> Log:
    """The log of a compiled program."""
    made = arena(spec, room=arena(spec, room=0).run(play))
    made.run(play)
    return made.logged_rows()


def rows(log: Log) -> np.ndarray:
    """[events, 5] a log's rows in order; events of one turn stand in any order in the log."""
    table = np.stack([column.astype(np.int64) for column in log], axis=1)
    return table[np.lexsort(table.T[::-1])]


def object_log(name: str, spec: Spec) -> Log:
    """The log of a program in which a trainee is an object."""
    if name == "salabim":
        pytest.importorskip("salabim", reason="salabim comes with the extra `bench`")
    return log_of(importlib.import_module(f"pipeline_sim.bench.reduced.{name}_model").run(spec))


@pytest.mark.parity
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(SPECS)
def test_the_batch_kernel_tells_what_plain_python_tells(spec: Spec) -> None:
    plain, batch = log_of(plain_model.run(spec)), told(spec)
    assert np.array_equal(rows(batch), rows(plain))
    assert checksum(batch) == checksum(plain)


@needs_compiler
@pytest.mark.parity
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(SPECS)
def test_the_twin_tells_what_the_batch_kernel_tells(spec: Spec) -> None:
    assert all(np.array_equal(a, b) for a, b in zip(told(spec), told(spec, twin()), strict=True))


@pytest.mark.parity
def test_all_three_agree_where_rows_are_used_again() -> None:
    plain = log_of(plain_model.run(SMALL))
    assert (plain.kind == Kind.LEFT).sum() > 300
    programs = [numba_model.play, *([twin()] if compiler() else [])]
    assert {checksum(told(SMALL, play)) for play in programs} == {checksum(plain)}


def test_a_checksum_sees_every_column_and_no_order() -> None:
    log = log_of([(1, 2, 3, 4, 5), (6, 2, 7, 4, 8), (6, 2, 7, 4, 8)])
    shuffled = Log(*(column[::-1] for column in log))
    assert checksum(shuffled) == checksum(log)
    for place, column in enumerate(log):
        other = list(log)
        other[place] = column + np.array([0, 0, 1], column.dtype)
        assert checksum(Log(*other)) != checksum(log)


@pytest.mark.law
@pytest.mark.parametrize("program", ["batch", "simpy", "salabim"])
def test_slots_are_never_exceeded_and_go_by_trainee_number(program: str) -> None:
    spec = SMALL._replace(years=4)
    log = told(spec) if program == "batch" else object_log(program, spec)
    held: dict[int, int] = {}  # office of each trainee with a slot
    taken = [0] * spec.offices
    for day, phase, trainee, kind, amount in rows(log).tolist():
        if kind in (Kind.ROTATED, Kind.LEFT) and trainee in held:
            taken[held.pop(trainee)] -= 1
        elif kind == Kind.GIVEN:
            held[trainee] = amount
            taken[amount] += 1
        assert max(taken) <= spec.slots, (day, phase, trainee)
        if kind == Kind.REFUSED:
            assert taken[amount] == spec.slots, (day, phase, trainee)
    assert (log.kind == Kind.REFUSED).any()


@pytest.mark.law
@pytest.mark.parametrize("program", ["batch", "simpy", "salabim"])
def test_every_trainee_enters_once_and_nothing_follows_leaving(program: str) -> None:
    spec = SMALL._replace(years=4)
    log = told(spec) if program == "batch" else object_log(program, spec)
    entered, left = log.trainee[log.kind == Kind.ENTERED], log.trainee[log.kind == Kind.LEFT]
    assert np.array_equal(np.sort(entered), np.arange(spec.entrants * (spec.grades + spec.years)))
    last = {int(row[2]): int(row[3]) for row in rows(log)}
    assert len(left) == len(set(left.tolist())) == sum(kind == Kind.LEFT for kind in last.values())
    assert log.day.max() < spec.days


def statistics(log: Log) -> np.ndarray:
    """[8] what a run comes to."""
    many = np.bincount(log.kind, minlength=len(Kind))
    gaps = log.amount[log.phase == Phase.REVIEW]
    stays = log.amount[log.kind == Kind.LEFT]
    slots, reviews = many[Kind.GIVEN] + many[Kind.REFUSED], many[Kind.PASSED] + many[Kind.EXTENDED]
    shares = many[Kind.GIVEN] / slots, many[Kind.EXTENDED] / reviews
    return np.array([reviews, many[Kind.LEFT], many[Kind.ROTATED], *shares, gaps.mean(), gaps.std(), stays.mean()])


@pytest.mark.parity
@pytest.mark.parametrize("program", ["simpy", "salabim"])
def test_other_luck_comes_to_the_same(program: str) -> None:
    """The mean of two runs lies within four standard errors of the batch kernel's mean, in every respect."""
    batch = np.array([statistics(told(SMALL._replace(replication=one))) for one in range(REPLICATIONS)])
    other = np.array([statistics(object_log(program, SMALL._replace(replication=one))) for one in range(2)])
    error = batch.std(axis=0, ddof=1) * np.sqrt(1 / len(batch) + 1 / len(other))
    away = (other.mean(axis=0) - batch.mean(axis=0)) / error
    assert np.abs(away).max() < 4, away.round(1)


def test_a_log_that_is_off_or_full_changes_no_count() -> None:
    full = told(SMALL)
    for room in (0, 10):
        made = arena(SMALL, room)
        assert made.run(numba_model.play) == len(full.day)
        assert all(np.array_equal(a, b[:room]) for a, b in zip(made.logged_rows(), full, strict=True))


def test_memory_is_used_again_and_runs_share_nothing() -> None:
    memories = [arena(SMALL._replace(replication=one), room=100_000) for one in (0, 1)]
    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(lambda made: [made.run(numba_model.play) for _ in range(5)], memories))
    assert [set(each) for each in counts] == [{len(made.logged_rows().day)} for made in memories]
    assert [checksum(made.logged_rows()) for made in memories] == [
        checksum(told(SMALL._replace(replication=one))) for one in (0, 1)
    ]


def test_the_desk_holds_the_spec_and_the_arrays_in_their_order() -> None:
    assert [getattr(work_arrays, name.upper()) for name in Spec._fields] == list(
        range(work_arrays.COUNTERS, work_arrays.ROWS)
    )
    made = arena(SMALL, room=1)
    arrays = [*made[1:-1], *made.log]
    assert made.desk[work_arrays.ROWS : work_arrays.HELD].tolist() == [array.ctypes.data for array in arrays]
    assert all(array.ctypes.data % work_arrays.LINE == 0 for array in arrays)


def test_more_trainees_than_can_be_sorted_are_refused() -> None:
    with pytest.raises(ValueError, match="sorted by numbers below 4194304"):
        arena(Spec(entrants=300_000), room=0)
