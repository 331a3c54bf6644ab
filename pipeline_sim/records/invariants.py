"""The laws that hold in every log, read off its rows alone. A broken law comes back as a sentence."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import FIRST_TRAINEE, IN_PROGRAMME
from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Event, State

Rows = npt.NDArray[Any]
_AT_WORK = (State.TRAINING, State.REDEPLOYED)
_ANYONE = (*IN_PROGRAMME, State.POOL)
_HOLDS_POST = (*IN_PROGRAMME, State.GRACE)

BEFORE: dict[Event, tuple[int, ...]] = {
    Event.ENTERED: (State.NOT_YET,),
    Event.STARTED: (State.POOL,),
    Event.COMPLETED: IN_PROGRAMME,
    Event.RESIGNED: IN_PROGRAMME,
    Event.RELEASED: IN_PROGRAMME,
    Event.AWAY: _AT_WORK,
    Event.RETURNED: tuple(state for state in IN_PROGRAMME if state != State.TRAINING),
    Event.REDEPLOYED: (State.TRAINING,),
    Event.GRACE_ENDED: (State.GRACE,),
    Event.LEFT_POOL: (State.POOL,),
    Event.ROTATED: IN_PROGRAMME,
    Event.PLACED: IN_PROGRAMME,
    Event.WTE_CHANGED: IN_PROGRAMME,
    Event.EXAM_PASSED: IN_PROGRAMME,
    Event.EXAM_FAILED: IN_PROGRAMME,
    Event.REVIEWED: IN_PROGRAMME,
    Event.EXTENDED: IN_PROGRAMME,
    Event.PROGRESSED: IN_PROGRAMME,
    Event.TRANSFERRED: IN_PROGRAMME,
    Event.SEATED: IN_PROGRAMME,
    Event.REVALIDATED: (*_ANYONE, State.GRACE),
    Event.OFFERED: _ANYONE,
    Event.ACCEPTED: _ANYONE,
    Event.WITHDREW: (*_ANYONE, State.LEFT),  # resigned, released or gone abroad since accepting
    Event.UNPLACED: _ANYONE,
    Event.DEFERRED: _ANYONE,
    Event.CENSUS: _HOLDS_POST,
    Event.COUNTED: IN_PROGRAMME,
}
AFTER: dict[Event, int] = {
    Event.ENTERED: State.POOL,
    Event.STARTED: State.TRAINING,
    Event.RELEASED: State.LEFT,
    Event.RETURNED: State.TRAINING,
    Event.REDEPLOYED: State.REDEPLOYED,
    Event.GRACE_ENDED: State.COMPLETED,
    Event.LEFT_POOL: State.LEFT,
}
AFTER_IS_TO_CODE = (Event.AWAY, Event.COMPLETED, Event.RESIGNED)


class Lives(NamedTuple):
    """Rows of doctors in the order (trainee, log), with the state before each."""

    rows: Columns
    before: Rows
    after: Rows


class Posts(NamedTuple):
    """What the posts law is checked against."""

    year_of: npt.NDArray[np.int32]  # [T+1]
    establishment: npt.NDArray[np.int32]  # [Y, P, O]


def broken_laws(columns: Columns, posts: Posts) -> list[str]:
    """Every law that a full log breaks, one sentence each; none if all hold."""
    lives = lives_of(columns)
    broken = [time_goes_forward(columns, posts), one_state(lives), heads_add_up(lives), nobody_dropped(lives)]
    return [sentence for sentence in (*broken, posts_held(lives, posts)) if sentence]


def lives_of(columns: Columns) -> Lives:
    """Replay every doctor: the state before and after each row."""
    doctors = columns["trainee"] >= FIRST_TRAINEE
    order = np.argsort(columns["trainee"][doctors], kind="stable")
    rows = {name: column[doctors][order] for name, column in columns.items()}
    fixed = np.full(len(Event), -1)
    fixed[list(AFTER)] = list(AFTER.values())
    given = np.where(np.isin(rows["event"], AFTER_IS_TO_CODE), rows["to_code"], fixed[rows["event"]])
    count = len(given)
    first = np.ones(count, bool)
    first[1:] = rows["trainee"][1:] != rows["trainee"][:-1]
    moved = np.where((given >= 0) | first, np.arange(count), 0)
    after = np.where(given < 0, State.NOT_YET, given)[np.maximum.accumulate(moved)]
    before = np.where(first, State.NOT_YET, np.roll(after, 1))
    return Lives(rows, before, after)


def time_goes_forward(columns: Columns, posts: Posts) -> str:
    """Rows in (day, phase, trainee) order, none before day 0 or after the end."""
    day, last = columns["day"].astype(np.int64), len(posts.year_of) - 1
    key = (day << 36) + (columns["phase"].astype(np.int64) << 31) + columns["trainee"]
    wrong = (day < 0) | (day > last)
    wrong[1:] |= np.diff(key) < 0
    return f"time: day {day[wrong][0]} stands out of order or outside 0 to {last}" if wrong.any() else ""


def one_state(lives: Lives) -> str:
    """Everything that happens to a doctor may happen in the state the doctor is in."""
    allowed = np.zeros((len(Event), len(State)), bool)
    for event, states in BEFORE.items():
        allowed[event, list(states)] = True
    events = lives.rows["event"]
    wrong = ~allowed[events, lives.before]
    says_state = np.isin(events, (Event.CENSUS, Event.COUNTED, Event.RETURNED))
    wrong |= says_state & (lives.rows["from_code"] != lives.before)
    return _first("one state", lives, wrong)


def heads_add_up(lives: Lives) -> str:
    """Programme by office, every day: starts less endings never fall below zero and meet every census."""
    flow = _flow(lives, IN_PROGRAMME)
    if (flow.held < 0).any():
        return f"heads: {_cell(flow, int(np.argmax(flow.held < 0)))} has fewer than no doctors"
    rows = lives.rows
    counted = (rows["event"] == Event.CENSUS) & np.isin(rows["from_code"], IN_PROGRAMME)
    for day in np.unique(rows["day"][counted]):
        here = counted & (rows["day"] == day)
        census = np.bincount(_cell_of(rows["programme"][here], rows["office"][here]), minlength=_CELLS)
        flowed = np.bincount(flow.cell, flow.change * (flow.day <= day), minlength=_CELLS).astype(np.int64)
        if (census != flowed).any():
            cell = int(np.argmax(census != flowed))
            where = f"programme {cell // 64 - 1}, office {cell % 64 - 1}"
            return f"heads: {where} on day {day}: {flowed[cell]} by starts and endings, {census[cell]} in the census"
    return ""


def nobody_dropped(lives: Lives) -> str:
    """Whoever is in a programme at the end stands in the last census."""
    rows = lives.rows
    last_row = np.append(rows["trainee"][1:] != rows["trainee"][:-1], True)[: len(rows["trainee"])]
    present = last_row & np.isin(lives.after, IN_PROGRAMME)
    census = rows["event"] == Event.CENSUS
    end = rows["day"][census].max(initial=-1)
    wrong = present & ~(census & (rows["day"] == end))
    return _first("nobody dropped", lives, wrong)


def posts_held(lives: Lives, posts: Posts) -> str:
    """A start says by how many the holders exceed the establishment after it: no more, no less."""
    flow = _flow(lives, _HOLDS_POST)
    starts = flow.event == Event.STARTED
    year = posts.year_of[flow.day[starts]]
    places = posts.establishment[year, flow.cell[starts] // 64 - 1, flow.cell[starts] % 64 - 1]
    excess = np.maximum(flow.held[starts] - places, 0)
    wrong = excess != flow.amount[starts]
    if not wrong.any():
        return ""
    place = int(np.flatnonzero(starts)[np.argmax(wrong)])
    said, found = flow.amount[place], excess[np.argmax(wrong)]
    return f"posts: {_cell(flow, place)}: {found} above establishment, but the start says {said} ({wrong.sum()} such)"


class _Flow(NamedTuple):
    """Comings and goings of holders in the order (cell, log)."""

    cell: Rows
    day: Rows
    event: Rows
    amount: Rows
    change: Rows
    held: Rows  # holders of the cell after the row


_CELLS = 1024 * 64


def _cell_of(programme: Rows, office: Rows) -> Rows:
    return (programme.astype(np.int64) + 1) * 64 + office + 1


def _flow(lives: Lives, states: tuple[int, ...]) -> _Flow:
    rows, was, now = lives.rows, np.isin(lives.before, states), np.isin(lives.after, states)
    moved = (rows["event"] == Event.TRANSFERRED) & now
    parts = [(now & ~was, 1, "office"), (was & ~now, -1, "office"), (moved, -1, "from_code"), (moved, 1, "to_code")]
    cell = np.concatenate([_cell_of(rows["programme"][mask], rows[office][mask]) for mask, _, office in parts])
    change = np.concatenate([np.full(mask.sum(), step) for mask, step, _ in parts])
    day, phase, trainee, event, amount = (
        np.concatenate([rows[name][mask] for mask, _, _ in parts])
        for name in ("day", "phase", "trainee", "event", "amount")
    )
    order = np.lexsort((trainee, phase, day, cell))
    cell, change = cell[order], change[order]
    total = np.cumsum(change)
    first = np.ones(len(cell), bool)
    first[1:] = cell[1:] != cell[:-1]
    opening = np.maximum.accumulate(np.where(first, np.arange(len(cell)), 0))
    held = total - (total - change)[opening]
    return _Flow(cell, day[order], event[order], amount[order], change, held)


def _cell(flow: _Flow, place: int) -> str:
    cell = int(flow.cell[place])
    return f"programme {cell // 64 - 1}, office {cell % 64 - 1} on day {flow.day[place]}"


def _first(law: str, lives: Lives, wrong: npt.NDArray[np.bool_]) -> str:
    if not wrong.any():
        return ""
    place = int(np.argmax(wrong))
    rows, name = lives.rows, State(lives.before[place]).name
    return (
        f"{law}: doctor {rows['trainee'][place]} on day {rows['day'][place]}: "
        f"{Event(rows['event'][place]).name} while {name} ({wrong.sum()} such rows)"
    )
