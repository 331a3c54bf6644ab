"""Measurement of a target in the model: one number from the output of one replication of one world."""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.economics.valuation import extension_cost_pence, typical_nodal, wte_months
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import MeasureAxes, counts_of_log, measure_names, starts_within
from pipeline_sim.records.event_log import Columns, Counts, EventLog
from pipeline_sim.records.people_counts import people_of_rows
from pipeline_sim.rules.codes import Event, Outcome, RoundKind, Stage, State
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE, is_woman, qualified_in
from pipeline_sim.study.fit.targets import About, AtEnd, Lists, Model, Rows, Starts, Target
from pipeline_sim.study.fit.targets import Counts as Counted
from pipeline_sim.study.replication.prepare import WorldSpec, frame_of, prepare, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.population.applicants import english_share
from pipeline_sim.world.schema.names import Names
from pipeline_sim.world.schema.people_section import PLACES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.activity_series import national_losses
from pipeline_sim.world.timeline.axes import axes_of
from pipeline_sim.world.world_error import hint

Mask = npt.NDArray[np.bool_]
PENCE_PER_MILLION = 100_000_000
PER_CENT = 100.0


class ReplicationOutput(NamedTuple):
    """Output of one replication: Y years with the warm-up, P programmes, M measures."""

    world: World
    names: Names
    frame: MeasureAxes
    size: float  # part of England that is in the model
    counts: npt.NDArray[np.int64]  # [Y, P + 1, 2, M] by pattern of work; the last programme is none
    columns: Columns | None  # the log, if a target reads it
    cells: Counts | None = None  # the counts with their offices


def run_for_targets(spec: WorldSpec, engine: str, seed: int, replication: int, keep_log: bool) -> ReplicationOutput:
    """Run one replication, and keep its log if a target reads it."""
    prepared = prepare(spec)
    world = world_of(spec)
    log = EventLog(keep_rows=keep_log or engine == "reference")
    ENGINES[engine](prepared.rulebook, seed, replication, log)
    columns = log.columns() if len(log) else None
    frame = frame_of(world, prepared.rulebook)
    parts = log.counts or [counts_of_log(columns or {}, frame)]
    columns = columns if keep_log else None
    joined = Counts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    counts = dense(joined, frame, len(prepared.names.programmes))
    return ReplicationOutput(world, prepared.names, frame, spec.scale * world.size, counts, columns, joined)


def dense(joined: Counts, frame: MeasureAxes, programmes: int) -> npt.NDArray[np.int64]:
    """Dense table [Y, P + 1, 2, M] of counts."""
    table = np.zeros((len(frame.year_start) - 1, programmes + 1, 2, len(measure_names())), np.int64)
    np.add.at(table, (joined.year, joined.programme, np.maximum(joined.pattern, 0), joined.measure), joined.value)
    return table


def measure_target(target: Target, output: ReplicationOutput) -> float:
    """Value of a target in the model, scaled up to the UK if the target is the UK's; NaN where nothing is measured."""
    return evaluate_measure(target.model, output) / (english_share(output.world) if target.uk else 1.0)


def evaluate_measure(model: Model, output: ReplicationOutput) -> float:
    """Value of a measure for England."""
    if isinstance(model, Counted):
        return evaluate_counts(model, output)
    if isinstance(model, Rows):
        return evaluate_rows(model, output)
    if isinstance(model, Starts):
        return without_post(model, output)
    if isinstance(model, AtEnd):
        return on_track_at_end(model, output)
    if isinstance(model, Lists):
        return evaluate_lists(model, output.world)
    return extension_cost(output)


def evaluate_counts(model: Counted, output: ReplicationOutput) -> float:
    """Yearly measures, scaled up to England, or `per` times their share of others."""
    years = [year_index(output, year) for year in model.years]
    table = at_offices(output, model.offices) if model.offices else output.counts
    counts = table[years][:, programme_mask(model.about, output.names)]
    top = float(of_measures(counts[:, :, 1:] if model.part_time else counts, model.measures).sum())
    if not model.of:
        return model.per * top / output.size / len(years)
    return ratio_or_nan(model.per * top, float(of_measures(counts, model.of).sum()))


def at_offices(output: ReplicationOutput, offices: list[str]) -> npt.NDArray[np.int64]:
    """Dense table of the counts at some offices."""
    if output.cells is None:
        raise StudyError("counts by office were not kept")
    here = np.isin(output.cells.office, [output.names.offices.index(office) for office in offices])
    return dense(Counts(*(column[here] for column in output.cells)), output.frame, len(output.names.programmes))


def evaluate_rows(model: Rows, output: ReplicationOutput) -> float:
    """Log rows, or doctors in them, scaled up to England, or `per` times their share of a measure of that year."""
    columns = log_of(output)
    chosen = np.isin(columns["event"], [Event[name.upper()] for name in model.events])
    chosen &= (columns["day"] >= day_of(output, model.first)) & (columns["day"] <= day_of(output, model.last))
    programmes = programme_mask(model.about, output.names)
    chosen &= programmes[columns["programme"]]
    codes = [*(RoundKind[name.upper()] for name in model.rounds), *(State[name.upper()] for name in model.states)]
    if codes:
        chosen &= np.isin(columns["from_code"], codes)
    if model.who:
        return part_of_doctors(columns, chosen, model)
    count = len(np.unique(columns["trainee"][chosen])) if model.doctors else int(chosen.sum())
    if not model.of:
        return model.per * count / output.size
    year = int(np.searchsorted(output.frame.year_start, day_of(output, model.first), side="right")) - 1
    return ratio_or_nan(model.per * count, float(of_measures(output.counts[year][programmes], model.of).sum()))


def part_of_doctors(columns: Columns, chosen: Mask, model: Rows) -> float:
    """`per` times the part of the doctors in some rows who are all of `who`."""
    groups = people_of_rows(columns)[chosen][np.unique(columns["trainee"][chosen], return_index=True)[1]]
    of_group = [("women",) * is_woman(group) + (PLACES[qualified_in(group)],) for group in range(GROUPS_OF_PEOPLE)]
    every = np.array([set(model.who) <= set(words) for words in of_group])[groups]
    return ratio_or_nan(model.per * float(every.sum()), float(len(groups)))


def without_post(model: Starts, output: ReplicationOutput) -> float:
    """Per cent of those who finished F2 in a year and did not start elsewhere within so many days."""
    columns = log_of(output)
    start = output.frame.year_start
    index = year_index(output, model.year)
    done = (columns["event"] == Event.COMPLETED) & (columns["from_code"] == Stage.FOUNDATION)
    done &= (columns["day"] >= start[index]) & (columns["day"] < start[index + 1])
    started = float((done & starts_within(columns, model.days)).sum())
    return PER_CENT - ratio_or_nan(PER_CENT * started, float(done.sum()))


def on_track_at_end(model: AtEnd, output: ReplicationOutput) -> float:
    """Per cent of the doctors of a programme who had outcome 6 when its end was first decided on in those years."""
    columns = log_of(output)
    last = np.array([len(each.grades) - 1 for each in output.world.programmes] + [-2])
    decided = (columns["event"] == Event.REVIEWED) & (columns["grade"] == last[columns["programme"]])
    decided &= np.isin(columns["to_code"], [Outcome.O3, Outcome.O4, Outcome.O6, Outcome.O10_1, Outcome.O10_2])
    decided &= programme_mask(model.about, output.names)[columns["programme"]]
    _, first = np.unique(columns["trainee"][decided], return_index=True)
    year = np.searchsorted(output.frame.year_start, columns["day"][decided][first], side="right") - 1
    chosen = np.isin(year, [year_index(output, each) for each in model.years])
    passed = columns["to_code"][decided][first][chosen] == Outcome.O6
    return ratio_or_nan(PER_CENT * float(passed.sum()), float(chosen.sum()))


def evaluate_lists(model: Lists, world: World) -> float:
    """Mean index of a national series of lists over a span of days."""
    if world.shocks is None or model.series not in world.shocks.series:
        raise StudyError(f"the world has no series of lists '{model.series}'")
    axes = axes_of(world)
    during, after = national_losses(axes, world.shocks.series[model.series])
    loss = float((during + after)[axes.span(model.first, model.last)].mean())
    return model.per * (-loss if model.change else 1.0 - loss)


def extension_cost(output: ReplicationOutput) -> float:
    """Cost of all months of extension in the reported years, £m."""
    costs = output.world.costs
    if costs is None:
        raise StudyError("the world has no [costs]")
    stages = [Stage[name.replace("-", "_").upper()] for name in output.names.programme_stages]
    days = output.counts[:, :-1, :, measure_names().index("extension_days")].sum(axis=2)
    pence = 0
    for index in range(output.frame.warm_up_years, len(days)):
        for stage in Stage:
            own_days = float(days[index, [own == stage for own in stages]].sum()) / output.size
            nodal = typical_nodal(costs, stage)
            pence += extension_cost_pence(costs, wte_months(own_days), output.frame.first_year + index, nodal)
    return pence / PENCE_PER_MILLION


def programme_mask(who: About, names: Names) -> Mask:
    """Programmes [P + 1] that a measure covers; the last, of rows without a programme, only where all are covered."""
    groups = [names.groups[index] for index in names.programme_groups]
    chosen = [
        (not who.stages or stage in who.stages)
        and (not who.groups or group in who.groups)
        and (not who.programmes or programme in who.programmes)
        for stage, group, programme in zip(names.programme_stages, groups, names.programmes, strict=True)
    ]
    return np.array([*chosen, who == About()])


def check_names(target: Target, names: Names) -> None:
    """Refuses, with StudyError, a target about a group or programme that the world lacks."""
    who, offices = getattr(target.model, "about", About()), getattr(target.model, "offices", [])
    for word in offices:
        if word not in names.offices:
            raise StudyError(f"{target.id}: model.offices: '{word}' is not known{hint(word, names.offices)}")
    for what, words, known in (("groups", who.groups, names.groups), ("programmes", who.programmes, names.programmes)):
        for word in words:
            if word not in known:
                raise StudyError(f"{target.id}: model.about.{what}: '{word}' is not known{hint(word, known)}")


def of_measures(counts: npt.NDArray[np.int64], names: list[str]) -> npt.NDArray[np.int64]:
    """Counts of some measures, on the last axis."""
    return counts[..., [measure_names().index(name) for name in names]]


def ratio_or_nan(top: float, whole: float) -> float:
    """Ratio; NaN where the whole is zero."""
    return top / whole if whole else float("nan")


def year_index(output: ReplicationOutput, year: int) -> int:
    """Index of a training year; StudyError if the world does not reach it."""
    index = year - output.frame.first_year
    if not 0 <= index < len(output.counts):
        last = output.frame.first_year + len(output.counts) - 1
        raise StudyError(f"{year} is no training year of {output.world.name}: {output.frame.first_year} to {last}")
    return index


def day_of(output: ReplicationOutput, when: date) -> int:
    """Day number of a date."""
    return output.world.dates.day(when)


def log_of(output: ReplicationOutput) -> Columns:
    """Log of the replication; StudyError if it was not kept."""
    if output.columns is None:
        raise StudyError("the log was not kept")
    return output.columns
