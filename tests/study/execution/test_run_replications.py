"""Neither processes nor their order can be seen in a result; a failure leaves in one piece."""

import os
from pathlib import Path

import pandas as pd
import pytest
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.records.count_measures import MeasureAxes
from pipeline_sim.records.event_log import columns_digest
from pipeline_sim.records.files.result_files import read_events
from pipeline_sim.records.invariants import PostLimits
from pipeline_sim.study.execution import run_replications as room
from pipeline_sim.study.execution.run_replications import Job, all_measures, replicate, run_job
from pipeline_sim.study.replication.prepare import PreparedWorld, WorldSpec, rulebook_digest
from pipeline_sim.world.world_error import WorldError

TINY = WorldSpec((str(Path(__file__).parents[3] / "configs" / "tiny.toml"),), scale=0.1)
TOY = WorldSpec(("toy.toml",))
BOOK = toy_rulebook(years=3, people=3)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = BOOK.calendar
    frame = MeasureAxes(calendar.year_start, 2018, 1, BOOK.programmes.stage)
    prepared = PreparedWorld(BOOK, None, frame, PostLimits(calendar.year_of, BOOK.posts.establishment))
    monkeypatch.setattr(room, "prepare", lambda _: prepared)


@pytest.mark.usefixtures("toy")
def test_results_come_in_the_order_of_the_jobs() -> None:
    jobs = [Job(TOY, "reference", 1, replication) for replication in (2, 0, 1)]
    found = replicate(jobs, workers=1)
    assert [each.measures["replication"][0] for each in found] == [2, 0, 1]
    assert len({each.log_digest for each in found}) == 3
    assert set(all_measures(found)["replication"]) == {0, 1, 2}


@pytest.mark.usefixtures("toy")
def test_a_replication_can_be_run_again_bit_for_bit() -> None:
    one, other = (run_job(Job(TOY, "reference", 1, 2)) for _ in range(2))
    assert one.log_digest == other.log_digest
    assert pd.DataFrame(one.measures).equals(pd.DataFrame(other.measures))


@pytest.mark.usefixtures("toy")
def test_the_log_is_kept_when_asked_and_the_laws_are_held() -> None:
    found = run_job(Job(TOY, "reference", 1, 0, check=True))
    assert found.broken == ()
    assert found.rows > 100


@pytest.mark.usefixtures("toy")
def test_the_kept_log_is_the_one_counted(tmp_path: Path) -> None:
    found = run_job(Job(TOY, "reference", 1, 0, str(tmp_path / "events.parquet")))
    assert columns_digest(read_events(tmp_path / "events.parquet")) == found.log_digest


@pytest.mark.usefixtures("toy")
def test_progress_rises_over_all_jobs() -> None:
    parts: list[float] = []
    replicate([Job(TOY, "reference", 1, r) for r in range(3)], 1, parts.append)
    assert parts == sorted(parts)
    assert 0 <= parts[0] < 1 / 3
    assert 2 / 3 < parts[-1] <= 1


def test_the_digest_of_a_rulebook_sees_every_number() -> None:
    other = BOOK._replace(extensions=BOOK.extensions._replace(step_days=92))
    assert rulebook_digest(BOOK) == rulebook_digest(toy_rulebook(years=3, people=3))
    assert rulebook_digest(BOOK) != rulebook_digest(other)


@pytest.mark.slow
def test_processes_give_what_one_process_gives() -> None:
    jobs = [Job(TINY, "reference", 9, replication) for replication in range(3)]
    parts: list[float] = []
    together, alone = replicate(jobs, 2, parts.append), replicate(jobs, 1)
    assert [each.log_digest for each in together] == [each.log_digest for each in alone]
    assert [each.rulebook_digest for each in together] == [each.rulebook_digest for each in alone]
    assert pd.DataFrame(all_measures(together)).equals(pd.DataFrame(all_measures(alone)))
    assert parts[-1] == 1


@pytest.mark.slow
def test_a_wrong_world_comes_back_from_a_process_as_one_line() -> None:
    jobs = [Job(WorldSpec(("nowhere.toml",)), "reference", 1, replication) for replication in range(2)]
    with pytest.raises(WorldError, match=r"nowhere\.toml"):
        replicate(jobs, 2)


@pytest.mark.slow
def test_stopping_the_parent_stops_the_workers() -> None:
    jobs = [Job(TINY._replace(scale=1.0), "reference", 1, replication) for replication in range(4)]

    def stop(part: float) -> None:
        if part > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replicate(jobs, 2, stop)
    assert not _children(os.getpid())


def _children(parent: int) -> list[int]:
    """Worker processes that are still there; the resource tracker of multiprocessing stays and is none."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            command = (status.parent / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent and fields[0] != "Z" and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found
