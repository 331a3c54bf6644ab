"""Checks of the register: complete, without idle patterns, in date, with every influence measured."""

from collections.abc import Iterable, Sequence
from datetime import date

from pipeline_sim.world.register.assumption_register import EntryPattern, Register
from pipeline_sim.world.register.recorded_influence import (
    ENTRY,
    INFLUENCE_FILE,
    InfluenceTable,
    drawn_by_entry,
    ranges_digest,
    stated_ranges,
)
from pipeline_sim.world.register.register_rows import RegisterRow, assumptions_of, is_uncertain, rows_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, world_error


def check_register(register: Register, worlds: Sequence[World]) -> list[RegisterRow]:
    """Rows of all worlds, each name once; raises WorldError for an uncovered assumption or an idle pattern."""
    rows: dict[str, RegisterRow] = {}
    for world in worlds:
        for row in rows_of(register, world):
            rows.setdefault(row.parameter, row)
    check_patterns(register, worlds)
    return list(rows.values())


def check_patterns(register: Register, worlds: Iterable[World]) -> None:
    """Check that every pattern covers an assumption, and every drawn entry an uncertain figure; raises WorldError."""
    used: set[EntryPattern] = set()
    uncertain: set[str] = set()
    for assumption in (assumption for world in worlds for assumption in assumptions_of(world)):
        pattern = register.pattern_of(assumption.path)
        if pattern is not None:
            used.add(pattern)
            if assumption.figure is not None and is_uncertain(assumption.figure):
                uncertain.add(pattern.entry)
    for pattern in (pattern for patterns in register.patterns.values() for pattern in patterns):
        if pattern not in used:
            problem = f"'{'.'.join(pattern.parts)}' covers nothing: no figure and no table is left to it"
            raise world_error(register.path, ("entries", pattern.entry, "covers"), problem)
    for name, entry in register.entries.items():
        if entry.distribution != "fixed" and name not in uncertain:
            problem = f"is '{entry.distribution}', but nothing of it has a range: should be 'fixed'"
            raise world_error(register.path, ("entries", name, "distribution"), problem)


def check_sunsets(register: Register, on: date) -> None:
    """Check that no review date has passed on a day; raises WorldError."""
    passed = sorted((entry.sunset, name) for name, entry in register.entries.items() if entry.sunset < on)
    if passed:
        day, name = passed[0]
        more = f", and {len(passed) - 1} more" if len(passed) > 1 else ""
        owner = register.entries[name].owner
        problem = f"{day} has passed on {on}: the {owner} looks at it again and sets another day{more}"
        raise world_error(register.path, ("entries", name, "sunset"), problem)


def check_influence(register: Register, world: World, recorded: InfluenceTable | None) -> None:
    """Check that the influence of every drawn entry has been measured; raises WorldError."""
    folder = register.path.parent
    for name in drawn_by_entry(register, world):
        if recorded is None or (ENTRY, name, recorded.outcomes[0]) not in recorded.influences:
            cure = "run pipeline-sim sensitivity with --record"
            raise WorldError(f"{folder / INFLUENCE_FILE}: {name}: its influence has not been measured: {cure}")


def outdated_influences(register: Register, world: World, recorded: InfluenceTable) -> list[str]:
    """Entries whose ranges have changed since their influence was measured."""
    ranges = stated_ranges([world])
    return [
        name
        for name, members in drawn_by_entry(register, world).items()
        if (found := recorded.influences.get((ENTRY, name, recorded.outcomes[0]))) is not None
        and found.digest != ranges_digest(ranges, members)
    ]
