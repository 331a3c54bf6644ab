"""Result folder of `validate`: a page, a figure, tables of targets and forecasts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.provenance.identifiers import TABLE
from pipeline_sim.records.provenance.issued_items import ItemCatalogue, catalogue_items
from pipeline_sim.report.figures import targets_met as picture
from pipeline_sim.report.files.calibration_files import piled_up_sentences
from pipeline_sim.report.files.csv_files import write_csv
from pipeline_sim.report.files.html_page import embedded_figure, render
from pipeline_sim.report.files.write_answer import FIGURES, page_items, write_figures
from pipeline_sim.report.page_model import Row, Section, Table, text_cells
from pipeline_sim.report.sections import validation_sections
from pipeline_sim.report.text.number_format import counted
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.study.fit.hindcast import Hindcast, hindcast
from pipeline_sim.study.fit.targets import RECORD_GRADES, ROLES
from pipeline_sim.study.fit.validate_model import ValidationPlan, Verdict, draws_passing, fitted_noise
from pipeline_sim.study.replication.posterior_sample import load_sample

if TYPE_CHECKING:
    import pandas as pd

PAGE = "validation.html"
TABLES = (
    ("targets", "Published figures beside the model", ("targets.csv",)),
    ("hindcast", "Forecasts of later records", ("hindcast.csv",)),
    ("draws", "Draws that pass on the figures fitted to", ("draws.csv",)),
)


def write_validation(
    folder: Path, question: ValidationPlan, verdicts: Sequence[Verdict], result: str = ""
) -> ItemCatalogue:
    """Write all files of a validation; returns the identifiers of figure and tables, if the result has a name."""
    hindcasts, records = hindcast(verdicts, question.classes, fitted_noise(question)), records_of(verdicts)
    drawn, sections, roles = picture.targets_met(records), sections_of(verdicts, hindcasts), roles_table(records)
    shown = [roles, *(table for each in sections for table in each.shown)]
    issued = catalogue_items(result, page_items(PAGE, [drawn], shown, TABLES))
    write_csv(folder / "targets.csv", targets_table(verdicts))
    write_csv(folder / "hindcast.csv", forecasts_table(hindcasts))
    write_csv(folder / "draws.csv", draws_table(question, verdicts))
    ((_, svg),) = write_figures(folder / FIGURES, [drawn], issued)
    page = render(
        "validation.html.j2",
        title="The model compared with published figures",
        question="How far is the model from published figures, including those that it was not fitted to?",
        answer_title="Summary",
        sentences=[*summary_sentences(records), *against_structure(question)],
        shown=embedded_figure(drawn, svg, issued),
        roles=roles,
        runs=runs_sentence(question),
        sections=sections,
        identifiers=issued.by_name(TABLE),
    )
    write_text(folder / PAGE, page)
    return issued


def records_of(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Verdicts that are counted: those on records, not on assumptions."""
    return [verdict for verdict in verdicts if verdict.target.is_record]


def sections_of(verdicts: Sequence[Verdict], hindcasts: Hindcast) -> list[Section]:
    """Sections of the validation page."""
    forecasts = [validation_sections.hindcast_section(hindcasts)] if hindcasts.forecasts else []
    records, assumed = records_of(verdicts), [verdict for verdict in verdicts if not verdict.target.is_record]
    return [
        validation_sections.failures_section(records),
        validation_sections.passes_section(records),
        *forecasts,
        *([validation_sections.assumptions_section(assumed)] if assumed else []),
        validation_sections.reading_section(),
    ]


def summary_sentences(verdicts: Sequence[Verdict]) -> list[str]:
    """Sentences of the summary."""
    far = [each for each in verdicts if not each.passes and each.target.role == "test"]
    sentences = [f"{picture.finding(verdicts)}."]
    if far:
        named = [f"{each.target.quantity} ({each.target.population}, {each.target.period})" for each in far[:4]]
        sentences.append(f"Largest deviations among figures held out for testing: {'; '.join(named)}.")
    return sentences


def against_structure(question: ValidationPlan) -> list[str]:
    """What the sample that is drawn from says against the model; nothing where none is drawn."""
    if question.study.posterior is None or question.study.parameters != "sampled":
        return []
    return [f"{each[0].upper()}{each[1:]}." for each in piled_up_sentences(load_sample(question.study.posterior))]


def roles_table(verdicts: Sequence[Verdict]) -> Table:
    """Table of figures met, by role and grade."""
    rows = []
    for role, words in ROLES.items():
        of_role = [each for each in verdicts if each.target.role == role]
        if of_role:
            cells = [met_of_all([each for each in of_role if each.target.grade == grade]) for grade in RECORD_GRADES]
            rows.append(Row(words, text_cells([met_of_all(of_role), *cells])))
    head = ("Role of the figure", "Met", *(f"Grade {grade}" for grade in RECORD_GRADES))
    return Table("roles", "Figures met, of all figures", head, rows)


def met_of_all(verdicts: Sequence[Verdict]) -> str:
    """Number met of all: `3 of 4`."""
    return f"{sum(each.passes for each in verdicts)} of {len(verdicts)}" if verdicts else "–"


def runs_sentence(question: ValidationPlan) -> str:
    """Sentence on the runs behind the numbers."""
    study = question.study
    drawn = (
        "uncertain parameters at their stated values"
        if study.parameters == "mode"
        else f"{counted(len(draws_of(study, study.replications).weights), 'draw')} of the uncertain parameters"
    )
    publishers = [each.publisher for each in question.targets if each.is_record]
    return (
        f"{counted(study.replications, 'replication')} at {study.scale:g} of England's size, {drawn}, "
        f"seed {study.seed}. {counted(len(publishers), 'figure')} from {counted(len(set(publishers)), 'source')}; "
        f"{counted(len(question.targets) - len(publishers), 'assumption')} beside the model."
    )


def targets_table(verdicts: Sequence[Verdict]) -> "pd.DataFrame":
    """Targets, a row a target, those missed first; of an assumption no verdict and no accepted range."""
    import pandas as pd

    columns = (
        "id", "topic", "quantity", "population", "period", "unit", "passes", "sure", "model", "model_low", "model_high",
        "draws_5", "draws_95", "record", "record_low", "record_high", "passes_from", "passes_to", "widths_off", "grade",
        "role", "publisher", "source", "because",
    )  # fmt: skip
    rows = [
        (
            target.id, target.topic, target.quantity, target.population, target.period, target.unit,
            *((verdict.passes, verdict.is_sure) if target.is_record else (None, None)),
            verdict.mean, *verdict.interval, *verdict.span, target.value, *target.ends,
            *((*target.reach, verdict.off) if target.is_record else (None, None, None)),
            target.grade, target.role, target.publisher, target.source.file, target.because or "",
        )
        for verdict, target in ((verdict, verdict.target) for verdict in verdicts)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def draws_table(question: ValidationPlan, verdicts: Sequence[Verdict]) -> "pd.DataFrame":
    """Whether each draw passes on all figures fitted to, and the share of those held out that it passes on."""
    import pandas as pd

    own, held = draws_passing(question, verdicts) or (np.zeros(0, bool), np.zeros(0))
    return pd.DataFrame({"passes": own, "held_out": held if len(held) else np.full(len(own), np.nan)})


def forecasts_table(hindcasts: Hindcast) -> "pd.DataFrame":
    """Forecasts of the hindcast, a row a forecast."""
    import pandas as pd

    columns = (
        "id", "origin", "series", "role", "record", "model", "range_5", "range_95", "covers", "crps", "no_change",
        "trend", "skill", "interval_score",
    )  # fmt: skip
    rows = [
        (
            each.verdict.target.id, each.origin, each.series, each.verdict.target.role, each.verdict.target.value,
            float(np.median(each.ensemble)), *each.span, each.covers, each.crps, each.no_change, each.trend,
            each.skill, each.interval_score,
        )
        for each in hindcasts.forecasts
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
