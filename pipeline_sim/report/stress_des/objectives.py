"""Section 1: what is reported and how it is calculated, and what was asked."""

from pathlib import Path
from typing import Any

from pipeline_sim.records.measure_catalogue import COUNTED
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, listed, shown_file
from pipeline_sim.report.tidy_tables import MONEY
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.horizons import SPANS
from pipeline_sim.study.estimates.indicators import BY_YEAR, OVER_ALL_YEARS, SPLIT, Indicator
from pipeline_sim.study.estimates.intervals import CONFIDENCE


def facts(subject: Subject) -> dict[str, Any]:
    """What the templates of sections 1 and 4 ask for."""
    return {
        "indicators": indicators(),
        "money": Table(("name", "what", "pounds"), [(f"`{name}`", *said) for name, said in MONEY.items()]),
        "counts": counts(),
        "confidence": f"{100 * CONFIDENCE:g} %",
        "horizons": listed(label for label, _, _ in SPANS),
        "study": subject.study,
        "study_worlds": worlds(subject, subject.study) if subject.study else None,
    }


def indicators() -> Table:
    """Every indicator with its formula over the counts."""
    rows = [(f"`{i.name}`", i.label, i.unit, f"`{i.formula.text}`", kind(i)) for i in BY_YEAR]
    rows += [(f"`{name}`", label, unit, text, "all years") for name, (label, unit, text) in OVER_ALL_YEARS.items()]
    return Table(("name", "what", "unit", "of the counts below", "kind"), rows)


def kind(indicator: Indicator) -> str:
    """How an indicator of years becomes one of the whole run."""
    if indicator.is_share:
        return "share" if not indicator.is_stock else "share of a stock"
    return "stock" if indicator.is_stock else "flow"


def counts() -> Table:
    """Every count that is kept, and those that are split off."""
    rows = [(f"`{name}`", each.unit, each.says) for name, each in COUNTED.items()]
    rows += [(f"`{name}`", "doctors", says) for name, says in SPLIT.items()]
    return Table(("count", "unit", "what is counted in a training year"), rows)


def worlds(subject: Subject, study: Study) -> Table:
    """The worlds of a study: what they are laid from and what they buy."""
    rows = []
    for each in study.worlds:
        held, world = subject.worlds[each.name], subject.world_of(each.name)
        files = listed(f"`{shown_file(Path(name)).removeprefix('configs/')}`" for name in held.layers)
        less = f"; without {listed(each.without)}" if each.without else ""
        mix = world.mix.name if world.mix else "no money spent"
        mark = " (baseline)" if each.name == study.baseline else ""
        rows.append((f"`{each.name}`{mark}", each.label, files + less, mix))
    return Table(("world", "label", "files laid over each other", "mix"), rows)
