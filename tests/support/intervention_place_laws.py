"""Laws about places and payments: two runs with one difference. Each says the breach, or nothing."""

from collections import Counter

import numpy as np

from pipeline_sim.rules.codes import FURTHEST_BEHIND, Event
from pipeline_sim.rules.rulebook import Rulebook, Seats
from support.run_and_read import Row, first_difference, of, rows, told
from support.worlds.toy_rulebook import changed, ints, thresholds


def with_kind(book: Rulebook, seats: int, **fields: int) -> Rulebook:
    """One more kind of place, the last, in every month and office; as a rule for all, worth nothing."""
    months, offices = book.calendar.month_start.shape[0] - 1, book.posts.establishment.shape[2]
    plain = {"domain": FURTHEST_BEHIND, "gate": -1, "order": 0, "least_gap": 0, "finds": 0, **fields}
    dose = plain.pop("dose", 0)
    kind = {name: ints([value]) for name, value in plain.items()}
    kind |= {"seats": ints(np.full((1, months, offices), seats)), "dose": ints(np.full((1, 12), dose))}
    kind |= {"clears": thresholds([0]), "groups": ints(np.ones((1, book.seats.groups.shape[1])))}
    return changed(book, seats={name: np.concatenate([getattr(book.seats, name), kind[name]]) for name in kind})


def exact(book: Rulebook) -> Rulebook:
    """Offices read every gap as it is."""
    return changed(book, seats={"reading_error": 0})


def kinds(book: Rulebook) -> int:
    """Number of kinds of place."""
    return len(book.seats.domain)


def others(told_rows: list[Row], kind: int) -> list[Row]:
    """All rows but those of one kind of place."""
    return [row for row in told_rows if not (row.event == Event.SEATED and row.from_code == kind)]


def adds_only_its_own_rows(book: Rulebook, engine: str, **fields: int) -> str:
    """A kind of place that gives nothing, laid over a world with places, moves no other row of it."""
    plain = rows(told(book, engine=engine))
    fuller = others(rows(told(with_kind(book, 30, **fields), engine=engine)), kinds(book))
    found = first_difference(plain, fuller)
    return "" if found is None else f"differ: {found}"


def finding_changes_nothing_that_was_known(book: Rulebook, engine: str) -> str:
    """Where offices read every gap as it is, conversations find what was known; no other kind finds, for it is once."""
    alone = changed(exact(book), seats={"finds": book.seats.finds * 0})
    return adds_only_its_own_rows(alone, engine, finds=1)


def twice_the_places_are_no_fewer_given(book: Rulebook, engine: str) -> str:
    """Places that teach nothing, so that who is given one does not hang on who was: twice as many are no fewer."""
    given = [Counter(row.from_code for row in of(rows(told(each, engine=engine)), Event.SEATED)) for each in pair(book)]
    fewer = [kind for kind in given[0] if given[1][kind] < given[0][kind]]
    return f"fewer of kinds {fewer}" if fewer else ""


def pair(book: Rulebook) -> tuple[Rulebook, Rulebook]:
    """The world with places that teach and clear nothing, and with twice as many."""
    idle: Seats = book.seats._replace(dose=book.seats.dose * 0, gate=np.full_like(book.seats.gate, -1))
    once = book._replace(seats=idle._replace(finds=book.seats.finds * 0))
    return once, changed(once, seats={"seats": once.seats.seats * 2})


def gaps_found_once(told_rows: list[Row], finds: np.ndarray) -> str:
    """A gap is found once in a doctor's life, and said to be found; what teaches is said to be given."""
    found: Counter[int] = Counter()
    for row in of(told_rows, Event.SEATED):
        if row.to_code != finds[row.from_code]:
            return f"found or given? {row}"
        found[row.trainee] += row.to_code
    twice = [trainee for trainee, times in found.items() if times > 1]
    return f"found twice: {twice[:3]}" if twice else ""
