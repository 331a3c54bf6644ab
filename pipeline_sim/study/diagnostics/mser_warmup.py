"""Is the warm-up long enough? Series of a world whose paths stand still, cut where MSER-5 says.

The world is run long before its first year, where posts, graduates and working patterns are still those with which
its paths begin and nothing has been shaken: what moves then is the start alone. MSER (K. P. White, 1997, Simulation 69,
323-334) leaves out as many values as make the squared standard error of the rest least; MSER-5 does so with means of
five.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.economics.valuation import CCT_STAGES, DAYS_PER_YEAR
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import IN_PROGRAMME
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.rules.codes import Event, Stage
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.estimates.indicators import DAYS_PER_MONTH
from pipeline_sim.study.replication.prepare import Assumed, check_somebody, world_of
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.world import Period, World

Reals = npt.NDArray[np.float64]
Progress = Callable[[float], None]
BATCH, MONTHS = 5, 12
LONG_AGO = 1990  # the earliest year that a world may report
LEAVES = (Event.COMPLETED, Event.RESIGNED, Event.RELEASED)


class Judged(NamedTuple):
    """A series and how much of its beginning is to be left out."""

    label: str
    values: Reals  # by month or by year, mean over replications
    a_year: int  # values in a year: 12 or 1
    years: float  # to be left out
    settles: bool  # false where no end was found in the first half


def judged(assumed: Assumed, years: int, luck: tuple[int, int], progress: Progress | None = None) -> list[Judged]:
    """Every series of a world at rest, run so many years; luck is seed and number of replications."""
    book, size = at_rest(assumed, years)
    seed, replications = luck
    runs = []
    for replication in range(replications):
        log = EventLog(counted=False)
        ENGINES["batch"](book, seed, replication, log, None)
        runs.append(series(book, log.columns(), size))
        if progress is not None:
            progress((replication + 1) / replications)
    return [judge(label, np.mean([run[label] for run in runs], axis=0), years) for label in runs[0]]


def at_rest(assumed: Assumed, years: int) -> tuple[Rulebook, float]:
    """The world without shocks and programmes, in years before all of its paths; and its part of the whole."""
    world = world_of(assumed)
    still = {"period": Period(first_year=LONG_AGO, last_year=LONG_AGO, warm_up_years=years - 1)}
    world = world.model_copy(update=still | dict.fromkeys(("shocks", "interventions", "mix")))
    return lowered(world, assumed.scale), assumed.scale * world.size


def lowered(world: World, scale: float) -> Rulebook:
    """As an engine needs it."""
    population = build_population(world)
    book = lower(world, population, build_timeline(world, frozenset(), population), scale)
    check_somebody(world, book, scale)
    return book


def series(book: Rulebook, columns: Columns, size: float) -> dict[str, Reals]:
    """By label: doctors by stage, extensions and CCTs by month; what is carried, and times, by year."""
    event, month = columns["event"], book.calendar.month_of[columns["day"]]
    stage = np.append(book.programmes.stage, -1)[columns["programme"]]
    found = {}

    def a_month(rows: npt.NDArray[np.bool_]) -> Reals:
        counts = np.bincount(month[rows], minlength=len(book.calendar.month_start) - 1).astype(np.float64)
        return counts[: len(counts) // MONTHS * MONTHS] / size

    for each in Stage:
        mine = stage == each
        moves = a_month(mine & (event == Event.STARTED)) - a_month(mine & np.isin(event, LEAVES))
        found[f"Doctors, {each.name.lower().replace('_', ' ')}"] = moves.cumsum()
    certified = (event == Event.COMPLETED) & np.isin(columns["from_code"], CCT_STAGES)
    found["Extensions a month"] = a_month(event == Event.EXTENDED)
    found["CCTs a month"] = a_month(certified)
    return found | by_year(book, columns, certified)


def by_year(book: Rulebook, columns: Columns, certified: npt.NDArray[np.bool_]) -> dict[str, Reals]:
    """What is counted at the census, and how long those with a new CCT took."""
    day, trainee = columns["day"], columns["trainee"].astype(np.int64)
    census = (columns["event"] == Event.CENSUS) & np.isin(columns["from_code"], IN_PROGRAMME)
    year, years = book.calendar.year_of[day], len(book.calendar.year_start) - 1
    begun = np.sort((trainee << 32 | day)[columns["event"] == Event.STARTED])
    since = begun[np.searchsorted(begun, (trainee << 32 | day)[census], "right") - 1] & 0xFFFFFFFF

    def mean(rows: npt.NDArray[np.bool_], values: npt.NDArray[np.generic]) -> Reals:
        heads = np.bincount(year[rows], minlength=years)
        return np.bincount(year[rows], values, minlength=years) / np.maximum(heads, 1)

    return {
        "Gap carried, months a doctor": mean(census, columns["amount"][census]) / DAYS_PER_MONTH,
        "Time in the post so far, years": mean(census, day[census] - since) / DAYS_PER_YEAR,
        "Years in programme to CCT": mean(certified, columns["amount"][certified]) / DAYS_PER_YEAR,
    }


def judge(label: str, values: Reals, years: int) -> Judged:
    """Months in fives once the season is taken out; years one by one."""
    a_year = MONTHS if len(values) > years else 1
    means = batches(without_season(values), BATCH) if a_year == MONTHS else values
    cut, most = mser(means)
    return Judged(label, values, a_year, cut * (BATCH if a_year == MONTHS else 1) / a_year, cut < most)


def without_season(values: Reals) -> Reals:
    """Months less what their month of the year has more than others, over the second half."""
    table = values.reshape(-1, MONTHS)
    season = table[len(table) // 2 :].mean(axis=0)
    return np.asarray((table - season + season.mean()).ravel())


def batches(values: Reals, size: int) -> Reals:
    """Means of so many; what is left over at the end is left out."""
    return np.asarray(values[: len(values) // size * size].reshape(-1, size).mean(axis=1))


def mser(values: Reals) -> tuple[int, int]:
    """How many to leave out so that the squared standard error of the mean of the rest is least; and at most, half."""
    most = len(values) // 2
    rest = [values[cut:] for cut in range(most + 1)]
    return int(np.argmin([each.var() / len(each) for each in rest])), most
