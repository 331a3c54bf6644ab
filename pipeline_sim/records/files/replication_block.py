"""Blocks: the counts of a world in up to 16 replications as one long Parquet table that any program can read.

A row is one count of one replication: subgroup, office, year, measure, value. Rows go cell by cell and within a cell
replication by replication, so that the keys pack to almost nothing. The file carries its metadata (units, digests,
seed, versions) and its own checksum.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.files.embedded_checksum import PLACEHOLDER, checksum_holds, embed_checksum
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

METADATA_KEY, CHECKSUM_KEY = b"pipeline_sim.block", b"pipeline_sim.checked"
BLOCK_SIZE = 16  # replications of a full block
MOST_ROWS, PAGE_BYTES = 1 << 26, 1 << 20  # of a block; beside eight bytes a count
REPLICATION, YEAR, VALUE = "replication", "year", "value"
COLUMNS = {
    REPLICATION: "number of the replication: equal numbers are equal random numbers in every world",
    "by": "what subgroups or spending are divided by; 'all' is everybody",
    "who": "the subgroup, or the intervention",
    "office": "the office; empty for all offices together",
    YEAR: "calendar year in which the training year begins; empty for all reported years together",
    "measure": "what is counted; `units` of the file's metadata has its unit",
    VALUE: "the count, of simulated doctors: not yet scaled up to England",
}
Values = npt.NDArray[np.int64]
BlockMetadata = Mapping[str, Any]


class DamagedBlockError(RecordsError):
    """Error of a block that is torn, edited or not the one its name says."""


class LabelColumn(NamedTuple):
    """Key column of the cells of a world, as codes of labels."""

    labels: tuple[str, ...]
    codes: npt.NDArray[np.int32]  # [C] index of each cell's label; -1 for none


class Cells(NamedTuple):
    """Keys of the C counts of a replication."""

    by: LabelColumn
    who: LabelColumn
    office: LabelColumn
    year: npt.NDArray[np.int16]  # [C] -1 for none
    measure: LabelColumn


class Block(NamedTuple):
    """Counts of some replications of a world."""

    numbers: tuple[int, ...]  # [R] ascending
    values: Values  # [R, C]


def block_name(first: int) -> str:
    """File name of the block that begins with a replication."""
    return f"{first:06d}.parquet"


def block_start(number: int) -> int:
    """First replication of the block that a replication belongs to."""
    return number - number % BLOCK_SIZE


def content_digest(block: Block) -> str:
    """SHA-256 over the replications and counts of a block, whatever version packs the file."""
    digest = hashlib.sha256(repr((block.numbers, block.values.shape)).encode())
    digest.update(np.ascontiguousarray(block.values, "<i8").tobytes())
    return digest.hexdigest()


def encode_block(block: Block, cells: Cells, about: BlockMetadata) -> bytes:
    """Bytes of the Parquet file of a block."""
    import pyarrow.parquet as pq

    table = _table(block, cells)
    metadata = {**about, "replications": list(block.numbers), "content": content_digest(block)}
    buffer = io.BytesIO()
    keys = [name for name in COLUMNS if name != VALUE]
    options = {"compression": "zstd", "use_dictionary": keys, "column_encoding": {VALUE: "BYTE_STREAM_SPLIT"}}
    with pq.ParquetWriter(buffer, table.schema, **options) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({METADATA_KEY: json.dumps(metadata, sort_keys=True), CHECKSUM_KEY: PLACEHOLDER})
    return embed_checksum(buffer.getvalue())


def _table(block: Block, cells: Cells) -> "pa.Table":
    import pyarrow as pa

    count, width = block.values.shape
    columns = {
        REPLICATION: pa.array(np.tile(np.array(block.numbers, np.int32), width)),
        YEAR: pa.array(np.repeat(cells.year, count), mask=np.repeat(cells.year < 0, count)),
        VALUE: pa.array(block.values.T.ravel()),
    }
    for name in ("by", "who", "office", "measure"):
        labels, codes = getattr(cells, name)
        repeated = pa.array(np.repeat(codes, count), mask=np.repeat(codes < 0, count))
        columns[name] = pa.DictionaryArray.from_arrays(repeated, pa.array(labels, pa.string()))
    fields = [pa.field(name, columns[name].type, metadata={"description": text}) for name, text in COLUMNS.items()]
    return pa.table([columns[name] for name in COLUMNS], schema=pa.schema(fields))


def read_block(content: bytes, about: BlockMetadata, width: int | None = None) -> tuple[dict[str, Any], Block]:
    """Metadata and counts of a block file, of `width` counts a replication where that is known.

    DamagedBlockError if a byte has changed, an entry is not as in `about`, or the table is not what the entries say.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not content:
        raise DamagedBlockError("is empty")
    if not checksum_holds(content):
        raise DamagedBlockError("is damaged (its checksum does not match)")
    try:
        # in this thread: a pool that is still starting when the program ends makes it abort
        file = pq.ParquetFile(io.BytesIO(content), pre_buffer=False)
        metadata = dict(json.loads(file.metadata.metadata[METADATA_KEY]))
        for key, wanted in about.items():
            if metadata.get(key) != wanted:
                raise DamagedBlockError(
                    f"belongs elsewhere: its {key} is {str(metadata.get(key))[:60]}, should be {wanted}"
                )
        numbers = _numbers(metadata)
        _check_form(file, len(numbers), width)
        flat = file.read(columns=[VALUE], use_threads=False).column(VALUE)
        if flat.null_count:
            raise DamagedBlockError("has counts without a number")
        block = Block(numbers, np.ascontiguousarray(flat.to_numpy().reshape(-1, len(numbers)).T))
    except (pa.ArrowException, MemoryError, OSError, LookupError, TypeError, ValueError, RecursionError):
        raise DamagedBlockError("is no block of this program") from None
    if metadata.get("content") != content_digest(block):
        raise DamagedBlockError("has other counts than those it was sealed with")
    return metadata, block


def _numbers(metadata: BlockMetadata) -> tuple[int, ...]:
    """Replications that a block says it has: some of sixteen, ascending."""
    numbers, first = metadata["replications"], metadata.get("first", metadata["replications"][0])
    whole = all(type(number) is int for number in (first, *numbers))
    if not whole or numbers != sorted(set(numbers)) or not set(numbers) <= set(range(first, first + BLOCK_SIZE)):
        raise DamagedBlockError("has replications that no block has")
    return tuple(numbers)


def _check_form(file: "pq.ParquetFile", replications: int, width: int | None) -> None:
    """Check columns and declared sizes before anything is read."""
    import pyarrow as pa

    schema, about = file.schema_arrow, file.metadata
    if schema.names != list(COLUMNS) or schema.field(VALUE).type != pa.int64():
        raise DamagedBlockError(f"has other columns than {', '.join(COLUMNS)}")
    groups = [about.row_group(index) for index in range(about.num_row_groups)]
    rows = sum(group.num_rows for group in groups)
    place = schema.get_field_index(VALUE)
    packed = sum(group.column(place).total_uncompressed_size for group in groups)
    right = rows == about.num_rows and rows % replications == 0 and packed <= 9 * rows + PAGE_BYTES
    if not right or (width is None and rows > MOST_ROWS) or width not in (None, rows // replications):
        wanted = (
            f"{replications * width}" if width is not None else f"a multiple of {replications}, {MOST_ROWS} at most"
        )
        raise DamagedBlockError(f"has {about.num_rows} rows, should have {wanted}")


def merge_blocks(one: Block | None, other: Block) -> Block:
    """Union of two blocks, in order of replications; the second wins where both have one."""
    if one is None:
        return other
    rows = dict(zip(one.numbers, one.values, strict=True)) | dict(zip(other.numbers, other.values, strict=True))
    numbers = tuple(sorted(rows))
    return Block(numbers, np.stack([rows[number] for number in numbers]))
