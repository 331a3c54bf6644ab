"""Laws of one log about scarce resources: posts, supervision slots, panels, intervention places."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pipeline_sim.rules.codes import Event, Phase, State
from pipeline_sim.rules.rulebook import Rulebook
from support.log_laws import HOLDS_POST, WEEK, Law, first_breach
from support.run_and_read import Row, Whereabouts, doctor_steps, rows_of

Step = tuple[Row, Whereabouts, Whereabouts]


def posts_are_held_once(book: Rulebook, rows: list[Row]) -> str:
    """A start reports how many holders are above the establishment; a transfer never adds one."""
    return first_breach(_posts(book, rows))


def _posts(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    holders: Counter[tuple[int, int]] = Counter()
    for block in steps_by_phase(rows):
        arrived = set()
        for row, before, after in block:
            holders[before.programme, before.office] -= before.state in HOLDS_POST
            holders[after.programme, after.office] += after.state in HOLDS_POST
            cell = after.programme, after.office
            over = surplus_holders(book, holders, cell, row.day)
            if row.event == Event.STARTED and max(0, over) != row.amount:
                yield f"{over} over the establishment, not {row.amount}: {row}"
            if row.event == Event.TRANSFERRED:
                arrived.add((cell, row.day))
        yield from (
            f"transfer to {cell}, no post free" for cell in arrived if surplus_holders(book, holders, *cell) > 0
        )


def surplus_holders(book: Rulebook, holders: Counter[tuple[int, int]], cell: tuple[int, int], day: int) -> int:
    """Holders above the establishment of a programme and office; negative where posts are vacant."""
    return holders[cell] - int(book.posts.establishment[book.calendar.year_of[day], *cell])


def steps_by_phase(rows: list[Row]) -> Iterator[list[Step]]:
    """Rows of doctors by day and phase; within one, the log is in trainee order, not in order of time."""
    for _, block in groupby(doctor_steps(rows), key=lambda step: step[0][:2]):
        yield list(block)


def slots_are_given_once(book: Rulebook, rows: list[Row]) -> str:
    """No more doctors are supervised than there are slots, and nobody is refused while one is free."""
    return first_breach(_slots(book, rows))


def _slots(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    used: Counter[tuple[int, int]] = Counter()
    for block in steps_by_phase(rows):
        for _, before, after in block:
            for head, step in ((before, -1), (after, 1)):
                if head.supervised:
                    used[int(book.programmes.group[head.programme]), head.office] += step
        answers = {(slot_cell(book, row), row.to_code): row for row, _, _ in block if row.event == Event.PLACED}
        for (cell, given), row in answers.items():
            slots = int(book.placements.slots[book.calendar.month_of[row.day], *cell])
            if given and used[cell] > slots:
                yield f"{used[cell]} supervised in {slots} slots: {row}"
            if not given and used[cell] < slots:
                yield f"refused though {slots - used[cell]} of {slots} slots are free: {row}"


def slot_cell(book: Rulebook, row: Row) -> tuple[int, int]:
    """Specialty group and office whose slots a row is about."""
    return int(book.programmes.group[row.programme]), row.office


def panels_have_room(book: Rulebook, rows: list[Row]) -> str:
    """Panels meet once a week and review no more doctors than their capacity."""
    seen = Counter((row.day, row.office) for row in rows_of(rows, Event.REVIEWED) if row.phase == Phase.PANEL)
    capacity = book.panels.capacity
    off_day = (f"a panel met on day {day}" for day, _ in seen if day % WEEK)
    full = (f"{n} on day {d} in office {o}" for (d, o), n in seen.items() if n > capacity[d // WEEK, o])
    return first_breach(off_day) or first_breach(full)


def panels_keep_the_order(book: Rulebook, rows: list[Row]) -> str:
    """Panels review in order of critical point, then waiting time, then trainee number."""
    return first_breach(_out_of_order(book, rows))


def _out_of_order(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    weakest: dict[tuple[int, int], tuple[int, int, int]] = {}
    seen = [row for row in rows_of(rows, Event.REVIEWED) if row.phase == Phase.PANEL]
    for row in seen:
        place = row.office, row.day
        weakest[place] = max(weakest.get(place, panel_priority(book, row)), panel_priority(book, row))
    since = {}
    for row, before, after in doctor_steps(rows):
        if row.event == Event.PROGRESSED or before.office != after.office:
            since[row.trainee] = row.day
        if row.event == Event.REVIEWED and row.phase == Phase.PANEL:
            waited_from = max(row.day - row.amount, since.get(row.trainee, 0))
            days = range(-(-waited_from // WEEK) * WEEK, row.day, WEEK)
            passed_over = [d for d in days if weakest.get((row.office, d), (-9, 0, 0)) > panel_priority(book, row)]
            if passed_over:
                yield f"passed over on days {passed_over}: {row}"


def panel_priority(book: Rulebook, row: Row) -> tuple[int, int, int]:
    """Priority of a doctor in the queue of a panel, lowest first."""
    return -int(book.programmes.critical[row.programme, row.grade]), row.day - row.amount, row.trainee


def seats_are_few(book: Rulebook, rows: list[Row]) -> str:
    """Places given are no more than there are, each doctor has one of a kind a day, and all are in training."""
    month = book.calendar.month_of
    given = Counter((row.from_code, int(month[row.day]), row.office) for row in rows_of(rows, Event.SEATED))
    twice = Counter((row.day, row.from_code, row.trainee) for row in rows_of(rows, Event.SEATED))
    absent = (
        f"{before}: {row}"
        for row, before, _ in doctor_steps(rows)
        if row.event == Event.SEATED and before.state != State.TRAINING
    )
    many = (f"{n} seats of {cell}" for cell, n in given.items() if n > book.seats.seats[cell])
    again = (f"twice: {seat}" for seat, n in twice.items() if n > 1)
    return first_breach(absent) or first_breach(many) or first_breach(again)


SCARCE_LAWS: tuple[Law, ...] = (
    posts_are_held_once,
    slots_are_given_once,
    panels_have_room,
    panels_keep_the_order,
    seats_are_few,
)
