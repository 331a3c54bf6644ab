"""Runs of the question on the screen: asked for, followed, cancelled, and the best result that there is."""

import tempfile
from pathlib import Path

import streamlit as st

from pipeline_sim.app.answer_tables import Result
from pipeline_sim.app.first_look import FIRST
from pipeline_sim.app.job_queue import DONE, FAULT, LONG, RUNNING, SHORT, STORE, WAITING, Job
from pipeline_sim.app.mix_input import short_of
from pipeline_sim.app.question import PROVISIONAL, STUDY_SIZE, WHOLE, OwnStudy, Question, own_study
from pipeline_sim.app.screens.session import Session, plain
from pipeline_sim.report.page_model import size_text
from pipeline_sim.report.text.number_format import counted
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SIZES = {
    WHOLE: "All of England, the study’s full size", STUDY_SIZE: "The study’s own size", PROVISIONAL: "Provisional",
}  # fmt: skip
SECONDS_BETWEEN_LOOKS = 1.0


@st.cache_data(max_entries=64, show_spinner=False)
def study_of(question: Question, size: str, study: Path, configs: Path) -> OwnStudy | str:
    """Study of a question, or what is wrong with it."""
    uneven = [mix.name for mix in question.mixes if abs(short_of(mix)) >= 0.005]
    if uneven:
        return f"“{uneven[0]}”: the lines do not add up to the budget; see the screen “Mix”"
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return own_study(study, question, size, configs, Path(scratch))
    except (StudyError, WorldError) as problem:
        return str(problem)


def asked_study(session: Session, size: str) -> OwnStudy | str:
    """Study of the question on the screen."""
    return study_of(session.question, size, session.settings.study, session.settings.configs)


def found_job(session: Session, size: str) -> Job | None:
    """Run of the question on the screen at a size, if anybody asked for it."""
    study = asked_study(session, size)
    return None if isinstance(study, str) else session.queue.job(study.identifier)


def best_result(session: Session, first: bool = False) -> tuple[Result, Job, str] | None:
    """Result of the question at the largest size run, with its run and its size; `first`: perhaps a first look."""
    for size in SIZES:
        if size == WHOLE and session.base.study.full is None:
            continue
        job = found_job(session, size)
        if job is not None and job.state == DONE:
            return Result(job.result), job, size
        if first and job is not None and (job.folder / FIRST / "manifest.json").is_file():
            return Result(job.folder / FIRST), job, size
    return None


def needed_result(session: Session) -> tuple[Result, Job, str] | None:
    """As `best_result`; where there is none, the screen says how to get one."""
    found = best_result(session)
    if found is None:
        st.info("There is no result of this question yet: run it on the screen “Compare”.")
    elif found[2] == PROVISIONAL:
        st.warning(provisional_text(found[0]))
    return found


def result_screen(title: str) -> Result | None:
    """Head of a screen about a result, and the result; where there is none, the screen says how to get one."""
    st.title(title)
    found = needed_result(Session())
    return None if found is None else found[0]


def chosen_mix(result: Result) -> str:
    """Mix that is chosen among those of a result."""
    return str(st.selectbox("Mix", result.mixes, format_func=result.labels.__getitem__))


def provisional_text(result: Result) -> str:
    """What a provisional result is."""
    study = result.manifest["study"]
    size = f"{size_text(study['scale'])}, {counted(result.manifest['replications'], 'replication')}"
    return f"Provisional: {size}. Good for a first look, not for a decision."


def commands(session: Session, identifier: str) -> list[list[str]]:
    """Commands of a run: the replications with their progress, then the report."""
    folder, store = session.queue.questions / identifier, str(session.settings.work / STORE)
    return [
        ["batch", str(folder), "--json", "--every", "0.5", "--store", store],
        ["compare", str(folder), "--store", store, "--out", str(folder / "result")],
    ]


def run_controls(session: Session) -> None:
    """Buttons that start a run, and the runs of this user."""
    study = asked_study(session, PROVISIONAL)
    if isinstance(study, str):
        st.error(plain(study))
        return
    sizes = [size for size in (PROVISIONAL, STUDY_SIZE, WHOLE) if size != WHOLE or session.base.study.full is not None]
    for size, column in zip(sizes, st.columns(len(sizes)), strict=True):
        if column.button(
            f"Run: {SIZES[size][0].lower()}{SIZES[size][1:]}",
            key=f"run-{size}",
            type="primary" if size == PROVISIONAL else "secondary",
        ):
            ask(session, size)
    st.caption(f"An estimate without a run is not available. {run_seconds(session)}")
    follow(session)


def ask(session: Session, size: str) -> None:
    """Queue a run of the question on the screen."""
    study = asked_study(session, size)
    if isinstance(study, str):
        st.error(plain(study))
        return
    lane = SHORT if size == PROVISIONAL else LONG
    title = f"{SIZES[size]}: {', '.join(mix.name for mix in session.question.mixes)}"
    try:
        session.queue.submit(study, session.owner, commands(session, study.identifier), lane, title)
    except StudyError as problem:
        st.error(plain(str(problem)))


def run_seconds(session: Session) -> str:
    """How long provisional runs took, as far as that is known."""
    done = [job for job in session.queue.jobs() if job.state == DONE and job.about["lane"] == SHORT]
    times = [(job.result / "manifest.json").stat().st_mtime - job.about["asked"] for job in done[-5:]]
    if not times:
        return "A provisional run takes seconds, the study’s own size minutes, all of England hours."
    return f"The last provisional runs took {round(min(times))} to {round(max(times))} seconds."


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def follow(session: Session) -> None:
    """Runs of this user that are not finished, with progress and a way to cancel; the screen is renewed at the end."""
    jobs = [job for job in session.queue.jobs(session.owner) if job.state != DONE]
    states = {job.identifier: (job.folder / FIRST).exists() for job in jobs}
    before = session.state.get("following", {})
    session.state.following = states
    if any(states.get(identifier) != seen for identifier, seen in before.items()):
        st.rerun()
    for job in jobs:
        show_job(session, job)


def show_job(session: Session, job: Job) -> None:
    """Progress of a run."""
    state = job.state
    if state == FAULT:
        st.error(plain(f"{job.about['title']}: {job.problem}"))
    elif state == RUNNING:
        now = job.progress
        done, wanted, left = now.get("done", 0), now.get("wanted", 0), now.get("seconds_left")
        rest = "" if left is None else f", about {round(left)} s left"
        text = (
            f"{done} of {wanted} replications{rest}" if wanted and done < wanted else "preparing, or writing the report"
        )
        st.progress(done / wanted if wanted else 0.0, plain(f"{job.about['title']}: {text}"))
    elif state == WAITING:
        st.text(f"{job.about['title']}: waits, {counted(session.queue.place(job), 'run')} before it")
    else:
        st.text(f"{job.about['title']}: {state}; what it finished is kept, the same run goes on from there")
    if state in (WAITING, RUNNING) and st.button("Cancel", key=f"cancel-{job.identifier}"):
        session.queue.cancel(job, session.owner)
        st.rerun(scope="fragment")
