"""Whether the register is whole: nothing left out, nothing idle, nothing out of date, every influence measured."""

from collections.abc import Iterable, Sequence
from datetime import date

from pipeline_sim.world.register.assumption_register import Claim, Register
from pipeline_sim.world.register.recorded_influence import ENTRY, RECORDED, Recorded, digest_of, drawn_by_entry, stated
from pipeline_sim.world.register.register_rows import Row, is_in_doubt, items_of, rows_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, world_error


def check_register(register: Register, worlds: Sequence[World]) -> list[Row]:
    """Refuses an assumption that no entry covers or fits, and a claim that covers none; all rows, each name once."""
    rows: dict[str, Row] = {}
    for world in worlds:
        for row in rows_of(register, world):
            rows.setdefault(row.parameter, row)
    check_claims(register, worlds)
    return list(rows.values())


def check_claims(register: Register, worlds: Iterable[World]) -> None:
    """Refuses a claim by which no assumption comes to its entry, and an entry to be drawn of which nothing can be."""
    used: set[Claim] = set()
    doubted: set[str] = set()
    for item in (item for world in worlds for item in items_of(world)):
        claim = register.claim_of(item.path)
        if claim is not None:
            used.add(claim)
            if item.figure is not None and is_in_doubt(item.figure):
                doubted.add(claim.entry)
    for claim in (claim for claims in register.claims.values() for claim in claims):
        if claim not in used:
            problem = f"'{'.'.join(claim.parts)}' covers nothing: no figure and no table is left to it"
            raise world_error(register.path, ("entries", claim.entry, "covers"), problem)
    for name, entry in register.entries.items():
        if entry.distribution != "fixed" and name not in doubted:
            problem = f"is '{entry.distribution}', but nothing of it has a range: should be 'fixed'"
            raise world_error(register.path, ("entries", name, "distribution"), problem)


def check_sunsets(register: Register, on: date) -> None:
    """Refuses a register of which an entry should have been looked at again by that day."""
    passed = sorted((entry.sunset, name) for name, entry in register.entries.items() if entry.sunset < on)
    if passed:
        day, name = passed[0]
        more = f", and {len(passed) - 1} more" if len(passed) > 1 else ""
        owner = register.entries[name].owner
        problem = f"{day} has passed on {on}: the {owner} looks at it again and sets another day{more}"
        raise world_error(register.path, ("entries", name, "sunset"), problem)


def check_influence(register: Register, world: World, recorded: Recorded | None) -> None:
    """Refuses an entry whose figures are drawn and whose influence nobody has measured."""
    folder = register.path.parent
    for name in drawn_by_entry(register, world):
        if recorded is None or (ENTRY, name, recorded.outcomes[0]) not in recorded.found:
            cure = "run pipeline-sim sensitivity with --record"
            raise WorldError(f"{folder / RECORDED}: {name}: its influence has not been measured: {cure}")


def stale(register: Register, world: World, recorded: Recorded) -> list[str]:
    """Entries whose figures are stated otherwise now than when their influence was measured."""
    values = stated([world])
    return [
        name
        for name, members in drawn_by_entry(register, world).items()
        if (found := recorded.found.get((ENTRY, name, recorded.outcomes[0]))) is not None
        and found.digest != digest_of(values, members)
    ]
