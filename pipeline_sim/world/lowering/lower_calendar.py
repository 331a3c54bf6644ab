"""Days on which things may happen: calendar, rounds and sittings."""

from datetime import date

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import first_wednesday, next_on_or_after
from pipeline_sim.rules.codes import NEVER, RoundKind
from pipeline_sim.rules.rulebook import Calendar
from pipeline_sim.world.lowering.quantise import Ints, ints
from pipeline_sim.world.schema.training import ROUND_KINDS, Exam, Round
from pipeline_sim.world.schema.world import World

CHANGEOVER_MONTHS = ((4, 8, 12), (2, 8), (8,))  # by Pattern
COUNT_DATE = (3, 31)  # when the national training survey asks who is in post
Flags = npt.NDArray[np.bool_]


def lower_calendar(world: World, changeover_open: Flags) -> Calendar:
    """Years, months and changeovers; the end of the run is a changeover that is always open."""
    dates = world.dates
    is_open = np.append(changeover_open, True)
    nexts = [next_changeover(world, months, is_open) for months in CHANGEOVER_MONTHS]
    return Calendar(
        year_start=ints(dates.year_start),
        year_of=ints(dates.year_of),
        month_start=ints(dates.month_start),
        month_of=ints(dates.month_of),
        count_day=ints([dates.day(date(year + 1, *COUNT_DATE)) for year in dates.training_years]),
        next_changeover=ints(nexts),
    )


def next_changeover(world: World, months: tuple[int, ...], is_open: Flags) -> Ints:
    """[T+1] first open changeover strictly after each day."""
    days = [world.dates.day(when) for when in world.dates.wednesdays(months)]
    kept = np.array([day for day in days if is_open[day]], dtype=np.int32)
    return next_on_or_after(kept, world.dates.days + 2, NEVER)[1:]


def lower_rounds(world: World) -> Ints:
    """[R, 4] rounds whose offers and starts both lie in the run, in order of offer day."""
    found = [
        (world.dates.day(offer), world.dates.day(start), kind, index)
        for each in world.recruitment.rounds
        for offer, start, kind, index in rounds_of(world, each)
    ]
    inside = sorted(row for row in found if row[0] >= 0 and row[1] < world.dates.days)
    return ints(np.array(inside, dtype=np.int32).reshape(-1, 4))


def rounds_of(world: World, each: Round) -> list[tuple[date, date, int, int]]:
    """Offer date, start date, kind and training year of the start for one kind of round."""
    rows = []
    kind = int(RoundKind(ROUND_KINDS.index(each.kind)))
    for index, year in enumerate(world.dates.training_years):
        start = first_wednesday(year + (each.start_month < 8), each.start_month)
        offer = date(start.year - (each.offer_month > each.start_month), each.offer_month, each.offer_day)
        rows.append((offer, start, kind, index))
    return rows


def sittings(world: World, exam: Exam) -> Ints:
    """Days of an exam's sittings in the run, open or not."""
    dates = world.dates.dates_in(exam.months, world.exam_rules.sitting_day)
    return np.array([world.dates.day(when) for when in dates], dtype=np.int32)
