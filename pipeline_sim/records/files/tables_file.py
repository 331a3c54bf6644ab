"""Tables of an answer as Parquet: long tables of numbers and names, with what they mean in the file itself."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.records.files.result_files import write_whole
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pandas as pd

MEANT = b"pipeline_sim.table"
ABOUT = b"description"


class TableNotes(NamedTuple):
    """What a table says about itself."""

    title: str
    identity: str  # of the study whose answer it holds
    columns: Mapping[str, str]  # what each column means, with its unit
    identifier: str = ""  # of the table


def write_table(path: Path, table: "pd.DataFrame", notes: TableNotes) -> None:
    """Write a table as zstd Parquet; the same table gives the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = pa.Table.from_pandas(table, preserve_index=False)
    fields = [field.with_metadata({ABOUT: notes.columns.get(field.name, "").encode()}) for field in plain.schema]
    about = {"title": notes.title, "identity": notes.identity, "identifier": notes.identifier}
    meant = json.dumps(about, sort_keys=True).encode()
    whole = plain.cast(pa.schema(fields, metadata={MEANT: meant}))
    write_whole(path, lambda file: pq.write_table(whole, file, compression="zstd"))


def read_notes(path: Path) -> TableNotes:
    """What a table that was written here says about itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as file:
            schema = pq.ParquetFile(file, pre_buffer=False).schema_arrow
    except (OSError, pa.ArrowException):
        raise RecordsError(f"cannot read {path}: damaged, cut short or not Parquet") from None
    if MEANT not in (schema.metadata or {}):
        raise RecordsError(f"{path} says nothing about itself")
    meant = json.loads(schema.metadata[MEANT])
    columns = {field.name: (field.metadata or {}).get(ABOUT, b"").decode() for field in schema}
    return TableNotes(meant["title"], meant["identity"], columns, meant.get("identifier", ""))
