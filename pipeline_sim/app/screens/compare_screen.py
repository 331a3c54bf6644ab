"""Screen “Compare”: up to four mixes side by side, with a dot for each draw."""

import streamlit as st

from pipeline_sim.app.first_look import FIRST
from pipeline_sim.app.question import PROVISIONAL
from pipeline_sim.app.scenario_layer import scenario_sentence
from pipeline_sim.app.screens.runs import FIRST_LOOK_ONLY, found_job, run_controls
from pipeline_sim.app.screens.session import Session


def compare_screen() -> None:
    """Run the question and compare its mixes."""
    session = Session()
    st.title("Compare")
    st.text(f"Mixes: {session.names or 'none yet'}. Scenario: {scenario_sentence(session.question.scenario)}.")
    run_controls(session)
    found = found_job(session, FIRST)
    if found is not None:
        job, size = found
        st.header("Result")
        if size == PROVISIONAL:
            st.warning(FIRST_LOOK_ONLY)
        st.html((job.folder / FIRST).read_text(encoding="utf-8"))
