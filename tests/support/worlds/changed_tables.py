"""Changes of a world from some time on: one table has other values from an entry of its time axis."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pipeline_sim.rules.codes import NEVER
from pipeline_sim.rules.rulebook import Rulebook, Seats
from support.worlds.toy_rulebook import changed, ints, threshold

TableChange = Callable[[Rulebook, int], Rulebook]  # the world and the first entry changed


def new_value(room: str, field: str, value: Any) -> TableChange:
    """A change of a table to another value, along its first axis."""

    def change(book: Rulebook, entry: int) -> Rulebook:
        table = getattr(getattr(book, room), field).copy()
        table[entry:] = value
        return changed(book, **{room: {field: table}})

    return change


def steeper_sums(room: str, field: str, more: int) -> TableChange:
    """A change of prefix sums: every day from some day on adds `more`."""

    def change(book: Rulebook, day: int) -> Rulebook:
        table = getattr(getattr(book, room), field)
        return changed(book, **{room: {field: ints(table + more * np.maximum(np.arange(table.shape[-1]) - day, 0))}})

    return change


def no_sittings(book: Rulebook, day: int) -> Rulebook:
    """A change of exams: none is held from some day on."""
    sittings = book.exams.next_sitting
    return changed(book, exams={"next_sitting": ints(np.where(sittings >= day, NEVER, sittings))})


def no_places(book: Rulebook, month: int) -> Rulebook:
    """A change of exams: sittings are cancelled from some month on."""
    places = book.exams.places.copy()
    places[:, month:] = 0
    return changed(book, exams={"places": places})


def other_waivers(book: Rulebook, _: int) -> Rulebook:
    """A change of exams: none is waived that was, and the other way round, whenever gates are derogated."""
    return changed(book, exams={"waivable": 1 - book.exams.waivable})


def shorter_redeployment(book: Rulebook, _: int) -> Rulebook:
    """A change of wards: whoever is redeployed, whenever that is, comes back after a week."""
    return changed(book, redeployment={"weeks": np.ones_like(book.redeployment.weeks)})


def more_posts(book: Rulebook, year: int) -> Rulebook:
    """A change of posts: twice as many, and three more, from some training year on."""
    posts = book.posts.establishment.copy()
    posts[year:] = 2 * posts[year:] + 3
    return changed(book, posts={"establishment": posts})


def other_evidence(book: Rulebook, day: int) -> Rulebook:
    """A change of what panels may waive, from some day on."""
    derogation = book.panels.derogation.copy()
    derogation[day:] = 3 - derogation[day:]
    return changed(book, panels={"derogation": derogation})


def postponed_recommendations(book: Rulebook, day: int) -> Rulebook:
    """A change of revalidation: recommendations due from some day on are postponed."""
    return changed(book, revalidation={"postponed_from": day, "postponed_to": day + 300, "postponed_days": 90})


def one_more_kind(book: Rulebook, month: int) -> Rulebook:
    """A change of intervention places: one more kind, with places from some month on."""
    months, offices = book.seats.seats.shape[1:]
    seats = np.zeros((1, months, offices))
    seats[0, month:] = 2
    more = Seats(
        ints(seats), ints([0]), ints(np.full((1, 12), 20_000)), ints([20_000]), ints([500]), ints([0]),
        np.array([threshold(0.5)]), np.array([threshold(0.2)]), ints([0]), ints([0]), ints([0]),
        ints([[0] * len(book.programmes.stage)]), ints([[1] * book.seats.groups.shape[1]]), ints([0]), ints([0]), 0,
    )  # fmt: skip
    tables = [np.concatenate(both) for both in zip(book.seats[:-1], more[:-1], strict=True)]
    return book._replace(seats=Seats(*tables, book.seats.reading_error))


CHANGES: dict[str, TableChange] = {
    "posts": more_posts,
    "intake": new_value("posts", "intake", 0),
    "recruits": new_value("posts", "recruits", 0),
    "graduates": new_value("posts", "graduates", 5),
    "external": new_value("posts", "external", 7),
    "choice": new_value("recruitment", "choice", [0, 0, threshold(0.9), threshold(1)]),
    "priority": new_value("recruitment", "priority", threshold(0.2)),
    "after F2": new_value("recruitment", "after_f2", [threshold(0.05)] * 4 + [threshold(1)]),
    "slots": new_value("placements", "slots", 0),
    "supported": new_value("competence", "supported", threshold(1)),
    "opportunity": steeper_sums("competence", "opportunity_sum", -600),
    "taken": steeper_sums("competence", "taken_sum", 400),
    "sittings": no_sittings,
    "no places": no_places,
    "waivers": other_waivers,
    "capacity": new_value("panels", "capacity", 1),
    "incomplete": new_value("panels", "incomplete", threshold(1)),
    "evidence lost": new_value("panels", "evidence_lost", threshold(1)),
    "waiver": new_value("panels", "waiver_days", 60),
    "derogation": other_evidence,
    "part time": new_value("life", "ltft", threshold(0.9)),
    "out of programme": new_value("life", "oop", [threshold(part) for part in (0.2, 0.4, 0.6, 0.8, 1.0)]),
    "sickness": new_value("life", "sick", threshold(1)),
    "shielding": new_value("life", "shield", threshold(0.6)),
    "pull": new_value("redeployment", "pull", threshold(0.4)),
    "weeks": shorter_redeployment,
    "seats": one_more_kind,
    "postponement": postponed_recommendations,
}
YEARLY = ("posts", "intake", "recruits", "graduates", "external", "choice", "after F2", "part time", "out of programme")
MONTHLY = (
    "slots",
    "no places",
    "supported",
    "incomplete",
    "evidence lost",
    "waiver",
    "sickness",
    "shielding",
    "seats",
)
WEEKLY = ("capacity", "pull")


def time_axis_length(book: Rulebook, what: str) -> int:
    """Length of the time axis of the table that a change is about."""
    if what == "priority":
        return len(book.recruitment.rounds)
    if what in YEARLY:
        return len(book.calendar.year_start) - 1
    if what in MONTHLY:
        return len(book.calendar.month_start) - 1
    return len(book.panels.capacity) if what in WEEKLY else int(book.calendar.year_start[-1])
