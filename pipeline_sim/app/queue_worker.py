"""Worker of the queue: a process of its own that outlives the app, and runs the commands of the terminal.

It has the program loaded and the engine compiled. A run is a fork of it that becomes `pipeline-sim batch` and then
`pipeline-sim compare`, so a run is what the terminal does, starts at once, and can be ended without harm to others.
"""

import gc
import json
import os
import runpy
import signal
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import IO

from pipeline_sim.app import job_queue
from pipeline_sim.app.estimate import PROBE, probe_digest
from pipeline_sim.app.first_look import FIRST, write_first_look
from pipeline_sim.app.job_queue import Job, JobQueue, try_lock
from pipeline_sim.app.question import baseline_of, mix_layers, plain_study
from pipeline_sim.records.files.lock import lock_owner
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import load_study, world_spec
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SECONDS_BETWEEN_LOOKS, SECONDS_TO_STOP = 0.2, 2.5
LOADED = (
    "pipeline_sim.study.comparison.progress", "pipeline_sim.study.comparison.example_doctor",
    "pipeline_sim.study.comparison.study_manifest", "pipeline_sim.report.files.write_answer",
    "pipeline_sim.cli.app", "pipeline_sim.cli.commands.batch", "pipeline_sim.cli.commands.compare",
    "pipeline_sim.records.provenance.research_crate", "pipeline_sim.records.provenance.result_folder",
    "pipeline_sim.report.terminal.compare_tables", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "matplotlib.figure", "rich.progress", "scipy.special", "xlsxwriter",
)  # fmt: skip
CONFIGS = "configs"
KILLED = (-signal.SIGKILL, -signal.SIGTERM, 130)  # by no fault of its own: it goes on from the store
NICER, NICER_REPORT = 10, 5  # of long runs and of reports: first looks at short runs and the app are served first
MOST_SHORT = 6  # short runs under way: one before its first look, as a store has one writer; others write reports


def serve(work: Path, home: Path, study: Path) -> None:
    """Run what is queued until the app is gone and nothing waits; a second worker ends at once."""
    queue = JobQueue(work, home)
    with (work / job_queue.WORKER_LOCK).open("a") as lock:
        if not try_lock(lock):
            return
        load_program(study)
        fill_ahead(queue, study)
        write_probe(work, study)
        runs: dict[int, Job] = {}
        while runs or waiting(queue) or app_runs(work):
            for process, job in list(runs.items()):
                if ended(process, job):
                    del runs[process]
            for job in waiting(queue):
                if has_room(job, [each for each in queue.jobs() if each.state == job_queue.RUNNING]):
                    runs[start(job, lock)] = job
            time.sleep(SECONDS_BETWEEN_LOOKS)


def has_room(job: Job, runs: Sequence[Job]) -> bool:
    """Whether a run may start beside others: one long run at a time, and short ones, which never wait for it.

    A short run starts when those before it have their first look, beside the writing of their reports.
    """
    own = [each for each in runs if each.about["lane"] == job.about["lane"]]
    if job.about["lane"] == job_queue.LONG:
        return not own
    return len(own) < MOST_SHORT and all((each.folder / FIRST).exists() for each in own)


def load_program(study: Path) -> None:
    """Import what a run needs, compile the engine and read the worlds: a fork finds all of it."""
    from pipeline_sim.engines import compile_engine

    for name in LOADED:
        import_module(name)
    compile_engine()
    base = load_study(study)
    for world in base.worlds[:3]:
        world_of(world_spec(base, world, study.parent))
    parameter_sampling(base)
    gc.freeze()


def fill_ahead(queue: JobQueue, study: Path) -> None:
    """Queue the provisional replications of the worlds without a mix, which every question in this scenario shares."""
    plain = plain_study(study, queue.work / CONFIGS)
    words = ["batch", str(queue.questions / plain.identifier), "--store", str(queue.work / job_queue.STORE)]
    if queue.job(plain.identifier) is None:
        queue.submit(plain, "the app itself", [words], job_queue.SHORT, "Worlds without a mix")


def write_probe(work: Path, study: Path) -> None:
    """Say by what an estimate is known to hold for the study: nothing, where its worlds cannot be asked."""
    base, layers = load_study(study), mix_layers(load_study(study), study.parent, work / CONFIGS)
    try:
        probe = probe_digest(base, world_spec(base, baseline_of(base), study.parent), layers)
    except (StudyError, WorldError):
        probe = ""
    write_text(work / PROBE, probe)


def waiting(queue: JobQueue) -> list[Job]:
    """Runs that wait, the oldest first."""
    return [job for job in queue.jobs() if job.state == job_queue.WAITING]


def app_runs(work: Path) -> bool:
    """Whether an app has its lock."""
    try:
        with (work / job_queue.APP_LOCK).open("a") as file:
            return not try_lock(file)
    except OSError:
        return False


def start(job: Job, lock: IO[str] | None = None) -> int:
    """Start of a run in a process of its own, which does not hold the worker's lock; its number."""
    process = os.fork()
    if process == 0:
        if lock is not None:
            lock.close()  # else no worker could follow one that is killed until all that it started ends
        os._exit(run(job))
    while not (job.folder / job_queue.STARTED).exists() and os.waitpid(process, os.WNOHANG) == (0, 0):
        time.sleep(0.005)
    return process


def run(job: Job) -> int:
    """Run in the process that is made for it; exit status."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    write_text(job.folder / job_queue.STARTED, json.dumps(lock_owner()))
    if job.about["lane"] == job_queue.LONG:
        os.nice(NICER)
    for name, stream in ((job_queue.PROGRESS, 1), (job_queue.SAID, 2)):
        file = os.open(job.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, stream)
    for words in job.about["command"]:
        if words[0] == "compare":
            if os.fork() == 0:
                write_first_look(job.folder, words[words.index("--store") + 1])
                os._exit(0)
            os.nice(NICER_REPORT)
        if status := typed(words):
            return status
    return 0


def typed(words: list[str]) -> int:
    """Exit status of a command of the terminal, in this process."""
    sys.argv = ["pipeline-sim", *words]
    try:
        runpy.run_module("pipeline_sim.cli", run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def ended(process: int, job: Job) -> bool:
    """Whether a run has ended; one that was cancelled and does not end by itself is killed."""
    done, status = os.waitpid(process, os.WNOHANG)
    if done == 0:
        mark = job.folder / job_queue.CANCELLED
        if job.state == job_queue.STOPPED and time.time() - mark.stat().st_mtime > SECONDS_TO_STOP:
            os.killpg(process, signal.SIGKILL)
        return False
    if job.state in job_queue.UNDER_WAY:  # neither cancelled nor with a result
        code = os.waitstatus_to_exitcode(status)
        if code in KILLED:
            with (job.folder / job_queue.DEATHS).open("a") as deaths:
                deaths.write("x")
        if code not in KILLED or (job.folder / job_queue.DEATHS).stat().st_size >= job_queue.MOST_DEATHS:
            write_text(job.folder / job_queue.FAILED, str(code))
    return True
