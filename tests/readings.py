"""The laws that can be read off one log. Each takes the world and its rows and says the first breach, or nothing.

A second reading, independent of `pipeline_sim.records.check`: row by row instead of by columns.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby

from told import FIRST_DOCTOR, GIVES_UP_SLOT, IN_PROGRAMME, Head, Row, of, walked

from pipeline_sim.rules.codes import Event, Outcome, Phase, State
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.rules.turn import turn_key

Law = Callable[[Rulebook, list[Row]], str]
Step = tuple[Row, Head, Head]
PASSES = (Outcome.O1, Outcome.O2, Outcome.O6, Outcome.O10_1)
UNDECIDED = (Outcome.NOT_ASSESSED, Outcome.O5, Outcome.O8)
ENDS = (State.COMPLETED, State.LEFT)
HOLDS_POST = (*IN_PROGRAMME, State.GRACE)
HOLDS_SLOT = (State.TRAINING, State.REDEPLOYED, State.SICK)
WEEK = 7
SILENT = (Event.WITHDREW,)  # a promise may outlive the career it was made to
MOVES = (
    Event.STARTED,
    Event.PROGRESSED,
    Event.COMPLETED,
    Event.RESIGNED,
    Event.RELEASED,
    Event.AWAY,
    Event.RETURNED,
    Event.REDEPLOYED,
    Event.ROTATED,
    Event.PLACED,
    Event.TRANSFERRED,
    Event.SEATED,
    Event.REVIEWED,
    Event.EXTENDED,
    Event.CENSUS,
)


def first(breaches: Iterator[str]) -> str:
    """The first breach."""
    return next(breaches, "")


def time_runs_forward(book: Rulebook, rows: list[Row]) -> str:
    """Rows stand in the order of day, phase, trainee, all of them inside the run."""
    last = int(book.calendar.year_start[-1])
    keys = [(row.day, turn_key(row.phase, row.trainee)) for row in rows]
    outside = (f"outside the run: {row}" for row in rows if not 0 <= row.day < last)
    back = (f"goes back: {rows[i]}" for i in range(1, len(rows)) if keys[i] < keys[i - 1])
    return first(outside) or first(back)


def one_state(book: Rulebook, rows: list[Row]) -> str:
    """Nothing happens before arrival or after the end, and the log names the state a doctor is in."""
    return first(_states(rows))


def _states(rows: list[Row]) -> Iterator[str]:
    for row, before, _ in walked(rows):
        if (row.event == Event.ENTERED) != (before.state == State.NOT_YET):
            yield f"entered twice or never: {row}"
        if before.state in ENDS and row.event not in SILENT:
            yield f"after the end ({before}): {row}"
        names_state = row.event in (Event.CENSUS, Event.RETURNED, Event.AWAY, Event.RESIGNED, Event.REDEPLOYED)
        if names_state and row.from_code != before.state:
            yield f"was {before}: {row}"
        if row.event in MOVES and row.event != Event.STARTED and before.state not in IN_PROGRAMME:
            yield f"without a post ({before}): {row}"
        if row.event in (Event.ROTATED, Event.PLACED) and before.state in GIVES_UP_SLOT:
            yield f"placed while away ({before}): {row}"


def heads_add_up(book: Rulebook, rows: list[Row]) -> str:
    """Every day: entered = in a programme + pool + grace + completed + left; starts less endings meet the census."""
    return first(_heads(rows))


def _heads(rows: list[Row]) -> Iterator[str]:
    states: Counter[int] = Counter()
    cells: Counter[tuple[int, int]] = Counter()
    census: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    entered = 0
    for row, before, after in walked(rows):
        entered += row.event == Event.ENTERED
        states[before.state] -= 1
        states[after.state] += 1
        cells[before.programme, before.office] -= before.state in IN_PROGRAMME
        cells[after.programme, after.office] += after.state in IN_PROGRAMME
        if row.event == Event.CENSUS:
            census[row.day][row.programme, row.office] += 1
        inside = [(cell, count) for cell, count in cells.items() if count < 0]
        if inside:
            yield f"fewer than nobody in {inside} after {row}"
    states[State.NOT_YET] = 0
    if entered != sum(states.values()):
        yield f"{entered} entered, {states} are somewhere"
    for day, counted in census.items():
        flowed = _cells_on(rows, day)
        if +flowed != +counted:
            yield f"day {day}: {flowed - counted} missing from the census, {counted - flowed} too many"


def _cells_on(rows: list[Row], day: int) -> Counter[tuple[int, int]]:
    heads = {row.trainee: after for row, _, after in walked([row for row in rows if row.day <= day])}
    return Counter((head.programme, head.office) for head in heads.values() if head.state in IN_PROGRAMME)


def nobody_dropped(book: Rulebook, rows: list[Row]) -> str:
    """Whoever is in a programme at the end stands in the last census, once."""
    end = int(book.calendar.year_start[-1]) - 1
    heads = {row.trainee: after for row, _, after in walked(rows)}
    here = Counter(trainee for trainee, head in heads.items() if head.state in IN_PROGRAMME)
    counted = Counter(row.trainee for row in of(rows, Event.CENSUS) if row.day == end)
    return "" if here == counted else f"dropped {here - counted}, made up {counted - here}"


def posts_are_held_once(book: Rulebook, rows: list[Row]) -> str:
    """Holders above the establishment are counted by the start that made them; a transfer never makes one."""
    return first(_posts(book, rows))


def _posts(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    holders: Counter[tuple[int, int]] = Counter()
    for block in turns(rows):
        arrived = set()
        for row, before, after in block:
            holders[before.programme, before.office] -= before.state in HOLDS_POST
            holders[after.programme, after.office] += after.state in HOLDS_POST
            cell = after.programme, after.office
            if row.event == Event.STARTED and max(0, over(book, holders, cell, row.day)) != row.amount:
                yield f"{over(book, holders, cell, row.day)} over the establishment, not {row.amount}: {row}"
            if row.event == Event.TRANSFERRED:
                arrived.add((cell, row.day))
        yield from (f"transfer to {place}, no post free" for place in arrived if over(book, holders, *place) > 0)


def over(book: Rulebook, holders: Counter[tuple[int, int]], cell: tuple[int, int], day: int) -> int:
    """Holders above the establishment of a programme and office; below 0 where posts are empty."""
    return holders[cell] - int(book.posts.establishment[book.calendar.year_of[day], *cell])


def turns(rows: list[Row]) -> Iterator[list[Step]]:
    """Doctors' rows by day and phase: within one, the log is in trainee order, not in the order of what happened."""
    for _, block in groupby(walked(rows), key=lambda step: step[0][:2]):
        yield list(block)


def slots_are_given_once(book: Rulebook, rows: list[Row]) -> str:
    """No more supervised than slots when slots are given out, and nobody refused while one is free."""
    return first(_slots(book, rows))


def _slots(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    used: Counter[tuple[int, int]] = Counter()
    for block in turns(rows):
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
    """Specialty group and office, by which slots are counted."""
    return int(book.programmes.group[row.programme]), row.office


def panels_have_room(book: Rulebook, rows: list[Row]) -> str:
    """Panels meet once a week and never see more than they can hold."""
    seen = Counter((row.day, row.office) for row in of(rows, Event.REVIEWED) if row.phase == Phase.PANEL)
    capacity = book.panels.capacity
    off_day = (f"a panel met on day {day}" for day, _ in seen if day % WEEK)
    full = (f"{n} on day {d} in office {o}" for (d, o), n in seen.items() if n > capacity[d // WEEK, o])
    return first(off_day) or first(full)


def panels_keep_the_order(book: Rulebook, rows: list[Row]) -> str:
    """Nobody is seen before one who waits with a stronger claim: critical points, then the wait, then the number."""
    return first(_out_of_order(book, rows))


def _out_of_order(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    weakest: dict[tuple[int, int], tuple[int, int, int]] = {}
    seen = [row for row in of(rows, Event.REVIEWED) if row.phase == Phase.PANEL]
    for row in seen:
        place = row.office, row.day
        weakest[place] = max(weakest.get(place, claim(book, row)), claim(book, row))
    since = {}
    for row, before, after in walked(rows):
        if row.event == Event.PROGRESSED or before.office != after.office:
            since[row.trainee] = row.day
        if row.event == Event.REVIEWED and row.phase == Phase.PANEL:
            waited_from = max(row.day - row.amount, since.get(row.trainee, 0))
            days = range(-(-waited_from // WEEK) * WEEK, row.day, WEEK)
            passed_over = [d for d in days if weakest.get((row.office, d), (-9, 0, 0)) > claim(book, row)]
            if passed_over:
                yield f"passed over on days {passed_over}: {row}"


def claim(book: Rulebook, row: Row) -> tuple[int, int, int]:
    """Place in the queue of a panel, lowest first."""
    return -int(book.programmes.critical[row.programme, row.grade]), row.day - row.amount, row.trainee


def leave_lasts_as_planned(book: Rulebook, rows: list[Row]) -> str:
    """Who comes back does so on the day that was planned."""
    planned: dict[int, int] = {}
    for row in rows:
        if row.event == Event.AWAY:
            planned[row.trainee] = row.amount
        elif row.event == Event.REDEPLOYED:
            planned[row.trainee] = WEEK * row.amount
        elif row.event == Event.RETURNED and row.amount != planned.pop(row.trainee):
            return str(row)
    return ""


def only_the_passed_go_on(book: Rulebook, rows: list[Row]) -> str:
    """A grade ends with a review that passes, held in that grade and not taken back by a later one."""
    return first(_passed(rows))


def _passed(rows: list[Row]) -> Iterator[str]:
    last: dict[int, int] = {}
    for row in rows:
        if row.event == Event.REVIEWED and row.to_code not in UNDECIDED:
            last[row.trainee] = row.to_code
        if row.event in (Event.PROGRESSED, Event.COMPLETED) and last.pop(row.trainee, -1) not in PASSES:
            yield f"not passed: {row}"
        if row.event == Event.STARTED:
            last.pop(row.trainee, None)


def seats_are_few(book: Rulebook, rows: list[Row]) -> str:
    """No more places than seats, nobody twice at one sitting of a kind, only doctors in training."""
    month = book.calendar.month_of
    given = Counter((row.from_code, int(month[row.day]), row.office) for row in of(rows, Event.SEATED))
    twice = Counter((row.day, row.from_code, row.trainee) for row in of(rows, Event.SEATED))
    absent = (f"{before}: {row}" for row, before, _ in walked(rows) if row.event == Event.SEATED and before.state != 1)
    many = (f"{n} seats of {cell}" for cell, n in given.items() if n > book.seats.seats[cell])
    again = (f"twice: {seat}" for seat, n in twice.items() if n > 1)
    return first(absent) or first(many) or first(again)


def attempts_count_up(book: Rulebook, rows: list[Row]) -> str:
    """Attempts go 1, 2, 3 until passed, never past the last allowed one."""
    return first(_attempts(book, rows))


def _attempts(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    sat: Counter[tuple[int, int]] = Counter()
    passed = set()
    for row in rows:
        if row.event == Event.STARTED:
            for exam in range(book.exams.is_course.shape[0]):
                sat[row.trainee, exam] = 0
                passed.discard((row.trainee, exam))
        if row.event in (Event.EXAM_PASSED, Event.EXAM_FAILED):
            key = row.trainee, row.from_code
            sat[key] += 1
            if row.to_code != sat[key] or key in passed or sat[key] > book.exams.max_attempts[row.from_code]:
                yield f"attempt {sat[key]}: {row}"
            if row.event == Event.EXAM_PASSED:
                passed.add(key)


def extensions_stay_within_the_allowance(book: Rulebook, rows: list[Row]) -> str:
    """Outcome 3 never adds up to more than a programme allows."""
    used: Counter[int] = Counter()
    for row in of(rows, Event.STARTED, Event.EXTENDED):
        if row.event == Event.STARTED:
            used[row.trainee] = 0
        elif row.from_code == Outcome.O3:
            used[row.trainee] += row.amount
            if used[row.trainee] > book.programmes.allowance_days[row.programme]:
                return f"{used[row.trainee]} days: {row}"
    return ""


def amounts_make_sense(book: Rulebook, rows: list[Row]) -> str:
    """Nothing is negative that counts, working time is a share of whole time, indices point somewhere."""
    programmes, offices = book.posts.establishment.shape[1:]
    for row in rows:
        fits = -1 <= row.programme < programmes and -1 <= row.office < offices and -1 <= row.grade < 8
        worked = 0 < row.wte <= 100 or row.trainee < FIRST_DOCTOR
        if row.amount < 0 or not fits or not worked:
            return str(row)
    return ""


def nobody_is_forgotten(book: Rulebook, rows: list[Row], limit: int = 728) -> str:
    """At work for so long without a panel: only where panels hold everyone. 728 days are a year and a slow end."""
    since: dict[int, int] = {}
    end = int(book.calendar.year_start[-1]) - 1
    for row, before, after in walked(rows):
        seen = row.event == Event.REVIEWED and row.phase == Phase.PANEL
        back = before.state not in HOLDS_SLOT and after.state in HOLDS_SLOT
        if (row.event == Event.CENSUS and row.day == end) or seen or after.state not in HOLDS_SLOT:
            waited = row.day - since.get(row.trainee, row.day)
            if before.state in HOLDS_SLOT and waited > limit:
                return f"{waited} days at work without a review: {row}"
        if seen or back:
            since[row.trainee] = row.day
    return ""


LAWS: tuple[Law, ...] = (
    time_runs_forward,
    one_state,
    heads_add_up,
    nobody_dropped,
    posts_are_held_once,
    slots_are_given_once,
    panels_have_room,
    panels_keep_the_order,
    leave_lasts_as_planned,
    only_the_passed_go_on,
    seats_are_few,
    attempts_count_up,
    extensions_stay_within_the_allowance,
    amounts_make_sense,
)
