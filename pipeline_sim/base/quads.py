"""Four whole numbers side by side, with which compiled code reckons as with one: rules told for one integer serve four.

They are kept as doubles, since processors divide four of those at once and no four integers. As long as nothing leaves
-2**53 .. 2**53 every sum and product is exact, and so is a division rounded down: a quotient that is not whole misses
the next whole number by at least 1 / divisor, and is rounded by less.
"""

import operator
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from pipeline_sim.base.cells import Cells, CellsType

WIDTH = 4
EXACT = 1 << 53  # nothing may reach this
Quad = int  # for type checkers; it exists only inside compiled code
_DOUBLES = ir.VectorType(ir.DoubleType(), WIDTH)
_INTS = ir.VectorType(ir.IntType(32), WIDTH)


class QuadType(types.Type):  # type: ignore[misc]
    """Four whole numbers."""

    def __init__(self) -> None:
        super().__init__(name="Quad")


QUAD = QuadType()


@register_model(QuadType)
class QuadModel(models.PrimitiveModel):  # type: ignore[misc]
    """A vector of doubles."""

    def __init__(self, manager: Any, kind: QuadType) -> None:
        super().__init__(manager, kind, _DOUBLES)


def _four(builder: Any, kind: Any, value: Any) -> Any:
    """An operand as a vector; an integer is the same four times."""
    if isinstance(kind, QuadType):
        return value
    none = ir.Constant(_DOUBLES, ir.Undefined)
    one = builder.insert_element(none, builder.sitofp(value, ir.DoubleType()), ir.IntType(32)(0))
    return builder.shuffle_vector(one, none, ir.Constant(_INTS, [0] * WIDTH))


def _rounded_down(builder: Any, value: Any) -> Any:
    kind = ir.FunctionType(_DOUBLES, [_DOUBLES])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.floor.v{WIDTH}f64"), [value])


def _less(builder: Any, one: Any, other: Any) -> Any:
    return builder.fcmp_ordered("<", one, other)


OPERATIONS: dict[Callable[..., Any], Callable[[Any, Any, Any], Any]] = {
    operator.add: lambda builder, one, other: builder.fadd(one, other),
    operator.sub: lambda builder, one, other: builder.fsub(one, other),
    operator.mul: lambda builder, one, other: builder.fmul(one, other),
    operator.floordiv: lambda builder, one, other: _rounded_down(builder, builder.fdiv(one, other)),
    max: lambda builder, one, other: builder.select(_less(builder, one, other), other, one),
    min: lambda builder, one, other: builder.select(_less(builder, one, other), one, other),
}


def _offer(operation: Callable[..., Any], apply: Callable[[Any, Any, Any], Any]) -> None:
    @infer_global(operation)
    class Typed(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:
            one, other = args if len(args) == 2 else (None, None)
            quads = isinstance(one, QuadType) + isinstance(other, QuadType)
            if quads == 2 or (quads == 1 and isinstance(one, types.Integer) + isinstance(other, types.Integer) == 1):
                kinds = (kind if isinstance(kind, QuadType) else types.int64 for kind in args)
                return signature(QUAD, *kinds)
            return None

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return apply(builder, *(_four(builder, kind, value) for kind, value in zip(sig.args, args, strict=True)))

    for kinds in ((QuadType, QuadType), (QuadType, types.Integer), (types.Integer, QuadType)):
        lower_builtin(operation, *kinds)(lower)


for _operation, _apply in OPERATIONS.items():
    _offer(_operation, _apply)


@infer_global(operator.neg)
class _Negative(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(QUAD, QUAD) if isinstance(args[0], QuadType) else None


@lower_builtin(operator.neg, QuadType)
def _negative(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.fsub(_four(builder, types.int64, ir.IntType(64)(0)), args[0])


def _quad_at(typing: Any, cells: Any, place: Any) -> Any:
    """Four cells of 32 bits that lie side by side, from a place on."""

    def read(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = builder.bitcast(builder.gep(args[0], [args[1]]), _INTS.as_pointer())
        words = builder.load(at, align=4)
        if sig.args[0].fixed:
            words.set_metadata("invariant.load", builder.module.add_metadata([]))
        return builder.sitofp(words, _DOUBLES)

    return (QUAD(cells, types.int64), read) if isinstance(cells, CellsType) and cells.bits == 32 else None


def _keep_quad(typing: Any, cells: Any, place: Any, quad: Any) -> Any:
    """Write four numbers to four cells of 32 bits, which must hold them."""

    def write(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        at = builder.bitcast(builder.gep(args[0], [args[1]]), _INTS.as_pointer())
        builder.store(builder.fptosi(args[2], _INTS), at, align=4)
        return context.get_dummy_value()

    return types.void(cells, types.int64, QUAD), write


def _quad_of(typing: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Four integers as one."""

    def gather(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        quad = ir.Constant(_DOUBLES, ir.Undefined)
        for place, value in enumerate(args):
            quad = builder.insert_element(quad, builder.sitofp(value, ir.DoubleType()), ir.IntType(32)(place))
        return quad

    return QUAD(*[types.int64] * WIDTH), gather


def _sum_of(typing: Any, quad: Any) -> Any:
    """All four together."""

    def add(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        parts = [builder.extract_element(args[0], ir.IntType(32)(place)) for place in range(WIDTH)]
        total = builder.fadd(builder.fadd(parts[0], parts[1]), builder.fadd(parts[2], parts[3]))
        return builder.fptosi(total, ir.IntType(64))

    return types.int64(QUAD), add


def _all_within(typing: Any, quad: Any, limit: Any) -> Any:
    """True if each of the four lies between -limit and limit, neither of them included."""

    def compare(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        most = _four(builder, types.int64, args[1])
        below = _less(builder, args[0], most)
        above = _less(builder, builder.fsub(_four(builder, types.int64, ir.IntType(64)(0)), most), args[0])
        bits = builder.bitcast(builder.and_(below, above), ir.IntType(WIDTH))
        return builder.icmp_unsigned("==", bits, ir.IntType(WIDTH)((1 << WIDTH) - 1))

    return types.boolean(QUAD, types.int64), compare


quad_at = cast(Callable[[Cells, int], Quad], intrinsic(_quad_at))
keep_quad = cast(Callable[[Cells, int, Quad], None], intrinsic(_keep_quad))
quad_of = cast(Callable[[int, int, int, int], Quad], intrinsic(_quad_of))
sum_of = cast(Callable[[Quad], int], intrinsic(_sum_of))
all_within = cast(Callable[[Quad, int], bool], intrinsic(_all_within))
