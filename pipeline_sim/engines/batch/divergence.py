"""Day of divergence: from which day on two worlds may differ, so that they can share what comes before.

Every table of the Rulebook is given a time axis, and every entry on it the first day on which an engine can look at
it. That day is earlier than the entry's own wherever an engine looks ahead: absence is planned for a training year,
sittings are looked up a day before, posts and preferences are read when offers are made. A table that is not named here
has no time axis: a difference in it counts from day 0. So do places at exams, which panels look up as far ahead as a
grade may last.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.rules.codes import NEVER, RoundKind
from pipeline_sim.rules.rulebook import Revalidation, Rulebook, Seats

Days = npt.NDArray[np.int64]


# ---- first day on which an entry can be looked at -------------------------------------------------------------------


def each_day(book: Rulebook) -> Days:
    """Days of entries by day: read on the day itself, or later for a day gone by, as prefix sums are."""
    return np.arange(last_day(book) + 1)


def each_week(book: Rulebook) -> Days:
    """Days of entries by week: read on its first day."""
    return np.arange(0, last_day(book) + DAYS_PER_WEEK, DAYS_PER_WEEK)


def each_month(book: Rulebook) -> Days:
    """Days of entries by month: read on its days."""
    return book.calendar.month_start[:-1].astype(np.int64)


def year_of_month(book: Rulebook) -> Days:
    """Days of entries by month that are read when a training year with days of the month is planned."""
    starts = book.calendar.year_start.astype(np.int64)
    return starts[book.calendar.year_of[np.minimum(each_month(book), last_day(book) - 1)]]


def each_year(book: Rulebook) -> Days:
    """Days of entries by training year: read on its days."""
    return book.calendar.year_start[:-1].astype(np.int64)


def year_before(book: Rulebook) -> Days:
    """Days of entries read from the year before: a cohort of F2 is that of the year after its last grade began."""
    starts = each_year(book)
    return np.append(starts[:1], starts[:-1])


def offers_of_year(book: Rulebook) -> Days:
    """Days of entries by training year that are read when offers are made for it."""
    return np.array([first_offer(book, year, last_day(book)) for year in range(years(book))])


def offers_and_year(book: Rulebook) -> Days:
    """Days of entries read when offers are made for the training year, and on its days."""
    return np.minimum(offers_of_year(book), each_year(book))


def newcomers_of_year(book: Rulebook) -> Days:
    """Days of entries read with the year's first offers that are not for February; day 0 if there are none."""
    return np.array([first_offer(book, year, 0, RoundKind.FEBRUARY) for year in range(years(book))])


def first_offer(book: Rulebook, year: int, none: int, besides: int = -1) -> int:
    """First day of offers for a training year, leaving out one kind of round; `none` if there are none."""
    rounds = book.recruitment.rounds
    days = rounds[(rounds[:, 3] == year) & (rounds[:, 2] != besides), 0]
    return max(0, int(days.min())) if days.size else none


def each_round(book: Rulebook) -> Days:
    """Days of entries read when the offers of a round are made."""
    return book.recruitment.rounds[:, 0].astype(np.int64)


def last_day(book: Rulebook) -> int:
    """Day after the last one of the run."""
    return int(book.calendar.year_start[-1])


def years(book: Rulebook) -> int:
    """Number of training years of the run."""
    return len(book.calendar.year_start) - 1


Axis = tuple[int, Callable[[Rulebook], Days]]  # which axis of a table is time, and what its entries wait for
AXES: Mapping[tuple[str, str], Axis] = {
    ("posts", "establishment"): (0, offers_and_year),
    ("posts", "intake"): (0, offers_of_year),
    ("posts", "recruits"): (0, offers_of_year),
    ("posts", "graduates"): (0, each_year),
    ("posts", "external"): (0, newcomers_of_year),
    ("recruitment", "choice"): (0, offers_of_year),
    ("recruitment", "priority"): (0, each_round),
    ("recruitment", "after_f2"): (0, year_before),
    ("placements", "slots"): (0, each_month),
    ("competence", "opportunity_sum"): (3, each_day),
    ("competence", "taken_sum"): (3, each_day),
    ("competence", "supported"): (0, each_month),
    ("panels", "capacity"): (0, each_week),
    ("panels", "incomplete"): (0, each_month),
    ("panels", "evidence_lost"): (0, each_month),
    ("panels", "waiver_days"): (0, each_month),
    ("panels", "derogation"): (0, each_day),
    ("life", "ltft"): (0, each_year),
    ("life", "oop"): (0, each_year),
    ("life", "sick"): (0, year_of_month),
    ("life", "shield"): (0, year_of_month),
    ("redeployment", "pull"): (0, each_week),
}
POSTPONED = ("postponed_from", "postponed_to", "postponed_days")


# ---- comparing -----------------------------------------------------------------------------------------------------


def first_day_of_divergence(one: Rulebook, other: Rulebook) -> int:
    """First day on which an engine may act otherwise in one world than in the other; the end of the run if on none.

    All that happens before that day is the same in both, with the same random numbers: state, rows and counts.
    """
    first = last_day(one)
    for room in Rulebook._fields:
        for field in getattr(one, room)._fields if room != "seats" else ():
            if first > 0 and (room, field) not in LOOKED_AT_TOGETHER:
                first = min(first, field_differs_from(one, other, room, field))
    if first == 0:
        return 0
    return min(first, postponement_differs_from(one.revalidation, other.revalidation), seats_differ_from(one, other))


LOOKED_AT_TOGETHER = {("revalidation", field) for field in POSTPONED}


def field_differs_from(one: Rulebook, other: Rulebook, room: str, field: str) -> int:
    """First day on which it can matter that two worlds do not have the same table; NEVER if they have."""
    mine: Any = getattr(getattr(one, room), field)
    theirs: Any = getattr(getattr(other, room), field)
    if mine is theirs:
        return NEVER
    if np.shape(mine) != np.shape(theirs):
        return 0
    if (room, field) not in AXES:
        return NEVER if np.array_equal(mine, theirs) else 0
    axis, waits_for = AXES[room, field]
    if isinstance(mine, SharedRows) or isinstance(theirs, SharedRows):
        first = SharedRows.of(mine).first_difference(SharedRows.of(theirs))
        return NEVER if first is None else int(waits_for(one)[first])
    return first_of(differing(mine, theirs, axis), waits_for(one))


def differing(mine: Any, theirs: Any, axis: int) -> npt.NDArray[np.intp]:
    """Entries of the time axis at which two tables are not the same."""
    others = tuple(one for one in range(mine.ndim) if one != axis)
    return np.flatnonzero((mine != theirs).any(axis=others))


def first_of(entries: npt.NDArray[np.intp], days: Days) -> int:
    """Earliest of the days of some entries; an entry beyond the days might be looked at on any."""
    if entries.size == 0:
        return NEVER
    return int(days[entries].min()) if entries[-1] < len(days) else 0


def postponement_differs_from(mine: Revalidation, theirs: Revalidation) -> int:
    """First day on which a recommendation can fall due within a national postponement of either world.

    Until then none was put back, so each falls due within an interval, or a deferral, of the day on which it is set.
    """
    windows = {window_of(book) for book in (mine, theirs)}
    if len(windows) == 1:
        return NEVER
    put_back = [window for window in windows if window]
    if any(until > NEVER for _, until, _ in put_back):
        return 0
    ahead = max(mine.interval_days, int(mine.defer_days.max()))
    return max(0, min(begins for begins, _, _ in put_back) - ahead)


def window_of(book: Revalidation) -> tuple[int, int, int] | tuple[()]:
    """When recommendations that fall due are put back, and by how much; nothing if none are."""
    if book.postponed_from >= book.postponed_to or book.postponed_days == 0:
        return ()
    return book.postponed_from, book.postponed_to, book.postponed_days


def seats_differ_from(one: Rulebook, other: Rulebook) -> int:
    """First day on which places are given in one world that are not given in the other.

    A kind of seat is known by its index, and acts only in months in which there are places of it.
    """
    for month, day in enumerate(each_month(one).tolist()):
        if given(one.seats, month) != given(other.seats, month):
            return int(day)
    return NEVER


def given(seats: Seats, month: int) -> tuple[int, dict[int, tuple[bytes, ...]]]:
    """Tables of each kind of which there are places in a month, and how far off gaps are read for them."""
    kinds = np.flatnonzero(seats.seats[:, month].any(axis=1)).tolist()
    by_kind: list[Any] = [getattr(seats, field) for field in Seats._fields if field not in ("seats", "reading_error")]
    tables = [seats.seats[:, month], *by_kind]
    return seats.reading_error if kinds else 0, {
        kind: tuple(np.ascontiguousarray(table[kind]).tobytes() for table in tables) for kind in kinds
    }
