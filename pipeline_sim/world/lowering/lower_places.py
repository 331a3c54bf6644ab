"""Pull to COVID wards, and places given to individuals."""

import numpy as np

from pipeline_sim.rules.rulebook import Redeployment, Seats
from pipeline_sim.world.lowering.quantise import GOLDEN, Ints, Reals, apportion, ints, round_half_up, thresholds
from pipeline_sim.world.schema.interventions import POSTGRADUATE_YEARS
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import SeatKind, Timeline
from pipeline_sim.world.world_error import WorldError

MOST_KINDS = 64  # the luck of a place is keyed by month * 64 + kind


def lower_redeployment(timeline: Timeline) -> Redeployment:
    """Weekly chances and lengths."""
    return Redeployment(thresholds(timeline.pull_per_week), ints(timeline.redeployment_weeks))


def lower_seats(world: World, kinds: tuple[SeatKind, ...], scale: float) -> Seats:
    """All kinds of seat; there may be none. Raises WorldError for more than luck can tell apart."""
    if len(kinds) > MOST_KINDS:
        raise WorldError(f"mix.lines: make {len(kinds)} kinds of places, should be at most {MOST_KINDS}")
    shape = (len(kinds), world.dates.months, len(world.offices))
    groups = np.zeros((len(kinds), len(world.groups)), dtype=np.int32)
    for place, kind in enumerate(kinds):
        groups[place, list(kind.groups)] = 1
    return Seats(
        seats=ints([whole_seats(kind.seats, scale) for kind in kinds]).reshape(shape),
        domain=ints([kind.domain for kind in kinds]),
        dose=ints([np.asarray(kind.dose_days) * 1000 for kind in kinds]).reshape(len(kinds), POSTGRADUATE_YEARS),
        gate=ints([world.exam_index(kind.gate) if kind.gate else -1 for kind in kinds]),
        clears=thresholds([kind.clears for kind in kinds]),
        order=ints([kind.order for kind in kinds]),
        groups=groups,
        least_gap=ints([kind.least_gap_days * 1000 for kind in kinds]),
        finds=ints([int(kind.finds) for kind in kinds]),
        reading_error=reading_error(world),
    )


def reading_error(world: World) -> int:
    """Thousandths of a day by which an office may misread a doctor; 0 where no catalogue says so."""
    error = world.interventions.reading_error if world.interventions is not None else None
    return round_half_up(error.value * 1000) if error is not None else 0


def whole_seats(seats: Reals, scale: float) -> Ints:
    """[M, O] whole seats: the total rounded, shared over offices, then over each office's months."""
    table = np.asarray(seats, dtype=np.float64) * scale
    offices = apportion(table.sum(axis=0), round_half_up(float(table.sum())))
    columns = [apportion(table[:, o], int(offices[o]), (o + 1) * GOLDEN) for o in range(table.shape[1])]
    return np.ascontiguousarray(np.stack(columns, axis=1))
