"""Queue of runs on disk: every run is a folder, named by its question, so that nothing is lost with the app.

    <work>/questions/<identifier>/   study.toml and its files, job.json, progress.jsonl, said.txt, first.html, result/
    <work>/store/                    finished replications of all questions

A run whose process ends early goes on from the store when the worker next looks at it.
"""

import hashlib
import json
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipeline_sim.app.question import DIGITS, OwnStudy
from pipeline_sim.records.files.lock import is_alive
from pipeline_sim.records.files.result_files import MANIFEST, write_text
from pipeline_sim.study.study_error import StudyError

QUESTIONS, STORE, WORKER_LOCK, APP_LOCK = "questions", "store", "worker.lock", "app.lock"
JOB, STARTED, PROGRESS, SAID = "job.json", "started.json", "progress.jsonl", "said.txt"
FAILED, CANCELLED, OWNERS, RESULT = "failed.txt", "cancelled", "owners", "result"
DEATHS, MOST_DEATHS = "deaths", 3  # times that a run was killed from outside before it is given up
OF_A_TRY = (STARTED, CANCELLED, FAILED, PROGRESS, SAID, DEATHS)
WAITING, RUNNING, DONE, STOPPED, FAULT = "waiting", "running", "finished", "cancelled", "failed"
UNDER_WAY = (WAITING, RUNNING)
SHORT, LONG = "short", "long"  # lanes: a short run does not wait for a long one
MOST_OF_A_USER = 3
TAIL = 4096  # bytes of a log that are looked at


def try_lock(file: IO[str]) -> bool:
    """Lock an open file until the last process that has it open ends, so that it outlasts exec; False if one has it."""
    import fcntl  # the queue forks, so it needs a system that has this anyway

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Job(NamedTuple):
    """Run of a question."""

    folder: Path
    about: dict[str, Any]

    @property
    def identifier(self) -> str:
        """Identifier of the question and its size."""
        return self.folder.name

    @property
    def result(self) -> Path:
        """Folder of the result."""
        return self.folder / RESULT

    @property
    def state(self) -> str:
        """State of the run."""
        if (self.result / MANIFEST).is_file():
            return DONE
        for name, state in ((CANCELLED, STOPPED), (FAILED, FAULT)):
            if (self.folder / name).exists():
                return state
        return RUNNING if is_under_way(read_or_none(self.folder / STARTED)) else WAITING

    @property
    def progress(self) -> dict[str, Any]:
        """Last record of progress; empty if there is none."""
        for line in reversed(tail(self.folder / PROGRESS)):
            with suppress(ValueError):
                return dict(json.loads(line))
        return {}

    @property
    def problem(self) -> str:
        """What went wrong, in a line."""
        lines = [line for line in tail(self.folder / SAID) if line.strip()]
        return lines[-1].removeprefix("error: ") if lines else "the run ended without a word"

    def owner(self, name: str) -> Path:
        """File that stands for an owner, whether or not they asked for the run."""
        return self.folder / OWNERS / hashlib.sha256(name.encode()).hexdigest()[:16]


def tail(path: Path) -> list[str]:
    """Last lines of a file."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
        return file.read().decode(errors="replace").splitlines()
    return []


def read_or_none(path: Path) -> Any:
    """Value of a JSON file; None if it is not there or not whole."""
    with suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return None


class JobQueue:
    """Queue of runs in a folder."""

    def __init__(self, work: Path, home: Path) -> None:
        self.work, self.questions = work, work / QUESTIONS
        self.questions.mkdir(parents=True, exist_ok=True)
        for name in ("configs", "experiments"):  # so that paths of a study are those in experiments/
            with suppress(FileExistsError):
                (work / name).symlink_to((home / name).resolve(), target_is_directory=True)

    def job(self, identifier: str) -> Job | None:
        """Run of an identifier."""
        if len(identifier) != DIGITS or not identifier.isalnum():
            return None
        about = read_or_none(self.questions / identifier / JOB)
        return None if about is None else Job(self.questions / identifier, about)

    def jobs(self, owner: str | None = None) -> list[Job]:
        """Runs, of one owner or all, the oldest first."""
        found = [self.job(path.parent.name) for path in self.questions.glob(f"*/{JOB}")]
        own = [job for job in found if job is not None and (owner is None or job.owner(owner).exists())]
        return sorted(own, key=lambda job: (job.about["asked"], job.identifier))

    def submit(self, study: OwnStudy, owner: str, command: Sequence[Sequence[str]], lane: str, title: str) -> Job:
        """Run of a study for an owner: a new one, or that which somebody asked for before. StudyError at the limit."""
        found = self.job(study.identifier)
        if found is None or found.state != DONE:
            others = [job for job in self.jobs(owner) if job.state in UNDER_WAY and job.folder.name != study.identifier]
            if len(others) >= MOST_OF_A_USER:
                raise StudyError(f"{MOST_OF_A_USER} of your runs wait or are under way: cancel one first")
        about = {"command": list(command), "lane": lane, "title": title, "asked": time.time()}
        job = Job(self.questions / study.identifier, about)
        job.owner(owner).parent.mkdir(parents=True, exist_ok=True)
        job.owner(owner).touch()
        if found is not None and found.state not in (STOPPED, FAULT):
            return found
        for name, text in study.files.items():
            write_text(job.folder / name, text)
        for name in OF_A_TRY:
            (job.folder / name).unlink(missing_ok=True)
        write_text(job.folder / JOB, json.dumps(about))
        return job

    def cancel(self, job: Job, owner: str) -> None:
        """Leave a run; it ends when nobody is left who wants it. What it finished stays in the store."""
        if not job.owner(owner).exists():
            return
        job.owner(owner).unlink()
        if any((job.folder / OWNERS).iterdir()) or job.state not in UNDER_WAY:
            return
        started = read_or_none(job.folder / STARTED)
        write_text(job.folder / CANCELLED, "")
        if is_under_way(started):
            with suppress(OSError):
                os.killpg(started["process"], signal.SIGTERM)

    def place(self, job: Job) -> int:
        """Number of runs of its lane before a run that waits."""
        lane = [each for each in self.jobs() if each.about["lane"] == job.about["lane"] and each.state in UNDER_WAY]
        return [each.identifier for each in lane].index(job.identifier) if job in lane else 0


def is_under_way(owner: Any) -> bool:
    """Whether the process of an owner record runs; where its start cannot be known, whether any has its number."""
    if owner is None:
        return False
    alive = is_alive(owner)
    if alive is None:
        with suppress(OSError):
            os.kill(owner["process"], 0)
            return True
    return bool(alive)
