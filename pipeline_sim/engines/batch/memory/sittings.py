"""What a doctor's row holds of each gate: attempts, part, result awaited and its day, in one cell."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import Pointer
from pipeline_sim.engines.batch.memory.layout import Row
from pipeline_sim.rules.codes import GATES, MAX_PARTS

PART, AWAITED, RESULT_DAY = 5, 7, 9  # bits of a cell of SITTINGS from which each begins; attempts are below them
ATTEMPT_MASK = (1 << PART) - 1


@kernel
def attempts_at(row: Pointer, gate: int) -> int:
    """Attempts at the current part of a gate."""
    return row[Row.SITTINGS + gate] & ATTEMPT_MASK


@kernel
def part_of(row: Pointer, gate: int) -> int:
    """Number of parts of a gate before the current one."""
    return row[Row.SITTINGS + gate] >> PART & MAX_PARTS - 1


@kernel
def awaited_at(row: Pointer, gate: int) -> int:
    """Result of a gate that is awaited; NO_RESULT if none is."""
    return row[Row.SITTINGS + gate] >> AWAITED & 3


@kernel
def note_sittings(row: Pointer, gate: int, part: int, attempts: int, awaited: int, result_day: int) -> None:
    """Write the cell of a gate."""
    row[Row.SITTINGS + gate] = result_day << RESULT_DAY | awaited << AWAITED | part << PART | attempts


@kernel
def gates_left(row: Pointer) -> int:
    """Bit set of the gates that are not held; those that the programme does not have are."""
    return ~row[Row.PASSED] & (1 << GATES) - 1
