"""Day of divergence: from which day on two worlds may differ, so that they can share what comes before.

Every table of the Rulebook is given a time axis, and every entry on it the first day on which an engine can look at
it. That day is earlier than the entry's own wherever an engine looks ahead: absence is planned for a training year,
posts and preferences are read when offers are made, panels ask whether a sitting before the end of a grade is
cancelled. Some tables are read only on days on which something else is so: see `WHILE`. A table that is not named here
has no time axis: a difference in it counts from day 0. So do open changeovers, to which the ends of grades are moved
years before.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_WEEK
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.rules.codes import GATES_DEROGATED, NEVER, RoundKind
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


def panels_before(book: Rulebook) -> Days:
    """Days of entries by month that panels read when they decide the end of a grade that ends in the month, or later.

    A review that is not within the window of a grade's end reads them as well, but decides nothing by them.
    """
    return np.maximum(0, each_month(book) - book.panels.lead_first - book.panels.lead_spread)


def gates_derogated(book: Rulebook) -> int:
    """First day on which gates are derogated; NEVER if on none. Which of them are waived is not asked before."""
    return first_of(np.flatnonzero(book.panels.derogation & GATES_DEROGATED), each_day(book))


def wards_pull(book: Rulebook) -> int:
    """First day on which doctors may be redeployed; NEVER if on none. For how long is drawn then."""
    return first_of(np.flatnonzero(book.redeployment.pull.any(axis=(1, 2))), each_week(book))


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
    ("exams", "places"): (1, panels_before),
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
WHILE: Mapping[tuple[str, str], Callable[[Rulebook], int]] = {  # from which day on a table is read at all
    ("exams", "waivable"): gates_derogated,
    ("redeployment", "weeks"): wards_pull,
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
        read_from = WHILE.get((room, field), lambda book: 0)
        return NEVER if np.array_equal(mine, theirs) else min(map(read_from, (one, other)))
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
    books = one.seats, other.seats
    shared = min(len(book.seats) for book in books)
    given = [np.asarray(book.seats.any(axis=2)) for book in books]  # [K, M]
    alike = [tables_of_kind(books[0], kind) == tables_of_kind(books[1], kind) for kind in range(shared)]
    differ = (books[0].seats[:shared] != books[1].seats[:shared]).any(axis=(0, 2))
    for months in given:
        differ |= months[shared:].any(axis=0) | months[:shared][~np.array(alike, bool)].any(axis=0)
        if books[0].reading_error != books[1].reading_error:
            differ |= months.any(axis=0)
    return first_of(np.flatnonzero(differ), each_month(one))


def tables_of_kind(seats: Seats, kind: int) -> list[bytes]:
    """What is said of a kind but how many places there are of it."""
    by_kind: list[Any] = [getattr(seats, field) for field in Seats._fields if field not in ("seats", "reading_error")]
    return [table[kind].tobytes() for table in by_kind]
