"""Worlds under common random numbers that begin alike: their shared beginning is simulated once.

The first world is the trunk. On the morning on which another may part from it, what is in memory is kept aside, the
other branches to the end by its own tables, everything is put back, and the trunk goes on.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline_sim.engines.batch.arena import Arena, Room, Words, bind_tables, first_guess, lay_out
from pipeline_sim.engines.batch.divergence import first_day_of_divergence
from pipeline_sim.engines.batch.flatten import tables
from pipeline_sim.engines.batch.memory.layout import Header
from pipeline_sim.engines.batch.memory.trainee_order import roll_from
from pipeline_sim.engines.batch.run_replication import Identity, end, finish, flattened, play, run, until_it_fits
from pipeline_sim.engines.batch.snapshot import restore, take_snapshot
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook


class Branch(NamedTuple):
    """World that is the same as the trunk before a day."""

    first_day: int  # that day; the end of the run if it never parts
    rulebook: Rulebook
    log: EventLog


class BranchProgress:
    """Progress over all branches: days simulated, of all that will be."""

    def __init__(self, progress: Progress | None, in_all: int) -> None:
        self.progress, self.in_all, self.before = progress, in_all, 0

    def between(self, first: int, last: int) -> Progress | None:
        """Callback for the days [first, last), which are simulated next."""
        begins, self.before = self.before - first, self.before + last - first
        progress, in_all = self.progress, self.in_all
        return None if progress is None else lambda day, _: progress(begins + day, in_all)


def run_together(
    rulebooks: Sequence[Rulebook],
    seed: int,
    replication: int,
    logs: Sequence[EventLog],
    progress: Progress | None = None,
) -> None:
    """One replication of each world into its log: rows and counts are those of `run`, world by world.

    A world that may differ from the first one on day 0 already is run alone.
    """
    days = [int(rulebook.calendar.year_start[-1]) for rulebook in rulebooks]
    first_days = [first_day_of_divergence(rulebooks[0], rulebook) for rulebook in rulebooks]
    branches = [Branch(*one) for one in zip(first_days, rulebooks, logs, strict=True)]
    done = BranchProgress(progress, days[0] + sum(days) - sum(first_days))
    for branch, last in zip(branches, days, strict=True):
        if branch.first_day == 0:
            run(branch.rulebook, seed, replication, branch.log, done.between(0, last))
    run_trunk([branch for branch in branches if branch.first_day > 0], seed, replication, done)


def run_trunk(branches: Sequence[Branch], seed: int, replication: int, done: BranchProgress) -> None:
    """Run the trunk, which is the first branch, and all branches that part from it."""
    trunk, logs, before = branches[0], [branch.log for branch in branches], done.before
    roll, keeps = roll_from([branch.rulebook for branch in branches]), any(log.keep_rows for log in logs)
    flat = flattened(Identity(trunk.rulebook), roll.tobytes())
    guesses = [first_guess(branch.rulebook) for branch in branches]

    def attempt(room: Room) -> int:
        done.before = before
        arena = lay_out(trunk.rulebook, flat, room, seed, replication, keeps)
        arena.header[Header.COUNTING] = any(log.keep_counts for log in logs)
        reached, together = 0, list(branches)
        for day, leaving in groupby(sorted(branches, key=branch_day), key=branch_day):
            play(trunk.rulebook, arena, [branch.log for branch in together], reached, day, done.between(reached, day))
            if day == trunk.first_day:
                return end(trunk.rulebook, arena, [branch.log for branch in together])
            reached, together = day, [branch for branch in together if branch.first_day > day]
            if arena.header[Header.FAULT] or run_branches(arena, list(leaving), trunk.first_day, roll, done):
                break
        return int(arena.header[Header.FAULT])

    until_it_fits(attempt, Room(*map(max, *guesses, guesses[0])), logs)


def branch_day(branch: Branch) -> int:
    """Day on which a branch parts from the trunk."""
    return branch.first_day


def run_branches(arena: Arena, leaving: Sequence[Branch], last: int, roll: Words, done: BranchProgress) -> int:
    """Run each branch that parts today to the last day, restoring the memory after each; the fault, or 0."""
    morning = take_snapshot(arena)
    for branch in leaving:
        own = tables(branch.rulebook, roll, arena.tables)
        bind_tables(arena.header, own)
        play(branch.rulebook, arena, [branch.log], branch.first_day, last, done.between(branch.first_day, last))
        if fault := finish(branch.rulebook, arena, [branch.log]):
            return fault
        restore(arena, morning)
    return 0
