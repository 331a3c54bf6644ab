"""Length of the warm-up: series of a world in a steady state, truncated by MSER-5.

The world is run long before its first year, where posts, graduates and working patterns are still those with which its
paths begin and no shock has come: any trend then is due to the start alone. MSER (K. P. White, 1997, Simulation 69,
323-334) leaves out as many values as minimise the squared standard error of the rest; MSER-5 uses means of five.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from pipeline_sim.economics.valuation import CCT_STAGES
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import IN_PROGRAMME
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.rules.codes import Event, Stage
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.execution.worker_pool import Progress
from pipeline_sim.study.replication.prepare import WorldSpec, check_not_empty, world_of
from pipeline_sim.world.lowering.build_timeline import build_timeline
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.schema.world import Period, World

Reals = npt.NDArray[np.float64]
BATCH, MONTHS = 5, 12
LONG_AGO = 1990  # the earliest year that a world may report
LEAVES = (Event.COMPLETED, Event.RESIGNED, Event.RELEASED)


class WarmUpSeries(NamedTuple):
    """A series and its truncation point."""

    label: str
    values: Reals  # by month or by year, mean over replications
    a_year: int  # values in a year: 12 or 1
    years: float  # to be left out
    settles: bool  # false where no end was found in the first half


def assess_warm_up(
    spec: WorldSpec, years: int, seed_and_replications: tuple[int, int], progress: Progress | None = None
) -> list[WarmUpSeries]:
    """Series of a world in steady state, run so many years, each with its truncation point."""
    book, size = steady_state(spec, years)
    seed, replications = seed_and_replications
    runs = []
    for replication in range(replications):
        log = EventLog(keep_counts=False)
        ENGINES["batch"](book, seed, replication, log, None)
        runs.append(series(book, log.columns(), size))
        if progress is not None:
            progress((replication + 1) / replications)
    return [assess_series(label, np.mean([run[label] for run in runs], axis=0), years) for label in runs[0]]


def steady_state(spec: WorldSpec, years: int) -> tuple[Rulebook, float]:
    """Rulebook of the world without shocks and mix, in years before all of its paths; and its share of England."""
    world = world_of(spec)
    still = {"period": Period(first_year=LONG_AGO, last_year=LONG_AGO, warm_up_years=years - 1)}
    world = world.model_copy(update=still | dict.fromkeys(("shocks", "interventions", "mix")))
    return rulebook_of(world, spec.scale), spec.scale * world.size


def rulebook_of(world: World, scale: float) -> Rulebook:
    """Rulebook of a world without interventions."""
    population = build_population(world)
    book = lower(world, population, build_timeline(world, frozenset(), population), scale)
    check_not_empty(world, book, scale)
    return book


def series(book: Rulebook, columns: Columns, size: float) -> dict[str, Reals]:
    """Series by label: doctors by stage, extensions and CCTs by month; gaps carried, and times, by year."""
    event, month = columns["event"], book.calendar.month_of[columns["day"]]
    stage = np.append(book.programmes.stage, -1)[columns["programme"]]
    by_label = {}

    def a_month(rows: npt.NDArray[np.bool_]) -> Reals:
        counts = np.bincount(month[rows], minlength=len(book.calendar.month_start) - 1).astype(np.float64)
        return counts[: len(counts) // MONTHS * MONTHS] / size

    for stage_code in Stage:
        of_stage = stage == stage_code
        moves = a_month(of_stage & (event == Event.STARTED)) - a_month(of_stage & np.isin(event, LEAVES))
        by_label[f"Doctors, {stage_code.name.lower().replace('_', ' ')}"] = moves.cumsum()
    certified = (event == Event.COMPLETED) & np.isin(columns["from_code"], CCT_STAGES)
    by_label["Extensions a month"] = a_month(event == Event.EXTENDED)
    by_label["CCTs a month"] = a_month(certified)
    return by_label | by_year(book, columns, certified)


def by_year(book: Rulebook, columns: Columns, certified: npt.NDArray[np.bool_]) -> dict[str, Reals]:
    """Series by year: gaps and time in post at the census, and time to CCT."""
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


def assess_series(label: str, values: Reals, years: int) -> WarmUpSeries:
    """Series with its truncation point: of months in fives, deseasonalised, or of single years."""
    a_year = MONTHS if len(values) > years else 1
    means = batches(without_season(values), BATCH) if a_year == MONTHS else values
    cut, most = mser(means)
    return WarmUpSeries(label, values, a_year, cut * (BATCH if a_year == MONTHS else 1) / a_year, cut < most)


def without_season(values: Reals) -> Reals:
    """Monthly series less the seasonal effect, estimated over the second half."""
    table = values.reshape(-1, MONTHS)
    season = table[len(table) // 2 :].mean(axis=0)
    return np.asarray((table - season + season.mean()).ravel())


def batches(values: Reals, size: int) -> Reals:
    """Batch means; values left over at the end are dropped."""
    return np.asarray(values[: len(values) // size * size].reshape(-1, size).mean(axis=1))


def mser(values: Reals) -> tuple[int, int]:
    """Truncation point that minimises the squared standard error of the rest's mean, and the largest allowed."""
    most = len(values) // 2
    rest = [values[cut:] for cut in range(most + 1)]
    return int(np.argmin([stage_code.var() / len(stage_code) for stage_code in rest])), most
