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

METADATA_KEY, CHECKSUM_KEY = b"pipeline_sim.block", b"pipeline_sim.checked"
BLOCK_SIZE = 16  # replications of a full block
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


def read_block_metadata(content: bytes, about: BlockMetadata) -> dict[str, Any]:
    """Metadata of a block file; DamagedBlockError if a byte has changed or an entry is not as in `about`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not content:
        raise DamagedBlockError("is empty")
    if not checksum_holds(content):
        raise DamagedBlockError("is damaged (its checksum does not match)")
    try:
        metadata = json.loads(pq.ParquetFile(io.BytesIO(content)).metadata.metadata[METADATA_KEY])
    except (pa.ArrowException, KeyError, TypeError, ValueError):
        raise DamagedBlockError("is no block of this program") from None
    for key, wanted in about.items():
        if metadata.get(key) != wanted:
            raise DamagedBlockError(f"belongs elsewhere: its {key} is {metadata.get(key)}, should be {wanted}")
    return dict(metadata)


def decode_block(content: bytes, width: int, about: BlockMetadata) -> Block:
    """Block in a file of `width` counts a replication; DamagedBlockError as for `read_block_metadata`."""
    import pyarrow.parquet as pq

    metadata = read_block_metadata(content, about)
    # in this thread: a pool that is still starting when the program ends makes it abort
    file = pq.ParquetFile(io.BytesIO(content), pre_buffer=False)
    flat = file.read(columns=[VALUE], use_threads=False).column(VALUE).to_numpy()
    numbers = tuple(metadata["replications"])
    if len(flat) != len(numbers) * width:
        raise DamagedBlockError(f"has {len(flat)} rows, should have {len(numbers) * width}")
    return Block(numbers, np.ascontiguousarray(flat.reshape(width, len(numbers)).T))


def merge_blocks(one: Block | None, other: Block) -> Block:
    """Union of two blocks, in order of replications; the second wins where both have one."""
    if one is None:
        return other
    rows = dict(zip(one.numbers, one.values, strict=True)) | dict(zip(other.numbers, other.values, strict=True))
    numbers = tuple(sorted(rows))
    return Block(numbers, np.stack([rows[number] for number in numbers]))
