"""What `validate` leaves: a page, a figure, and tables of targets and forecasts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Issued, Item, issue
from pipeline_sim.report.figures import targets_met as picture
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.html_page import TEMPLATES, environment, shown
from pipeline_sim.report.files.write_answer import FIGURES, KINDS, write_figures
from pipeline_sim.report.page_model import Row, Section, Table, plain
from pipeline_sim.report.sections import validation_sections
from pipeline_sim.study.fit.hindcast import Hindcast, hindcast
from pipeline_sim.study.fit.targets import ROLES
from pipeline_sim.study.fit.validate_model import Asked, Verdict

if TYPE_CHECKING:
    import pandas as pd

GRADES = ("A", "B", "C")
PAGE = "validation.html"


def write_validation(folder: Path, question: Asked, verdicts: Sequence[Verdict], result: str = "") -> Issued:
    """Everything into a folder; gives the identifiers that figure and tables bear, if the result has a name."""
    found = hindcast(verdicts)
    drawn, sections, roles = picture.targets(verdicts), sections_of(verdicts, found), roles_table(verdicts)
    issued = issue(result, items(drawn, [roles, *(table for each in sections for table in each.shown)]))
    write_csv(folder / "targets.csv", targets_table(verdicts))
    write_csv(folder / "hindcast.csv", forecasts_table(found))
    ((_, svg),) = write_figures(folder / FIGURES, [drawn], issued)
    page = (
        environment()
        .get_template("validation.html.j2")
        .render(
            style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
            sentences=sentences(verdicts),
            shown=shown(drawn, svg, issued),
            roles=roles,
            runs=runs(question),
            sections=sections,
            identifiers={table.name: issued.of(TABLE, table.name) for each in sections for table in each.shown}
            | {roles.name: issued.of(TABLE, roles.name)},
        )
    )
    write_text(folder / PAGE, page)
    return issued


def sections_of(verdicts: Sequence[Verdict], found: Hindcast) -> list[Section]:
    """The sections of the page."""
    told = [validation_sections.foretold(found)] if found.forecasts else []
    return [
        validation_sections.failures(verdicts),
        validation_sections.passes(verdicts),
        *told,
        validation_sections.reading(),
    ]


def items(drawn: Picture, tables: Sequence[Table]) -> list[Item]:
    """What bears an identifier."""
    places = tuple(f"{FIGURES}/{drawn.name}.{kind}" for kind in KINDS)
    return [
        Item(FIGURE, drawn.name, drawn.says, places),
        *(Item(TABLE, each.name, each.caption, (f"{PAGE}#{each.name}",)) for each in tables if each.rows),
        Item(TABLE_FILE, "targets", "Published figures beside the model", ("targets.csv",)),
        Item(TABLE_FILE, "hindcast", "Figures after 2019/20, foretold", ("hindcast.csv",)),
    ]


def sentences(verdicts: Sequence[Verdict]) -> list[str]:
    """In short."""
    far = [each for each in verdicts if not each.passes and each.target.role == "test" and each.target.grade != "C"]
    said = [f"{picture.found(verdicts)}."]
    if far:
        named = [f"{each.target.quantity} ({each.target.population}, {each.target.period})" for each in far[:4]]
        said.append(f"Furthest off among figures of grade A and B that were kept to test: {'; '.join(named)}.")
    return said


def roles_table(verdicts: Sequence[Verdict]) -> Table:
    """Met of all, by role and grade."""
    rows = []
    for role, words in ROLES.items():
        mine = [each for each in verdicts if each.target.role == role]
        if mine:
            cells = [met([each for each in mine if each.target.grade == grade]) for grade in GRADES]
            rows.append(Row(words, plain([met(mine), *cells])))
    head = ("Role of the figure", "Met", *(f"Grade {grade}" for grade in GRADES))
    return Table("roles", "Figures met, of all there are", head, rows)


def met(verdicts: Sequence[Verdict]) -> str:
    """3 of 4."""
    return f"{sum(each.passes for each in verdicts)} of {len(verdicts)}" if verdicts else "–"


def runs(question: Asked) -> str:
    """How it was run."""
    study = question.study
    drawn = (
        "figures in doubt as stated"
        if study.parameters == "mode"
        else (f"{-(-study.replications // study.lucks)} draws of the figures in doubt")
    )
    publishers = len({each.publisher for each in question.targets})
    return (
        f"{study.replications} replications at {study.scale:g} of England's size, {drawn}, seed {study.seed}."
        f" {len(question.targets)} figures from {publishers} sources."
    )


def targets_table(verdicts: Sequence[Verdict]) -> "pd.DataFrame":
    """One row a target, failures first."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "id": each.target.id,
                "topic": each.target.topic,
                "quantity": each.target.quantity,
                "population": each.target.population,
                "period": each.target.period,
                "unit": each.target.unit,
                "passes": each.passes,
                "sure": each.is_sure,
                "model": each.mean,
                "model_low": each.interval[0],
                "model_high": each.interval[1],
                "draws_5": each.span[0],
                "draws_95": each.span[1],
                "record": each.target.value,
                "record_low": each.target.ends[0],
                "record_high": each.target.ends[1],
                "passes_from": each.target.reach[0],
                "passes_to": each.target.reach[1],
                "widths_off": each.off,
                "grade": each.target.grade,
                "role": each.target.role,
                "publisher": each.target.publisher,
                "source": each.target.source.file,
                "because": each.target.because,
            }
            for each in verdicts
        ]
    )


def forecasts_table(found: Hindcast) -> "pd.DataFrame":
    """One row a forecast."""
    import pandas as pd

    columns = ("id", "record", "model", "draws_5", "draws_95", "covers", "meets", "crps", "no_change", "skill")
    rows = [
        (
            each.verdict.target.id, each.verdict.target.value, each.verdict.mean, *each.verdict.span, each.covers,
            each.meets, each.crps, each.no_change, each.skill,
        )
        for each in found.forecasts
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
