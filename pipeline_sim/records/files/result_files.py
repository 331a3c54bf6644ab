"""Files of a result: the log and the measures as Parquet, the manifest as JSON. A file is whole or absent."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from pipeline_sim.records.columns import LOG, arrow_schema, measures_schema
from pipeline_sim.records.event_log import Columns
from pipeline_sim.records.provenance.manifest_seal import sealed_text
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST = "manifest.json"
_NEARLY_SORTED = "DELTA_BINARY_PACKED"
_SMALL_INTEGERS = "BYTE_STREAM_SPLIT"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file beside its name and rename it when it is on disk; RecordsError leaves nothing behind."""
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)
            write(cast(BinaryIO, file))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise RecordsError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_events(path: Path, columns: Columns) -> None:
    """Write a log as zstd Parquet."""
    import pyarrow as pa

    _write_table(path, pa.Table.from_pydict(dict(columns), schema=arrow_schema()))


def read_events(path: Path) -> Columns:
    """Columns of a log; RecordsError if the file is cut short, is not a log, or is of another version."""
    table = _read_table(path, arrow_schema())
    return {column.name: table.column(column.name).to_numpy() for column in LOG}


def write_measures(path: Path, measures: "pd.DataFrame") -> None:
    """Write the long table of measures as zstd Parquet."""
    import pyarrow as pa

    table = pa.Table.from_pandas(measures, schema=measures_schema(), preserve_index=False)
    _write_table(path, table)


def read_measures(path: Path) -> "pd.DataFrame":
    """The long table of measures."""
    return _read_table(path, measures_schema()).to_pandas()


def write_text(path: Path, text: str) -> None:
    """Write a small text file, whole or not at all."""
    write_whole(path, lambda file: file.write(text.encode()))


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json last, with the SHA-256 of every other file of the folder, and a seal."""
    try:
        files = sorted(path for path in folder.rglob("[!.]*") if path.is_file() and path.name != MANIFEST)
        sums = {path.relative_to(folder).as_posix(): file_digest(path) for path in files}
    except OSError as error:
        raise RecordsError(f"cannot read {folder}: {error.strerror or error}") from None
    write_text(folder / MANIFEST, sealed_text({**manifest, "files": sums}))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a result."""
    path = folder / MANIFEST
    manifest = read_json(path)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise RecordsError(f"{path} is not the manifest of a result")
    return manifest


def read_json(path: Path) -> Any:
    """What a JSON file says."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordsError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise RecordsError(f"{path} is not JSON: damaged or not a manifest") from None


def changed_files(folder: Path) -> list[str]:
    """Files of a result that are missing or no longer what the manifest says."""
    sums = read_manifest(folder)["files"]
    return [name for name, digest in sums.items() if not _is_file(folder / name, digest)]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_file(path: Path, digest: str) -> bool:
    return path.is_file() and file_digest(path) == digest


def _write_table(path: Path, table: "pa.Table") -> None:
    import pyarrow.parquet as pq

    write_whole(path, lambda file: pq.write_table(table, file, **parquet_options(table.schema)))


def parquet_options(schema: "pa.Schema") -> dict[str, Any]:
    """How integers are packed: no dictionary, the encoding that suits each, zstd."""
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
        with path.open("rb") as file:
            # in this thread: a pool that is still starting when the program ends makes it abort
            found = pq.ParquetFile(file, pre_buffer=False).read(use_threads=False)
    except OSError as error:
        reason = error.strerror or "damaged, cut short or not Parquet"
        raise RecordsError(f"cannot read {path}: {reason}") from None
    except pa.ArrowException:
        raise RecordsError(f"cannot read {path}: damaged, cut short or not Parquet") from None
    if not found.schema.equals(schema):
        raise RecordsError(f"{path} is Parquet but has other columns than {_names(schema)}")
    version = b"pipeline_sim.schema"
    if (found.schema.metadata or {}).get(version) != (schema.metadata or {})[version]:
        raise RecordsError(f"{path} was written by another version of the schema")
    return found


def _names(schema: "pa.Schema") -> str:
    return ", ".join(schema.names)
