"""Screen “Why”: where a number comes from, and the career path of one doctor in two worlds."""

import streamlit as st

from pipeline_sim.app.answer_tables import NUMBERS, Result
from pipeline_sim.app.html_parts import table_html
from pipeline_sim.app.screens.runs import chosen_mix, result_screen
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.report.page_model import Cell, Row, Table
from pipeline_sim.report.sections.method import record_sentence
from pipeline_sim.report.table_columns import COLUMNS, ENDS
from pipeline_sim.report.terminal.printed_number import formula_of


def why_screen() -> None:
    """Why a number is what it is."""
    found = result_screen("Why")
    if found is None:
        return
    result = found[0]
    st.header("A number")
    explained(result, chosen_mix(result))
    st.header("One doctor in two worlds")
    st.html(result.figure("road") or "<p>No doctor of this run differs between the worlds.</p>")


def explained(result: Result, world: str) -> None:
    """Row of the table, definition, assumptions and record of a number that is chosen."""
    numbers, manifest = result.numbers(world), result.manifest
    table, row = numbers[st.selectbox("Number", list(numbers))]
    items = manifest["items"].items()
    name = next((text for text, item in items if item["kind"] == TABLE_FILE and item["name"] == table), "")
    rows = [
        Row(column, (Cell(f"{value:.10g}" if isinstance(value, float) else str(value)), Cell(meaning(column))))
        for column, value in row.items()
        if str(column).startswith(NUMBERS[table][1])
    ]
    st.html(table_html(Table("row", f"Row of {table}.csv ({name})", ("Column", "Value", "What it is"), rows)))
    formula, entry = formula_of(row), manifest["assumptions"]
    grades = ", ".join(f"{count} of grade {grade}" for grade, count in entry["by_grade"].items())
    st.text("\n\n".join([
        *([f"Formula: {formula}."] if formula else []),
        f"Assumptions: {grades}. {len(entry['drawn'])} figures are drawn, each within its range.",
        f"Record: {record_sentence()}",
        f"In the terminal: pipeline-sim explain {name} --results FOLDER, pipeline-sim verify {name} --results FOLDER.",
    ]))  # fmt: skip


def meaning(column: str) -> str:
    """What a column is."""
    return COLUMNS.get(column) or ENDS.get(column.rpartition("_")[2], "")
