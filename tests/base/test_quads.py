"""Four whole numbers at once: the same as one after another, as long as nothing leaves 53 bits."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline_sim.base import quads
from pipeline_sim.base.cells import int8_at, int32_at
from pipeline_sim.rules import competence

pytestmark = pytest.mark.unit
FOUR = st.lists(st.integers(-(1 << 31) + 1, (1 << 31) - 1), min_size=4, max_size=4)
SHARES = st.lists(st.integers(0, 1000), min_size=4, max_size=4)


def in_fours(function: Callable[..., int], *quad: bool) -> Callable[..., list[int]]:
    """A rule on four numbers at once, low and high halves apart; `quad` says which arguments are four."""
    at, keep = int32_at, quads.keep_quad
    first, second, third, fourth = quad

    @numba.njit
    def reckon(numbers: Any, out: int) -> None:
        a, b, c, d = numbers[0], numbers[1], numbers[2], numbers[3]
        x = quads.quad_of(a[0], a[1], a[2], a[3]) if first else a[0]
        y = quads.quad_of(b[0], b[1], b[2], b[3]) if second else b[0]
        z = quads.quad_of(c[0], c[1], c[2], c[3]) if third else c[0]
        w = quads.quad_of(d[0], d[1], d[2], d[3]) if fourth else d[0]
        found = function(x, y, z, w)
        high = found // (1 << 30)
        keep(at(out), 0, high)
        keep(at(out), 4, found - high * (1 << 30))

    def told(*numbers: list[int]) -> list[int]:
        out = np.zeros(8, np.int32)
        reckon(np.array(numbers, np.int64), out.ctypes.data)
        return [(int(high) << 30) + int(low) for high, low in zip(out[:4], out[4:], strict=True)]

    return told


@numba.njit
def all_operations(a: int, b: int, c: int, d: int) -> int:
    return max(0, min(a, b) - c) + (a + b * 3) // 7 - max(-a, 5 - c) + min(c, 0) + d


@numba.njit
def earned(days: int, weight: int, pace: int, wte: int) -> int:
    return competence.earned(days, weight, wte, pace, 900, 850)


@numba.njit
def divided(a: int, unit: int, c: int, d: int) -> int:
    return competence.whole(a * (1 << 21) + c, unit) + d


OPERATIONS = in_fours(all_operations, True, True, True, False)
EARNED = in_fours(earned, True, True, False, False)
DIVIDED = in_fours(divided, True, False, True, False)


@settings(deadline=None)  # the first call compiles
@given(a=FOUR, b=FOUR, c=FOUR, d=st.integers(-9, 9))
@example(a=[0, -1, 1, 7], b=[0, 0, -1, 7], c=[0, 0, 0, 0], d=0)
def test_four_at_once_are_as_one_after_another(a: list[int], b: list[int], c: list[int], d: int) -> None:
    one_by_one = [all_operations(x, y, z, d) for x, y, z in zip(a, b, c, strict=True)]
    assert OPERATIONS(a, b, c, [d] * 4) == one_by_one


@settings(deadline=None)
@given(days=st.lists(st.integers(0, 800_000), min_size=4, max_size=4), weight=SHARES, pace=st.integers(500, 2000))
def test_a_rule_told_for_one_domain_serves_four(days: list[int], weight: list[int], pace: int) -> None:
    one_by_one = [competence.earned(x, w, 80, pace, 900, 850) for x, w in zip(days, weight, strict=True)]
    assert EARNED(days, weight, [pace] * 4, [80] * 4) == one_by_one


@settings(deadline=None)
@given(
    near=st.lists(st.integers(0, (1 << 31) - 1), min_size=4, max_size=4),
    unit=st.sampled_from([7, 1000, 100_000, 1_000_000, 100_000_000]),
    off=st.integers(-1, 1),
)
def test_a_division_next_to_a_whole_number_is_rounded_down_as_integers_are(
    near: list[int], unit: int, off: int
) -> None:
    amounts = [max(0, (x << 21) // unit * unit + off) for x in near]
    high, low = [x >> 21 for x in amounts], [x & (1 << 21) - 1 for x in amounts]
    assert DIVIDED(high, [unit] * 4, low, [0] * 4) == [x // unit for x in amounts]


def test_what_four_cells_hold_is_read_summed_and_compared() -> None:
    @numba.njit
    def told(address: int, limit: int) -> tuple[int, bool]:
        quad = quads.quad_at(int32_at(address), 1)
        return quads.sum_of(quad), quads.all_within(quad, limit)

    memory = np.array([99, 3, -4, 1 << 30, 1 << 30, 99], np.int32)
    assert told(memory.ctypes.data, (1 << 30) + 1) == ((1 << 31) - 1, True)
    assert told(memory.ctypes.data, 1 << 30) == ((1 << 31) - 1, False)
    memory[2] = -(1 << 30) - 1
    assert told(memory.ctypes.data, (1 << 30) + 1)[1] is False


def test_four_are_read_from_cells_of_32_bits_only() -> None:
    @numba.njit
    def read(address: int) -> int:
        return quads.sum_of(quads.quad_at(int8_at(address), 0))

    with pytest.raises(numba.core.errors.TypingError):
        read(0)
