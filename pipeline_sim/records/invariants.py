"""Invariants of every event log, checked on its rows alone. A broken invariant is reported as a sentence."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import IN_PROGRAMME, POST_CELLS, post_cell, split_post_cell
from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Event, State
from pipeline_sim.rules.event_order import FIRST_TRAINEE

Rows = npt.NDArray[Any]
_ANYONE = (*IN_PROGRAMME, State.POOL)
_HOLDS_POST = (*IN_PROGRAMME, State.GRACE)

STATES_BEFORE: dict[int, tuple[int, ...]] = {  # in which an event may happen
    **dict.fromkeys(Event, IN_PROGRAMME),
    **dict.fromkeys((Event.OFFERED, Event.ACCEPTED, Event.UNPLACED, Event.DEFERRED), _ANYONE),
    **dict.fromkeys((Event.STARTED, Event.LEFT_POOL), (State.POOL,)),
    **dict.fromkeys((Event.ADVERTISED, Event.ROUND_CLOSED, Event.REOFFERED), ()),  # of no doctor
    Event.ENTERED: (State.NOT_YET,),
    Event.AWAY: (State.TRAINING, State.REDEPLOYED),
    Event.RETURNED: tuple(state for state in IN_PROGRAMME if state != State.TRAINING),
    Event.REDEPLOYED: (State.TRAINING,),
    Event.GRACE_ENDED: (State.GRACE,),
    Event.REVALIDATED: (*_ANYONE, State.GRACE),
    Event.WITHDREW: (*_ANYONE, State.LEFT),  # resigned, released or gone abroad since accepting
    Event.CENSUS: _HOLDS_POST,
}
STATE_AFTER: dict[Event, int] = {
    Event.ENTERED: State.POOL,
    Event.STARTED: State.TRAINING,
    Event.RELEASED: State.LEFT,
    Event.RETURNED: State.TRAINING,
    Event.REDEPLOYED: State.REDEPLOYED,
    Event.GRACE_ENDED: State.COMPLETED,
    Event.LEFT_POOL: State.LEFT,
}
AFTER_IS_TO_CODE = (Event.AWAY, Event.COMPLETED, Event.RESIGNED)


class StateHistory(NamedTuple):
    """Rows of doctors in the order (trainee, log), with the state before and after each."""

    rows: Columns
    before: Rows
    after: Rows


class PostLimits(NamedTuple):
    """Training year of a day and establishment of posts, against which starts are checked."""

    year_of: npt.NDArray[np.int32]  # [T+1]
    establishment: npt.NDArray[np.int32]  # [Y, P, O]


def broken_invariants(columns: Columns, posts: PostLimits) -> list[str]:
    """Invariants that a full log breaks, a sentence each; none if all hold."""
    history = replay_states(columns)
    broken = [check_order(columns, posts), check_states(history), check_headcounts(history), check_last_census(history)]
    return [sentence for sentence in (*broken, check_starts(history, posts)) if sentence]


def replay_states(columns: Columns) -> StateHistory:
    """State history of every doctor, replayed from the log."""
    doctors = columns["trainee"] >= FIRST_TRAINEE
    order = np.argsort(columns["trainee"][doctors], kind="stable")
    rows = {name: column[doctors][order] for name, column in columns.items()}
    fixed = np.full(len(Event), -1)
    fixed[list(STATE_AFTER)] = list(STATE_AFTER.values())
    given = np.where(np.isin(rows["event"], AFTER_IS_TO_CODE), rows["to_code"], fixed[rows["event"]])
    count = len(given)
    first = np.ones(count, bool)
    first[1:] = rows["trainee"][1:] != rows["trainee"][:-1]
    moved = np.where((given >= 0) | first, np.arange(count), 0)
    after = np.where(given < 0, State.NOT_YET, given)[np.maximum.accumulate(moved)]
    before = np.where(first, State.NOT_YET, np.roll(after, 1))
    return StateHistory(rows, before, after)


def check_order(columns: Columns, posts: PostLimits) -> str:
    """Invariant of time: rows in (day, phase, trainee) order, none before day 0 or after the end."""
    day, last = columns["day"].astype(np.int64), len(posts.year_of) - 1
    key = (day << 36) + (columns["phase"].astype(np.int64) << 31) + columns["trainee"]
    wrong = (day < 0) | (day > last)
    wrong[1:] |= np.diff(key) < 0
    return f"time: day {day[wrong][0]} stands out of order or outside 0 to {last}" if wrong.any() else ""


def check_states(history: StateHistory) -> str:
    """Invariant of states: every event is one that may happen in the doctor's state."""
    allowed = np.zeros((len(Event), len(State)), bool)
    for event, states in STATES_BEFORE.items():
        allowed[event, list(states)] = True
    events = history.rows["event"]
    wrong = ~allowed[events, history.before]
    says_state = np.isin(events, (Event.CENSUS, Event.COUNTED, Event.RETURNED))
    wrong |= says_state & (history.rows["from_code"] != history.before)
    return _first("one state", history, wrong)


def check_headcounts(history: StateHistory) -> str:
    """Invariant of headcounts by programme and office: starts less endings are never negative and equal each census."""
    flow = _flow(history, IN_PROGRAMME)
    if (flow.held < 0).any():
        row = int(np.argmax(flow.held < 0))
        return f"heads: {_post(flow.cell[row])} on day {flow.day[row]} has fewer than no doctors"
    rows = history.rows
    counted = (rows["event"] == Event.CENSUS) & np.isin(rows["from_code"], IN_PROGRAMME)
    for day in np.unique(rows["day"][counted]):
        here = counted & (rows["day"] == day)
        census = np.bincount(post_cell(rows["programme"][here], rows["office"][here]), minlength=POST_CELLS)
        flowed = np.bincount(flow.cell, flow.change * (flow.day <= day), minlength=POST_CELLS).astype(np.int64)
        if (census != flowed).any():
            cell = int(np.argmax(census != flowed))
            both = f"{flowed[cell]} by starts and endings, {census[cell]} in the census"
            return f"heads: {_post(cell)} on day {day}: {both}"
    return ""


def check_last_census(history: StateHistory) -> str:
    """Invariant of the last census: it includes everyone who is in a programme at the end."""
    rows = history.rows
    last_row = np.append(rows["trainee"][1:] != rows["trainee"][:-1], True)[: len(rows["trainee"])]
    present = last_row & np.isin(history.after, IN_PROGRAMME)
    census = rows["event"] == Event.CENSUS
    end = rows["day"][census].max(initial=-1)
    wrong = present & ~(census & (rows["day"] == end))
    return _first("nobody dropped", history, wrong)


def check_starts(history: StateHistory, posts: PostLimits) -> str:
    """Invariant of posts: a start records exactly how many holders exceed the establishment after it."""
    flow = _flow(history, _HOLDS_POST)
    starts = flow.event == Event.STARTED
    year = posts.year_of[flow.day[starts]]
    establishment = posts.establishment[year, *split_post_cell(flow.cell[starts])]
    excess = np.maximum(flow.held[starts] - establishment, 0)
    wrong = excess != flow.amount[starts]
    if not wrong.any():
        return ""
    row, above = int(np.flatnonzero(starts)[np.argmax(wrong)]), excess[np.argmax(wrong)]
    where, recorded = f"{_post(flow.cell[row])} on day {flow.day[row]}", flow.amount[row]
    return f"posts: {where}: {above} above establishment, but the start says {recorded} ({wrong.sum()} such)"


class _Flow(NamedTuple):
    """Changes in the number of post holders in the order (cell, log)."""

    cell: Rows
    day: Rows
    event: Rows
    amount: Rows
    change: Rows
    held: Rows  # holders of the cell after the row


def _flow(history: StateHistory, states: tuple[int, ...]) -> _Flow:
    rows, was, now = history.rows, np.isin(history.before, states), np.isin(history.after, states)
    moved = (rows["event"] == Event.TRANSFERRED) & now
    parts = [(now & ~was, 1, "office"), (was & ~now, -1, "office"), (moved, -1, "from_code"), (moved, 1, "to_code")]
    cell = np.concatenate([post_cell(rows["programme"][mask], rows[office][mask]) for mask, _, office in parts])
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


def _post(cell: int) -> str:
    programme, office = split_post_cell(cell)
    return f"programme {programme}, office {office}"


def _first(invariant: str, history: StateHistory, wrong: npt.NDArray[np.bool_]) -> str:
    if not wrong.any():
        return ""
    row = int(np.argmax(wrong))
    rows, name = history.rows, State(history.before[row]).name
    return (
        f"{invariant}: doctor {rows['trainee'][row]} on day {rows['day'][row]}: "
        f"{Event(rows['event'][row]).name} while {name} ({wrong.sum()} such rows)"
    )
