"""Screen “Scenario”: waves, recovery, waiting list, order of offers and start, each with a baseline of its own."""

import streamlit as st

from pipeline_sim.app.scenario_layer import MOST, MOST_DELAY, SHIPPED, Scenario, scenario_sentence
from pipeline_sim.app.screens.session import Session, value_of

HELP = "Inpatients of all recorded waves; below 1 also the lists closed by order."


def scenario_screen() -> None:
    """Choose the scenario in which the mixes are compared."""
    session = Session()
    now, key = session.question.scenario, session.state.version
    st.title("Scenario")
    st.write(
        "What happens whatever is bought. The baseline without a programme and the world without COVID are run in the "
        "same scenario, so that a mix is credited with nothing that the scenario changes."
    )
    own = value_of(f"{key}-waves", now.waves)
    waves = st.slider("Size of the waves, times as recorded", 0.0, MOST, step=0.1, key=own, help=HELP, format="%.1f")
    own = value_of(f"{key}-recovery", now.recovery)
    recovery = st.slider(
        "Months until work and staff are back, times as assumed", 0.0, MOST, step=0.1, key=own, format="%.1f"
    )
    delay = st.slider("Programme starts so many months later", 0, MOST_DELAY, key=value_of(f"{key}-delay", now.delay))
    keys = {name: value_of(f"{key}-{name}", name in now.shipped) for name in SHIPPED}
    shipped = tuple(name for name, label in SHIPPED.items() if st.checkbox(label, key=keys[name]))
    chosen = Scenario(shipped, waves, recovery, delay)
    if chosen != now:
        session.change(session.question._replace(scenario=chosen))
    st.info(f"The scenario: {scenario_sentence(chosen)}.")
