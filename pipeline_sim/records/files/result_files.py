"""Files of a result: event log and measures as Parquet, manifest as JSON. Writes are atomic."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from pipeline_sim.records.columns import LOG, arrow_schema, measures_schema
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import Columns
from pipeline_sim.records.files.checked_files import inside, open_regular, read_regular
from pipeline_sim.records.files.harmless_text import harmless
from pipeline_sim.records.files.manifest_seal import parse_json, parse_manifest, sealed_text
from pipeline_sim.records.records_error import RecordsError, file_errors

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MANIFEST = "manifest.json"
MOST_ROWS = 1 << 28  # of an event log or table
NOT_PARQUET = "damaged, cut short or not Parquet"
_NEARLY_SORTED = "DELTA_BINARY_PACKED"
_SMALL_INTEGERS = "BYTE_STREAM_SPLIT"


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a temporary file beside its name and rename it once it is on disk; RecordsError leaves nothing behind."""
    temporary: Path | None = None
    try:
        with file_errors("write", path):
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                temporary = Path(file.name)
                write(cast(BinaryIO, file))
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
            temporary = None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_events(path: Path, columns: Columns) -> None:
    """Write an event log as zstd Parquet."""
    _write_table(path, arrow_table(columns, arrow_schema()))


def read_events(path: Path) -> Columns:
    """Columns of an event log; RecordsError if the file is cut short, is no log, or has another schema version."""
    table = _read_table(path, arrow_schema())
    return {column.name: table.column(column.name).to_numpy() for column in LOG}


def write_measures(path: Path, measures: Columns, names: Mapping[str, Sequence[str]]) -> None:
    """Write a table of measures as zstd Parquet, with names in place of codes; -1 is none. `names` are by column."""
    texts = {**names, "measure": measure_names()}
    named = {column: np.array([*known, ""], object)[measures[column]] for column, known in texts.items()}
    _write_table(path, arrow_table({**measures, **named}, measures_schema()))


def arrow_table(columns: Columns, schema: "pa.Schema") -> "pa.Table":
    """Arrow table of NumPy columns, numbers or texts, in the types of a schema.

    Numbers are not copied. Built from buffers, because pyarrow's own conversion imports pandas.
    """
    import pyarrow as pa

    def array(field: "pa.Field") -> "pa.Array":
        values = columns[field.name]
        if pa.types.is_string(field.type):
            texts = [text.encode() for text in values]
            buffers = [np.cumsum([0, *map(len, texts)], dtype=np.int32), b"".join(texts)]
        else:
            buffers = [values.astype(field.type.to_pandas_dtype(), "C", "safe", copy=False)]
        return pa.Array.from_buffers(field.type, len(values), [None, *map(pa.py_buffer, buffers)])

    return pa.Table.from_arrays([array(field) for field in schema], schema=schema)


def write_text(path: Path, text: str) -> None:
    """Write a small text file atomically, without control characters."""
    write_atomically(path, lambda file: file.write(harmless(text).encode()))


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json last: sealed, with the SHA-256 of every other file of the folder."""
    with file_errors("read", folder):
        files = sorted(path for path in folder.rglob("[!.]*") if path.is_file() and path.name != MANIFEST)
        sums = {path.relative_to(folder).as_posix(): file_digest(path) for path in files}
    write_text(folder / MANIFEST, sealed_text({**manifest, "files": sums}))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a result folder, its seal not checked; RecordsError if there is none."""
    return parse_manifest(folder / MANIFEST, read_regular(folder / MANIFEST))


def read_json(path: Path) -> Any:
    """Value in a JSON file; RecordsError if it cannot be read or is not JSON."""
    return parse_json(path, read_regular(path))


def changed_files(folder: Path) -> list[str]:
    """Names of the files of a result that are missing or differ from the manifest."""
    sums = read_manifest(folder)["files"]
    return [name for name in sums if not (path := inside(folder, name)).is_file() or file_digest(path) != sums[name]]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_rows(path: Path, parquet: "pq.ParquetFile") -> None:
    """RecordsError if a file declares more rows than any of this program has: reading it would take all memory."""
    about = parquet.metadata
    if sum(about.row_group(index).num_rows for index in range(about.num_row_groups)) > MOST_ROWS:
        raise RecordsError(f"cannot read {path}: it says that it has over {MOST_ROWS:,} rows")


def _write_table(path: Path, table: "pa.Table") -> None:
    import pyarrow.parquet as pq

    write_atomically(path, lambda file: pq.write_table(table, file, **parquet_options(table.schema)))


def parquet_options(schema: "pa.Schema") -> dict[str, Any]:
    """Options of the Parquet writer: zstd, no dictionary, and the integer encoding that suits each column."""
    import pyarrow as pa

    integers = {field.name: _encoding(field.type) for field in schema if pa.types.is_integer(field.type)}
    return {"compression": "zstd", "use_dictionary": False, "column_encoding": integers, "write_statistics": True}


def _encoding(kind: "pa.DataType") -> str:
    """Parquet stores 8- and 16-bit integers as 32 bits: delta packs those and sorted days best."""
    return _SMALL_INTEGERS if np.dtype(kind.to_pandas_dtype()).itemsize == 8 else _NEARLY_SORTED


def _read_table(path: Path, schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            # in this thread: a pool that is still starting when the program ends makes it abort
            parquet = pq.ParquetFile(file, pre_buffer=False)
            check_rows(path, parquet)
            table = parquet.read(use_threads=False)
    except OSError as error:
        raise RecordsError(f"cannot read {path}: {error.strerror or NOT_PARQUET}") from None
    except pa.ArrowException:
        raise RecordsError(f"cannot read {path}: {NOT_PARQUET}") from None
    if not table.schema.equals(schema):
        raise RecordsError(f"{path} is Parquet but has other columns than {', '.join(schema.names)}")
    version = b"pipeline_sim.schema"
    if (table.schema.metadata or {}).get(version) != (schema.metadata or {})[version]:
        raise RecordsError(f"{path} was written by another version of the schema")
    return table
