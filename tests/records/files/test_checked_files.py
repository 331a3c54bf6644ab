"""Files from strangers: no link, pipe or name leads out of a folder, and a sealed lie in a block is found."""

import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from support.issued_results import write_result

from pipeline_sim.records.files import object_storage, replication_block
from pipeline_sim.records.files.array_cache import load_arrays
from pipeline_sim.records.files.embedded_checksum import PLACEHOLDER, embed_checksum
from pipeline_sim.records.files.lock import locked_folder, one_at_a_time
from pipeline_sim.records.files.manifest_seal import sealed_text
from pipeline_sim.records.files.replication_block import (
    Block,
    Cells,
    DamagedBlockError,
    LabelColumn,
    encode_block,
    read_block,
)
from pipeline_sim.records.files.result_files import changed_files
from pipeline_sim.records.files.storage import FolderStorage
from pipeline_sim.records.provenance.lookup import find_result
from pipeline_sim.records.records_error import RecordsError


@pytest.mark.parametrize("kind", ["symbolic link", "hard link", "pipe"])
def test_a_lock_that_is_no_file_of_its_own_is_left_alone(tmp_path: Path, kind: str) -> None:
    victim, store = tmp_path / "victim", tmp_path / "store"
    victim.write_text("precious")
    store.mkdir()
    lock = store / ".lock"
    {"symbolic link": lock.symlink_to, "hard link": lock.hardlink_to}.get(kind, lambda _: os.mkfifo(lock))(victim)
    with pytest.raises(RecordsError, match=r"cannot write .*\.lock"), locked_folder(store):
        pass
    with one_at_a_time(store):
        pass
    assert victim.read_text() == "precious"


def test_nothing_outside_a_store_is_read_or_written(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "a").write_bytes(b"precious")
    place = FolderStorage(tmp_path / "store")
    place.write("b/a", b"own")
    (tmp_path / "store" / "linked").symlink_to(tmp_path / "victim")
    os.mkfifo(tmp_path / "store" / "pipe")
    for attempt in (
        lambda: place.write("linked/a", b""), lambda: place.read("linked/a"), lambda: place.subfolder("linked"),
        lambda: place.write("../victim/a", b""), lambda: place.read(str(tmp_path / "victim" / "a")),
    ):  # fmt: skip
        with pytest.raises(RecordsError, match="leads out of"):
            attempt()
    with pytest.raises(RecordsError, match="cannot read"):
        place.read("pipe")
    assert (tmp_path / "victim" / "a").read_bytes() == b"precious"
    assert place.read("b/a") == b"own"


@pytest.mark.parametrize("name", ["../victim", "/etc/hostname", "linked"])
def test_a_result_names_no_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "victim").write_text("precious")
    *_, table = write_result(tmp_path / "one")
    path = tmp_path / "one" / "manifest.json"
    (tmp_path / "one" / "linked").symlink_to(tmp_path / "victim")
    manifest = json.loads(path.read_text())
    manifest["files"][name] = "0" * 64
    path.write_text(sealed_text(manifest))
    for look in (lambda: find_result(table, tmp_path), lambda: changed_files(tmp_path / "one")):
        with pytest.raises(RecordsError, match="leads out of"):
            look()


BLOCK = Block((0, 2), np.arange(8, dtype=np.int64).reshape(2, 4))


def sealed(change: Callable[[pa.Table], pa.Table] = lambda table: table, **entries: Any) -> bytes:
    """Block whose table or metadata were changed before it was sealed, as a forger would."""
    label = LabelColumn(("all",), np.zeros(4, np.int32))
    cells = Cells(label, label, label, np.full(4, 2021, np.int16), label)
    honest = pq.ParquetFile(io.BytesIO(encode_block(BLOCK, cells, {"first": 0})))
    metadata = {**json.loads(honest.metadata.metadata[replication_block.METADATA_KEY]), **entries}
    buffer, table = io.BytesIO(), change(honest.read())
    with pq.ParquetWriter(buffer, table.schema) as writer:
        writer.write_table(table)
        keys = replication_block.METADATA_KEY, replication_block.CHECKSUM_KEY
        writer.add_key_value_metadata(dict(zip(keys, (json.dumps(metadata), PLACEHOLDER), strict=True)))
    return embed_checksum(buffer.getvalue())


def with_values(make: Callable[[pa.Array], pa.Array]) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        return table.set_column(table.num_columns - 1, "value", make(table.column("value").combine_chunks()))

    return change


LIES: dict[str, tuple[Callable[[pa.Table], pa.Table], dict[str, Any]]] = {
    "one count more": (with_values(lambda values: pc.add(values, 1)), {}),
    "fractions": (with_values(lambda values: values.cast("double")), {}),
    "no numbers": (with_values(lambda values: pa.array([None, *values.to_pylist()[1:]], "int64")), {}),
    "a column gone": (lambda table: table.drop_columns(["who"]), {}),
    "columns exchanged": (lambda table: table.select([*table.column_names[::-1]]), {}),
    "rows gone": (lambda table: table.slice(0, 6), {}),
    "replications of another block": (lambda table: table, {"replications": [0, 99]}),
    "one replication twice": (lambda table: table, {"replications": [0, 0]}),
    "words for replications": (lambda table: table, {"replications": "ab"}),
    "no replications": (lambda table: table, {"replications": []}),
    "another digest": (lambda table: table, {"content": "0" * 64}),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("width", [4, None])
def test_a_sealed_block_that_lies_is_found_out(lie: str, width: int | None) -> None:
    assert np.array_equal(read_block(sealed(), {"first": 0}, width)[1].values, BLOCK.values)
    change, entries = LIES[lie]
    with pytest.raises(DamagedBlockError):
        read_block(sealed(change, **entries), {"first": 0}, width)


def test_rows_that_are_declared_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replication_block, "MOST_ROWS", 7)
    with pytest.raises(DamagedBlockError, match="has 8 rows, should have a multiple of 2, 7 at most"):
        read_block(sealed(), {})


def test_arrays_that_would_fill_the_memory_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "points.npz"
    np.savez_compressed(path, a=np.zeros(1 << 16))
    monkeypatch.setattr("pipeline_sim.records.files.array_cache.MOST_BYTES", 1 << 16)
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("was unpacked"))
    assert load_arrays(path) is None


def test_an_object_store_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def get_file_info(self, _: object) -> None:
            time.sleep(60)

    monkeypatch.setattr(object_storage, "SECONDS_TO_ANSWER", 0.05)
    with pytest.raises(RecordsError, match=r"cannot read s3://a: no answer within 0 s"):
        object_storage.ObjectStorage(Silent(), "a", "s3://a").names()  # type: ignore[arg-type]
