"""Screen “Compare”: up to four mixes side by side, with a dot for each draw."""

import streamlit as st

from pipeline_sim.app.answer_tables import GAINS
from pipeline_sim.app.html_parts import strip_chart, table_html
from pipeline_sim.app.question import PROVISIONAL
from pipeline_sim.app.scenario_layer import scenario_sentence
from pipeline_sim.app.screens.runs import best_result, provisional_text, run_controls
from pipeline_sim.app.screens.session import Session

LABELS = {name: label for name, label, _ in GAINS}


def compare_screen() -> None:
    """Run the question and compare its mixes."""
    session = Session()
    st.title("Compare")
    names = ", ".join(f"“{mix.name}”" for mix in session.question.mixes) or "no mix yet"
    st.text(f"Mixes: {names}. Scenario: {scenario_sentence(session.question.scenario)}.")
    run_controls(session)
    found = best_result(session, first=True)
    if found is None:
        return
    result, _, size = found
    st.header("Result")
    if size == PROVISIONAL:
        st.warning(provisional_text(result))
    st.html(table_html(result.comparison()))
    indicator = st.selectbox("Draw by draw", list(LABELS), format_func=LABELS.__getitem__)
    st.html(strip_chart(f"{LABELS[indicator]}, draw by draw", result.strips(indicator), "Scaled up to England."))
    st.text((result.folder / "finding.txt").read_text(encoding="utf-8"))
