"""Screen “Decide”: searches for the best mix, values of evidence and regret of the worlds of the study, as they run."""

import re

import streamlit as st

from pipeline_sim.app.job_queue import DONE, LONG, Job
from pipeline_sim.app.question import OwnStudy
from pipeline_sim.app.screens.runs import follow
from pipeline_sim.app.screens.session import Session
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.study_error import StudyError

KINDS = {
    "optimise": ("Find the best mix, quickly", ["--quick"]),
    "value": ("What better evidence would be worth", []),
    "robust": ("Regret over draws and scenarios", []),
}
DECISION_STUDY = "experiments/best_25m/study.toml"


def decide_screen() -> None:
    """Start and show decisions."""
    session = Session()
    st.title("Decide")
    st.write(
        "The search spends a budget on what gains most. It takes minutes to hours and runs in the background; what it "
        "finds is on the screen “Mix” as a mix to start from."
    )
    budget = st.slider("Budget of the search, £m", 5, 60, 25)
    for kind, (label, _) in KINDS.items():
        if st.button(label, key=f"start-{kind}"):
            start(session, kind, budget)
    follow(session)
    for job in reversed(session.queue.jobs(session.owner)):
        if job.state == DONE and (job.result / "decision.html").is_file():
            show(job)


def start(session: Session, kind: str, budget: int) -> None:
    """Queue a decision on the study that has a section [decision]."""
    try:
        study = decision_study(session, kind, budget)
        folder = session.queue.questions / study.identifier
        words = [kind, str(folder / "study.toml"), *KINDS[kind][1], "--out", str(folder / "result")]
        session.queue.submit(study, session.owner, [words], LONG, f"{KINDS[kind][0]}, £{budget}m")
    except StudyError as problem:
        st.error(str(problem))


def decision_study(session: Session, kind: str, budget: int) -> OwnStudy:
    """Study of a decision with a budget; StudyError where there is none."""
    own = session.settings.study
    file = own if load_study(own).decision is not None else session.settings.home / DECISION_STUDY
    if not file.is_file():
        raise StudyError("the study of this app has no section [decision]: docs/decide.md says what it is")
    text = re.sub(r"(?m)^budget = [0-9_]+", f"budget = {budget}_000_000", file.read_text(encoding="utf-8"), count=1)
    return OwnStudy({"study.toml": f"# {kind}\n{text}"})


def show(job: Job) -> None:
    """Finding, figures and tables of a decision, as its page has them."""
    st.header(job.about["title"])
    page = (job.result / "decision.html").read_text(encoding="utf-8")
    main = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    st.html(re.sub(r"<(/?)h1", r"<\1h2", main[1]) if main else "<p>The page of this decision is empty.</p>")
