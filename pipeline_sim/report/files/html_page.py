"""The report as one HTML page that needs nothing else: no network, no script; figures stand in it."""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE
from pipeline_sim.records.provenance.issued_items import NONE_ISSUED, Issued
from pipeline_sim.report.figures import Picture
from pipeline_sim.report.page_model import Section, runs
from pipeline_sim.report.sections import (
    certainty,
    method,
    mix_ranking,
    money_spent,
    organisation,
    pairs,
    shares,
    who_gains,
    years,
)
from pipeline_sim.report.text.headline import headline
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer

TEMPLATES = Path(__file__).parents[1] / "templates"
SECTIONS: tuple[Callable[[Answer], Section], ...] = (
    mix_ranking.section,
    pairs.section,
    who_gains.section,
    years.section,
    shares.section,
    certainty.section,
    organisation.section,
    money_spent.section,
)
PAGE = "report.html"
PICTURES = "pictures"  # the section of figures that belong nowhere else


class Shown(NamedTuple):
    """A figure in the page."""

    name: str
    question: str
    says: str
    alt: str
    source: str  # data URI
    identifier: str


def sections_of(answer: Answer) -> list[Section]:
    """The sections of the page."""
    return [make(answer) for make in SECTIONS]


def page(
    answer: Answer,
    drawn: Sequence[tuple[Picture, bytes]],
    manifest: Mapping[str, Any],
    issued: Issued = NONE_ISSUED,
) -> str:
    """The whole page; `drawn` are the figures with their SVG."""
    sections = sections_of(answer)
    placed = in_sections(drawn, [each.name for each in sections], issued)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            answer=answer,
            style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
            years=f"{year_name(answer.years[0])} to {year_name(answer.years[-1])}",
            runs=runs(answer),
            sentences=headline(answer),
            sections=sections,
            pictures=placed,
            method=method.section(answer),
            words=method.WORDS,
            repeat=method.repeat(manifest),
            identifiers={table.name: issued.of(TABLE, table.name) for each in sections for table in each.shown},
            example=issued.of(FIGURE, drawn[0][0].name) if drawn else "",
        )
    )


def in_sections(
    drawn: Sequence[tuple[Picture, bytes]], sections: Sequence[str], issued: Issued = NONE_ISSUED
) -> dict[str, list[Shown]]:
    """Figures by the section that they belong to; those that belong to none have one of their own."""
    placed: dict[str, list[Shown]] = {name: [] for name in (*sections, PICTURES)}
    for picture, svg in drawn:
        home = HOMES.get(picture.name, PICTURES)
        placed[home if home in placed else PICTURES].append(shown(picture, svg, issued))
    return placed


HOMES = {
    "mixes": "ranking",
    "hidden_backlog": "ranking",
    "plane": "sure",
    "acceptability": "sure",
    "gainers": "who",
    "heatmap": "who",
    "waterfall": "shares",
    "outcomes": "organisation",
}  # section of a figure, by its name; all others stand at the end


def shown(picture: Picture, svg: bytes, issued: Issued) -> Shown:
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    identifier = issued.of(FIGURE, picture.name)
    return Shown(picture.name, picture.question, picture.says, picture.alt, source, identifier)


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
