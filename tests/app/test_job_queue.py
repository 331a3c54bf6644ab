"""The queue: kept on disk, apart by user, limited, cancelled; a run that is killed goes on."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support import ROOT

from pipeline_sim.app import queue_worker
from pipeline_sim.app.first_look import FIRST
from pipeline_sim.app.job_queue import (
    DONE,
    FAULT,
    LONG,
    MOST_OF_A_USER,
    RUNNING,
    SHORT,
    STOPPED,
    WAITING,
    Job,
    JobQueue,
    try_lock,
)
from pipeline_sim.app.question import OwnStudy
from pipeline_sim.study.study_error import StudyError

ONE, OTHER = "one user", "../../another"


@pytest.fixture
def queue(tmp_path: Path) -> JobQueue:
    """Empty queue."""
    return JobQueue(tmp_path, ROOT)


def asked(queue: JobQueue, name: str, owner: str = ONE, lane: str = SHORT) -> Job:
    """Run of a study of that name."""
    return queue.submit(OwnStudy({"study.toml": name}), owner, [[name]], lane, name)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Commands of runs: `sleep` waits deaf to SIGTERM, `fail` fails, `work` leaves a result. Ends what is left."""

    def command(words: list[str]) -> int:
        folder = next(path.parent for path in Path.cwd().glob("questions/*/job.json") if words[0] in path.read_text())
        (folder / "tries").open("a").write("x")
        if "sleep" in words[0]:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
        if "fail" in words[0]:
            os.write(2, b"error: planted\n")
            return 2
        (folder / "result").mkdir()
        (folder / "result" / "manifest.json").write_text('{"files": {}}')
        return 0

    monkeypatch.setattr(queue_worker, "typed", command)
    monkeypatch.setattr(queue_worker, "write_first_look", lambda folder, store: None)
    started = list[int]()
    yield started
    for process in started:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def until_ended(process: int, job: Job) -> None:
    """Wait as the worker does."""
    while not queue_worker.ended(process, job):
        time.sleep(0.01)


def started(job: Job, typed: list[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """Process of a run, once it is in its command."""
    monkeypatch.chdir(job.folder.parents[1])
    tries = (job.folder / "tries").stat().st_size if (job.folder / "tries").exists() else 0
    typed.append(queue_worker.start(job))
    while not (job.folder / "tries").exists() or (job.folder / "tries").stat().st_size == tries:
        time.sleep(0.01)
    return typed[-1]


def test_users_are_kept_apart_and_share_what_both_ask(queue: JobQueue) -> None:
    first, again = asked(queue, "a"), asked(queue, "a", OTHER)
    asked(queue, "b", OTHER)
    assert first.identifier == again.identifier
    assert [len(queue.jobs(owner)) for owner in (ONE, OTHER, "nobody")] == [1, 2, 0]
    queue.cancel(first, "nobody")
    queue.cancel(first, ONE)
    assert first.state == WAITING  # the other user still wants it
    queue.cancel(first, OTHER)
    assert first.state == STOPPED
    assert asked(queue, "a").state == WAITING


def test_a_user_has_a_limit_and_others_have_theirs(queue: JobQueue) -> None:
    for number in range(MOST_OF_A_USER):
        asked(queue, str(number))
    with pytest.raises(StudyError, match="cancel one first"):
        asked(queue, "more")
    asked(queue, "0")
    asked(queue, "more", OTHER)
    assert queue.place(asked(queue, "more", OTHER)) == MOST_OF_A_USER


@pytest.mark.parametrize("identifier", ["", "..", "../../../etc", "a" * 200, "x/../../etc/", "............"])
def test_an_identifier_from_outside_reaches_no_path(queue: JobQueue, identifier: str) -> None:
    assert queue.job(identifier) is None


def test_a_run_ends_with_a_result_or_a_line(queue: JobQueue, typed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    works, fails = asked(queue, "work"), asked(queue, "fail")
    for job in (works, fails):
        until_ended(started(job, typed, monkeypatch), job)
    assert (works.state, fails.state, fails.problem) == (DONE, FAULT, "planted")
    assert asked(queue, "fail").state == WAITING  # asked for again, it is tried again


def test_a_cancelled_run_that_does_not_listen_is_killed(
    queue: JobQueue, typed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_worker, "SECONDS_TO_STOP", 0.1)
    job = asked(queue, "sleep")
    process = started(job, typed, monkeypatch)
    assert job.state == RUNNING
    queue.cancel(job, ONE)
    until_ended(process, job)
    assert job.state == STOPPED


def test_a_killed_run_goes_on_and_is_given_up_the_third_time(
    queue: JobQueue, typed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, states = asked(queue, "sleep"), []
    for _ in range(3):
        process = started(job, typed, monkeypatch)
        os.kill(process, signal.SIGKILL)
        until_ended(process, job)
        states.append(job.state)
    assert states == [WAITING, WAITING, FAULT]


def test_a_run_survives_its_worker_and_a_new_worker_sees_it(
    queue: JobQueue, typed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(queue, "sleep", lane=LONG)
    process = started(job, typed, monkeypatch)
    again = JobQueue(queue.work, ROOT).job(job.identifier)
    assert again is not None
    assert again.state == RUNNING
    assert json.loads((job.folder / "started.json").read_text())["process"] == process
    assert os.getsid(process) == process  # in a session of its own: Ctrl-C and the end of the app do not reach it


def test_short_runs_go_first_and_long_ones_one_after_another(queue: JobQueue) -> None:
    """A short run waits for no long one, nor for the report of a short one; a store has one writer at a time."""
    both = [["batch"], ["compare"]]
    short = [queue.submit(OwnStudy({"study.toml": f"{at}"}), f"{at}", both, SHORT, "") for at in range(2)]
    long = asked(queue, "long", lane=LONG)

    def room(job: Job, *runs: Job) -> bool:
        return queue_worker.has_room(job, runs)

    assert [room(short[0]), room(short[0], long), room(long, *short), room(long, long)] == [True, True, True, False]
    assert not room(short[1], short[0])
    (short[0].folder / FIRST).touch()
    assert room(short[1], short[0])


def test_the_worker_works_off_the_queue_and_ends_when_the_app_is_gone(
    queue: JobQueue, typed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(queue.work)
    monkeypatch.setattr(queue_worker, "load_program", lambda study: None)
    monkeypatch.setattr(queue_worker, "fill_ahead", lambda queue, study: None)
    monkeypatch.setattr(queue_worker, "write_probe", lambda work, study: None)
    jobs = [asked(queue, "work1"), asked(queue, "work2", OTHER), asked(queue, "work3", lane=LONG), asked(queue, "fail")]
    queue_worker.serve(queue.work, ROOT, Path("study.toml"))
    assert [job.state for job in jobs] == [DONE, DONE, DONE, FAULT]
    assert not queue_worker.app_runs(queue.work)
    with (queue.work / "app.lock").open("a") as lock:
        try_lock(lock)
        assert queue_worker.app_runs(queue.work)
