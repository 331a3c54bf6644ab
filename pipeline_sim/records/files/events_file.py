"""Event log streamed to disk during a run: a thread encodes and writes the rows that the engine appends."""

import os
import queue
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.records.columns import LOG, arrow_schema
from pipeline_sim.records.event_log import Columns, LogDigest
from pipeline_sim.records.files.result_files import arrow_table, parquet_options
from pipeline_sim.records.records_error import RecordsError, file_errors

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS_A_GROUP = 1 << 18  # of the Parquet file
PARTS_WAITING = 4  # more than these and the engine waits for the disk


class EventsFile:
    """Event log of one replication as zstd Parquet; the file appears when the block is left without an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = Path(os.devnull)
        self._digest = LogDigest()
        self._parts: queue.Queue[Columns | None] = queue.Queue(PARTS_WAITING)
        self._problem: list[Exception] = []
        self._thread: threading.Thread | None = None
        self._ended = False

    def __enter__(self) -> "EventsFile":
        self._open()
        return self

    def take(self, columns: Columns) -> None:
        """Append rows; RecordsError if the disk has failed meanwhile."""
        self._raise_problem()
        self._digest.take(columns)
        self._parts.put(columns)

    def restart(self) -> None:
        """Discard all rows so far."""
        self._close()
        self._remove()
        self._digest = LogDigest()
        self._open()

    def digest(self) -> str:
        """SHA-256 over the columns of all rows so far."""
        return self._digest.hexdigest()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with file_errors("write", self.path):
                self._close()
                if problem is None:
                    self._raise_problem()
                    self._temporary.chmod(0o644)
                    self._temporary.replace(self.path)
        finally:
            self._remove()

    def _open(self) -> None:
        with file_errors("write", self.path):
            number, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        self._temporary, self._ended = Path(name), False
        self._thread = threading.Thread(target=self._write_all, args=(number,), daemon=True)
        self._thread.start()

    def _close(self) -> None:
        if self._thread is not None:
            self._parts.put(None)
            self._thread.join()
            self._thread = None

    def _remove(self) -> None:
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _raise_problem(self) -> None:
        if self._problem:
            import pyarrow as pa

            error = self._problem[0]
            if not isinstance(error, OSError | MemoryError | pa.ArrowException):
                raise error
            reason = error.strerror if isinstance(error, OSError) else None
            raise RecordsError(f"cannot write {self.path}: {reason or error}") from None

    # ---- on the thread ---------------------------------------------------------------------------------------------

    def _write_all(self, number: int) -> None:
        import pyarrow.parquet as pq

        schema = arrow_schema()
        try:
            with os.fdopen(number, "wb") as file:
                with pq.ParquetWriter(file, schema, **parquet_options(schema)) as writer:
                    self._write_groups(writer, schema)
                file.flush()
                os.fsync(file.fileno())
        except Exception as error:  # whatever it is: the engine would wait for ever for a thread that has ended
            self._problem.append(error)
            while not self._ended:  # so that the engine does not wait for ever; nor does this thread, at the end
                self._next_part()

    def _next_part(self) -> Columns | None:
        part = self._parts.get()
        self._ended = part is None
        return part

    def _write_groups(self, writer: "pq.ParquetWriter", schema: "pa.Schema") -> None:
        waiting: list[Columns] = []
        while (part := self._next_part()) is not None:
            waiting.append(part)
            if sum(len(rows["day"]) for rows in waiting) >= ROWS_A_GROUP:
                writer.write_table(_table(waiting, schema), ROWS_A_GROUP)
                waiting.clear()
        writer.write_table(_table(waiting, schema), ROWS_A_GROUP)


def _table(parts: list[Columns], schema: "pa.Schema") -> "pa.Table":
    columns = {
        column.name: parts[0][column.name]
        if len(parts) == 1
        else np.concatenate([np.zeros(0, column.dtype), *(part[column.name] for part in parts)])
        for column in LOG
    }
    return arrow_table(columns, schema)
