"""First look at a run: the tables of the screen “Compare”, by functions of `compare`, before it writes its report."""

import json
from pathlib import Path

from pipeline_sim.records.files.result_files import MANIFEST, write_text
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.records.files.tables_file import TableMetadata, write_table
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.report.tidy_tables import TABLES, TidyTable
from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import load_study

FIRST = "first"  # folder beside that of the result
FIRST_TABLES = ("comparison", "prices", "harm", "best", "chances", "draws")


def write_first_look(folder: Path, store: str) -> None:
    """Write the tables of a study whose replications are all in the store; the manifest, which is last, says so."""
    study = load_study(folder / "study.toml")
    answer = run_study(check_study(study, folder, store=storage_at(store)))
    first = folder / FIRST
    first.mkdir(exist_ok=True)
    for name, title, note, make in TABLES:
        if name in FIRST_TABLES:
            table = TidyTable(name, title, note, make(answer))
            write_table(first / f"{name}.parquet", table.frame, TableMetadata(title, "", table.columns))
    write_text(first / "finding.txt", "\n\n".join([" ".join(headline(answer)), *further(answer)]) + "\n")
    about = {"study": study.model_dump(mode="json"), "replications": answer.replications, "files": {}}
    write_text(first / MANIFEST, json.dumps(about))
