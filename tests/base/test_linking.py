"""Functions are put together once: parts inside compiled code, wholes for Python, and both say the same."""

from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_sim.base.compiler.jit import compile_for, rule
from pipeline_sim.base.radix_sort import fill, sort_keys
from pipeline_sim.engines.batch.day_loop import offices_act, run_days
from pipeline_sim.engines.batch.event_routines.recruitment import run_round
from pipeline_sim.rules.codes import Purpose


@rule
def twice(number: int) -> int:
    """For the tests."""
    return 2 * number


@rule
def four_times(number: int) -> int:
    """Calls a rule."""
    return twice(twice(number))


def test_a_rule_may_call_rules() -> None:
    assert four_times(3) == 12


def test_code_that_numba_compiles_in_its_own_way_may_not_call_a_rule() -> None:
    @numba.njit
    def eight_times(number: int) -> int:
        return 2 * four_times(number)

    with pytest.raises(Exception, match="decorate its caller with rule"):
        eight_times(7)


def test_one_width_of_integers_inside_compiled_code() -> None:
    @rule
    def both(small: np.int32, row: np.ndarray) -> int:
        return twice(small) + twice(Purpose.EXAM) + twice(row[0]) + twice(small > 0)

    assert both(np.int32(1), np.array([5], np.int16)) == 2 + 2 * Purpose.EXAM + 10 + 2


@pytest.mark.parametrize(("part", "integers"), [(run_days, 3), (offices_act, 3)])
def test_no_reference_is_counted_in_the_loop(part: Callable[..., object], integers: int) -> None:
    compile_for(part, *[0] * integers)
    code = llvm_of(part)
    assert len(code) > 100_000
    assert "NRT_incref" not in code
    assert "NRT_decref" not in code


def test_where_arrays_are_made_references_are_counted() -> None:
    """The test above can fail: the code of a round does allocate."""
    if not run_round.overloads:
        from pipeline_sim.engines.batch.compile_kernel import compile_engine

        compile_engine()
    assert "NRT_" in llvm_of(run_round)


def llvm_of(function: object) -> str:
    """What the optimiser left of an entry and all its parts."""
    (compiled,) = function.overloads.values()  # type: ignore[attr-defined]
    return str(compiled.library._get_module_for_linking())


def test_the_loop_is_compiled_for_one_signature() -> None:
    compile_for(run_days, 0, 0, 0)
    assert len(run_days.overloads) == 1


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.integers(0, (1 << 62) - 1), max_size=300), st.sampled_from([0, 8, 30]))
def test_keys_are_sorted_by_their_upper_bits_and_stay_in_order_within(values: list[int], first_bit: int) -> None:
    keys = np.array(values, np.int64)
    sort_keys(keys, first_bit)
    bits = -(-(63 - first_bit) // 8) * 8  # whole digits
    mask = ((1 << bits) - 1) << first_bit
    assert keys.tolist() == sorted(values, key=lambda value: value & mask)


def test_fill_reaches_every_cell() -> None:
    row = np.zeros(5, np.int32)
    fill(row, -3)
    assert row.tolist() == [-3] * 5
