"""Result folder of a decision: sentences, tables and figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, ItemCatalogue, catalogue_items
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.write_answer import FIGURES, KINDS, write_figures

if TYPE_CHECKING:
    import pandas as pd


def write_findings(
    folder: Path,
    result: str,
    sentences: Sequence[str],
    tables: Mapping[str, tuple[str, "pd.DataFrame"]],
    pictures: Sequence[Picture],
) -> ItemCatalogue:
    """Write sentences, tables (title and table by name) and figures; returns their identifiers."""
    drawn = [
        Item(FIGURE, each.name, each.finding, tuple(f"{FIGURES}/{each.name}.{kind}" for kind in KINDS))
        for each in pictures
    ]
    issued = catalogue_items(
        result, [*drawn, *(Item(TABLE_FILE, name, title, (f"{name}.csv",)) for name, (title, _) in tables.items())]
    )
    for name, (_, table) in tables.items():
        write_csv(folder / f"{name}.csv", table)
    write_figures(folder / FIGURES, pictures, issued)
    write_text(folder / "finding.txt", "\n\n".join(sentences) + "\n")
    return issued
