"""Finished replications are kept and read again; what is damaged or foreign is named and computed again."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from support.worlds.tiny_study import question

from pipeline_sim.records.files.storage import FolderStorage, InMemoryStorage, Storage, storage_at
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution import fill_store as room
from pipeline_sim.study.execution import replication_store
from pipeline_sim.study.execution.fill_store import Observer, RunPlan, run_missing
from pipeline_sim.study.execution.replication_store import ReplicationStore, dataset_digest
from pipeline_sim.study.replication.joint_replication import PairedReplication
from pipeline_sim.study.replication.summary import Summary
from pipeline_sim.study.study_error import InterruptedRunError

WORLDS = ("none", "money")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Replications that were computed, and of how many worlds."""
    runs: list[tuple[int, int]] = []
    run = room.run_paired_replication

    def counted(family: PairedReplication, *rest: object) -> tuple[Summary, ...]:
        runs.append((family.replication, len(family.worlds)))
        return run(family, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "run_paired_replication", counted)
    return runs


def plan_of(folder: Path, store: Storage | None = None, **changes: object) -> RunPlan:
    """The tiny study without attribution, its files in the folder."""
    return question(folder, store or InMemoryStorage(), attribution=None, **changes).run_plan


def wanted(count: int, *names: str) -> dict[str, int]:
    return dict.fromkeys(names or WORLDS, count)


def same(one: ReplicationStore, other: ReplicationStore, count: int) -> bool:
    pairs = ((one.sample(name, count), other.sample(name, count)) for name in WORLDS)
    return all(np.array_equal(a, b) for mine, theirs in pairs for a, b in zip(mine, theirs, strict=True))


def test_more_replications_use_those_there_are(tmp_path: Path, ran: list[tuple[int, int]]) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    run_missing(plan, wanted(2))
    more = run_missing(plan, wanted(3))
    assert ran == [(0, 2), (1, 2), (2, 2)]
    assert same(more, run_missing(plan_of(tmp_path), wanted(3)), 3)


def test_one_world_more_runs_that_world(tmp_path: Path, ran: list[tuple[int, int]]) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    run_missing(plan, wanted(2, "none"))
    both = run_missing(plan, {"none": 2, "money": 1})
    assert ran == [(0, 1), (1, 1), (0, 1)]
    assert same(both, run_missing(plan_of(tmp_path), wanted(1)), 1)


def test_another_world_of_the_same_name_is_another_world(tmp_path: Path, ran: list[tuple[int, int]]) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    run_missing(plan, wanted(1, "money"))
    edited = plan.worlds["money"]._replace(without=frozenset({"simulation"}))
    run_missing(plan._replace(worlds={**plan.worlds, "money": edited}), wanted(1, "money"))
    assert len(ran) == 2
    assert len(list((tmp_path / "store").glob("setting=*/world=money-*/000000.parquet"))) == 2


CHANGES: list[dict[str, object]] = [
    {"seed": 8}, {"parameters": "mode"}, {"held": ["life"]}, {"repeat_every": 0}, {"scale": 0.5}
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_made_otherwise_is_kept_apart(tmp_path: Path, change: dict[str, object]) -> None:
    plain, other = (plan_of(tmp_path, **each).setting.digest for each in ({}, change))
    assert plain != other


def test_other_sources_of_the_model_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = plan_of(tmp_path).setting
    before = setting.digest
    monkeypatch.setattr("pipeline_sim.study.replication.run_setting.model_digest", lambda: "0123456789abcdef")
    assert setting.digest != before


def one_block(folder: Path, world: str) -> Path:
    (file,) = (folder / "store").glob(f"setting=*/world={world}-*/*.parquet")
    return file


@pytest.mark.parametrize("harm", ["cut", "flip", "foreign", "empty", "gone", "moved", "none of ours"])
def test_a_damaged_block_is_named_and_computed_again(tmp_path: Path, ran: list[tuple[int, int]], harm: str) -> None:
    plan, said = plan_of(tmp_path, FolderStorage(tmp_path / "store")), list[str]()
    first = run_missing(plan, wanted(2))
    before = dataset_digest(first)
    file = one_block(tmp_path, "money")
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    elif harm == "moved":
        shutil.copy(one_block(tmp_path, "none"), file)
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        harmed = {"cut": content[:-100], "flip": flipped, "foreign": b"PAR1 no PAR1", "empty": b""}
        file.write_bytes(harmed.get(harm, content.replace(b"pipeline_sim.sha256:", b"pipeline_sam.sha256:")))
    again = run_missing(plan, wanted(2), Observer(on_warning=said.append))
    assert ran[2:] == [(0, 1), (1, 1)]  # that world alone
    assert len(said) == (harm != "gone")
    assert all(file.name in line and "will be run again" in line for line in said)
    assert dataset_digest(again) == before
    assert dataset_digest(run_missing(plan, wanted(2))) == before
    assert len(ran) == 4


def test_every_bit_of_a_block_counts(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    run_missing(plan, wanted(1))
    file = one_block(tmp_path, "none")
    content = file.read_bytes()
    for at in np.random.default_rng(1).integers(0, len(content), 60):
        file.write_bytes(content[:at] + bytes([content[at] ^ 16]) + content[at + 1 :])
        kept = ReplicationStore(plan.store, plan.setting, plan.worlds)
        kept.scan(lambda line: None)
        assert not kept.block_digests["none"]


def test_a_file_that_is_no_block_is_named_and_left(tmp_path: Path) -> None:
    plan, said = plan_of(tmp_path, FolderStorage(tmp_path / "store")), list[str]()
    run_missing(plan, wanted(1))
    copy = one_block(tmp_path, "none").with_name("000000 (copy).parquet")
    shutil.copy(one_block(tmp_path, "none"), copy)
    run_missing(plan, wanted(2), Observer(on_warning=said.append))
    assert [copy.name in line for line in said] == [True]
    assert copy.exists()


def test_neither_threads_nor_stops_nor_order_can_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replication_store, "LEAST_SECONDS_BETWEEN_SAVES", 0.0)
    at_once = dataset_digest(run_missing(plan_of(tmp_path)._replace(workers=3), wanted(5)))
    place = FolderStorage(tmp_path / "store")
    for count in (1, 2, 4, 5):
        kept = run_missing(plan_of(tmp_path, place), wanted(count))
    assert dataset_digest(kept) == at_once


def test_an_object_store_holds_the_same(tmp_path: Path, bucket: str, ran: list[tuple[int, int]]) -> None:
    place = storage_at(bucket).subfolder("kept")
    for count in (2, 3):
        kept = run_missing(plan_of(tmp_path, place), wanted(count))
    assert [number for number, _ in ran] == [0, 1, 2]
    assert dataset_digest(kept) == dataset_digest(run_missing(plan_of(tmp_path), wanted(3)))


def test_a_lost_manifest_is_made_again(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    run_missing(plan, wanted(1))
    (manifest,) = (tmp_path / "store").glob("setting=*/_manifest.json")
    before = manifest.read_text()
    manifest.unlink()
    run_missing(plan, wanted(1))
    assert manifest.read_text() == before


def test_other_rules_in_the_same_store_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, said = plan_of(tmp_path, FolderStorage(tmp_path / "store")), list[str]()
    monkeypatch.setattr("pipeline_sim.study.replication.run_setting.model_digest", lambda: "0123456789abcdef")
    run_missing(plan, wanted(1))
    monkeypatch.undo()
    run_missing(plan, wanted(1), Observer(on_warning=said.append))
    assert len(said) == 1
    assert "was made by other rules or sources of the model (0123456789abcdef, here" in said[0]
    assert len(list((tmp_path / "store").glob("setting=*"))) == 2


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, ran: list[tuple[int, int]]) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))

    def press(count: float) -> None:
        if count >= 2:
            raise KeyboardInterrupt

    with pytest.raises(InterruptedRunError) as stopped:
        run_missing(plan, wanted(30), Observer(on_progress=press))
    done = len(stopped.value.finished)
    assert 2 <= done < 30
    before = len(ran)
    run_missing(plan, wanted(done))
    assert len(ran) == before


def test_two_writers_keep_each_other_out_and_readers_go_on(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, FolderStorage(tmp_path / "store"))
    kept = run_missing(plan, wanted(1))
    with kept.storage.write_lock():
        with pytest.raises(RecordsError, match=r"is being written by process \d+ on .* since .*: wait until"):
            run_missing(plan, wanted(2))
        run_missing(plan, wanted(1))
    run_missing(plan, wanted(2))
