"""Every shock, and every intervention alone with £25m, moves the first count it acts on, or is counted elsewhere."""

from datetime import date
from functools import cache

import numpy as np
import pytest
from support import CONFIGS
from support.run_and_read import Row, rows
from support.worlds.three_offices import mix_of

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.schema.interventions import AnyEntry, BroadEffect, Payment, Places
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS

pytestmark = pytest.mark.law
LAYERS = tuple(CONFIGS / f"{name}.toml" for name in ("england", "covid", "interventions", "costs"))
SCALE, FROM, DAYS, BUDGET = 0.03, date(2022, 4, 1), 730, 25_000_000.0
CATALOGUE = load_world(*LAYERS).interventions.entries


@cache
def england() -> tuple[World, Population]:
    world = load_world(*LAYERS)
    return world, build_population(world)


def run(world: World, without: frozenset[str], first: date) -> tuple[Rulebook, list[Row]]:
    """Rulebook, and log of two years."""
    people = england()[1]
    book, log = lower(world, people, build_timeline(world, without, people), SCALE), EventLog()
    ENGINES["batch"](book, 2021, 0, log)
    begins = world.dates.day(first)
    return book, [row for row in rows(log) if begins <= row.day < begins + DAYS]


@cache
def run_with(name: str | None) -> tuple[Rulebook, list[Row]]:
    """Two years from April 2022, with all of the money for one intervention, or for none."""
    world = england()[0]
    if name is not None:
        world = world.model_copy(update={"mix": mix_of(BUDGET, {"intervention": name, "share": 1.0})})
    return run(world, frozenset(), FROM)


@cache
def run_without(name: str | None) -> tuple[Rulebook, list[Row]]:
    """Two years from the first wave, without a shock, or with all."""
    return run(england()[0], frozenset({name} if name else ()), date(2020, 3, 1))


def first_count(entry: AnyEntry, name: str | None) -> int:
    """The first count that an intervention acts on; more is better."""
    book, log = run_with(name)

    def many(event: Event) -> list[Row]:
        return [row for row in log if row.event == event]

    if isinstance(entry, BroadEffect):
        counted = {
            "opportunity": lambda: int(book.competence.opportunity_sum[..., -1].sum()),  # lists, clinics, sessions
            "slots": lambda: int(book.placements.slots.sum()),  # supervised slots
            "support": lambda: sum(row.to_code for row in many(Event.RETURNED)),  # supported returns
        }
        return counted[entry.moves]()
    assert isinstance(entry, Places)
    if entry.clears is not None:  # who is cleared need not go to another course
        part = england()[0].exam_index(entry.gate)
        return -sum(row.from_code == part for row in (*many(Event.EXAM_PASSED), *many(Event.EXAM_FAILED)))
    if entry.extra_sitting:  # sooner: days for which passes have been held when the two years end
        end = england()[0].dates.day(FROM) + DAYS
        return sum(end - row.day for row in many(Event.EXAM_PASSED))
    if entry.raises is not None:
        return len(many(Event.EXAM_PASSED))
    if entry.finds:
        return sum(row.to_code for row in many(Event.SEATED))
    return sum(row.amount for row in many(Event.SEATED))


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if not isinstance(entry, Payment)])
def test_money_moves_the_first_count(name: str) -> None:
    assert first_count(CATALOGUE[name], name) > first_count(CATALOGUE[name], None)
    assert run_with(name)[1] != run_with(None)[1]


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if isinstance(entry, Payment)])
def test_what_moves_nothing_says_where_it_is_counted(name: str) -> None:
    assert run_with(name)[1] == run_with(None)[1]
    assert len(CATALOGUE[name].note.split()) > 5


def lost_count(shock: str, name: str | None) -> int:
    """The first count that a shock takes from."""
    book, log = run_without(name)
    parts = [part.kind == "course" for part in england()[0].exams]
    sat = [row.from_code for row in log if row.event in (Event.EXAM_PASSED, Event.EXAM_FAILED)]
    offered = int(book.competence.opportunity_sum[..., -1].sum())
    counts = {
        "supervision": lambda: int(book.placements.slots.sum()),
        "redeployment": lambda: -sum(row.event == Event.REDEPLOYED for row in log),
        "absence": lambda: -int(book.life.sick.sum()),
        "shielding": lambda: -int(book.life.shield.sum()),
        "changeover": lambda: -int((book.calendar.next_changeover - np.arange(book.panels.derogation.size)).sum()),
        "exams": lambda: sum(not parts[part] for part in sat),
        "courses": lambda: sum(parts[part] for part in sat),
        "derogation": lambda: -int(book.panels.derogation.sum()),
        "evidence": lambda: -int(book.panels.evidence_lost.sum()),
        "revalidation": lambda: -book.revalidation.postponed_days,
    }
    return counts.get(shock, lambda: offered)()


@pytest.mark.parametrize("name", list(SHOCKS))
def test_a_shock_moves_the_first_count(name: str) -> None:
    assert lost_count(name, None) < lost_count(name, name)


def extensions(reading_error: int, order: str, replication: int) -> int:
    """Extensions with £25m of courses and release, offices misreading gaps by up to so many thousandths of a day."""
    world, people = england()
    lines = [{"intervention": name, "share": 0.5, "order": order} for name in ("protected-time", "boot-camps")]
    world = world.model_copy(update={"mix": mix_of(BUDGET, *lines)})
    book = lower(world, people, build_timeline(world, population=people), 0.05)
    book, log = book._replace(seats=book.seats._replace(reading_error=reading_error)), EventLog()
    ENGINES["batch"](book, 2021, replication, log)
    return sum(row.event == Event.EXTENDED for row in rows(log))


def test_better_readings_avoid_more_where_places_go_to_who_is_nearest_to_the_line() -> None:
    """Same random numbers; docs/levers.md has the gain for all England, under every order."""
    misread, exact = (sum(extensions(error, "nearest_to_line", number) for number in range(4)) for error in (25_000, 0))
    assert exact < misread
