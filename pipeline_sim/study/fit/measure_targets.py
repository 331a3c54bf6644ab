"""How the model measures a target: one number from what one replication of one world told."""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.economics.valuation import extension_cost_pence, typical_nodal, wte_months
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import Frame, measure_names, measures, starts_within
from pipeline_sim.records.event_log import Columns, Counts, EventLog
from pipeline_sim.rules.codes import Event, RoundKind, Stage, State
from pipeline_sim.study.fit.targets import About, Lists, Model, Rows, Starts, Target
from pipeline_sim.study.fit.targets import Counts as Counted
from pipeline_sim.study.replication.prepare import Assumed, frame_of, prepare, world_of
from pipeline_sim.study.replication.summary import counts_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.population.applicants import english_share
from pipeline_sim.world.schema.names import Names
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.activity_series import national_losses
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.world_error import hint

Mask = npt.NDArray[np.bool_]
PENCE_PER_MILLION = 100_000_000
PER_CENT = 100.0


class Happened(NamedTuple):
    """What one replication told. Y years with the warm-up, P programmes, M measures."""

    world: World
    names: Names
    frame: Frame
    size: float  # part of England that is in the model
    counts: npt.NDArray[np.int64]  # [Y, P + 1, 2, M] by pattern of work; the last programme is none
    columns: Columns | None  # the log, if a target reads it


def happened(assumed: Assumed, engine: str, seed: int, replication: int, keeps: bool) -> Happened:
    """Run one replication; `keeps` its log."""
    prepared = prepare(assumed)
    world = world_of(assumed)
    log = EventLog(keeps=keeps or engine == "reference")
    ENGINES[engine](prepared.rulebook, seed, replication, log)
    columns = log.columns() if len(log) else None
    frame = frame_of(world, prepared.rulebook)
    counted = log.counts or [counts_of(measures(columns or {}, frame, warm_up=True), frame)]
    counts = dense(counted, frame, len(prepared.names.programmes))
    return Happened(world, prepared.names, frame, assumed.scale * world.size, counts, columns if keeps else None)


def dense(parts: list[Counts], frame: Frame, programmes: int) -> npt.NDArray[np.int64]:
    """[Y, P + 1, 2, M]"""
    joined = Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    table = np.zeros((len(frame.year_start) - 1, programmes + 1, 2, len(measure_names())), np.int64)
    np.add.at(table, (joined.year, joined.programme, np.maximum(joined.pattern, 0), joined.measure), joined.value)
    return table


def measured(target: Target, told: Happened) -> float:
    """The target as the model has it, put up to the UK if it is the UK's; NaN where nothing is there to be measured."""
    return of_model(target.model, told) / (english_share(told.world) if target.uk else 1.0)


def of_model(model: Model, told: Happened) -> float:
    """What is measured, for England."""
    if isinstance(model, Counted):
        return of_counts(model, told)
    if isinstance(model, Rows):
        return of_rows(model, told)
    if isinstance(model, Starts):
        return without_post(model, told)
    if isinstance(model, Lists):
        return of_lists(model, told.world)
    return extension_cost(told)


def of_counts(model: Counted, told: Happened) -> float:
    """Measures a year, put up to England, or `per` times their part of others."""
    years = [year_place(told, year) for year in model.years]
    here = told.counts[years][:, about(model.about, told.names)]
    top = float(of_measures(here[:, :, 1:] if model.part_time else here, model.measures).sum())
    if not model.of:
        return model.per * top / told.size / len(years)
    return part(model.per * top, float(of_measures(here, model.of).sum()))


def of_rows(model: Rows, told: Happened) -> float:
    """Rows of the log, or doctors in them, put up to England, or `per` times their part of a measure that year."""
    columns = log_of(told)
    chosen = np.isin(columns["event"], [Event[name.upper()] for name in model.events])
    chosen &= (columns["day"] >= day_of(told, model.first)) & (columns["day"] <= day_of(told, model.last))
    held = about(model.about, told.names)
    chosen &= held[columns["programme"]]
    codes = [*(RoundKind[name.upper()] for name in model.rounds), *(State[name.upper()] for name in model.states)]
    if codes:
        chosen &= np.isin(columns["from_code"], codes)
    found = len(np.unique(columns["trainee"][chosen])) if model.doctors else int(chosen.sum())
    if not model.of:
        return model.per * found / told.size
    year = int(np.searchsorted(told.frame.year_start, day_of(told, model.first), side="right")) - 1
    return part(model.per * found, float(of_measures(told.counts[year][held], model.of).sum()))


def without_post(model: Starts, told: Happened) -> float:
    """Per cent of those who finished F2 in a year and did not start elsewhere within so many days."""
    columns = log_of(told)
    start = told.frame.year_start
    place = year_place(told, model.year)
    done = (columns["event"] == Event.COMPLETED) & (columns["from_code"] == Stage.FOUNDATION)
    done &= (columns["day"] >= start[place]) & (columns["day"] < start[place + 1])
    return PER_CENT - part(PER_CENT * float((done & starts_within(columns, model.days)).sum()), float(done.sum()))


def of_lists(model: Lists, world: World) -> float:
    """Mean index of a national series of lists over a span of days."""
    if world.shocks is None or model.series not in world.shocks.series:
        raise StudyError(f"the world has no series of lists '{model.series}'")
    axes = axes_of(world)
    during, after = national_losses(axes, world.shocks.series[model.series])
    loss = float((during + after)[axes.span(model.first, model.last)].mean())
    return model.per * (-loss if model.change else 1.0 - loss)


def extension_cost(told: Happened) -> float:
    """Price of all months of extension in the reported years, £m."""
    costs = told.world.costs
    if costs is None:
        raise StudyError("the world has no [costs]")
    stages = [Stage[name.replace("-", "_").upper()] for name in told.names.programme_stages]
    days = told.counts[:, :-1, :, measure_names().index("extension_days")].sum(axis=2)
    pence = 0
    for place in range(told.frame.warm_up_years, len(days)):
        for stage in Stage:
            mine = float(days[place, [each == stage for each in stages]].sum()) / told.size
            nodal = typical_nodal(costs, stage)
            pence += extension_cost_pence(costs, wte_months(mine), told.frame.first_year + place, nodal)
    return pence / PENCE_PER_MILLION


def about(who: About, names: Names) -> Mask:
    """[P + 1] programmes that are meant; the last stands for rows about none and is meant where all are."""
    groups = [names.groups[place] for place in names.programme_groups]
    chosen = [
        (not who.stages or stage in who.stages)
        and (not who.groups or group in who.groups)
        and (not who.programmes or programme in who.programmes)
        for stage, group, programme in zip(names.programme_stages, groups, names.programmes, strict=True)
    ]
    return np.array([*chosen, who == About()])


def check_names(target: Target, names: Names) -> None:
    """Refuses a target about a group or programme that the world does not have."""
    who = getattr(target.model, "about", About())
    for what, words, known in (("groups", who.groups, names.groups), ("programmes", who.programmes, names.programmes)):
        for word in words:
            if word not in known:
                raise StudyError(f"{target.id}: model.about.{what}: '{word}' is not known{hint(word, known)}")


def of_measures(counts: npt.NDArray[np.int64], names: list[str]) -> npt.NDArray[np.int64]:
    """The counts of some measures, the last axis."""
    return counts[..., [measure_names().index(name) for name in names]]


def part(top: float, whole: float) -> float:
    """NaN where there is no whole."""
    return top / whole if whole else float("nan")


def year_place(told: Happened, year: int) -> int:
    """Where a training year stands; StudyError if the world does not reach it."""
    place = year - told.frame.first_year
    if not 0 <= place < len(told.counts):
        last = told.frame.first_year + len(told.counts) - 1
        raise StudyError(f"{year} is no training year of {told.world.name}: {told.frame.first_year} to {last}")
    return place


def day_of(told: Happened, when: date) -> int:
    """Day number of a date."""
    return told.world.dates.day(when)


def log_of(told: Happened) -> Columns:
    """The log, which the caller has kept."""
    if told.columns is None:
        raise StudyError("the log was not kept")
    return told.columns
