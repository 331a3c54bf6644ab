"""Report as one HTML page without network or script, with its figures embedded."""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline_sim import __version__
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE
from pipeline_sim.records.provenance.issued_items import NO_ITEMS, ItemCatalogue
from pipeline_sim.report.figures import Picture
from pipeline_sim.report.page_model import Section, basis_sentences
from pipeline_sim.report.sections import (
    certainty,
    covid_harm,
    method,
    mix_ranking,
    money_spent,
    organisation,
    pairs,
    scenario_comparison,
    service_and_training,
    shares,
    supply_plans,
    value_of_time,
    who_gains,
    years,
)
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.report.tidy_tables import TABLES
from pipeline_sim.study.comparison.answer import Answer

TEMPLATES = Path(__file__).parents[1] / "templates"
SECTIONS: tuple[Callable[[Answer], Section], ...] = (
    mix_ranking.section,
    value_of_time.section,
    covid_harm.section,
    pairs.section,
    scenario_comparison.section,
    service_and_training.section,
    who_gains.section,
    years.section,
    supply_plans.section,
    shares.section,
    certainty.section,
    organisation.section,
    money_spent.section,
)
PAGE = "report.html"
PICTURES = "pictures"  # section of figures without a section of their own


class EmbeddedFigure(NamedTuple):
    """Figure embedded in the page."""

    name: str
    question: str
    finding: str
    alt_text: str
    source: str  # data URI
    identifier: str


def sections_of(answer: Answer) -> list[Section]:
    """Sections of the page that have something to say, in order."""
    return [section for make in SECTIONS if (section := make(answer)).paragraphs]


def page(
    answer: Answer,
    drawn: Sequence[tuple[Picture, bytes]],
    manifest: Mapping[str, Any],
    issued: ItemCatalogue = NO_ITEMS,
    sections: Sequence[Section] | None = None,
) -> str:
    """HTML of the whole page; `drawn` are the figures with their SVG, `sections` those of `sections_of`."""
    sections = sections_of(answer) if sections is None else sections
    placed = figures_by_section(drawn, [each.name for each in sections], issued)
    return render(
        "report.html.j2",
        title="Training recovery: comparison of mixes",
        question=answer.study.question,
        answer_title="The answer",
        years=f"{year_name(answer.years[0])} to {year_name(answer.years[-1])}",
        basis=basis_sentences(answer),
        sentences=headline(answer),
        further=further(answer),
        record=method.record_sentence(),
        files=[(name, title.format(base=answer.label(answer.study.baseline))) for name, title, _, _ in TABLES],
        version=__version__,
        date=str(manifest.get("created", ""))[:10],
        sections=sections,
        pictures=placed,
        method=method.section(answer),
        glossary=method.glossary(answer),
        contact=method.contact_sentence(answer),
        reproduction=method.reproduction_items(manifest),
        identifiers=issued.by_name(TABLE),
        example=issued.identifier_of(FIGURE, drawn[0][0].name) if drawn else "",
    )


def figures_by_section(
    drawn: Sequence[tuple[Picture, bytes]], sections: Sequence[str], issued: ItemCatalogue = NO_ITEMS
) -> dict[str, list[EmbeddedFigure]]:
    """Figures by section; those without a section are under `PICTURES`."""
    placed: dict[str, list[EmbeddedFigure]] = {name: [] for name in (*sections, PICTURES)}
    for picture, svg in drawn:
        home = HOMES.get(picture.name, PICTURES)
        placed[home if home in placed else PICTURES].append(embedded_figure(picture, svg, issued))
    return placed


HOMES = {
    "supply": "supply",
    "mixes": "ranking",
    "hidden_backlog": "ranking",
    "plane": "sure",
    "acceptability": "sure",
    "gainers": "who",
    "heatmap": "who",
    "waterfall": "shares",
    "outcomes": "organisation",
}  # section of a figure, by its name; others are at the end


def embedded_figure(picture: Picture, svg: bytes, issued: ItemCatalogue) -> EmbeddedFigure:
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    identifier = issued.identifier_of(FIGURE, picture.name)
    return EmbeddedFigure(picture.name, picture.question, picture.finding, picture.alt_text, source, identifier)


def render(template: str, **parts: Any) -> str:
    """Page of a template, with the style that all pages have."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return environment().get_template(template).render(style=style, **parts)


@cache
def environment() -> Environment:
    """Jinja environment of the HTML templates; an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
