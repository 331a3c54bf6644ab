"""Section 2.3: interventions that recovery money can buy, and the mixes of a study."""

from collections.abc import Iterator
from typing import Any

from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table
from pipeline_sim.report.text.number_format import code_words, with_range
from pipeline_sim.world.schema.interventions import AnyEntry, BroadEffect, InterventionsSection, Payment, Places
from pipeline_sim.world.schema.mix import MixSection
from pipeline_sim.world.schema.sourced_value import Sourced
from pipeline_sim.world.schema.world import World

SERVICE = {"operations": "takes off the waiting list", "released": "releases", "educators": "needs of educators"}
HEAD = ("intervention", "kind", "what it does (range)", "for", "unit", "GBP per unit", "lead, months", "ceiling")


def catalogue(world: World) -> Table | None:
    """Table of all interventions; None for a world without a catalogue."""
    if world.interventions is None:
        return None
    rows = []
    for name, entry in world.interventions.entries.items():
        cost = with_range(entry.unit_cost) if entry.unit_cost else "the price of a month of extension"
        ceiling = f"{with_range(entry.ceiling)} {entry.ceiling.unit}" if entry.ceiling else "none"
        kind = "weather" if isinstance(entry, BroadEffect) else type(entry).__name__.lower()
        does, groups = "; ".join(effects(entry)), ", ".join(entry.groups)
        rows.append((f"`{name}`: {entry.label}", kind, does, groups, entry.unit, cost, with_range(entry.lead), ceiling))
    return Table(HEAD, rows)


def effects(entry: AnyEntry) -> Iterator[str]:
    """Clauses on the effects of an intervention."""
    if isinstance(entry, Payment):
        yield "has no effect on training"
    elif isinstance(entry, BroadEffect):
        where = f" in {', '.join(entry.domains)}" if entry.domains else ""
        yield f"changes {entry.moves}{where} by {with_range(entry.effect)} {entry.effect.unit}"
        yield f"a unit frees {with_range(entry.frees)}, a doctor takes {with_range(entry.takes)} a year"
    else:
        yield from places(entry)
    for what, words in SERVICE.items():
        if (figure := getattr(entry, what, None)) is not None:
            yield f"{words} {with_range(figure)} {figure.unit}"


def places(entry: Places) -> Iterator[str]:
    """Clauses on the effect of a place, and the order of allocation."""
    domain = code_words(entry.domain or "")
    if entry.finds:
        yield "identifies the gap"
    if entry.dose is not None:
        yield f"teaches in {domain} {doses(entry.dose)} curriculum days for a day attended"
    if entry.days is not None:
        yield f"takes {with_range(entry.days)} days of each unit"
    if entry.displaces is not None:
        yield f"a day costs {with_range(entry.displaces)} of a day's learning in post"
    if entry.clears is not None:
        yield f"clears {entry.gate} with probability {with_range(entry.clears)}"
    if entry.raises is not None:
        yield f"adds {with_range(entry.raises)} to the chance to pass the next part of {code_words(entry.gate or '')}"
    if entry.extra_sitting:
        yield f"is a sitting of the next part of {code_words(entry.gate or '')}"
    yield f"order {code_words(entry.order)}"


def doses(dose: Sourced[Any]) -> str:
    """Clause on what is taught, by postgraduate year."""
    return f"{dose.value[0]:g} in F1 to {dose.value[-1]:g} in postgraduate year {len(dose.value)}"


def mixes(subject: Subject) -> Table:
    """Table of the lines of every mix of the study."""
    rows = []
    labels = {each.name: each.label for each in subject.study.worlds} if subject.study else {}
    for name, label in labels.items():
        world = subject.world_of(name)
        if world.mix is not None and world.interventions is not None:
            rows += [(label, f"{world.mix.budget.value:,.0f}", *each) for each in lines(world.mix, world.interventions)]
    return Table(
        ("world", "budget, GBP", "intervention", "share", "split, payer", "from", "months", "for", "order"), rows
    )


def lines(mix: MixSection, known: InterventionsSection) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Lines of a mix as cells."""
    for stated in mix.lines:
        line = mix.places_line(stated) if isinstance(known.entries[stated.intervention], Places) else stated
        part = f"{100 * line.share:g} %" if line.share is not None else f"GBP {line.gbp:,.0f}"
        only = ", ".join((*line.groups, *line.offices, *line.regions))
        order = code_words(line.order or "") + (f", first {', '.join(line.first)}" if line.first else "")
        yield (
            f"`{line.intervention}`",
            part,
            f"{code_words(line.split)}, {line.payer}",
            str(line.start),
            str(line.months),
            only,
            order,
        )
