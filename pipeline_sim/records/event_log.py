"""The event log of a running replication: packed rows of 23 bytes, and the counts that an engine made from them."""

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
    """Counts of one training year made by an engine as it ran, [C] cells; -1 where a key does not apply."""

    year: Keys  # index from the first year of warm-up
    programme: Keys
    office: Keys
    pattern: Keys  # 1: less than full time
    origin: Keys
    measure: Keys  # index in records.count_measures.measure_names()
    value: Ints


class PeopleCounts(NamedTuple):
    """The same counts by group of people, of the whole nation, [C] cells."""

    year: Keys  # index from the first year of warm-up
    people: Keys  # group, see rules/people
    measure: Keys  # index in records.count_measures.measure_names()
    value: Ints


class EventLog:
    """Event log of one replication, read back in (day, phase, trainee) order and within that in order of writing.

    An engine either writes single rows in any order, or appends sorted columns; it may add counts. With a sink,
    appended columns are passed on and not kept.
    """

    def __init__(self, keep_rows: bool = True, sink: "RowSink | None" = None, keep_counts: bool = True) -> None:
        self.keep_rows = keep_rows  # False: an engine that counts need not write rows
        self.keep_counts = keep_counts  # False: no engine need make counts
        self.rows_emitted = 0  # rows written or counted, kept or not
        self.counts: list[Counts] = []
        self.people_counts: list[PeopleCounts] = []
        self._sink = sink
        self._rows = bytearray()
        self._parts: list[Columns] = []

    @property
    def streams(self) -> bool:
        """Whether appended rows are passed on at once."""
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
        """Add one row; RecordsError for a value that its column cannot hold, which never wraps."""
        try:
            self._rows += _pack(day, phase, trainee, event, from_code, to_code, programme, grade, office, wte, amount)
        except struct.error:
            values = (day, phase, trainee, event, from_code, to_code, programme, grade, office, wte, amount)
            raise RecordsError(_complaint(values)) from None

    def append(self, columns: Columns) -> None:
        """Append rows in the order of the log; nobody may write to these arrays any more."""
        if self._sink is None:
            self._parts.append(columns)
        else:
            self._sink.take(columns)

    def count(self, counts: Counts, people: PeopleCounts) -> None:
        """Add the engine's own counts of a training year, and the same by group of people."""
        self.counts.append(counts)
        self.people_counts.append(people)

    def restart(self) -> None:
        """Discard all rows and counts: the engine starts the replication anew."""
        self._rows.clear()
        self._parts.clear()
        self.counts.clear()
        self.people_counts.clear()
        if self._sink is not None:
            self._sink.restart()

    def __len__(self) -> int:
        return len(self._rows) // ROW.itemsize + sum(len(part["day"]) for part in self._parts)

    def columns(self) -> Columns:
        """Copies of all columns in the order of the log."""
        if self._parts:
            return {column.name: np.concatenate([part[column.name] for part in self._parts]) for column in LOG}
        rows = np.frombuffer(bytes(self._rows), dtype=ROW)
        order = np.lexsort((rows["trainee"], rows["phase"], rows["day"]))
        return {column.name: rows[column.name][order] for column in LOG}

    def table(self) -> "pa.Table":
        """Event log as an Arrow table with units and meanings as metadata."""
        import pyarrow as pa

        return pa.Table.from_pydict(self.columns(), schema=arrow_schema())

    def digest(self) -> str:
        """SHA-256 over the columns: equal logs have equal digests."""
        return columns_digest(self.columns())


class RowSink(Protocol):
    """Receiver of a log as it is written."""

    def take(self, columns: Columns) -> None:
        """Receive the next rows, in the order of the log."""

    def restart(self) -> None:
        """Discard all rows so far."""


class LogDigest:
    """Running SHA-256 over the columns of a log that comes in parts."""

    def __init__(self) -> None:
        self._columns = {column.name: hashlib.sha256() for column in LOG}

    def take(self, columns: Columns) -> None:
        """Add the next rows."""
        for column in LOG:
            self._columns[column.name].update(np.ascontiguousarray(columns[column.name], dtype=column.dtype).data)

    def hexdigest(self) -> str:
        """Digest of all rows so far, in hex digits."""
        digest = hashlib.sha256()
        for name, column in self._columns.items():
            digest.update(name.encode() + column.digest())
        return digest.hexdigest()


def columns_digest(columns: Columns) -> str:
    """SHA-256 over the columns of a log, in the order and types of the schema."""
    digest = LogDigest()
    digest.take(columns)
    return digest.hexdigest()


def _complaint(values: tuple[int, ...]) -> str:
    for column, value in zip(LOG, values, strict=True):
        bits = 8 * np.dtype(column.dtype).itemsize - 1
        if not isinstance(value, int | np.integer) or not -(1 << bits) <= int(value) < 1 << bits:
            return f"event log: {value!r} does not fit column {column.name} ({column.dtype[1:]})"
    return f"event log: cannot write {values!r}"
