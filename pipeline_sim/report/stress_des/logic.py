"""Section 2: what happens in a day, what shocks take, what money buys, and who is in the model."""

from typing import Any

from pipeline_sim.records.code_meanings import EVENTS, ORIGINS, PHASES, STATES
from pipeline_sim.records.columns import MEANINGS
from pipeline_sim.report.stress_des import read_source
from pipeline_sim.report.stress_des.flow_diagram import diagram
from pipeline_sim.report.stress_des.intervention_tables import catalogue, mixes
from pipeline_sim.report.stress_des.subject import Subject
from pipeline_sim.report.stress_des.table import Table, first_line, said, words
from pipeline_sim.rules.codes import Event, Origin, Outcome, Phase, State
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, switched_on

QUEUES = (  # what is scarce, what doctors wait for, and the rule that says who comes first
    ("posts of a programme and office", "a recruitment round", "rules/matching.py", ""),
    ("reviews that a panel holds in a week", "an ARCP review", "engines/reference/panel.py", "order"),
    ("supervised slots", "a placement", "rules/supervision_slots.py", "order_key"),
    ("free posts elsewhere", "a transfer", "engines/reference/transfer.py", "decide_transfers"),
    ("places on interventions", "a place", "rules/intervention_places.py", "place_key"),
)


def facts(subject: Subject) -> dict[str, Any]:
    """What the templates of section 2 ask for."""
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
        "rules": read_source.rules(),
        "carried": read_source.carried(),
        "states": states(),
        "queues": queues(),
        "rounds": rounds(world),
        "entries": entries(subject),
        "posts": posts(subject),
    }


def phases() -> Table:
    """Order within a day."""
    rows = [(str(int(each)), words(each.name), *PHASES[each]) for each in Phase]
    return Table(("phase", "name", "who acts", "what is done"), rows)


def events() -> Table:
    """Every event of the log and what its columns say."""
    rows = []
    for each in Event:
        rows.append((str(int(each)), words(each.name), EVENTS[each], *MEANINGS[each]))
    return Table(("code", "event", "what happened", "from", "to", "amount"), rows)


def shocks(section: ShocksSection) -> Table:
    """Every shock in the order in which it is applied."""
    rows = []
    for place, (name, apply) in enumerate(SHOCKS.items(), start=1):
        strength = getattr(getattr(section, name), "scale", None)
        on = "on" if switched_on(section, name) else "off"
        rows.append((str(place), f"`{name}`", first_line(apply.__doc__), on, said(strength) if strength else ""))
    return Table(("order", "shock", "what it does", "here", "scale (range)"), rows)


def waves(section: ShocksSection) -> Table:
    """Spans of the weekly inpatients."""
    rows = [(name, str(each.start), str(each.end), said(each.scale)) for name, each in section.waves.items()]
    return Table(("wave", "first day", "last day", "scale (range)"), rows)


def states() -> Table:
    """What a doctor may be doing, one at a time."""
    return Table(("state", "what it is"), [(words(each.name), STATES[each]) for each in State])


def queues() -> Table:
    """What is waited for and in which order it is given."""
    rows = [
        (for_what, scarce, read_source.discipline(file, name), f"`{file}`") for scarce, for_what, file, name in QUEUES
    ]
    return Table(("waiting for", "what is scarce", "order", "decided in"), rows)


def rounds(world: World) -> Table:
    """Recruitment rounds of every year."""
    rows = [
        (each.kind, f"{each.offer_day:02d}/{each.offer_month:02d}", f"{each.start_month:02d}", ", ".join(each.streams))
        for each in world.recruitment.rounds
    ]
    return Table(("round", "offers (day/month)", "posts from the changeover of month", "who may apply"), rows)


def entries(subject: Subject) -> Table:
    """How doctors come in, and how many in a year at full size, warm-up included."""
    people = subject.people
    many = {
        Origin.STOCK: people.stock.sum(),
        Origin.GRADUATE: people.graduates.sum(axis=(1, 2)),
        Origin.EXTERNAL: people.external.sum(axis=1),
        Origin.RETURNER: people.returners.sum(axis=1),
    }
    rows = []
    for each in Origin:
        least, most = many[each].min(), many[each].max()
        span = f"{least:,.0f}" if round(least) == round(most) else f"{least:,.0f} to {most:,.0f}"
        when = "on the first day" if each == Origin.STOCK else "a year"
        rows.append((words(each.name), ORIGINS[each], f"{span} {when}"))
    return Table(("origin", "who", "doctors"), rows)


def posts(subject: Subject) -> Table:
    """Posts by stage in the first and the last reported year, at full size."""
    world, table = subject.world, subject.people.establishment.sum(axis=2)
    first, last = world.reported_from, len(table) - 1
    stages = list(dict.fromkeys(each.stage for each in world.programmes))
    rows = []
    for stage in stages:
        mine = [place for place, each in enumerate(world.programmes) if each.stage == stage]
        rows.append((stage, str(len(mine)), *(f"{table[year, mine].sum():,.0f}" for year in (first, last))))
    rows.append(("all", str(len(world.programmes)), *(f"{table[year].sum():,.0f}" for year in (first, last))))
    return Table(("stage", "programmes", "posts, first reported year", "posts, last reported year"), rows)
