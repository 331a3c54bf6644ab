"""Plausibility checks across tables: years that are years, shares of several tables that sum to 1."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pipeline_sim.world.loading.check_mix import mix_problems
from pipeline_sim.world.reading.layers import MergedLayers
from pipeline_sim.world.schema.sourced_value import Frozen, Sourced
from pipeline_sim.world.schema.training import DOMAINS
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.activity_series import is_month
from pipeline_sim.world.world_error import KeyPath, world_error

NEAR = 1e-6
MOST_OF_FOUNDATION = 2  # grades
EARLIEST, LATEST = 1990, 2100  # years that a world may be about
COVID = date(2019, 12, 1)  # none of its shocks was before
YEARS_BEYOND = 10  # after a run, in which a date may still lie


def check_plausibility(world: World, merged: MergedLayers) -> None:
    """Check that the tables of a world are consistent; raises WorldError."""
    for path, problem in problems(world):
        raise world_error(merged.file(path), path, problem)


def problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of a world: key path and sentence of each."""
    yield from year_problems(("life", "ltft", "value"), world.life.ltft.value)
    yield from year_problems(("recruitment", "after_foundation", "value"), world.recruitment.after_foundation.value)
    for name in ("uk_applicants", "uk_accepted"):
        yield from year_problems(("recruitment", name, "value"), getattr(world.recruitment, name).value)
    yield from share_problems(world)
    yield from priority_problems(world)
    yield from entrant_problems(world)
    yield from wte_problems(world)
    yield from ward_problems(world)
    yield from programme_problems(world)
    yield from panel_problems(world)
    yield from shock_problems(world)
    yield from supply_problems(world)
    yield from mix_problems(world)
    yield from date_problems(world)


def year_problems(path: KeyPath, keys: Iterable[str]) -> Iterable[tuple[KeyPath, str]]:
    """Problems of keys that should be years."""
    names = list(keys)
    for key in names:
        if not (key.isdigit() and EARLIEST <= int(key) <= LATEST):
            yield (*path, key), f"'{key}' should be a year"
    if not names:
        yield path, "should name at least one year"


def supply_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of levers of supply: keys that should be years, and would act after the run."""
    levers = world.supply.levers if world.supply is not None else {}
    out = world.supply.out_of_programme if world.supply is not None else {}
    named = [
        *((("supply", "out_of_programme", kind), each) for kind, each in out.items()),
        *((("supply", "levers", name, lever.moves), lever.by_year) for name, lever in levers.items()),
    ]
    for path, figure in named:
        problems = list(year_problems((*path, "value"), figure.value))
        yield from problems
        last = world.period.last_year
        if not problems and min(map(int, figure.value)) > last:
            yield (*path, "value"), f"begins in {min(figure.value)}, after the last year of the world, {last}"


def share_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of shares that should sum to 1, or to no more than 1."""
    for group, row in world.competence.weights.value.items():
        if len(row) != len(DOMAINS) or abs(sum(row) - 1) > NEAR:
            yield ("competence", "weights", "value", group), "should be four shares that sum to 1"
    for year, row_by in world.recruitment.after_foundation.value.items():
        if sum(row_by.values()) > 1 + NEAR:
            yield ("recruitment", "after_foundation", "value", year), "should sum to no more than 1"
    if sum(world.recruitment.after_core.value) > 1 + NEAR:
        yield ("recruitment", "after_core"), "should sum to no more than 1"
    steps = world.extensions.gap_steps.value
    if list(steps) != sorted(steps):
        yield ("extensions", "gap_steps"), "should rise"


def priority_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of an order of offers that would never hold."""
    priority = world.recruitment.priority
    if priority is not None and not priority.first < world.dates.end:
        yield (
            ("recruitment", "priority", "first"),
            f"{priority.first} should be before the end of the run, {world.dates.end}",
        )


def entrant_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of doctors from abroad who qualified nowhere abroad."""
    row = world.people.entrants.value["external"]
    if not sum(row.values()) > 0:
        yield ("people", "entrants", "value", "external"), "is 0 throughout, should name a place abroad"


def wte_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of working times that should be a percentage of whole time."""
    for key in world.life.wte.value:
        if not (key.isdigit() and 10 <= int(key) < 100):
            yield ("life", "wte", "value", key), f"'{key}' should be a per cent from 10 to 99"


def ward_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of programmes that would learn two things on the same ward."""
    named: set[str] = set()
    for index, ward in enumerate(world.competence.own_wards):
        for name in ward.programmes:
            if name in named:
                yield ("competence", "own_wards", index, "programmes"), f"'{name}' should stand in one of them only"
            named.add(name)


def programme_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of programmes that no one could enter or leave."""
    foundation = sum(each.stage == "foundation" for each in world.programmes)
    if foundation != 1:
        yield ("programmes",), f"has {foundation} of stage foundation, should have 1"
    courses = {part.id for part in world.exams if part.kind == "course"}
    for index, each in enumerate(world.programmes):
        here: KeyPath = ("programmes", index)
        for gate in each.gates:
            if gate.entry and gate.exam in courses:
                yield (*here, "gates"), f"{each.id}: {gate.exam} is a course: only an exam can be held on entry"
        if (each.stream is None) != (each.stage == "foundation"):
            yield (*here, "stream"), f"{each.id}: foundation alone is entered without a stream"
        if each.stage == "foundation" and len(each.grades) > MOST_OF_FOUNDATION:
            yield (*here, "grades"), f"{each.id}: foundation has {len(each.grades)} grades, should have one or two"
        if each.stage in ("foundation", "core") and each.stream_after is None:
            yield (*here, "stream_after"), f"{each.id}: is missing; {each.stage} does not end in a CCT"
        if each.stage not in ("foundation", "core") and each.stream_after is not None:
            yield (*here, "stream_after"), f"{each.id}: {each.stage} ends in a CCT and should have none"
        if each.first_entry and each.last_entry and each.last_entry < each.first_entry:
            yield (*here, "last_entry"), f"{each.id}: {each.last_entry} should not be before {each.first_entry}"


def panel_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of panel windows: invalid dates, or shares of a year's reviews that do not sum to 1."""
    total = world.panels.out_of_phase.value + sum(window.share.value for window in world.panels.windows)
    if abs(total - 1) > NEAR:
        yield ("panels", "windows"), f"shares and out_of_phase sum to {round(total, 6)}, should sum to 1"
    for index, window in enumerate(world.panels.windows):
        if not (is_day(window.from_month, window.from_day) and is_day(window.to_month, window.to_day)):
            yield ("panels", "windows", index), f"'{window.name}' has a day that its month has not"


def shock_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of shocks: keys that should be months."""
    for key in world.shocks.shielding.share.value if world.shocks else ():
        if not is_month(key):
            yield ("shocks", "shielding", "share", "value", key), f"'{key}' should be a month, such as 2020-04"


def date_problems(world: World) -> Iterable[tuple[KeyPath, str]]:
    """Problems of dates that no run of this world could need, and of shocks before there was COVID."""
    last = date(world.period.last_year + YEARS_BEYOND, 12, 31)
    for section in ("recruitment", "shocks", "mix"):
        first = COVID if section == "shocks" else date(EARLIEST, 1, 1)
        for path, day in dates_in(getattr(world, section), (section,)):
            if not first <= day <= last:
                yield path, f"is {day}: should be between {first} and {last}"


def dates_in(part: Any, path: KeyPath) -> Iterable[tuple[KeyPath, date]]:
    """Dates below a table, each with its key path."""
    if isinstance(part, date):
        yield path, part
    elif isinstance(part, Frozen) and not isinstance(part, Sourced):
        for name in type(part).model_fields:
            yield from dates_in(getattr(part, name), (*path, name))
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from dates_in(inner, (*path, name))
    elif isinstance(part, tuple):
        for index, inner in enumerate(part):
            yield from dates_in(inner, (*path, index))


def is_day(month: int, day: int) -> bool:
    """True if a month has that day in every year."""
    return day <= (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
