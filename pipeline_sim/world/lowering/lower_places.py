"""Redeployment to COVID wards, and places given to individuals, in the Rulebook."""

from functools import lru_cache

import numpy as np

from pipeline_sim.rules.codes import ANY_EXAM, NO_GATE
from pipeline_sim.rules.rulebook import Redeployment, Seats
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    apportion_rows,
    golden_phases,
    round_half_up,
    thresholds,
    to_int32,
)
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.interventions import ANY_EXAM as ANY_EXAM_NAME
from pipeline_sim.world.schema.interventions import POSTGRADUATE_YEARS
from pipeline_sim.world.schema.world import Programme, World
from pipeline_sim.world.timeline.tables import PlaceKind, Timeline
from pipeline_sim.world.world_error import WorldError

MOST_KINDS = 64  # random numbers of a place are keyed by month * 64 + kind


def lower_redeployment(timeline: Timeline) -> Redeployment:
    """Redeployment of the Rulebook."""
    return Redeployment(thresholds(timeline.pull_per_week), to_int32(timeline.redeployment_weeks))


def lower_places(world: World, kinds: tuple[PlaceKind, ...], scale: float) -> Seats:
    """Kinds of place of the Rulebook; raises WorldError for more kinds than random numbers can be keyed by."""
    if len(kinds) > MOST_KINDS:
        raise WorldError(f"mix.lines: make {len(kinds)} kinds of places, should be at most {MOST_KINDS}")
    shape = (len(kinds), world.dates.months, len(world.offices))
    members = members_of(world.programmes)
    groups = np.zeros((len(kinds), len(world.groups)), dtype=np.int32)
    for index, kind in enumerate(kinds):
        groups[index, list(kind.groups)] = 1
    return Seats(
        seats=whole_places(np.array([kind.places for kind in kinds]).reshape(shape), scale),
        domain=to_int32([kind.domain for kind in kinds]),
        dose=to_int32([np.asarray(kind.dose_days) * 1000 for kind in kinds]).reshape(len(kinds), POSTGRADUATE_YEARS),
        time=to_int32([kind.time_days * 1000 for kind in kinds]),
        displaced=to_int32([kind.displaced_days * 1000 for kind in kinds]),
        gate=to_int32([gate_of(world, kind) for kind in kinds]),
        clears=thresholds([kind.clears for kind in kinds]),
        raises=thresholds([kind.raises for kind in kinds]),
        sits=to_int32([int(kind.extra_sitting) for kind in kinds]),
        attempts=to_int32([int(kind.failed_before) for kind in kinds]),
        order=to_int32([kind.order for kind in kinds]),
        rank=to_int32([ranks(members, kind.first) for kind in kinds]).reshape(len(kinds), len(world.programmes)),
        groups=groups,
        least_gap=to_int32([kind.least_gap_days * 1000 for kind in kinds]),
        finds=to_int32([int(kind.finds) for kind in kinds]),
        reading_error=reading_error(world),
    )


@remembered
def members_of(programmes: tuple[Programme, ...]) -> tuple[tuple[str, str, str], ...]:
    """Id, group and stage of each programme [P]."""
    return tuple((each.id, each.group, each.stage) for each in programmes)


def gate_of(world: World, kind: PlaceKind) -> int:
    """Gate of a kind of place."""
    if kind.gate is None:
        return NO_GATE
    return ANY_EXAM if kind.gate == ANY_EXAM_NAME else world.exam_index(kind.gate)


@lru_cache(maxsize=64)
def ranks(members: tuple[tuple[str, str, str], ...], first: tuple[tuple[str, ...], ...]) -> list[int]:
    """Rank of every programme [P]: the first set with it, its group or its stage; one more than the last for none.

    `members` are these three of each programme. Read-only.
    """
    if not first:
        return [0] * len(members)
    named = [[not set(each).isdisjoint(names) for names in first] for each in members]
    return [[*those, True].index(True) for those in named]


def reading_error(world: World) -> int:
    """Error with which an office reads a gap, thousandths of a day; 0 without a catalogue."""
    error = world.interventions.reading_error if world.interventions is not None else None
    return round_half_up(error.value * 1000) if error is not None else 0


def whole_places(places: Reals, scale: float) -> Ints:
    """Whole places [K, M, O]: each total rounded, shared over offices, then over each office's months."""
    tables = places * scale
    kinds, months, count = tables.shape
    totals = np.array([round_half_up(float(table.sum())) for table in tables], dtype=np.int32)
    offices = apportion_rows(tables.sum(axis=1), totals, np.full(kinds, 0.5))
    rows = tables.transpose(0, 2, 1).reshape(-1, months)
    whole = apportion_rows(rows, offices.ravel(), np.tile(golden_phases(count), kinds))
    return np.ascontiguousarray(whole.reshape(kinds, count, months).transpose(0, 2, 1))
