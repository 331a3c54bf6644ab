"""A file is whole or absent, and a file that is not what it should be is refused in one line."""

import errno
import os
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline_sim.records.columns import MEASURES, arrow_schema
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.records.files import events_file, result_files
from pipeline_sim.records.files.events_file import EventsFile
from pipeline_sim.records.records_error import RecordsError


@pytest.fixture
def columns() -> Columns:
    log, luck = EventLog(), np.random.default_rng(1)
    for day in range(400):
        log.write(day, 3, (1 << 23) + int(luck.integers(50)), 7, 0, int(luck.integers(9)), 3, 1, 2, 100, day * 7)
    return log.columns()


def test_a_log_comes_back_bit_for_bit(tmp_path: Path, columns: Columns) -> None:
    result_files.write_events(tmp_path / "events.parquet", columns)
    found = result_files.read_events(tmp_path / "events.parquet")
    for name, column in columns.items():
        assert found[name].dtype == column.dtype
        assert (found[name] == column).all()


def test_integers_are_stored_as_the_house_says(tmp_path: Path, columns: Columns) -> None:
    result_files.write_events(tmp_path / "events.parquet", columns)
    group = pq.ParquetFile(tmp_path / "events.parquet").metadata.row_group(0)
    for place in range(group.num_columns):
        column = group.column(place)
        assert column.compression == "ZSTD"
        assert not any("DICTIONARY" in encoding for encoding in column.encodings)


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_file_cut_short_is_refused(tmp_path: Path, columns: Columns, kept: float) -> None:
    path = tmp_path / "events.parquet"
    result_files.write_events(path, columns)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(RecordsError, match=r"damaged, cut short or not Parquet") as problem:
        result_files.read_events(path)
    assert "\n" not in str(problem.value)


def test_a_file_with_bits_changed_is_refused_or_known_by_its_sum(tmp_path: Path, columns: Columns) -> None:
    path = tmp_path / "events.parquet"
    result_files.write_events(path, columns)
    result_files.write_manifest(tmp_path, {})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert result_files.changed_files(tmp_path) == ["events.parquet"]


def test_another_programs_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"day": [1], "what": ["x"]}), path)
    with pytest.raises(RecordsError, match="other columns than day, phase"):
        result_files.read_events(path)


def test_another_version_is_refused(tmp_path: Path, columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "events.parquet"
    result_files.write_events(path, columns)
    monkeypatch.setattr("pipeline_sim.records.columns.SCHEMA_VERSION", 2)
    with pytest.raises(RecordsError, match="another version"):
        result_files.read_events(path)


def test_text_is_not_parquet(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    path.write_text("hello")
    with pytest.raises(RecordsError, match="not Parquet"):
        result_files.read_events(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"cannot read .*none\.parquet: No such file"):
        result_files.read_events(tmp_path / "none.parquet")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, columns: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events.parquet"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordsError, match="No space left on device"):
        result_files.write_events(path, columns)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, columns: Columns) -> None:
    with pytest.raises(RecordsError, match=r"cannot write .*No such file or directory"):
        result_files.write_events(tmp_path / "absent" / "events.parquet", columns)


def test_stopping_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        result_files.write_atomically(tmp_path / "file", stopped)
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_another_type_is_not_cut_to_fit(columns: Columns) -> None:
    with pytest.raises(TypeError, match="safe"):
        result_files.arrow_table({**columns, "phase": columns["day"]}, arrow_schema())


def test_measures_come_back(tmp_path: Path) -> None:
    row = {column.name: np.array([3], np.int16 if column.dtype == "str" else column.dtype) for column in MEASURES}
    row |= {"measure": np.array([measure_names().index("ccts")]), "office": np.array([-1]), "stage": np.array([1])}
    coded = ("programme", "office", "stage", "pattern", "origin")
    names = dict.fromkeys(coded, ("zero", "Œsophageal", "two", "three"))
    result_files.write_measures(tmp_path / "measures.parquet", row, names)
    found = pq.read_table(tmp_path / "measures.parquet").to_pandas()
    texts = dict.fromkeys(coded, "three") | {"measure": "ccts", "office": "", "stage": "Œsophageal"}
    assert found.to_dict("records") == [{column.name: 3 for column in MEASURES} | texts]


def test_the_manifest_knows_every_file(tmp_path: Path) -> None:
    result_files.write_text(tmp_path / "a.csv", "a\n")
    result_files.write_manifest(tmp_path, {"seed": 3})
    assert result_files.read_manifest(tmp_path)["seed"] == 3
    assert result_files.changed_files(tmp_path) == []
    (tmp_path / "a.csv").unlink()
    assert result_files.changed_files(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / result_files.MANIFEST).write_text(content)
    with pytest.raises(RecordsError, match="manifest"):
        result_files.read_manifest(tmp_path)


def test_hidden_files_are_no_part_of_a_result(tmp_path: Path) -> None:
    (tmp_path / ".unfinished").write_text("")
    result_files.write_text(tmp_path / "a.txt", "a")
    result_files.write_manifest(tmp_path, {})
    assert list(result_files.read_manifest(tmp_path)["files"]) == ["a.txt"]


@pytest.mark.parametrize(
    ("parts", "where", "problem"),
    [
        (1, "fsync", OSError(errno.ENOSPC, "No space left on device")),
        (20, "table", OSError(errno.ENOSPC, "No space left on device")),
        (20, "table", ZeroDivisionError("a fault")),
    ],
)
def test_a_writer_that_fails_stops_nobody_for_ever(
    tmp_path: Path, columns: Columns, monkeypatch: pytest.MonkeyPatch, parts: int, where: str, problem: Exception
) -> None:
    def full(*_: object) -> None:
        raise problem

    if where == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(events_file, "_table", full)
        monkeypatch.setattr(events_file, "ROWS_A_GROUP", 1)
    found: list[BaseException] = []

    def write() -> None:
        try:
            with EventsFile(tmp_path / "events.parquet") as file:
                for _ in range(parts):
                    file.take(columns)
        except (RecordsError, ZeroDivisionError) as error:
            found.append(error)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(20)
    assert not writer.is_alive()
    assert (problem.strerror if isinstance(problem, OSError) else "a fault") in str(found[0])
    assert isinstance(found[0], RecordsError) == isinstance(problem, OSError)
    assert not list(tmp_path.iterdir())
