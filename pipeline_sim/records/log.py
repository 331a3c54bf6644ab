"""The event log while a run writes it: packed rows, 23 bytes each, growing at the end."""

import hashlib
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.schema import LOG, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

Columns = dict[str, npt.NDArray[Any]]
ROW = np.dtype([(column.name, column.dtype) for column in LOG])
_LETTERS = {"<i1": "b", "<i2": "h", "<i4": "i"}
_pack = struct.Struct("<" + "".join(_LETTERS[column.dtype] for column in LOG)).pack


class EventLog:
    """Rows of one replication, in any order; read back in (day, phase, trainee) order, of writing within."""

    def __init__(self) -> None:
        self._rows = bytearray()

    def write(
        self,
        day: int,
        phase: int,
        trainee: int,
        event: int,
        from_code: int,
        to_code: int,
        programme: int,
        grade: int,
        office: int,
        wte: int,
        amount: int,
    ) -> None:
        """Add one row; a value that its column cannot hold raises RecordsError, it never wraps."""
        try:
            self._rows += _pack(day, phase, trainee, event, from_code, to_code, programme, grade, office, wte, amount)
        except struct.error:
            values = (day, phase, trainee, event, from_code, to_code, programme, grade, office, wte, amount)
            raise RecordsError(_complaint(values)) from None

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Add many rows at once, as a structured array of ROW."""
        self._rows += np.ascontiguousarray(rows, dtype=ROW).tobytes()

    def extend(self, other: "EventLog") -> None:
        """Add the rows of another log."""
        self._rows += other._rows

    def __len__(self) -> int:
        return len(self._rows) // ROW.itemsize

    def columns(self) -> Columns:
        """A copy of every column in the order of the log."""
        rows = np.frombuffer(bytes(self._rows), dtype=ROW)
        order = np.lexsort((rows["trainee"], rows["phase"], rows["day"]))
        return {column.name: rows[column.name][order] for column in LOG}

    def table(self) -> "pa.Table":
        """The log as an Arrow table with units and meanings as metadata."""
        import pyarrow as pa

        return pa.Table.from_pydict(self.columns(), schema=arrow_schema())

    def digest(self) -> str:
        """SHA-256 over the columns: two runs that tell the same story have the same digest."""
        return columns_digest(self.columns())


def columns_digest(columns: Columns) -> str:
    """SHA-256 of columns of a log, in the order and types of the schema."""
    digest = hashlib.sha256()
    for column in LOG:
        digest.update(column.name.encode())
        digest.update(np.ascontiguousarray(columns[column.name], dtype=column.dtype).tobytes())
    return digest.hexdigest()


def _complaint(values: tuple[int, ...]) -> str:
    for column, value in zip(LOG, values, strict=True):
        bits = 8 * np.dtype(column.dtype).itemsize - 1
        if not isinstance(value, int | np.integer) or not -(1 << bits) <= int(value) < 1 << bits:
            return f"event log: {value!r} does not fit column {column.name} ({column.dtype[1:]})"
    return f"event log: cannot write {values!r}"
