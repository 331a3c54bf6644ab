"""Screen “Decide”: the best mix of a budget; what evidence is worth and regret, for the current question."""

import re

import streamlit as st

from pipeline_sim.app.job_queue import DONE, LONG, RESULT, STORE, Job
from pipeline_sim.app.question import STUDY_SIZE, OwnStudy, study_text
from pipeline_sim.app.screens.runs import asked_study, follow
from pipeline_sim.app.screens.session import Session, plain, told
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.study_error import StudyError

BEST, WORTH, REGRET = "optimise", "value", "robust"
KINDS = {
    BEST: ("Find the best mix, quickly", ["--quick"]),
    WORTH: ("What better evidence is worth for this question", ["--quick"]),
    REGRET: ("Regret of these mixes over draws and a slow recovery", ["--quick", "--scenario", "slow_recovery"]),
}
DECISION_STUDY = "experiments/best_25m/study.toml"
MILLION = 1_000_000


def decide_screen() -> None:
    """Start and show decisions."""
    session = Session()
    st.title("Decide")
    st.write(
        "These run in the background for minutes to hours, and are provisional. What the search finds is on the screen "
        "“Mix” as a mix to start from."
    )
    budget = st.slider("Budget of the search, £m", 5, 60, 25)
    for kind, (label, _) in KINDS.items():
        if st.button(label, key=f"start-{kind}"):
            with told():
                start(session, kind, budget)
    follow(session)
    for job in reversed(session.queue.jobs(session.owner)):
        if job.state == DONE and (job.result / "decision.html").is_file():
            show(job)


def start(session: Session, kind: str, budget: int) -> None:
    """Queue a decision; StudyError where there is nothing to decide."""
    label, options = KINDS[kind]
    if kind == BEST:
        study, title, store = best_study(session, budget), f"{label}, £{budget}m", []
    else:
        files = asked_study(session, STUDY_SIZE).files
        study = OwnStudy({**files, "study.toml": f"# {kind}\n{files['study.toml']}"})  # has an identifier of its own
        title, store = f"{label}: {session.names}", ["--store", str(session.settings.work / STORE)]
    folder = session.queue.questions / study.identifier
    words = [kind, str(folder / "study.toml"), *options, "--out", str(folder / RESULT), *store]
    session.queue.submit(study, session.owner, [words], LONG, title)


def best_study(session: Session, budget: int) -> OwnStudy:
    """Study of a search with a budget; StudyError where there is none."""
    own = session.settings.study
    file = own if load_study(own).decision is not None else session.settings.home / DECISION_STUDY
    if not file.is_file():
        raise StudyError("the study of this app has no section [decision]: docs/decide.md says what it is")
    study, pounds = load_study(file), budget * MILLION
    decision = {**(study.decision or {}), "budget": pounds}
    if "budgets" in decision:
        decision["budgets"] = [each for each in decision["budgets"] if each != pounds]
    study = study.model_copy(update={"decision": decision})
    return OwnStudy({"study.toml": study_text(study, file.parent, None, session.settings.configs)})


def show(job: Job) -> None:
    """Finding, figures and tables of a decision, as its page has them."""
    st.header(plain(job.about["title"]))
    page = (job.result / "decision.html").read_text(encoding="utf-8")
    main = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    st.html(re.sub(r"<(/?)h1", r"<\1h2", main[1]) if main else "<p>The page of this decision is empty.</p>")
