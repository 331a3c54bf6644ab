"""Section 1: outputs and how they are calculated, and the question of the study."""

from pathlib import Path
from typing import Any

from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, shown_file
from pipeline_sim.report.table_columns import MONEY
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.indicators import BY_YEAR, OVER_ALL_YEARS, SPLIT, Indicator
from pipeline_sim.study.estimates.random_effects import CONFIDENCE


def facts(subject: Subject) -> dict[str, Any]:
    """Facts for the templates of sections 1 and 4."""
    return {
        "indicators": indicators(),
        "money": Table(("name", "what", "pounds"), [(f"`{name}`", *texts) for name, texts in MONEY.items()]),
        "counts": counts(),
        "confidence": f"{100 * CONFIDENCE:g} %",
        "horizons": ", ".join(label for label, _, _ in SPANS),
        "study": subject.study,
        "study_worlds": worlds(subject, subject.study) if subject.study else None,
    }


def indicators() -> Table:
    """Table of the indicators with their formulas."""
    rows = [(f"`{i.name}`", i.label, i.unit, f"`{i.formula.text}`", kind(i)) for i in BY_YEAR]
    rows += [(f"`{name}`", label, unit, text, "all years") for name, (label, unit, text) in OVER_ALL_YEARS.items()]
    return Table(("name", "what", "unit", "formula over the counts below", "kind"), rows)


def kind(indicator: Indicator) -> str:
    """Kind of an indicator: how yearly values are combined over the run."""
    if indicator.is_share:
        return "share" if not indicator.is_stock else "share of a stock"
    return "stock" if indicator.is_stock else "flow"


def counts() -> Table:
    """Table of the counts, including those split by another column."""
    rows = [(f"`{name}`", each.unit, each.description) for name, each in MEASURE_CATALOGUE.items()]
    rows += [(f"`{name}`", "doctors", description) for name, description in SPLIT.items()]
    return Table(("count", "unit", "what is counted in a training year"), rows)


def worlds(subject: Subject, study: Study) -> Table:
    """Table of the worlds of a study: configuration files and mix."""
    rows = []
    for each in study.worlds:
        spec, world = subject.worlds[each.name], subject.world_of(each.name)
        files = ", ".join(f"`{shown_file(Path(name)).removeprefix('configs/')}`" for name in spec.layers)
        less = f"; without {', '.join(each.without)}" if each.without else ""
        mix = world.mix.name if world.mix else "no money spent"
        mark = " (baseline)" if each.name == study.baseline else ""
        rows.append((f"`{each.name}`{mark}", each.label, files + less, mix))
    return Table(("world", "label", "configuration files", "mix"), rows)
