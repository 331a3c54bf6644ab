"""Model report: facts of every section, rendered with the templates."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline_sim.report.stress_des import implementation, logic, objectives, parameters, validation_evidence
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import shown_file

TEMPLATES = Path(__file__).parents[1] / "templates"


def model_report(subject: Subject, command: str) -> str:
    """Markdown of the model report; the text depends on world, study and sources, not on machine or time."""
    facts = {}
    for section in (objectives, logic, parameters, implementation, validation_evidence):
        facts.update(section.facts(subject))
    layers = code_list(shown_file(path) for path in subject.layers)
    text = (
        _environment()
        .get_template("stress_des/page.md.j2")
        .render(command=command, world=subject.world, layers=layers, **facts)
    )
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def code_list(names: Iterable[str]) -> str:
    """Names as Markdown code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # Markdown: only the bar in cells is escaped
    made.globals["code_list"] = code_list
    made.filters["thousands"] = "{:,}".format
    return made
