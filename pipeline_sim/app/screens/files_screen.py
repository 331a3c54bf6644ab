"""Screen “Take away”: brief, report, workbook, study folder, identifier, and a link that reopens the question."""

import io
import zipfile
from pathlib import Path

import streamlit as st

from pipeline_sim.app.question import link_text
from pipeline_sim.app.screens.runs import result_screen
from pipeline_sim.app.screens.session import LINK, Session
from pipeline_sim.records.provenance.identifiers import RESULT, Identifier

FILES = {
    "Brief of two pages (HTML)": "brief.html", "Report (HTML)": "report.html", "Workbook (XLSX)": "tables.xlsx",
    "Manifest (JSON)": "manifest.json",
}  # fmt: skip


def files_screen() -> None:
    """Take the answer away."""
    session = Session()
    found = result_screen("Take away", session)
    if found is not None:
        result, job, size = found
        st.header("Files")
        for label, file in FILES.items():
            content = (result.folder / file).read_bytes()
            st.download_button(label, content, f"{size}_{job.identifier}_{file}", on_click="ignore", key=file)
        name = f"question_{job.identifier}"
        st.download_button("Study folder (ZIP)", study_zip(job.folder, name), f"{name}.zip", on_click="ignore")
        st.header("The same numbers in the terminal")
        st.text("Unpack the study folder in the folder of the project, then:")
        st.code(f"pipeline-sim compare experiments/{name}", language=None, wrap_lines=True)
        identifier = Identifier(RESULT, 0, result.manifest["result"]).text
        st.text(f"Identifier of the result: {identifier}. Rules {result.manifest['rules_digest']}.")
    st.header("Link")
    st.text("Whoever opens it has the same mixes and the same scenario, and sees no runs of yours.")
    address = str(st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    st.code(f"{address}/compare?{LINK}={link_text(session.question)}", language=None, wrap_lines=True)


def study_zip(folder: Path, name: str) -> bytes:
    """Study and mixes of a run as a folder of experiments/; equal questions give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.glob("*.toml")):
            entry = zipfile.ZipInfo(f"experiments/{name}/{path.name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, path.read_bytes())
    return packed.getvalue()
