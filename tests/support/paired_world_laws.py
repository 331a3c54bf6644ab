"""Laws about two worlds. Each runs a world twice with one difference, and returns the breach, or an empty text."""

import numpy as np

from pipeline_sim.rules.codes import Event, State
from pipeline_sim.rules.rulebook import Rulebook
from support.run_and_read import FIRST_DOCTOR, census_gaps, first_difference, rows, rows_of, rows_without, run_log
from support.worlds.random_worlds import prefix
from support.worlds.toy_rulebook import changed, ints, thresholds

MANY = 10_000
DAYS_IN_MONTH = 28  # of the toy calendar


def with_ample_resources(book: Rulebook) -> Rulebook:
    """The world with posts, slots and panels for everyone, and no intervention places to compete for."""
    return changed(
        with_seats(book, 0, 0),
        posts={"establishment": np.full_like(book.posts.establishment, MANY)},
        placements={"slots": np.full_like(book.placements.slots, MANY)},
        panels={"capacity": np.full_like(book.panels.capacity, MANY)},
    )


def with_seats(book: Rulebook, seats: int, dose: int) -> Rulebook:
    """The world with one kind of place in every month, of a given dose in the first domain, clearing no gate."""
    months, offices = book.calendar.month_start.shape[0] - 1, book.posts.establishment.shape[2]
    return changed(
        book,
        seats={
            "seats": ints(np.full((1, months, offices), seats)),
            "domain": ints([0]),
            "dose": ints(np.full((1, book.seats.dose.shape[1]), dose)),
            "time": ints([dose]),
            "displaced": ints([0]),
            "gate": ints([-1]),
            "clears": thresholds([0]),
            "raises": thresholds([0]),
            "sits": ints([0]),
            "attempts": ints([0]),
            "order": ints([0]),
            "rank": ints(np.zeros((1, len(book.programmes.stage)))),
            "groups": ints(np.ones((1, book.seats.groups.shape[1]))),
            "least_gap": ints([0]),
            "finds": ints([0]),
        },
    )


def without_seats(book: Rulebook) -> Rulebook:
    """The world without intervention places."""
    tables = {name: table for name, table in book.seats._asdict().items() if name != "reading_error"}
    return changed(book, seats={name: table[:0] for name, table in tables.items()})


def without_shock(book: Rulebook) -> Rulebook:
    """The world with normal opportunity on every day, no redeployment and no shielding."""
    shape = book.competence.opportunity_sum.shape
    normal = prefix(np.full((*shape[:-1], shape[-1] - 1), 1000))
    return changed(
        book,
        competence={"opportunity_sum": normal, "taken_sum": np.zeros_like(normal)},
        redeployment={"pull": np.zeros_like(book.redeployment.pull)},
        life={"shield": np.zeros_like(book.life.shield)},
    )


def placebo_changes_nothing(book: Rulebook) -> str:
    """Places that give nothing add their own rows and change no other."""
    plain = without_seats(book)
    placebo = run_log(with_seats(plain, 50, 0))
    return difference_text(first_difference(rows(run_log(plain)), rows_without(placebo, Event.SEATED)))


def no_seats_change_nothing(book: Rulebook) -> str:
    """A kind of place of which there are none leaves the log equal, bit for bit."""
    plain = without_seats(book)
    return "" if run_log(plain).digest() == run_log(with_seats(plain, 0, 9000)).digest() else "the log changed"


def later_is_never_earlier(book: Rulebook, month: int) -> str:
    """A world that differs from the first day of a month on has the same log up to the day before."""
    day = month * DAYS_IN_MONTH
    before = [row for row in rows(run_log(book)) if row.day < day]
    changed_log = rows(run_log(changed_from_month(book, month)))
    return difference_text(first_difference(before, [row for row in changed_log if row.day < day]))


def changed_from_month(book: Rulebook, month: int) -> Rulebook:
    """The world with other opportunity, slots, panels, evidence, sickness, wards and places from a month on."""
    day, week = month * DAYS_IN_MONTH, month * DAYS_IN_MONTH // 7
    opportunity = np.diff(book.competence.opportunity_sum, axis=-1)
    opportunity[..., day:] = opportunity[..., day:] // 2
    taken = np.diff(book.competence.taken_sum, axis=-1)
    taken[..., day:] += 300
    book = book if book.seats.domain.shape[0] else with_seats(book, 0, 20_000)
    return changed(
        book,
        competence={
            "opportunity_sum": prefix(opportunity),
            "taken_sum": prefix(taken),
            "supported": with_value_from(book.competence.supported, month, 1 << 30),
        },
        placements={"slots": with_value_from(book.placements.slots, month, 1)},
        panels={
            "capacity": with_value_from(book.panels.capacity, week, 2),
            "incomplete": with_value_from(book.panels.incomplete, month, 1 << 31),
            "derogation": with_value_from(book.panels.derogation, day, 3),
        },
        life={"sick": with_value_from(book.life.sick, month, 1 << 31)},
        redeployment={"pull": with_value_from(book.redeployment.pull, week, 1 << 28)},
        seats={"seats": with_value_from(book.seats.seats.swapaxes(0, 1), month, 3).swapaxes(0, 1).copy()},
    )


def with_value_from(table: np.ndarray, first: int, value: int) -> np.ndarray:
    """A table with another value from an index of its first axis on."""
    changed_table = table.copy()
    changed_table[first:] = value
    return changed_table


def one_more_changes_no_other(book: Rulebook, one_more: Rulebook) -> str:
    """One doctor more, with the last number, changes no row of another doctor where nothing is scarce."""
    logs = (rows(run_log(with_ample_resources(world))) for world in (book, one_more))
    plain, fuller = ([row for row in read if row.trainee >= FIRST_DOCTOR] for read in logs)
    newcomers = {row.trainee for row in fuller} - {row.trainee for row in plain}
    if len(newcomers) != 1:
        return f"{len(newcomers)} newcomers"
    return difference_text(first_difference(plain, [row for row in fuller if row.trainee not in newcomers]))


def same_random_numbers_in_both(one: Rulebook, other: Rulebook) -> str:
    """Doctors who fall ill in both worlds in a year do so on the same day, for as long."""
    episodes = [sickness(one), sickness(other)]
    differ = {key for key in episodes[0].keys() & episodes[1].keys() if episodes[0][key] != episodes[1][key]}
    return "" if not differ else f"doctor and year: {sorted(differ)[:3]}"


def sickness(book: Rulebook) -> dict[tuple[int, int], tuple[int, int]]:
    """Day and length of sickness by doctor and training year."""
    ill = [row for row in rows_of(rows(run_log(book)), Event.AWAY) if row.to_code == State.SICK]
    return {(row.trainee, int(book.calendar.year_of[row.day])): (row.day, row.amount) for row in ill}


def a_shock_only_takes(book: Rulebook) -> str:
    """Without the shock nobody is further behind, where no decision depends on being behind."""
    shocked, calm = census_gaps(rows(run_log(book))), census_gaps(rows(run_log(without_shock(book))))
    if shocked.keys() != calm.keys():
        return "not the same doctors at the census"
    worse = [key for key in shocked if calm[key] > shocked[key]]
    return f"worse off without a shock: {worse[:3]}" if worse else ""


def difference_text(difference: object) -> str:
    """A difference as a sentence; empty if there is none."""
    return "" if difference is None else f"differ: {difference}"
