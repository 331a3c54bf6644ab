"""Calendar, recruitment rounds and sittings of the Rulebook."""

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import Dates, first_wednesday, next_on_or_after
from pipeline_sim.rules.codes import NEVER, RoundKind
from pipeline_sim.rules.rulebook import Calendar
from pipeline_sim.world.lowering.quantise import Ints, to_int32
from pipeline_sim.world.schema.training import ROUND_KINDS, Round
from pipeline_sim.world.schema.world import World

CHANGEOVER_MONTHS = ((4, 8, 12), (2, 8), (8,), (4, 10))  # by Pattern
COUNT_DATE = (3, 31)  # of the national training survey
Flags = npt.NDArray[np.bool_]


def lower_calendar(world: World, changeover_open: Flags) -> Calendar:
    """Calendar of the Rulebook; the end of the run is a changeover that is always open."""
    dates = world.dates
    is_open = np.append(changeover_open, True)
    nexts = [next_changeover(dates, months, is_open) for months in CHANGEOVER_MONTHS]
    return Calendar(
        year_start=to_int32(dates.year_start),
        year_of=to_int32(dates.year_of),
        month_start=to_int32(dates.month_start),
        month_of=to_int32(dates.month_of),
        count_day=to_int32([dates.day(date(year + 1, *COUNT_DATE)) for year in dates.training_years]),
        next_changeover=to_int32(nexts),
    )


def next_changeover(dates: Dates, months: tuple[int, ...], is_open: Flags) -> Ints:
    """First open changeover after each day [T+1]."""
    days = changeovers(dates, months)
    return next_on_or_after(days[is_open[days]], dates.days + 2, NEVER)[1:]


@cache
def changeovers(dates: Dates, months: tuple[int, ...]) -> Ints:
    """Days of changeovers in some months, open or not. Read-only."""
    return np.array([dates.day(when) for when in dates.wednesdays(months)], dtype=np.int32)


def lower_rounds(world: World) -> Ints:
    """Rounds [R, 4] whose offers and starts both lie in the run, in order of offer day."""
    rounds = [
        (world.dates.day(offer), world.dates.day(start), kind, index)
        for yearly in world.recruitment.rounds
        for offer, start, kind, index in rounds_of(world, yearly)
    ]
    inside = sorted(row for row in rounds if row[0] >= 0 and row[1] < world.dates.days)
    return to_int32(np.array(inside, dtype=np.int32).reshape(-1, 4))


def rounds_of(world: World, yearly: Round) -> list[tuple[date, date, int, int]]:
    """Rounds of one kind: offer date, start date, kind and training year of the start."""
    rows = []
    kind = int(RoundKind(ROUND_KINDS.index(yearly.kind)))
    for index, year in enumerate(world.dates.training_years):
        start = first_wednesday(year + (yearly.start_month < 8), yearly.start_month)
        offer = date(start.year - (yearly.offer_month > yearly.start_month), yearly.offer_month, yearly.offer_day)
        rows.append((offer, start, kind, index))
    return rows


@cache
def sittings(dates: Dates, months: tuple[int, ...], day_of_month: int) -> Ints:
    """Days of an exam's sittings in the run, open or not. Read-only."""
    return np.array([dates.day(when) for when in dates.dates_in(months, day_of_month)], dtype=np.int32)


@cache
def next_sittings(dates: Dates, months: tuple[int, ...], day_of_month: int) -> Ints:
    """First sitting of an exam on or after each day [T+1]; NEVER if none. Read-only."""
    return next_on_or_after(sittings(dates, months, day_of_month), dates.days + 1, NEVER)
