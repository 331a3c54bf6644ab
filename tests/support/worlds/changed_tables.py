"""Worlds that are like another up to some time: one table is changed from an entry of its time axis on."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Rulebook, Seats
from support.worlds.toy_rulebook import changed, ints, share

Change = Callable[[Rulebook, int], Rulebook]  # from which entry on


def becomes(room: str, field: str, value: Any) -> Change:
    """From an entry of the first axis on the table is something else."""

    def change(book: Rulebook, entry: int) -> Rulebook:
        table = getattr(getattr(book, room), field).copy()
        table[entry:] = value
        return changed(book, **{room: {field: table}})

    return change


def sums_grow_by(room: str, field: str, more: int) -> Change:
    """Every day from some day on adds so much to a prefix sum."""

    def change(book: Rulebook, day: int) -> Rulebook:
        table = getattr(getattr(book, room), field)
        return changed(book, **{room: {field: ints(table + more * np.maximum(np.arange(table.shape[-1]) - day, 0))}})

    return change


def no_sittings(book: Rulebook, day: int) -> Rulebook:
    """No exam is held from some day on."""
    sittings = book.exams.next_sitting
    return changed(book, exams={"next_sitting": ints(np.where(sittings >= day, NEVER, sittings))})


def more_posts(book: Rulebook, year: int) -> Rulebook:
    """Twice as many posts, and three more, from some training year on."""
    posts = book.posts.establishment.copy()
    posts[year:] = 2 * posts[year:] + 3
    return changed(book, posts={"establishment": posts})


def other_evidence(book: Rulebook, day: int) -> Rulebook:
    """What panels may waive changes on some day."""
    derogation = book.panels.derogation.copy()
    derogation[day:] = 3 - derogation[day:]
    return changed(book, panels={"derogation": derogation})


def put_back(book: Rulebook, day: int) -> Rulebook:
    """Recommendations that fall due from some day on are put back; in the other world none ever is."""
    return changed(book, revalidation={"postponed_from": day, "postponed_to": day + 300, "postponed_days": 90})


def one_more_kind(book: Rulebook, month: int) -> Rulebook:
    """A kind of seat more, with places from some month on."""
    months, offices = book.seats.seats.shape[1:]
    seats = np.zeros((1, months, offices))
    seats[0, month:] = 2
    more = Seats(
        ints(seats), ints([0]), ints(np.full((1, 12), 20_000)), ints([0]), np.array([share(0.5)]), ints([0]),
        ints([[1] * book.seats.groups.shape[1]]), ints([0]), ints([0]), 0,
    )  # fmt: skip
    tables = [np.concatenate(both) for both in zip(book.seats[:-1], more[:-1], strict=True)]
    return book._replace(seats=Seats(*tables, book.seats.reading_error))


CHANGES: dict[str, Change] = {
    "posts": more_posts,
    "recruits": becomes("posts", "recruits", 0),
    "graduates": becomes("posts", "graduates", 5),
    "external": becomes("posts", "external", 7),
    "choice": becomes("recruitment", "choice", [0, 0, share(0.9), share(1)]),
    "after F2": becomes("recruitment", "after_f2", [share(0.05)] * 4 + [share(1)]),
    "slots": becomes("placements", "slots", 0),
    "supported": becomes("competence", "supported", share(1)),
    "opportunity": sums_grow_by("competence", "opportunity_sum", -600),
    "taken": sums_grow_by("competence", "taken_sum", 400),
    "sittings": no_sittings,
    "cancelled": sums_grow_by("exams", "cancelled_sum", 1),
    "capacity": becomes("panels", "capacity", 1),
    "incomplete": becomes("panels", "incomplete", share(1)),
    "derogation": other_evidence,
    "part time": becomes("life", "ltft", share(0.9)),
    "sickness": becomes("life", "sick", share(1)),
    "shielding": becomes("life", "shield", share(0.6)),
    "pull": becomes("redeployment", "pull", share(0.4)),
    "seats": one_more_kind,
    "postponement": put_back,
}
YEARLY = ("posts", "recruits", "graduates", "external", "choice", "after F2", "part time")
MONTHLY = ("slots", "supported", "incomplete", "sickness", "shielding", "seats")
WEEKLY = ("capacity", "pull")


def entries(book: Rulebook, what: str) -> int:
    """Length of the time axis on which a change can begin."""
    if what in YEARLY:
        return len(book.calendar.year_start) - 1
    if what in MONTHLY:
        return len(book.calendar.month_start) - 1
    return len(book.panels.capacity) if what in WEEKLY else int(book.calendar.year_start[-1])
