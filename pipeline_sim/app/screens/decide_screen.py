"""Screen “Decide”: the best mix of a budget; what evidence is worth and regret, for the current question."""

import re
from collections.abc import Sequence

import streamlit as st

from pipeline_sim.app.job_queue import DONE, LONG, STORE, Job
from pipeline_sim.app.question import STUDY_SIZE, OwnStudy, study_text
from pipeline_sim.app.screens.runs import asked_study, follow
from pipeline_sim.app.screens.session import Session, plain
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
            start(session, kind, budget)
    follow(session)
    for job in reversed(session.queue.jobs(session.owner)):
        if job.state == DONE and (job.result / "decision.html").is_file():
            show(job)


def start(session: Session, kind: str, budget: int) -> None:
    """Queue a decision."""
    label, options = KINDS[kind]
    try:
        study = best_study(session, budget) if kind == BEST else question_study(session, kind)
        folder = session.queue.questions / study.identifier
        words = [kind, str(folder / "study.toml"), *options, "--out", str(folder / "result")]
        words += [] if kind == BEST else ["--store", str(session.settings.work / STORE)]
        title = f"{label}, £{budget}m" if kind == BEST else f"{label}: {names(session)}"
        session.queue.submit(study, session.owner, [words], LONG, title)
    except StudyError as problem:
        st.error(plain(str(problem)))


def names(session: Session) -> str:
    """Names of the mixes of the question."""
    return ", ".join(mix.name for mix in session.question.mixes)


def question_study(session: Session, kind: str) -> OwnStudy:
    """Study of the question on the screen, under a name of its own; StudyError where there is none."""
    study = asked_study(session, STUDY_SIZE)
    if isinstance(study, str):
        raise StudyError(study)
    return OwnStudy({**study.files, "study.toml": f"# {kind}\n{study.files['study.toml']}"})


def best_study(session: Session, budget: int) -> OwnStudy:
    """Study of a search with a budget; StudyError where there is none."""
    own = session.settings.study
    file = own if load_study(own).decision is not None else session.settings.home / DECISION_STUDY
    if not file.is_file():
        raise StudyError("the study of this app has no section [decision]: docs/decide.md says what it is")
    study = load_study(file)
    decision = {**(study.decision or {}), "budget": budget * MILLION}
    budgets: Sequence[int] = decision.get("budgets", ())
    decision |= {"budgets": [each for each in budgets if each != budget * MILLION]} if budgets else {}
    study = study.model_copy(update={"decision": decision})
    return OwnStudy({"study.toml": study_text(study, file.parent, None, session.settings.configs)})


def show(job: Job) -> None:
    """Finding, figures and tables of a decision, as its page has them."""
    st.header(plain(job.about["title"]))
    page = (job.result / "decision.html").read_text(encoding="utf-8")
    main = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    st.html(re.sub(r"<(/?)h1", r"<\1h2", main[1]) if main else "<p>The page of this decision is empty.</p>")
