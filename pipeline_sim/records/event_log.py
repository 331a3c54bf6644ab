"""The event log while a run writes it: packed rows, 23 bytes each, growing at the end."""

import hashlib
import struct
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.columns import LOG, arrow_schema
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pyarrow as pa

Columns = dict[str, npt.NDArray[Any]]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.signedinteger[Any]]  # 16 bits from the batch engine: an England has 700,000 cells
ROW = np.dtype([(column.name, column.dtype) for column in LOG])
_LETTERS = {"<i1": "b", "<i2": "h", "<i4": "i"}
_pack = struct.Struct("<" + "".join(_LETTERS[column.dtype] for column in LOG)).pack


class Counts(NamedTuple):
    """Counts of one training year made by an engine as it went, a cell each; -1 where a key does not apply."""

    year: Keys  # index from the first year of warm-up
    programme: Keys
    office: Keys
    pattern: Keys  # 1: less than full time
    origin: Keys
    measure: Keys  # place in records.measures.measure_names()
    value: Ints


class EventLog:
    """Rows of one replication, read back in (day, phase, trainee) order, of writing within.

    An engine either writes single rows, in any order, or appends columns that are in order already; it may count as
    it goes. With a sink, appended columns are passed on and not kept.
    """

    def __init__(self, keeps: bool = True, sink: "Reader | None" = None, counted: bool = True) -> None:
        self.keeps = keeps  # False: nobody will read rows, so an engine that counts need not write them
        self.counted = counted  # False: nobody will read counts, so no engine need make them
        self.rows_told = 0  # rows told to readers and counts, kept or not
        self.counts: list[Counts] = []
        self._sink = sink
        self._rows = bytearray()
        self._parts: list[Columns] = []

    @property
    def streams(self) -> bool:
        """Rows that are appended are passed on at once."""
        return self._sink is not None

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

    def append(self, columns: Columns) -> None:
        """Add many rows at once, in the order of the log; nobody may write to these arrays any more."""
        if self._sink is None:
            self._parts.append(columns)
        else:
            self._sink.take(columns)

    def count(self, counts: Counts) -> None:
        """Add counts of a training year, made by the engine itself."""
        self.counts.append(counts)

    def begin_again(self) -> None:
        """Forget everything: the engine starts the replication anew."""
        self._rows.clear()
        self._parts.clear()
        self.counts.clear()
        if self._sink is not None:
            self._sink.begin_again()

    def __len__(self) -> int:
        return len(self._rows) // ROW.itemsize + sum(len(part["day"]) for part in self._parts)

    def columns(self) -> Columns:
        """A copy of every column in the order of the log."""
        if self._parts:
            return {column.name: np.concatenate([part[column.name] for part in self._parts]) for column in LOG}
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


class Reader(Protocol):
    """Takes a log as it is written."""

    def take(self, columns: Columns) -> None:
        """The next rows, in the order of the log."""

    def begin_again(self) -> None:
        """What was taken is void."""


class LogDigest:
    """SHA-256 over the columns of a log that comes in parts."""

    def __init__(self) -> None:
        self._columns = {column.name: hashlib.sha256() for column in LOG}

    def take(self, columns: Columns) -> None:
        """The next rows."""
        for column in LOG:
            self._columns[column.name].update(np.ascontiguousarray(columns[column.name], dtype=column.dtype).data)

    def hexdigest(self) -> str:
        """Of all rows so far."""
        digest = hashlib.sha256()
        for name, column in self._columns.items():
            digest.update(name.encode() + column.digest())
        return digest.hexdigest()


def columns_digest(columns: Columns) -> str:
    """SHA-256 of columns of a log, in the order and types of the schema."""
    digest = LogDigest()
    digest.take(columns)
    return digest.hexdigest()


def _complaint(values: tuple[int, ...]) -> str:
    for column, value in zip(LOG, values, strict=True):
        bits = 8 * np.dtype(column.dtype).itemsize - 1
        if not isinstance(value, int | np.integer) or not -(1 << bits) <= int(value) < 1 << bits:
            return f"event log: {value!r} does not fit column {column.name} ({column.dtype[1:]})"
    return f"event log: cannot write {values!r}"
