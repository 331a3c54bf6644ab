"""Screen “Why”: where a number comes from, and the career path of one doctor in two worlds."""

import streamlit as st

from pipeline_sim.app.answer_tables import QUANTITIES, Result
from pipeline_sim.app.html_parts import table_html
from pipeline_sim.app.screens.runs import chosen_mix, result_screen
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.report.page_model import Cell, Row, Table
from pipeline_sim.report.sections.method import record_sentence
from pipeline_sim.report.table_columns import COLUMNS, ENDS
from pipeline_sim.report.terminal.printed_number import formula_of


def why_screen() -> None:
    """Why a number is what it is."""
    result = result_screen("Why")
    if result is None:
        return
    st.header("A number")
    world = chosen_mix(result)
    quantity = st.selectbox("Number", QUANTITIES)
    explained(result, world, quantity)
    st.header("One doctor in two worlds")
    st.html(result.figure("road") or "<p>No doctor of this run differs between the worlds.</p>")


def explained(result: Result, world: str, quantity: str) -> None:
    """Definition, row of the table, assumptions and record of a number."""
    table, row, start = result.shown(world, quantity)
    cell = result.cell(world, quantity)
    st.subheader(f"{quantity}: {cell.text}")
    if row is None:
        return
    manifest = result.manifest
    items = manifest["items"].items()
    name = next((text for text, item in items if item["kind"] == TABLE_FILE and item["name"] == table), "")
    ends = [column for column in row.index if column.startswith(start)]
    rows = [Row(column, (Cell(exact(row[column])), Cell(meaning(column)))) for column in ends]
    st.html(table_html(Table("row", f"Row of {table}.csv ({name})", ("Column", "Value", "What it is"), rows)))
    formula = formula_of(row)
    grades = ", ".join(f"{count} of grade {grade}" for grade, count in manifest["assumptions"]["by_grade"].items())
    st.text("\n\n".join([
        *([f"Formula: {formula}."] if formula else []),
        f"Assumptions: {grades}. {len(manifest['assumptions']['drawn'])} figures are drawn, each within its range.",
        f"Record: {record_sentence()}",
        f"In the terminal: pipeline-sim explain {name} --results FOLDER, pipeline-sim verify {name} --results FOLDER.",
    ]))  # fmt: skip


def exact(value: object) -> str:
    """Value of a cell as the table has it."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def meaning(column: str) -> str:
    """What a column is."""
    return COLUMNS.get(column) or ENDS.get(column.rpartition("_")[2], "")
