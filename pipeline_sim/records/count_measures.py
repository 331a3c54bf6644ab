"""Measures counted from the event log: year x programme x office x stage x pattern x origin x measure -> integer.

Counts can be added up over any key. Shares and means cannot, and are made later, from counts.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns, Counts
from pipeline_sim.rules.codes import MAX_OFFICES, MAX_PROGRAMMES, Event, Outcome, RoundKind, Stage, State
from pipeline_sim.rules.event_order import FIRST_TRAINEE, ORIGIN_MASK, ORIGIN_SHIFT

if TYPE_CHECKING:
    import pandas as pd

Mask = npt.NDArray[np.bool_]
Weights = npt.NDArray[Any] | None
LONG_ABSENCE_DAYS = 90  # a return after more than this is a return to training, to be supported
WITHIN_A_YEAR_DAYS = 330  # a start in the next August is a year out
PROGRAMME_CELLS, OFFICE_CELLS, ORIGIN_CELLS = MAX_PROGRAMMES + 1, MAX_OFFICES + 1, ORIGIN_MASK + 2  # one for -1, none
POST_CELLS = PROGRAMME_CELLS * OFFICE_CELLS
IN_PROGRAMME = (
    State.TRAINING, State.REDEPLOYED, State.SICK, State.PARENTAL,
    State.OOPT, State.OOPR, State.OOPE, State.OOPC, State.OOPP,
)  # fmt: skip
AWAY = tuple(state for state in IN_PROGRAMME if state not in (State.TRAINING, State.REDEPLOYED))


class MeasureAxes(NamedTuple):
    """Axes of the measures: what turns the codes of a log into keys."""

    year_start: npt.NDArray[np.int32]  # [Y+1] first day of each training year, then the end
    first_year: int  # calendar year in which day 0 falls
    warm_up_years: int  # training years before the first reported one
    stage: npt.NDArray[np.int32]  # [P]


KEYS = ("replication", "year", "programme", "office", "stage", "pattern", "origin")


def measures_of_log(columns: Columns, axes: MeasureAxes, replication: int = 0) -> "pd.DataFrame":
    """Table of measures of one replication from its log, each by its name."""
    import pandas as pd

    table = pd.DataFrame(measure_table([counts_of_log(columns, axes)], axes, replication))
    return table.assign(measure=np.array(measure_names(), object)[table["measure"]]).astype({"measure": "str"})


def counts_of_log(columns: Columns, axes: MeasureAxes) -> Counts:
    """Counts of one replication from its log, the warm-up included; cells of value 0 are left out."""
    years = year_index(columns["day"], axes)
    wanted = (years >= 0) & (years < len(axes.year_start) - 1)
    cells = _cells(columns, years)
    measures = enumerate(measures_of_rows(columns))
    parts = [_tally(code, mask & wanted, weights, cells) for code, (_, mask, weights) in measures]
    return _joined(parts)


def measure_table(parts: Sequence[Counts], axes: MeasureAxes, replication: int = 0) -> Columns:
    """Table of measures of one replication, sorted by the keys and names; reported years only.

    A measure is a code, as in `measure_names`. `measure_catalogue` has the units.
    """
    counts = _joined(parts)
    counts = Counts(*(column[counts.year >= axes.warm_up_years] for column in counts))
    table: Columns = {
        "replication": np.full(len(counts.year), replication, np.int32),
        "year": (counts.year + axes.first_year).astype(np.int16),
        "programme": counts.programme.astype(np.int16),
        "office": counts.office.astype(np.int8),
        "stage": np.append(axes.stage, -1)[counts.programme].astype(np.int8),
        "pattern": counts.pattern.astype(np.int8),
        "origin": counts.origin.astype(np.int8),
        "measure": counts.measure.astype(np.int16),
        "value": counts.value,
    }
    names = np.argsort(np.argsort(measure_names()))[counts.measure]
    order = np.lexsort((names, *(table[key] for key in reversed(KEYS))))
    return {name: column[order] for name, column in table.items()}


def _joined(parts: Sequence[Counts]) -> Counts:
    return Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))


@cache
def measure_names() -> list[str]:
    """Names of all measures, in the order of their codes."""
    nothing = {column.name: np.zeros(0, column.dtype) for column in LOG}
    return [name for name, _, _ in measures_of_rows(nothing)]


def year_index(day: npt.NDArray[Any], axes: MeasureAxes) -> npt.NDArray[np.int64]:
    """Index of the training year of each day, from the first year of warm-up."""
    return np.searchsorted(axes.year_start, day, side="right") - 1


def post_cell(programme: npt.NDArray[Any], office: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Cell of a programme and office, 0 .. POST_CELLS - 1; either may be -1, none."""
    return (programme.astype(np.int64) + 1) * OFFICE_CELLS + office + 1


def split_post_cell(cell: Any) -> tuple[Any, Any]:
    """Programme and office of a cell, or of an array of cells."""
    return cell // OFFICE_CELLS - 1, cell % OFFICE_CELLS - 1


def _cells(columns: Columns, years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Cell of each row: year, programme, office, pattern, origin."""
    doctor = columns["trainee"] >= FIRST_TRAINEE
    origin = np.where(doctor, columns["trainee"] >> ORIGIN_SHIFT & ORIGIN_MASK, -1)
    part_time = doctor & (columns["wte"] < 100)
    cell = years * POST_CELLS + post_cell(columns["programme"], columns["office"])
    return (cell * 2 + part_time) * ORIGIN_CELLS + origin + 1


def _tally(code: int, mask: Mask, weights: Weights, cells: npt.NDArray[np.int64]) -> Counts:
    chosen, index = np.unique(cells[mask], return_inverse=True)
    amounts = np.ones(len(index), np.int64) if weights is None else weights[mask].astype(np.int64)
    value = np.zeros(len(chosen), np.int64)
    np.add.at(value, index, amounts)
    chosen, value = chosen[value != 0], value[value != 0]
    rest, origin = np.divmod(chosen, ORIGIN_CELLS)
    rest, pattern = np.divmod(rest, 2)
    year, post = np.divmod(rest, POST_CELLS)
    programme, office = split_post_cell(post)
    return Counts(year, programme, office, pattern, origin - 1, np.full(len(chosen), code), value)


def measures_of_rows(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    """Name, row mask and weights (1 if None) of every measure."""
    yield from _people(columns)
    yield from _reviews(columns)
    yield from _endings(columns)
    yield from _recruitment(columns)
    yield from _life(columns)


def _people(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    census = (columns["event"] == Event.CENSUS) & np.isin(columns["from_code"], IN_PROGRAMME)
    counted = columns["event"] == Event.COUNTED
    yield "headcount", counted, None
    yield "wte", counted, columns["wte"]
    yield "gap_carried_days", census, columns["amount"]
    yield "carrying_gap", census & (columns["amount"] > 0), None


def _reviews(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    reviewed = columns["event"] == Event.REVIEWED
    late = reviewed & (columns["amount"] > 0)
    for outcome in Outcome:
        yield outcome.name.lower(), reviewed & (columns["to_code"] == outcome), None
    yield "late_reviews", late, None
    yield "review_days_late", late, columns["amount"]
    extended, shortened = columns["event"] == Event.EXTENDED, columns["event"] == Event.SHORTENED
    days = np.where(shortened, -columns["amount"], columns["amount"])
    own, covid = (columns["from_code"] == outcome for outcome in (Outcome.O3, Outcome.O10_2))
    for kind, rows in (("", own | covid), ("_3", own), ("_10_2", covid)):
        yield f"extensions{kind}", extended & rows, None
        yield f"extension_days{kind}", (extended | shortened) & rows, days


def _endings(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    completed = columns["event"] == Event.COMPLETED
    cct = completed & (columns["from_code"] != Stage.FOUNDATION) & (columns["from_code"] != Stage.CORE)
    yield "ccts", cct, None
    yield "time_to_cct_days", cct, columns["amount"]
    yield "ccts_extended", cct & _extended_before(columns), None
    yield "core_completions", completed & (columns["from_code"] == Stage.CORE), None
    foundation = completed & (columns["from_code"] == Stage.FOUNDATION)
    yield "foundation_completions", foundation, None
    yield "foundation_started_within_year", foundation & starts_within(columns, WITHIN_A_YEAR_DAYS), None
    yield "resigned", columns["event"] == Event.RESIGNED, None
    yield "released", columns["event"] == Event.RELEASED, None
    revalidated = columns["event"] == Event.REVALIDATED
    yield "revalidations", revalidated & (columns["to_code"] == 0), None
    yield "revalidations_late", revalidated & (columns["to_code"] == 0) & (columns["amount"] > 0), None
    yield "revalidations_deferred", revalidated & (columns["to_code"] == 1), None


def _recruitment(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    yield "advertised", columns["event"] == Event.ADVERTISED, columns["amount"]
    yield "offers", columns["event"] == Event.OFFERED, None
    accepted = columns["event"] == Event.ACCEPTED
    yield "accepted", accepted, None
    for kind in RoundKind:
        of_kind = columns["from_code"] == kind
        yield f"advertised_{kind.name.lower()}", (columns["event"] == Event.ADVERTISED) & of_kind, columns["amount"]
        yield f"accepted_{kind.name.lower()}", accepted & of_kind, None
    yield "offers_made", columns["event"] == Event.ROUND_CLOSED, columns["amount"]
    yield "offers_again", columns["event"] == Event.REOFFERED, columns["amount"]
    yield "unplaced", columns["event"] == Event.UNPLACED, None
    yield "withdrew", columns["event"] == Event.WITHDREW, None
    yield "deferred", columns["event"] == Event.DEFERRED, None
    started = columns["event"] == Event.STARTED
    yield "started", started, None
    yield "started_stock", started & (columns["from_code"] < 0), None
    yield "supernumerary_starts", started & (columns["amount"] > 0), None


def _life(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    redeployed = columns["event"] == Event.REDEPLOYED
    yield "redeployed", redeployed, None
    yield "redeployed_weeks", redeployed, columns["amount"]
    away = columns["event"] == Event.AWAY
    for state in AWAY:
        yield f"away_{state.name.lower()}", away & (columns["to_code"] == state), None
    returned = (columns["event"] == Event.RETURNED) & np.isin(columns["from_code"], AWAY)
    returned &= columns["amount"] > LONG_ABSENCE_DAYS
    yield "returners", returned, None
    yield "returners_supported", returned & (columns["to_code"] == 1), None
    yield "transfers", columns["event"] == Event.TRANSFERRED, None
    yield "placements", columns["event"] == Event.PLACED, None
    yield "placements_unsupervised", (columns["event"] == Event.PLACED) & (columns["to_code"] == 0), None
    seated = columns["event"] == Event.SEATED
    yield "seats", seated, None
    yield "seat_thousandths", seated & (columns["to_code"] == 0), columns["amount"]


def starts_within(columns: Columns, days: int) -> Mask:
    """Mask of the rows after which the same doctor next starts in a post within some days."""
    linked = np.flatnonzero(np.isin(columns["event"], (Event.STARTED, Event.COMPLETED)))
    linked = linked[np.argsort(columns["trainee"][linked], kind="stable")]
    here, following = linked[:-1], linked[1:]
    soon = (columns["trainee"][here] == columns["trainee"][following]) & (columns["event"][following] == Event.STARTED)
    soon &= columns["day"][following].astype(np.int64) - columns["day"][here] <= days
    mask = np.zeros(len(columns["day"]), bool)
    mask[here[soon]] = True
    return mask


def _extended_before(columns: Columns) -> Mask:
    """Mask of the rows before which the same doctor has been extended in the programme last started."""
    order = np.argsort(columns["trainee"], kind="stable")
    event, trainee = columns["event"][order], columns["trainee"][order]
    index = np.arange(len(order))
    started, extended = event == Event.STARTED, event == Event.EXTENDED
    first = np.append(True, trainee[1:] != trainee[:-1]) if len(order) else started
    since = np.maximum.accumulate(np.where(started | first, index, -1)) if len(order) else index
    last = np.maximum.accumulate(np.where(extended, index, -1)) if len(order) else index
    mask = np.zeros(len(order), bool)
    mask[order] = last >= since
    return mask
