"""Section 2.3: what recovery money can buy, and what the mixes of a study buy."""

from collections.abc import Iterator
from typing import Any

from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, listed, said, words
from pipeline_sim.world.schema.interventions import AnyEntry, Payment, Places, Weather
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.sourced_value import Sourced
from pipeline_sim.world.schema.world import World

HEAD = ("intervention", "kind", "what it does (range)", "for", "unit", "GBP a unit", "lead, months", "ceiling")


def catalogue(world: World) -> Table | None:
    """Every intervention; none where the world has no catalogue."""
    if world.interventions is None:
        return None
    rows = []
    for name, entry in world.interventions.entries.items():
        cost = said(entry.unit_cost) if entry.unit_cost else "the price of a month of extension"
        ceiling = f"{said(entry.ceiling)} {entry.ceiling.unit}" if entry.ceiling else "none"
        kind = type(entry).__name__.lower()
        does, groups = "; ".join(effects(entry)), listed(entry.groups)
        rows.append((f"`{name}`: {entry.label}", kind, does, groups, entry.unit, cost, said(entry.lead), ceiling))
    return Table(HEAD, rows)


def effects(entry: AnyEntry) -> Iterator[str]:
    """What an intervention does, part by part."""
    if isinstance(entry, Payment):
        yield "moves nothing"
    elif isinstance(entry, Weather):
        where = f" in {listed(entry.domains)}" if entry.domains else ""
        yield f"moves {entry.moves}{where} by {said(entry.effect)} {entry.effect.unit}"
        yield f"a unit frees {said(entry.frees)}, a doctor takes {said(entry.takes)} a year"
    else:
        yield from places(entry)


def places(entry: Places) -> Iterator[str]:
    """What a seat is worth and who is given it."""
    domain = words(entry.domain or "")
    if entry.finds:
        yield "finds the gap"
    if entry.dose is not None and entry.need is not None:
        yield f"teaches in {domain} a part of {said(entry.need)} {entry.need.unit}, {doses(entry.dose)}"
    if entry.gate is not None and entry.clears is not None:
        yield f"clears {entry.gate} with chance {said(entry.clears)}"
    yield f"order {words(entry.order)}"


def doses(dose: Sourced[Any]) -> str:
    """First and last of the parts of need, which stand by postgraduate year."""
    return f"{dose.value[0]:g} in F1 to {dose.value[-1]:g} in postgraduate year {len(dose.value)}"


def mixes(subject: Subject) -> Table:
    """Every line of every mix of the study."""
    rows = []
    labels = {each.name: each.label for each in subject.study.worlds} if subject.study else {}
    for name, label in labels.items():
        world = subject.world_of(name)
        if world.mix is not None:
            rows += [(label, f"{world.mix.budget.value:,.0f}", *line) for line in lines(world.mix)]
    return Table(("world", "budget, GBP", "intervention", "part", "split", "from", "months", "only for"), rows)


def lines(mix: MixSection) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Lines of a mix as cells."""
    for line in mix.lines:
        part = f"{100 * line.share:g} %" if line.share is not None else f"GBP {line.gbp:,.0f}"
        only = listed((*line.groups, *line.offices, *line.regions))
        yield f"`{line.intervention}`", part, words(line.split), str(line.start), str(line.months), only
