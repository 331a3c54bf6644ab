"""Pointers of compiled code: an address and a width. Reading gives int64, whatever the width.

Arrays would carry shape, strides and an owner through every call; an address is one register, and nothing is
counted. Nothing is checked either: only the batch engine's books use it, and they know how long everything is.
"""

import operator
from collections.abc import Callable
from typing import Any, Protocol, cast

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model
from numba.np.arrayobj import make_array, populate_array


class Pointer(Protocol):
    """Pointer to integers side by side, for type checkers; exists only inside compiled code."""

    def __getitem__(self, place: int) -> int:
        """Integer at an index."""

    def __setitem__(self, place: int, value: int) -> None:
        """Write what fits of a value at an index."""


class PointerType(types.Type):  # type: ignore[misc]
    """Numba type of a pointer to integers of a width; fixed ones never change, so one read will do."""

    def __init__(self, bits: int, fixed: bool = False) -> None:
        self.bits, self.fixed = bits, fixed
        super().__init__(name=f"{'Fixed' if fixed else ''}Cells{bits}")


@register_model(PointerType)
class PointerModel(models.PrimitiveModel):  # type: ignore[misc]
    """Data model of a pointer: a bare address."""

    def __init__(self, manager: Any, kind: PointerType) -> None:
        super().__init__(manager, kind, ir.IntType(kind.bits).as_pointer())


@infer_global(operator.getitem)
class _Read(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], PointerType):
            return signature(types.int64, args[0], types.int64)
        return None


@infer_global(operator.setitem)
class _Write(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], PointerType) and not args[0].fixed:
            return signature(types.none, args[0], types.int64, types.int64)
        return None


@lower_builtin(operator.getitem, PointerType, types.Integer)
def _read(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    value = builder.load(builder.gep(args[0], [args[1]]))
    if sig.args[0].fixed:
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value if sig.args[0].bits == 64 else builder.sext(value, ir.IntType(64))


@lower_builtin(operator.setitem, PointerType, types.Integer, types.Integer)
def _write(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    bits = sig.args[0].bits
    value = args[2] if bits == 64 else builder.trunc(args[2], ir.IntType(bits))
    builder.store(value, builder.gep(args[0], [args[1]]))
    return context.get_dummy_value()


def _pointer(bits: int, says: str, fixed: bool = False) -> Callable[[int], Pointer]:
    kind = PointerType(bits, fixed)

    def cells(typing: Any, address: Any) -> Any:
        def point(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], ir.IntType(bits).as_pointer())

        return kind(types.int64), point

    cells.__doc__ = says
    return cast(Callable[[int], Pointer], intrinsic(cells))


int8_at = _pointer(8, "Signed bytes from an address on.")
int16_at = _pointer(16, "Integers of 16 bits from an address on.")
int32_at = _pointer(32, "Integers of 32 bits from an address on.")
int64_at = _pointer(64, "Integers of 64 bits from an address on.")
constant_int32_at = _pointer(32, "Integers of 32 bits that do not change.", fixed=True)
constant_int64_at = _pointer(64, "Integers of 64 bits that do not change.", fixed=True)


def _unchanging(typing: Any, cells: Any) -> Any:
    """Pointer for reading what does not change."""

    def same(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return args[0]

    return PointerType(cells.bits, fixed=True)(cells), same


as_constant = cast(Callable[[Pointer], Pointer], intrinsic(_unchanging))


def _array(bits: int, says: str) -> Callable[[int, int], np.ndarray]:
    kind = types.Array(types.int32 if bits == 32 else types.int64, 1, "C")

    def array(typing: Any, address: Any, length: Any) -> Any:
        def point(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            made = make_array(kind)(context, builder)
            data = builder.inttoptr(args[0], made.data.type)
            size = context.get_constant(types.intp, bits // 8)
            populate_array(made, data, [args[1]], [size], size, None)
            return made._getvalue()

        return kind(types.int64, types.int64), point

    array.__doc__ = says
    return cast(Callable[[int, int], np.ndarray], intrinsic(array))


array32_at = _array(32, "So many integers of 32 bits as an array, for rules that take whole rows; nobody owns it.")
array64_at = _array(64, "So many integers of 64 bits as an array, for rules that take whole rows; nobody owns it.")


def _call_at(typing: Any, code: Any, cells: Any, first: Any, second: Any) -> Any:
    """Call an entry that returns nothing by the address of its machine code, with that of the cells and two integers.

    Entries are compiled apart, so that two processes can work at once; one that is called by name would be a part.
    Returns 1 if it ended with an error (there was no memory for an array), else 0.
    """
    arguments = (types.int64, types.int64, types.int64)

    def call(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = context.call_conv.get_function_type(types.none, arguments)
        function = builder.inttoptr(args[0], kind.as_pointer())
        arguments_of_entry = [builder.ptrtoint(args[1], ir.IntType(64)), args[2], args[3]]
        status, _ = context.call_conv.call_function(builder, function, types.none, arguments, arguments_of_entry)
        return builder.zext(status.is_error, ir.IntType(64))

    return types.int64(types.int64, cells, types.int64, types.int64), call


call_at = cast(Callable[[int, Pointer, int, int], int], intrinsic(_call_at))


def _lowest_bit(typing: Any, word: Any) -> Any:
    """Index of the lowest bit that is set; undefined for 0."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), count


lowest_bit = cast(Callable[[int], int], intrinsic(_lowest_bit))


def _fetch(typing: Any, address: Any) -> Any:
    """Prefetch the cache line at an address."""

    def call(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        word, byte = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        builder.call(function, [builder.inttoptr(args[0], byte), word(1), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(types.int64), call


prefetch = cast(Callable[[int], None], intrinsic(_fetch))
