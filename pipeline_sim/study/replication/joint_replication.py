"""One replication of all worlds of a study, under common random numbers and the same draw of the parameters.

Nothing is computed twice: threads whose replications have the same parameters share what is prepared for them, worlds
whose Rulebooks are equal run once, and worlds that begin alike run their beginning once.
"""

from typing import NamedTuple

from pipeline_sim.engines import ENGINES, RELEASES_GIL, SHARED_PREFIX_ENGINES
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.count_measures import MeasureAxes, counts_of_log
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.people_counts import people_counts_of_log
from pipeline_sim.study.replication.once import Once
from pipeline_sim.study.replication.paired_worlds import PreparedWorlds, prepare_worlds
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.summary import Summary, summary_of
from pipeline_sim.world.schema.names import Names


class PairedReplication(NamedTuple):
    """A replication of several worlds; the first world is the trunk from which the others branch."""

    worlds: tuple[WorldSpec, ...]
    engine: str
    seed: int
    replication: int


PREPARED: Once[tuple[WorldSpec, ...], PreparedWorlds] = Once(prepare_worlds)


def run_paired_replication(paired: PairedReplication, progress: Progress | None = None) -> tuple[Summary, ...]:
    """Summary of every world, in the order of the worlds."""
    held = PREPARED.of(paired.worlds)  # as long as this runs, so that other threads find it
    return run_prepared(held.result(), paired, progress)


def run_prepared(
    prepared: PreparedWorlds, paired: PairedReplication, progress: Progress | None = None
) -> tuple[Summary, ...]:
    """Summary of every world of a replication that is prepared, in the order of the worlds."""
    distinct = run_worlds(prepared, paired, progress)
    summaries = [distinct[index] for index in prepared.rulebook_index]
    complete = []
    for summary, spending, waiting in zip(summaries, prepared.spending, prepared.waiting, strict=True):
        whole = summary._replace(waiting=waiting)
        paid = whole if spending is None else whole._replace(ledger=spending.ledger, bought=spending.bought)
        complete.append(paid)
    return tuple(complete)


def run_worlds(prepared: PreparedWorlds, paired: PairedReplication, progress: Progress | None) -> list[Summary]:
    """Summary of every distinct Rulebook."""
    books = prepared.rulebooks
    logs = [EventLog(keep_rows=paired.engine not in RELEASES_GIL) for _ in books]
    if paired.engine in SHARED_PREFIX_ENGINES:
        SHARED_PREFIX_ENGINES[paired.engine](books, paired.seed, paired.replication, logs, progress)
    else:
        for run, (book, log) in enumerate(zip(books, logs, strict=True)):
            share = share_of_progress(progress, run, len(books))
            ENGINES[paired.engine](book, paired.seed, paired.replication, log, share)
    return [summarise_log(log, prepared.frame, prepared.names) for log in logs]


def summarise_log(log: EventLog, frame: MeasureAxes, names: Names) -> Summary:
    """Summary of a log, from the counts of the engine or, without them, from its rows."""
    counts = log.counts or [counts_of_log(log.columns(), frame)]
    people = log.people_counts or [people_counts_of_log(log.columns(), frame)]
    return summary_of(counts, frame, names, people)


def share_of_progress(progress: Progress | None, run: int, runs: int) -> Progress | None:
    """Progress of one of several runs as progress of all."""
    if progress is None:
        return None
    return lambda day, days: progress(run * days + day, runs * days)
