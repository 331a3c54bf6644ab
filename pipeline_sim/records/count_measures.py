"""Counts made from the log: year x programme x office x stage x pattern x origin x measure -> integer.

Shares and means are made later, from counts: a count can be added up over any of its keys, a share cannot.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.columns import LOG
from pipeline_sim.records.event_log import Columns, Counts
from pipeline_sim.rules.codes import Event, Outcome, RoundKind, Stage, State

if TYPE_CHECKING:
    import pandas as pd

Mask = npt.NDArray[np.bool_]
Weights = npt.NDArray[Any] | None
FIRST_TRAINEE = 1 << 20  # numbers below are offices and the nation
LONG_ABSENCE_DAYS = 90  # a return after more than this is a return to training, to be supported
WITHIN_A_YEAR_DAYS = 330  # a start in the next August is a year out
ORIGINS = 8
OFFICES = 128  # more than a world may have
IN_PROGRAMME = (
    State.TRAINING, State.REDEPLOYED, State.SICK, State.PARENTAL,
    State.OOPT, State.OOPR, State.OOPE, State.OOPC, State.OOPP,
)  # fmt: skip
AWAY = tuple(state for state in IN_PROGRAMME if state not in (State.TRAINING, State.REDEPLOYED))
OUTCOME_NAMES = {
    Outcome.NOT_ASSESSED: "not_assessed", Outcome.O1: "o1", Outcome.O2: "o2", Outcome.O3: "o3", Outcome.O4: "o4",
    Outcome.O5: "o5", Outcome.O6: "o6", Outcome.O8: "o8", Outcome.O10_1: "o10_1", Outcome.O10_2: "o10_2",
}  # fmt: skip


class Frame(NamedTuple):
    """What turns codes of a log into the keys of the measures."""

    year_start: npt.NDArray[np.int32]  # [Y+1] first day of each training year, then the end
    first_year: int  # calendar year in which day 0 falls
    warm_up_years: int  # training years before the first reported one
    stage: npt.NDArray[np.int32]  # [P]


KEYS = ("replication", "year", "programme", "office", "stage", "pattern", "origin")


def measures(columns: Columns, frame: Frame, replication: int = 0, warm_up: bool = False) -> "pd.DataFrame":
    """The long table of one replication, sorted by its keys; rows of value 0 are left out.

    Only reported years, unless the warm-up is asked for. Working time (`wte`) is the sum of per cents.
    """
    import pandas as pd

    years = _year_index(columns["day"], frame)
    wanted = (years >= (0 if warm_up else frame.warm_up_years)) & (years < len(frame.year_start) - 1)
    cells = _cells(columns, years)
    parts = [_tally(name, mask & wanted, weights, cells, frame) for name, mask, weights in _counted(columns)]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "replication", np.int32(replication))
    table["measure"] = table["measure"].astype("str")
    return table.sort_values([*KEYS, "measure"], kind="stable", ignore_index=True)


def measures_of_counts(parts: Sequence[Counts], frame: Frame, replication: int = 0) -> "pd.DataFrame":
    """The same table from the counts that an engine made as it went; only reported years."""
    import pandas as pd

    counts = Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    counts = Counts(*(column[counts.year >= frame.warm_up_years] for column in counts))
    table = pd.DataFrame(
        {
            "replication": np.full(len(counts.year), replication, np.int32),
            "year": (counts.year + frame.first_year).astype(np.int16),
            "programme": counts.programme.astype(np.int16),
            "office": counts.office.astype(np.int8),
            "stage": np.append(frame.stage, -1)[counts.programme].astype(np.int8),
            "pattern": counts.pattern.astype(np.int8),
            "origin": counts.origin.astype(np.int8),
            "measure": pd.Series(np.array(measure_names(), object)[counts.measure], dtype="str"),
            "value": counts.value,
        }
    )
    names = np.argsort(np.argsort(measure_names()))[counts.measure]
    order = np.lexsort((names, *(table[key] for key in reversed(KEYS))))
    return table.iloc[order].reset_index(drop=True)


@cache
def measure_names() -> list[str]:
    """Every name that the column `measure` may take."""
    nothing = {column.name: np.zeros(0, column.dtype) for column in LOG}
    return [name for name, _, _ in _counted(nothing)]


def _year_index(day: npt.NDArray[Any], frame: Frame) -> npt.NDArray[np.int64]:
    return np.searchsorted(frame.year_start, day, side="right") - 1


def _cells(columns: Columns, years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """One integer for each row: year, programme + 1, office + 1, pattern, origin + 1."""
    doctor = columns["trainee"] >= FIRST_TRAINEE
    origin = np.where(doctor, (columns["trainee"] >> 20) & (ORIGINS - 1), -1)
    part_time = doctor & (columns["wte"] < 100)
    cell = years * 1024 + columns["programme"] + 1
    cell = (cell * OFFICES + columns["office"] + 1) * 2 + part_time
    return cell * (ORIGINS + 1) + origin + 1


def _tally(name: str, mask: Mask, weights: Weights, cells: npt.NDArray[np.int64], frame: Frame) -> "pd.DataFrame":
    import pandas as pd

    chosen, place = np.unique(cells[mask], return_inverse=True)
    amounts = np.ones(len(place), np.int64) if weights is None else weights[mask].astype(np.int64)
    value = np.zeros(len(chosen), np.int64)
    np.add.at(value, place, amounts)
    chosen, value = chosen[value != 0], value[value != 0]
    rest, origin = np.divmod(chosen, ORIGINS + 1)
    rest, pattern = np.divmod(rest, 2)
    rest, office = np.divmod(rest, OFFICES)
    year, programme = np.divmod(rest, 1024)
    stage = np.append(frame.stage, -1)[programme - 1]
    keys = {
        "year": (year + frame.first_year).astype(np.int16),
        "programme": (programme - 1).astype(np.int16),
        "office": (office - 1).astype(np.int8),
        "stage": stage.astype(np.int8),
        "pattern": pattern.astype(np.int8),
        "origin": (origin - 1).astype(np.int8),
    }
    return pd.DataFrame({**keys, "measure": np.repeat(np.array([name], object), len(chosen)), "value": value})


def _counted(columns: Columns) -> Iterator[tuple[str, Mask, Weights]]:
    """Name, rows and weight (1 if None) of every measure."""
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
    for outcome, name in OUTCOME_NAMES.items():
        yield name, reviewed & (columns["to_code"] == outcome), None
    yield "late_reviews", late, None
    yield "review_days_late", late, columns["amount"]
    extended = columns["event"] == Event.EXTENDED
    own, covid = (extended & (columns["from_code"] == outcome) for outcome in (Outcome.O3, Outcome.O10_2))
    for kind, rows in (("", extended), ("_3", own), ("_10_2", covid)):
        yield f"extensions{kind}", rows, None
        yield f"extension_days{kind}", rows, columns["amount"]


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
        held = columns["from_code"] == kind
        yield f"advertised_{kind.name.lower()}", (columns["event"] == Event.ADVERTISED) & held, columns["amount"]
        yield f"accepted_{kind.name.lower()}", accepted & held, None
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
    """Rows after which the same doctor next starts in a post within so many days."""
    linked = np.flatnonzero(np.isin(columns["event"], (Event.STARTED, Event.COMPLETED)))
    linked = linked[np.argsort(columns["trainee"][linked], kind="stable")]
    here, following = linked[:-1], linked[1:]
    soon = (columns["trainee"][here] == columns["trainee"][following]) & (columns["event"][following] == Event.STARTED)
    soon &= columns["day"][following].astype(np.int64) - columns["day"][here] <= days
    found = np.zeros(len(columns["day"]), bool)
    found[here[soon]] = True
    return found


def _extended_before(columns: Columns) -> Mask:
    """Rows before which the same doctor, in the programme last started, has been extended."""
    order = np.argsort(columns["trainee"], kind="stable")
    event, trainee = columns["event"][order], columns["trainee"][order]
    place = np.arange(len(order))
    started, extended = event == Event.STARTED, event == Event.EXTENDED
    first = np.append(True, trainee[1:] != trainee[:-1]) if len(order) else started
    since = np.maximum.accumulate(np.where(started | first, place, -1)) if len(order) else place
    last = np.maximum.accumulate(np.where(extended, place, -1)) if len(order) else place
    found = np.zeros(len(order), bool)
    found[order] = last >= since
    return found
