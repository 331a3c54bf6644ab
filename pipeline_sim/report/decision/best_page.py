"""Result folder of `optimise`: the page of the decision, figures, tables, and the mixes as files."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.decide.search.find_best import mix_file
from pipeline_sim.decide.search.report_best import BestReport
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, ItemCatalogue, catalogue_items
from pipeline_sim.report.decision.best_figures import frontier_figure, returns_figure
from pipeline_sim.report.decision.best_sections import answer_sentences, runs_line, sections_of, tables_shown
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.html_page import TEMPLATES, embedded_figure, environment
from pipeline_sim.report.files.write_answer import FIGURES, KINDS, write_figures

if TYPE_CHECKING:
    import pandas as pd

PAGE = "decision.html"
HOMES = {"frontier": "budgets", "returns": "lines"}  # section of a figure
FILES = {"finalists": "Finalists of the selection", "budgets": "The best found for each budget", "alone": "Lines alone"}


def write_best(folder: Path, report: BestReport, result: str) -> ItemCatalogue:
    """Write all files of a decision; returns the identifiers of figures and tables."""
    drawn = [each for each in (frontier_figure(report), returns_figure(report)) if each is not None]
    sections = sections_of(report)
    shown = tables_shown(sections)
    items = [
        *(Item(FIGURE, d.name, d.finding, tuple(f"{FIGURES}/{d.name}.{kind}" for kind in KINDS)) for d in drawn),
        *(Item(TABLE, each.name, each.caption, (f"{PAGE}#{each.name}",)) for each in shown),
        *(Item(TABLE_FILE, name, title, (f"{name}.csv",)) for name, title in FILES.items()),
    ]
    issued = catalogue_items(result, items)
    pictures: dict[str, list[object]] = {}
    for picture, svg in write_figures(folder / FIGURES, drawn, issued):
        pictures.setdefault(HOMES[picture.name], []).append(embedded_figure(picture, svg, issued))
    for name, table in zip(FILES, (finalists_table(report), budgets_table(report), alone_table(report)), strict=True):
        write_csv(folder / f"{name}.csv", table)
    (folder / "mixes").mkdir()
    for one in report.found.finalists:
        text = mix_file(report.asked, one)
        if text is not None:
            write_text(folder / "mixes" / f"{one.name}.toml", text)
    page = environment().get_template("decision.html.j2")
    content = page.render(
        title="What to buy",
        question=report.asked.study.question,
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        sentences=answer_sentences(report),
        runs=runs_line(report),
        sections=sections,
        pictures=pictures,
        identifiers={each.name: issued.identifier_of(TABLE, each.name) for each in shown},
    )
    write_text(folder / PAGE, content)
    return issued


def finalists_table(report: BestReport) -> "pd.DataFrame":
    """Row a finalist: mean in the selection, replications, whether beaten, and its pounds by intervention."""
    import pandas as pd

    chosen, space = report.found.selection, report.asked.space
    rows = []
    for at, one in enumerate(report.found.finalists):
        bought = {} if one.candidate is None else dict(zip(space.names, one.candidate.amounts, strict=True))
        text = "; ".join(f"{name} {pounds}" for name, pounds in bought.items() if pounds)
        beaten = "no" if at in chosen.not_beaten else "yes"
        selected = "yes" if at == chosen.best else "no"
        rows.append((one.name, one.label, chosen.means[at], chosen.replications[at], beaten, selected, text))
    columns = ["mix", "label", "mean_in_selection", "replications", "beaten", "selected", "gbp_by_intervention"]
    return pd.DataFrame(rows, columns=columns)


def budgets_table(report: BestReport) -> "pd.DataFrame":
    """Row a budget: gain of its best mix, and of each million more."""
    import pandas as pd

    rows = [(r.budget, r.mix.budget.value, *r.gain, *r.next_million) for r in report.frontier]
    ends = ["mean", "low", "high", "error"]
    columns = ["budget_gbp", "mix_gbp", *(f"gain_{e}" for e in ends), *(f"next_million_{e}" for e in ends)]
    return pd.DataFrame(rows, columns=columns)


def alone_table(report: BestReport) -> "pd.DataFrame":
    """Row an intervention and amount: gain alone."""
    import pandas as pd

    rows = [(label, pounds, *gain) for label, points in report.alone for pounds, gain in points]
    return pd.DataFrame(rows, columns=["intervention", "gbp", "mean", "low", "high", "error"])
