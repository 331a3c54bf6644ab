"""The whole report: facts of every section, put into the templates."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline_sim.report.stress_des import implementation, logic, objectives, parameters, validation_evidence
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import shown_file

TEMPLATES = Path(__file__).parents[1] / "templates"


def model_report(subject: Subject, command: str) -> str:
    """Markdown, with the command that prints it. World, study and sources decide the text; machine and time do not."""
    told = {}
    for section in (objectives, logic, parameters, implementation, validation_evidence):
        told.update(section.facts(subject))
    layers = code_list(shown_file(path) for path in subject.layers)
    text = (
        _environment()
        .get_template("stress_des/page.md.j2")
        .render(command=command, world=subject.world, layers=layers, **told)
    )
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def code_list(names: Iterable[str]) -> str:
    """Names as code with commas between."""
    return ", ".join(f"`{name}`" for name in names)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # Markdown: nothing is escaped but the bar in cells
    made.globals["code_list"] = code_list
    made.filters["thousands"] = "{:,}".format
    return made
