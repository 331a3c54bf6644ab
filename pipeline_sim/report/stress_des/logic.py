"""Section 2: order of a day, shocks, interventions, and the components of the model."""

from typing import Any

from pipeline_sim.records.code_meanings import EVENTS, ORIGINS, PHASES, STATES
from pipeline_sim.records.columns import MEANINGS
from pipeline_sim.report.stress_des import read_source
from pipeline_sim.report.stress_des.flow_diagram import diagram
from pipeline_sim.report.stress_des.intervention_tables import catalogue, mixes
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, first_line
from pipeline_sim.report.text.number_format import code_words, with_range
from pipeline_sim.rules.codes import OUTSIDE, Event, Origin, Outcome, Phase, State
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, switched_on

QUEUES = (  # scarce resource, awaited event, and the rule that decides the order
    ("posts of a programme and office", "a recruitment round", "rules/matching.py", ""),
    ("reviews that a panel holds in a week", "an ARCP review", "engines/reference/panel.py", "order"),
    ("supervised slots", "a placement", "rules/supervision_slots.py", "order_key"),
    ("free posts elsewhere", "a transfer", "engines/reference/transfer.py", "decide_transfers"),
    ("places on interventions", "a place", "rules/intervention_places.py", "place_key"),
)


def facts(subject: Subject) -> dict[str, Any]:
    """Facts for the templates of section 2."""
    world = subject.world
    return {
        "diagram": diagram(subject),
        "phases": phases(),
        "events": events(),
        "outcomes": ", ".join(each.name.removeprefix("O").replace("_", ".") for each in Outcome if each),
        "shocks": shocks(world.shocks) if world.shocks else None,
        "waves": waves(world.shocks) if world.shocks else None,
        "catalogue": catalogue(world),
        "mixes": mixes(subject),
        "rules": read_source.rules_table(),
        "carried": read_source.doctor_attributes(),
        "states": states(),
        "queues": queues(),
        "rounds": rounds(world),
        "entries": entries(subject),
        "posts": posts(subject),
    }


def phases() -> Table:
    """Table of the phases of a day."""
    rows = [(str(int(each)), code_words(each.name), *PHASES[each]) for each in Phase]
    return Table(("phase", "name", "who acts", "action"), rows)


def events() -> Table:
    """Table of the events of the log and the meaning of their columns."""
    rows = []
    for each in Event:
        rows.append((str(int(each)), code_words(each.name), EVENTS[each], *MEANINGS[each]))
    return Table(("code", "event", "what happened", "from", "to", "amount"), rows)


def shocks(section: ShocksSection) -> Table:
    """Table of the shocks in the order of application."""
    rows = []
    for place, (name, apply) in enumerate(SHOCKS.items(), start=1):
        strength = getattr(getattr(section, name), "scale", None)
        on = "on" if switched_on(section, name) else "off"
        rows.append((str(place), f"`{name}`", first_line(apply.__doc__), on, with_range(strength) if strength else ""))
    return Table(("order", "shock", "effect", "in this world", "scale (range)"), rows)


def waves(section: ShocksSection) -> Table:
    """Table of the waves of COVID inpatients."""
    rows = [(name, str(each.start), str(each.end), with_range(each.scale)) for name, each in section.waves.items()]
    return Table(("wave", "first day", "last day", "scale (range)"), rows)


def states() -> Table:
    """Table of the states of a doctor."""
    return Table(("state", "meaning"), [(code_words(each.name), STATES[each]) for each in State])


def queues() -> Table:
    """Table of the queues and their order."""
    rows = [
        (for_what, scarce, read_source.docstring_of(file, name), f"`{file}`") for scarce, for_what, file, name in QUEUES
    ]
    return Table(("waiting for", "scarce resource", "order", "decided in"), rows)


def rounds(world: World) -> Table:
    """Table of the recruitment rounds of a year."""
    rows = [
        (each.kind, f"{each.offer_day:02d}/{each.offer_month:02d}", f"{each.start_month:02d}", ", ".join(each.streams))
        for each in world.recruitment.rounds
    ]
    return Table(("round", "offers (day/month)", "posts from the changeover of month", "who may apply"), rows)


def entries(subject: Subject) -> Table:
    """Table of entrants by origin, numbers a year at full size, warm-up included."""
    people = subject.people
    many = {
        Origin.STOCK: people.stock.sum(),
        Origin.GRADUATE: people.graduates.sum(axis=(1, 2)),
        **dict(zip(OUTSIDE, people.external.sum(axis=2).T, strict=True)),
        Origin.RETURNER: people.returners.sum(axis=1),
    }
    rows = []
    for each in Origin:
        least, most = many[each].min(), many[each].max()
        span = f"{least:,.0f}" if round(least) == round(most) else f"{least:,.0f} to {most:,.0f}"
        when = "on the first day" if each == Origin.STOCK else "a year"
        rows.append((code_words(each.name), ORIGINS[each], f"{span} {when}"))
    return Table(("origin", "who", "doctors"), rows)


def posts(subject: Subject) -> Table:
    """Table of posts by stage in the first and the last reported year, at full size."""
    world, table = subject.world, subject.people.establishment.sum(axis=2)
    first, last = world.reported_from, len(table) - 1
    stages = list(dict.fromkeys(each.stage for each in world.programmes))
    rows = []
    for stage in stages:
        indices = [place for place, each in enumerate(world.programmes) if each.stage == stage]
        rows.append((stage, str(len(indices)), *(f"{table[year, indices].sum():,.0f}" for year in (first, last))))
    rows.append(("all", str(len(world.programmes)), *(f"{table[year].sum():,.0f}" for year in (first, last))))
    return Table(("stage", "programmes", "posts, first reported year", "posts, last reported year"), rows)
