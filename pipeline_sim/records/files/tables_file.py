"""Tables of an answer as Parquet: long tables of numbers and names, with a description of each column in the file."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.records.files.checked_files import open_regular
from pipeline_sim.records.files.result_files import check_rows, write_atomically
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pandas as pd

METADATA_KEY = b"pipeline_sim.table"
DESCRIPTION_KEY = b"description"


class TableMetadata(NamedTuple):
    """Metadata of a table."""

    title: str
    identity: str  # of the study that the table answers
    columns: Mapping[str, str]  # description of each column, with its unit
    identifier: str = ""  # of the table
    about: str = ""  # what else its reader needs, as JSON


def write_table(path: Path, table: "pd.DataFrame", notes: TableMetadata) -> None:
    """Write a table as zstd Parquet; equal tables give equal bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = pa.Table.from_pandas(table, preserve_index=False)
    text = notes.columns
    fields = [field.with_metadata({DESCRIPTION_KEY: text.get(field.name, "").encode()}) for field in plain.schema]
    about = {"title": notes.title, "identity": notes.identity, "identifier": notes.identifier}
    about |= {"about": notes.about} if notes.about else {}
    metadata = {METADATA_KEY: json.dumps(about, sort_keys=True).encode()}
    whole = plain.cast(pa.schema(fields, metadata=metadata))
    write_atomically(path, lambda file: pq.write_table(whole, file, compression="zstd"))


def read_table_metadata(path: Path) -> TableMetadata:
    """Metadata of a table that `write_table` wrote; RecordsError for a damaged or foreign file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            schema = pq.ParquetFile(file, pre_buffer=False).schema_arrow
    except (OSError, pa.ArrowException):
        raise RecordsError(f"cannot read {path}: damaged, cut short or not Parquet") from None
    if METADATA_KEY not in (schema.metadata or {}):
        raise RecordsError(f"{path} has no description: it is no table of this program")
    try:
        about = json.loads(schema.metadata[METADATA_KEY])
        keys = ("title", "identity", "identifier", "about")
        title, identity, identifier, more = (str(about.get(key, "")) for key in keys)
        columns = {field.name: (field.metadata or {}).get(DESCRIPTION_KEY, b"").decode() for field in schema}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RecordsError(f"{path} has another description than tables of this program") from None
    return TableMetadata(title, identity, columns, identifier, more)


def read_table(path: Path) -> "tuple[pd.DataFrame, TableMetadata]":
    """Table that `write_table` wrote, with its metadata; RecordsError for a damaged or foreign file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    notes = read_table_metadata(path)
    try:
        with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
            parquet = pq.ParquetFile(file, pre_buffer=False)  # `pq.read_table` would load all of pyarrow's data sets
            check_rows(path, parquet)
            return parquet.read().to_pandas(), notes
    except (OSError, pa.ArrowException):
        raise RecordsError(f"cannot read {path}: damaged, cut short or not Parquet") from None
