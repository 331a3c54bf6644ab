"""Bare memory: what is written is read back, sign and all, and nothing beside it is touched."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline_sim.base.compiler import pointers

WIDTHS: dict[int, Callable[[int], Any]] = {
    8: pointers.int8_at,
    16: pointers.int16_at,
    32: pointers.int32_at,
    64: pointers.int64_at,
}


def compiled(bits: int) -> tuple[Any, Any]:
    """Functions that read and write a cell of a width."""
    at = WIDTHS[bits]

    @numba.njit
    def read(address: int, place: int) -> int:
        return at(address)[place]

    @numba.njit
    def write(address: int, place: int, value: int) -> None:
        at(address)[place] = value

    return read, write


COMPILED = {bits: compiled(bits) for bits in WIDTHS}


@numba.njit
def lowest(word: int) -> int:
    return pointers.lowest_bit(word)


@pytest.mark.parametrize("bits", WIDTHS)
@settings(deadline=None)  # the first call compiles
@given(value=st.integers(-(1 << 63), (1 << 63) - 1), place=st.integers(0, 6))
def test_a_cell_holds_the_low_bits(bits: int, value: int, place: int) -> None:
    memory = np.full(7, 77, f"i{bits // 8}")
    read, write = COMPILED[bits]
    write(memory.ctypes.data, place, value)
    kept = np.array(value, np.int64).astype(memory.dtype)
    assert read(memory.ctypes.data, place) == kept == memory[place]
    assert np.all(np.delete(memory, place) == 77)


def test_fixed_cells_are_read_like_others_and_cannot_be_written() -> None:
    memory = np.array([3, -4], np.int32)

    @numba.njit
    def read(address: int, place: int) -> int:
        pointers.prefetch(address)
        return pointers.constant_int32_at(address)[place] + pointers.as_constant(pointers.int32_at(address))[place]

    @numba.njit
    def write(address: int) -> None:
        pointers.constant_int32_at(address)[0] = 1

    assert [read(memory.ctypes.data, place) for place in (0, 1)] == [6, -8]
    with pytest.raises(numba.core.errors.TypingError):
        write(memory.ctypes.data)


@settings(deadline=None)
@given(st.integers(1, (1 << 64) - 1))
@example(1 << 63)
def test_the_lowest_bit_is_found(word: int) -> None:
    found = np.array([word], np.uint64).view(np.int64)[0]
    assert lowest(found) == (word & -word).bit_length() - 1
