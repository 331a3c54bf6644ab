"""Screen “Who”: doctors by stage, specialty group, office and year, with small numbers suppressed; fairness."""

import streamlit as st

from pipeline_sim.app.answer_tables import Result
from pipeline_sim.app.html_parts import office_tiles, table_html
from pipeline_sim.app.screens.runs import chosen_mix, result_screen
from pipeline_sim.report.text.number_format import format_number, in_words

USUAL = ("England", "all", "higher")  # chosen at first
COLUMNS = {"stage": "Stage", "group": "Specialty group", "office": "Office", "training_year": "Year"}


def who_screen() -> None:
    """Who gains, and how much."""
    found = result_screen("Who gains")
    if found is None:
        return
    result = found[0]
    st.header("By office")
    world = chosen_mix(result)
    st.text("Extensions avoided; in brackets where the 95 % interval includes zero. Offices lie roughly as on a map.")
    st.html(office_tiles(office_gains(result, world)))
    st.header("By stage, specialty group, office and year")
    cells(result)
    st.header("Fairness")
    st.html(result.section("who") or "<p>The report has no section on who gains.</p>")


def office_gains(result: Result, world: str) -> dict[str, tuple[float, str]]:
    """Extensions avoided by a mix in every office, as text, in brackets where the interval includes zero."""
    rows = result.table("who_gains")
    rows = rows[(rows["world"] == world) & (rows["by"] == "office") & (rows["indicator"] == "extensions")]
    gains = {}
    for _, row in rows.iterrows():
        clear = row["difference_low"] > 0 or row["difference_high"] < 0
        gain = 0.0 - float(row["difference_mean"])
        gains[str(row["who"])] = gain, format_number(gain) if clear else f"({format_number(gain)})"
    return gains


def cells(result: Result) -> None:
    """Table of one column of the cells, the others being chosen."""
    world = st.selectbox("World", [*result.mixes, result.baseline], format_func=result.labels.__getitem__)
    by = st.selectbox("A row for each", list(COLUMNS), format_func=COLUMNS.__getitem__, index=1)
    left, choices = result.table("cells"), dict[str, str]()
    left = left[left["world"] == world]
    for column, label in COLUMNS.items():
        if column != by:
            known = [str(value) for value in dict.fromkeys(left[column])]
            start = next((known.index(each) for each in USUAL if each in known), 0)
            choices[column] = st.selectbox(label, known, index=start, format_func=in_words)
            left = left[left[column] == choices[column]]
    st.html(table_html(result.who(world, choices, by)))
