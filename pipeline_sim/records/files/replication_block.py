"""Blocks: the counts of a world in a few replications as one long Parquet table, to be read by any program.

A row is one count of one replication: by what it is told apart, of whom, where, in which year, which measure. Rows go
cell by cell and within a cell replication by replication: the keys then pack to almost nothing. The file says what it
is (units, digests, seed, versions) and carries its own checksum.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.files.embedded_checksum import SEAL, is_sealed, sealed
from pipeline_sim.records.records_error import RecordsError

if TYPE_CHECKING:
    import pyarrow as pa

ABOUT, CHECKED = b"pipeline_sim.block", b"pipeline_sim.checked"
SIZE = 16  # replications of a full block
REPLICATION, YEAR, VALUE = "replication", "year", "value"
COLUMNS = {
    REPLICATION: "the luck: the same number is the same luck in every world",
    "by": "what people or money are told apart by; 'all' is everybody",
    "who": "of whom, or of which intervention",
    "office": "where; empty where all offices are counted together",
    YEAR: "calendar year in which the training year begins; empty where all reported years are counted together",
    "measure": "what is counted; `units` of the file's metadata has its unit",
    VALUE: "the count, of the model's doctors: not yet put up by the scale",
}
Values = npt.NDArray[np.int64]
About = Mapping[str, Any]


class DamagedBlockError(RecordsError):
    """A block that is torn, edited or not what stands there by its name."""


class Keys(NamedTuple):
    """A column of the cells of a world."""

    labels: tuple[str, ...]
    codes: npt.NDArray[np.int32]  # [C] place of each cell's label; -1 for none


class Cells(NamedTuple):
    """What each of the C counts of a replication is."""

    by: Keys
    who: Keys
    office: Keys
    year: npt.NDArray[np.int16]  # [C] -1 for none
    measure: Keys


class Block(NamedTuple):
    """Counts of some replications."""

    numbers: tuple[int, ...]  # [R] ascending
    values: Values  # [R, C]


def block_name(first: int) -> str:
    """File of the block that begins with a replication."""
    return f"{first:06d}.parquet"


def block_start(number: int) -> int:
    """First replication of the block that a replication is in."""
    return number - number % SIZE


def content_digest(block: Block) -> str:
    """SHA-256 over replications and counts: the same on every machine, whatever packs the file."""
    digest = hashlib.sha256(repr((block.numbers, block.values.shape)).encode())
    digest.update(np.ascontiguousarray(block.values, "<i8").tobytes())
    return digest.hexdigest()


def packed(block: Block, cells: Cells, about: About) -> bytes:
    """The file of a block."""
    import pyarrow.parquet as pq

    table = _table(block, cells)
    said = {**about, "replications": list(block.numbers), "content": content_digest(block)}
    buffer = io.BytesIO()
    keys = [name for name in COLUMNS if name != VALUE]
    options = {"compression": "zstd", "use_dictionary": keys, "column_encoding": {VALUE: "BYTE_STREAM_SPLIT"}}
    with pq.ParquetWriter(buffer, table.schema, **options) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({ABOUT: json.dumps(said, sort_keys=True), CHECKED: SEAL})
    return sealed(buffer.getvalue())


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


def about_block(content: bytes, about: About) -> dict[str, Any]:
    """What a file says about itself; DamagedBlockError if a bit of it has changed, or it is not what it should be."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not content:
        raise DamagedBlockError("is empty")
    if not is_sealed(content):
        raise DamagedBlockError("is torn or edited: its checksum does not hold")
    try:
        said = json.loads(pq.ParquetFile(io.BytesIO(content)).metadata.metadata[ABOUT])
    except (pa.ArrowException, KeyError, TypeError, ValueError):
        raise DamagedBlockError("is no block of this program") from None
    for key, wanted in about.items():
        if said.get(key) != wanted:
            raise DamagedBlockError(f"belongs elsewhere: its {key} is {said.get(key)}, should be {wanted}")
    return dict(said)


def unpacked(content: bytes, width: int, about: About) -> Block:
    """The counts of a file, as `about_block` checks it."""
    import pyarrow.parquet as pq

    said = about_block(content, about)
    # in this thread: a pool that is still starting when the program ends makes it abort
    file = pq.ParquetFile(io.BytesIO(content), pre_buffer=False)
    flat = file.read(columns=[VALUE], use_threads=False).column(VALUE).to_numpy()
    numbers = tuple(said["replications"])
    if len(flat) != len(numbers) * width:
        raise DamagedBlockError(f"has {len(flat)} rows, should have {len(numbers) * width}")
    return Block(numbers, np.ascontiguousarray(flat.reshape(width, len(numbers)).T))


def merged(one: Block | None, other: Block) -> Block:
    """All replications of two blocks, in order; those of the second count where both have one."""
    if one is None:
        return other
    rows = dict(zip(one.numbers, one.values, strict=True)) | dict(zip(other.numbers, other.values, strict=True))
    numbers = tuple(sorted(rows))
    return Block(numbers, np.stack([rows[number] for number in numbers]))
