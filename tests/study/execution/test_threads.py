"""Neither threads nor their order can be seen in a result of the batch engine, whether its log is kept or not."""

import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.batch import arena
from pipeline_sim.records.event_log import EventLog, columns_digest
from pipeline_sim.records.files.result_files import read_events
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.execution.run_replications import Job, Replication, all_measures, replicate
from pipeline_sim.study.execution.threads import threads
from pipeline_sim.study.execution.worker_pool import run_all
from pipeline_sim.study.replication import memory_check
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

TINY = WorldSpec((str(Path(__file__).parents[3] / "configs" / "tiny.toml"),), scale=0.3)


def jobs(folder: Path | None, *replications: int) -> list[Job]:
    """Batch jobs, with logs if there is a folder."""
    return [Job(TINY, "batch", 1, r, str(folder / f"{r}.parquet") if folder else None) for r in replications]


def same(one: list[Replication], other: list[Replication]) -> bool:
    """True if two lists of replications count the same."""
    tables = (pd.DataFrame(all_measures(each)) for each in (one, other))
    return next(tables).equals(next(tables)) and [a.rows for a in one] == [b.rows for b in other]


@pytest.mark.parity
@pytest.mark.parametrize("workers", [2, 3, 5])
def test_threads_cannot_be_seen(tmp_path: Path, workers: int) -> None:
    alone = replicate(jobs(None, 0, 1, 2, 3, 4), workers=1)
    assert same(alone, replicate(jobs(tmp_path, 0, 1, 2, 3, 4), workers=workers))
    turned = replicate(jobs(None, 4, 3, 2, 1, 0), workers=workers)
    assert same(alone, turned[::-1])


@pytest.mark.parity
def test_a_log_on_disk_is_the_log_in_memory(tmp_path: Path) -> None:
    (found,) = replicate(jobs(tmp_path, 3))
    (held,) = replicate([job._replace(check=True) for job in jobs(None, 3)])
    assert found.log_digest == held.log_digest == columns_digest(read_events(tmp_path / "3.parquet"))
    assert found.rows == held.rows
    assert held.broken == ()


def test_the_first_error_stops_all_threads() -> None:
    seen: list[int] = []

    def work(job: int, report: object) -> int:
        seen.append(job)
        time.sleep(0.02)
        if job == 1:
            raise StudyError("no")
        return job

    with pytest.raises(StudyError, match="no"), threads(work, 2) as crew:
        run_all(crew, list(range(50)), None)
    assert len(seen) < 50


def test_ctrl_c_hands_back_the_first_results() -> None:
    others = threading.Event()

    def work(job: int, report: object) -> int:
        if job >= 3:
            others.wait(5)
        return 10 * job

    def press(part: float) -> None:
        if part >= 3 / 6:
            others.set()
            raise KeyboardInterrupt

    with pytest.raises(InterruptedRunError) as stopped, threads(work, 2) as crew:
        run_all(crew, list(range(6)), press)
    assert stopped.value.finished[:3] == [0, 10, 20]


def test_too_little_memory_is_said_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_check, "free_bytes", lambda: 1 << 20)
    with pytest.raises(StudyError, match=r"2 replications side by side may need .* GiB are free: try a smal"):
        replicate(jobs(None, 0, 1), workers=2)
    monkeypatch.undo()
    assert memory_check.free_bytes() > 1 << 20


# ---- room that turns out too small, numbers that turn out too large --------------------------------------------------


def told(book: Rulebook) -> EventLog:
    log = EventLog()
    ENGINES["batch"](book, 3, 0, log)
    return log


@pytest.mark.parity
@pytest.mark.parametrize("small", [{"doctors": 3}, {"chunks": 2}, {"log": 40}, {"doctors": 3, "chunks": 1, "log": 30}])
def test_room_that_is_too_small_is_doubled_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch, small: dict[str, int]
) -> None:
    book = toy_rulebook(years=3, people=4)
    expected = told(book)
    guess = arena.first_guess
    engine = __import__("importlib").import_module("pipeline_sim.engines.batch.run_replication")
    monkeypatch.setattr(engine, "first_guess", lambda rulebook: guess(rulebook)._replace(**small))
    again = told(book)
    assert again.digest() == expected.digest()
    assert len(again.counts) == len(expected.counts)
    for one, other in zip(again.counts, expected.counts, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_balance_that_its_cell_cannot_hold_ends_the_run() -> None:
    book = toy_rulebook(years=3, people=4)
    learnt = book.competence.opportunity_sum.astype(np.int64) * 3000
    competence = book.competence._replace(
        opportunity_sum=np.minimum(learnt, (1 << 31) - 1).astype(np.int32),
        pace=np.full_like(book.competence.pace, 50_000),
        surplus_days=1 << 40,
    )
    with pytest.raises(RecordsError, match="too large for its column"):
        told(book._replace(competence=competence))


def test_worlds_held_at_once_count(monkeypatch: pytest.MonkeyPatch) -> None:
    book = toy_rulebook(2, 1, 1)
    alone = arena.bytes_needed(book, arena.first_guess(book))
    monkeypatch.setattr(memory_check, "free_bytes", lambda: alone + 3 * memory_check.table_bytes(book))
    memory_check.check_memory(book, 1, worlds=4)
    with pytest.raises(StudyError, match="a replication may need"):
        memory_check.check_memory(book, 1, worlds=5)
