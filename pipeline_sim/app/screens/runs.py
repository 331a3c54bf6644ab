"""Runs of the question on the screen: asked for, followed, cancelled, and the largest result that there is."""

import tempfile
from pathlib import Path

import streamlit as st

from pipeline_sim.app.answer_tables import Result
from pipeline_sim.app.first_look import FIRST
from pipeline_sim.app.job_queue import DONE, FAULT, LONG, RESULT, RUNNING, SHORT, STORE, WAITING, Job
from pipeline_sim.app.mix_input import short_of
from pipeline_sim.app.question import PROVISIONAL, STUDY_SIZE, WHOLE, OwnStudy, Question, own_study
from pipeline_sim.app.screens.session import Session, plain, told
from pipeline_sim.records.files.result_files import MANIFEST
from pipeline_sim.report.text.number_format import counted
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SIZES = {
    PROVISIONAL: "Provisional", STUDY_SIZE: "The study’s own size", WHOLE: "All of England, the study’s full size",
}  # fmt: skip
FIRST_LOOK_ONLY = "Provisional: good for a first look, not for a decision."
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


def asked_study(session: Session, size: str) -> OwnStudy:
    """Study of the question on the screen; StudyError where there is none."""
    study = study_of(session.question, size, session.settings.study, session.settings.configs)
    if isinstance(study, str):
        raise StudyError(study)
    return study


def sizes_of(session: Session) -> list[str]:
    """Sizes that the study has, the smallest first."""
    return [size for size in SIZES if size != WHOLE or session.base.study.full is not None]


def found_job(session: Session, file: str) -> tuple[Job, str] | None:
    """Run of the question at the largest size that has a file, and the size."""
    for size in reversed(sizes_of(session)):
        job = session.queue.job(asked_study(session, size).identifier)
        if job is not None and (job.folder / file).is_file():
            return job, size
    return None


def result_screen(title: str, session: Session | None = None) -> tuple[Result, Job, str] | None:
    """Head of a screen, and the result at the largest size run; where there is none, the screen says how to get one."""
    st.title(title)
    session = session or Session()
    found = None
    with told():
        found = found_job(session, f"{RESULT}/{MANIFEST}") if session.question.mixes else None
    if found is None:
        st.info("There is no report of this question yet: run it on the screen “Compare”, or wait for a run under way.")
        follow(session)
        return None
    job, size = found
    if size == PROVISIONAL:
        st.warning(FIRST_LOOK_ONLY)
    return Result(job.result), job, size


def chosen_mix(result: Result) -> str:
    """Mix that is chosen among those of a result."""
    return str(st.selectbox("Mix", result.mixes, format_func=result.labels.__getitem__))


def run_controls(session: Session) -> None:
    """Buttons that start a run, and the runs of this user."""
    asked_study(session, PROVISIONAL)
    columns = st.columns(len(sizes_of(session)))
    for size, column in zip(sizes_of(session), columns, strict=True):
        kind, label = ("primary" if size == PROVISIONAL else "secondary"), SIZES[size]
        if column.button(f"Run: {label[0].lower()}{label[1:]}", key=f"run-{size}", type=kind):  # type: ignore[arg-type]
            with told():
                ask(session, size)
    st.caption("Provisional runs take seconds, the study’s own size minutes, all of England hours.")
    follow(session)


def ask(session: Session, size: str) -> None:
    """Queue a run of the question on the screen: replications with their progress, then the report."""
    study, store = asked_study(session, size), str(session.settings.work / STORE)
    folder = str(session.queue.questions / study.identifier)
    words = [
        ["batch", folder, "--json", "--every", "1", "--store", store],
        ["compare", folder, "--store", store, "--out", f"{folder}/{RESULT}"],
    ]
    title = f"{SIZES[size]}: {session.names}"
    session.queue.submit(study, session.owner, words, SHORT if size == PROVISIONAL else LONG, title)


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
    state, title = job.state, plain(job.about["title"])
    if state == FAULT:
        st.error(f"{title}: {plain(job.problem)}")
    elif state == RUNNING:
        now = job.progress
        done, wanted, left = now.get("done", 0), now.get("wanted", 0), now.get("seconds_left")
        rest = "" if left is None else f", about {round(left)} s left"
        text = f"{done} of {wanted} replications{rest}" if done < wanted else "preparing, or writing the report"
        st.progress(done / wanted if wanted else 0.0, f"{title}: {text}")
    elif state == WAITING:
        st.markdown(f"{title}: waits, {counted(session.queue.place(job), 'run')} before it")
    else:
        st.markdown(f"{title}: {state}; what it finished is kept, the same run goes on from there")
    if state in (WAITING, RUNNING) and st.button("Cancel", key=f"cancel-{job.identifier}"):
        session.queue.cancel(job, session.owner)
        st.rerun(scope="fragment")
