"""Laws that hold in one log. Each takes a world and its rows, and returns the first breach, or an empty text.

Independent of `pipeline_sim.records.invariants`, which checks by columns: these go row by row.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from pipeline_sim.base.calendar import DAYS_PER_WEEK as WEEK
from pipeline_sim.rules import exams
from pipeline_sim.rules.codes import Event, Outcome, Phase, Stage, State
from pipeline_sim.rules.event_order import turn_key
from pipeline_sim.rules.rulebook import Rulebook
from support.run_and_read import FIRST_DOCTOR, GIVES_UP_SLOT, IN_PROGRAMME, Row, doctor_steps, rows_of

Law = Callable[[Rulebook, list[Row]], str]
PASSES = (Outcome.O1, Outcome.O2, Outcome.O6, Outcome.O10_1)
UNDECIDED = (Outcome.NOT_ASSESSED, Outcome.O5, Outcome.O8)
ENDS = (State.COMPLETED, State.LEFT)
HOLDS_POST = (*IN_PROGRAMME, State.GRACE)
HOLDS_SLOT = (State.TRAINING, State.REDEPLOYED, State.SICK)
SILENT = (Event.WITHDREW,)  # an accepted offer can outlast the career it was for
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
    Event.SHORTENED,
    Event.CENSUS,
)


def first_breach(breaches: Iterator[str]) -> str:
    """The first breach; empty if there is none."""
    return next(breaches, "")


def time_runs_forward(book: Rulebook, rows: list[Row]) -> str:
    """Rows are in the order of day, phase and trainee, and all within the run."""
    last = int(book.calendar.year_start[-1])
    keys = [(row.day, turn_key(row.phase, row.trainee)) for row in rows]
    outside = (f"outside the run: {row}" for row in rows if not 0 <= row.day < last)
    back = (f"goes back: {rows[i]}" for i in range(1, len(rows)) if keys[i] < keys[i - 1])
    return first_breach(outside) or first_breach(back)


def one_state(book: Rulebook, rows: list[Row]) -> str:
    """Nothing happens before arrival or after the end, and rows name the state a doctor is in."""
    return first_breach(_states(rows))


def _states(rows: list[Row]) -> Iterator[str]:
    for row, before, _ in doctor_steps(rows):
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
    """Each day entered = in a programme + pool + grace + completed + left, and flows add up to the census."""
    return first_breach(_heads(rows))


def _heads(rows: list[Row]) -> Iterator[str]:
    states: Counter[int] = Counter()
    cells: Counter[tuple[int, int]] = Counter()
    census: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    entered = 0
    for row, before, after in doctor_steps(rows):
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
    heads = {row.trainee: after for row, _, after in doctor_steps([row for row in rows if row.day <= day])}
    return Counter((head.programme, head.office) for head in heads.values() if head.state in IN_PROGRAMME)


def nobody_dropped(book: Rulebook, rows: list[Row]) -> str:
    """Every doctor in a programme at the end is in the last census, once."""
    end = int(book.calendar.year_start[-1]) - 1
    heads = {row.trainee: after for row, _, after in doctor_steps(rows)}
    here = Counter(trainee for trainee, head in heads.items() if head.state in IN_PROGRAMME)
    counted = Counter(row.trainee for row in rows_of(rows, Event.CENSUS) if row.day == end)
    return "" if here == counted else f"dropped {here - counted}, made up {counted - here}"


def leave_lasts_as_planned(book: Rulebook, rows: list[Row]) -> str:
    """Doctors return from leave on the planned day."""
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
    """A grade ends with a review of that grade that passes and that no later one revokes."""
    return first_breach(_passed(rows))


def _passed(rows: list[Row]) -> Iterator[str]:
    last: dict[int, int] = {}
    for row in rows:
        if row.event == Event.REVIEWED and row.to_code not in UNDECIDED:
            last[row.trainee] = row.to_code
        if row.event in (Event.PROGRESSED, Event.COMPLETED) and last.pop(row.trainee, -1) not in PASSES:
            yield f"not passed: {row}"
        if row.event == Event.STARTED:
            last.pop(row.trainee, None)


def attempts_count_up(book: Rulebook, rows: list[Row]) -> str:
    """Attempts at a part of an exam are numbered 1, 2, 3 until passed, up to the most allowed."""
    return first_breach(_attempts(book, rows))


def allowed(book: Rulebook, part: int) -> int:
    """Most attempts at a part."""
    return exams.attempts_allowed(int(book.exams.is_course[part]), int(book.exams.max_attempts[part]))


def _attempts(book: Rulebook, rows: list[Row]) -> Iterator[str]:
    sat: Counter[tuple[int, int]] = Counter()
    passed = set()
    for row in rows:
        if row.event == Event.STARTED:
            for part in range(book.exams.is_course.shape[0]):
                sat[row.trainee, part] = 0
                passed.discard((row.trainee, part))
        if row.event in (Event.EXAM_PASSED, Event.EXAM_FAILED):
            key = row.trainee, row.from_code
            sat[key] += 1
            if row.to_code != sat[key] or key in passed or sat[key] > allowed(book, row.from_code):
                yield f"attempt {sat[key]}: {row}"
            if row.event == Event.EXAM_PASSED:
                passed.add(key)


def extensions_stay_within_the_allowance(book: Rulebook, rows: list[Row]) -> str:
    """Extensions by outcome 3, less what is given back, stay within the allowance; core's count in higher training."""
    used: Counter[int] = Counter()
    for row in rows_of(rows, Event.STARTED, Event.EXTENDED, Event.SHORTENED):
        if row.event == Event.STARTED:
            used[row.trainee] *= int(row.to_code == Stage.HIGHER)
        elif row.from_code == Outcome.O3:
            change = row.amount if row.event == Event.EXTENDED else -row.amount
            used[row.trainee] = max(0, used[row.trainee] + change)
            if used[row.trainee] > book.programmes.allowance_days[row.programme]:
                return f"{used[row.trainee]} days: {row}"
    return ""


def amounts_make_sense(book: Rulebook, rows: list[Row]) -> str:
    """Amounts are not negative, working time is a share of whole time, indices are within their tables."""
    programmes, offices = book.posts.establishment.shape[1:]
    for row in rows:
        fits = -1 <= row.programme < programmes and -1 <= row.office < offices and -1 <= row.grade < 8
        worked = 0 < row.wte <= 100 or row.trainee < FIRST_DOCTOR
        if row.amount < 0 or not fits or not worked:
            return str(row)
    return ""


def nobody_is_forgotten(book: Rulebook, rows: list[Row], limit: int = 728) -> str:
    """Nobody works longer than `limit` days without a panel, where panels have room for everyone (728: two years)."""
    since: dict[int, int] = {}
    end = int(book.calendar.year_start[-1]) - 1
    for row, before, after in doctor_steps(rows):
        seen = row.event == Event.REVIEWED and row.phase == Phase.PANEL
        back = before.state not in HOLDS_SLOT and after.state in HOLDS_SLOT
        if (row.event == Event.CENSUS and row.day == end) or seen or after.state not in HOLDS_SLOT:
            waited = row.day - since.get(row.trainee, row.day)
            if before.state in HOLDS_SLOT and waited > limit:
                return f"{waited} days at work without a review: {row}"
        if seen or back:
            since[row.trainee] = row.day
    return ""


LIFE_LAWS: tuple[Law, ...] = (
    time_runs_forward,
    one_state,
    heads_add_up,
    nobody_dropped,
    leave_lasts_as_planned,
    only_the_passed_go_on,
    attempts_count_up,
    extensions_stay_within_the_allowance,
    amounts_make_sense,
)
