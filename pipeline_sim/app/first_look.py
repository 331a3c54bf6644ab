"""First look at a run: the screen “Compare”, by functions of the report, before `compare` writes all of it."""

from html import escape
from pathlib import Path

from pipeline_sim.app.html_parts import strip_chart, table_html
from pipeline_sim.records.files.result_files import write_text
from pipeline_sim.records.files.storage import storage_at
from pipeline_sim.report.files.brief_page import choices_table
from pipeline_sim.report.page_model import basis_sentences
from pipeline_sim.report.sections.certainty import chances_table
from pipeline_sim.report.sections.covid_harm import undone_table
from pipeline_sim.report.sections.mix_ranking import GAINED, costs_table, gains_table
from pipeline_sim.report.sections.pairs import summary_table
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.estimates.intervals import Estimate

FIRST = "first.html"  # beside the result


def write_first_look(folder: Path, store: str) -> None:
    """Write the first look of a study whose replications are all in the store."""
    study = load_study(folder / "study.toml")
    write_text(folder / FIRST, first_look(run_study(check_study(study, folder, store=storage_at(store)))))


def first_look(answer: Answer) -> str:
    """The answer in words, its table, a dot for each draw, and further tables to open."""
    said = [" ".join(headline(answer)), *further(answer)]
    more = [gains_table(answer), costs_table(answer), chances_table(answer)]
    more += [summary_table(answer)] if len(answer.programmes) > 1 else []
    more += [undone_table(answer)] if not answer.harm.empty else []
    parts = [
        *(f"<p>{escape(text)}</p>" for text in said),
        table_html(choices_table(answer)),
        f'<p class="note">{escape(basis_sentences(answer))}</p>',
        *(strip_chart(label, strips(answer, name, less)) for name, label, less in GAINED if name != "mean_backlog"),
        *(f"<details><summary>{escape(each.caption)}</summary>{table_html(each)}</details>" for each in more),
    ]
    return "\n".join(parts)


def strips(answer: Answer, indicator: str, less_is_better: bool) -> list[tuple[str, Estimate, list[float]]]:
    """Label, gain and a gain for each draw of every mix; `less_is_better` turns the sign."""
    sign, found = -1.0 if less_is_better else 1.0, []
    for world in answer.ranked():
        change = answer.runs[world][indicator] - answer.runs[answer.study.baseline][indicator]
        dots = sign * answer.sampling.means(change.to_numpy())
        gain = answer.difference(world, indicator)
        found.append((answer.label(world), gain.negated() if less_is_better else gain, dots.tolist()))
    return found
