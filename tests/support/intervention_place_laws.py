"""Laws about intervention places: two runs with one difference. Each returns the breach, or an empty text."""

from collections import Counter

import numpy as np

from pipeline_sim.rules.codes import FURTHEST_BEHIND, Event
from pipeline_sim.rules.rulebook import Rulebook, Seats
from support.run_and_read import Row, first_difference, rows, rows_of, run_log
from support.worlds.toy_rulebook import changed, ints, thresholds


def with_kind(book: Rulebook, seats: int, **fields: int) -> Rulebook:
    """The world with one more kind of place, the last, in each month and office; by default for all, without dose."""
    months, offices = book.calendar.month_start.shape[0] - 1, book.posts.establishment.shape[2]
    plain = {"domain": FURTHEST_BEHIND, "gate": -1, "order": 0, "least_gap": 0, "finds": 0, "time": 1 << 30}
    plain |= {"displaced": 0, "sits": 0, "attempts": 0, **fields}
    dose, raises = plain.pop("dose", 0), plain.pop("raises", 0)
    kind = {name: ints([value]) for name, value in plain.items()}
    kind |= {"seats": ints(np.full((1, months, offices), seats)), "dose": ints(np.full((1, 12), dose))}
    kind |= {"clears": thresholds([0]), "raises": np.array([raises])}
    kind |= {"rank": ints(np.zeros((1, len(book.programmes.stage))))}
    kind |= {"groups": ints(np.ones((1, book.seats.groups.shape[1])))}
    return changed(book, seats={name: np.concatenate([getattr(book.seats, name), kind[name]]) for name in kind})


def with_exact_readings(book: Rulebook) -> Rulebook:
    """The world whose offices read every gap without error."""
    return changed(book, seats={"reading_error": 0})


def kind_count(book: Rulebook) -> int:
    """Number of kinds of place."""
    return len(book.seats.domain)


def rows_of_other_kinds(log_rows: list[Row], kind: int) -> list[Row]:
    """Rows of a log but for those of one kind of place."""
    return [row for row in log_rows if not (row.event == Event.SEATED and row.from_code == kind)]


def adds_only_its_own_rows(book: Rulebook, engine: str, **fields: int) -> str:
    """A kind of place that gives nothing, added to a world with places, changes no other row."""
    plain = rows(run_log(book, engine=engine))
    fuller = rows_of_other_kinds(rows(run_log(with_kind(book, 30, **fields), engine=engine)), kind_count(book))
    found = first_difference(plain, fuller)
    return "" if found is None else f"differ: {found}"


def finding_changes_nothing_that_was_known(book: Rulebook, engine: str) -> str:
    """Where offices read gaps without error, conversations find only what was known (other kinds find nothing here)."""
    alone = changed(with_exact_readings(book), seats={"finds": book.seats.finds * 0})
    return adds_only_its_own_rows(alone, engine, finds=1)


def twice_the_places_are_no_fewer_given(book: Rulebook, engine: str) -> str:
    """Of places that teach nothing, so that each is given independently, twice as many are given at least as often."""
    logs = [rows(run_log(world, engine=engine)) for world in once_and_twice(book)]
    given = [Counter(row.from_code for row in rows_of(log, Event.SEATED)) for log in logs]
    fewer = [kind for kind in given[0] if given[1][kind] < given[0][kind]]
    return f"fewer of kinds {fewer}" if fewer else ""


def once_and_twice(book: Rulebook) -> tuple[Rulebook, Rulebook]:
    """The world with places that teach and clear nothing, and the world with twice as many."""
    idle: Seats = book.seats._replace(dose=book.seats.dose * 0, gate=np.full_like(book.seats.gate, -1))
    once = book._replace(seats=idle._replace(finds=book.seats.finds * 0))
    return once, changed(once, seats={"seats": once.seats.seats * 2})


def gaps_found_once(log_rows: list[Row], finds: np.ndarray) -> str:
    """A gap is found once for each doctor and logged as found; a place that teaches is logged as given."""
    found: Counter[int] = Counter()
    for row in rows_of(log_rows, Event.SEATED):
        if row.to_code != finds[row.from_code]:
            return f"found or given? {row}"
        found[row.trainee] += row.to_code
    twice = [trainee for trainee, times in found.items() if times > 1]
    return f"found twice: {twice[:3]}" if twice else ""


def no_place_gives_more_than_its_time(log_rows: list[Row], time: np.ndarray) -> str:
    """A place that teaches gives no more than the days attended allow."""
    over = [row for row in rows_of(log_rows, Event.SEATED) if not row.to_code and row.amount > time[row.from_code]]
    return f"more than its time: {over[0]}" if over else ""


def gaps_close_by_no_more_than_the_time(book: Rulebook, engine: str, **fields: int) -> str:
    """In a world where nobody's training is longer for it, no gap closes by more than the time of the places given."""
    logs = [rows(run_log(world, engine=engine)) for world in (book, with_kind(book, 3, **fields))]
    plain, fuller = ({(row.trainee, row.day): row.amount for row in rows_of(log, Event.CENSUS)} for log in logs)
    given = Counter(row.trainee for row in rows_of(logs[1], Event.SEATED))
    for (trainee, day), gap in fuller.items():
        closed, most = plain[trainee, day] - gap, given[trainee] * fields["time"]
        if (closed - 1) * 1000 > most:
            return f"{trainee} gained {closed} days in {most} thousandths"
    return ""
