"""Worlds under common random numbers that begin alike: their shared beginning is simulated once.

The first world is the trunk. On the morning on which another may part from it, what is in memory is kept aside, the
other branches to the end by its own tables, everything is put back, and the trunk goes on. A branch is the trunk of
those worlds that part from it later than both part from its own trunk; so is a world that shares no day with another.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from pipeline_sim.engines.batch.arena import Arena, Room, bind_tables, first_guess, lay_out
from pipeline_sim.engines.batch.divergence import first_day_of_divergence
from pipeline_sim.engines.batch.flatten import Tables, tables
from pipeline_sim.engines.batch.memory.layout import Header
from pipeline_sim.engines.batch.memory.trainee_order import roll_from
from pipeline_sim.engines.batch.run_replication import Identity, end, finish, flattened, play, until_it_fits
from pipeline_sim.engines.batch.snapshot import restore, take_snapshot
from pipeline_sim.engines.interface import Progress
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.rulebook import Rulebook


class World(NamedTuple):
    """World, its log, and the day before which it is the same as its trunk."""

    day: int  # the end of the run if it never parts
    rulebook: Rulebook
    log: EventLog


class Branch(NamedTuple):
    """World, and those that part from it in order of the day on which they do; a trunk parts on day 0, from nothing."""

    first_day: int
    rulebook: Rulebook
    log: EventLog
    branches: "tuple[Branch, ...]"

    @property
    def all(self) -> "list[Branch]":
        """The branch and all that part from it, or from one that does."""
        return [self, *(each for branch in self.branches for each in branch.all)]


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
    """One replication of each world into its log: rows and counts are those of `run`, world by world."""
    trunks = branches_of([World(0, *one) for one in zip(rulebooks, logs, strict=True)])
    done = BranchProgress(progress, sum(last_day(one) - one.first_day for trunk in trunks for one in trunk.all))
    for trunk in trunks:
        run_trunk(trunk, seed, replication, done)


def branches_of(worlds: Sequence[World]) -> tuple[Branch, ...]:
    """Branches of some worlds that part from one trunk: with the first of a day go those that share more with it."""
    found, left = [], list(worlds)
    while left:
        day, rulebook, log = left.pop(0)
        apart = [first_day_of_divergence(rulebook, each.rulebook) if each.day == day else 0 for each in left]
        own = [each._replace(day=later) for each, later in zip(left, apart, strict=True) if later > day]
        left = [each for each, later in zip(left, apart, strict=True) if later <= day]
        found.append(Branch(day, rulebook, log, branches_of(own)))
    return tuple(sorted(found, key=attrgetter("first_day")))


def last_day(branch: Branch) -> int:
    """Day after the last one of a branch."""
    return int(branch.rulebook.calendar.year_start[-1])


def run_trunk(trunk: Branch, seed: int, replication: int, done: BranchProgress) -> None:
    """Run a trunk and all that part from it, in one memory."""
    logs, rulebooks, before = [each.log for each in trunk.all], [each.rulebook for each in trunk.all], done.before
    roll, keeps = roll_from(rulebooks), any(log.keep_rows for log in logs)
    flat = flattened(Identity(trunk.rulebook), roll.tobytes())
    guesses = [first_guess(rulebook) for rulebook in rulebooks]

    def attempt(room: Room) -> int:
        done.before = before
        arena = lay_out(trunk.rulebook, flat, room, seed, replication, keeps)
        arena.header[Header.COUNTING] = any(log.keep_counts for log in logs)
        run_branch(arena, trunk, flat, done)
        return end(trunk.rulebook, arena, [trunk.log])

    until_it_fits(attempt, Room(*map(max, *guesses, guesses[0])), logs)


def run_branch(arena: Arena, branch: Branch, flat: Tables, done: BranchProgress) -> None:
    """Run a branch, and those that part from it, to the last day; the header says if there was a fault."""
    reached, last, together = branch.first_day, last_day(branch), branch.all
    for day, leaving in groupby(branch.branches, key=attrgetter("first_day")):
        play(branch.rulebook, arena, [each.log for each in together], reached, day, done.between(reached, day))
        if arena.header[Header.FAULT]:
            return
        gone = list(leaving)
        reached, together = day, [branch, *(each for one in branch.branches if one.first_day > day for each in one.all)]
        if run_branches(arena, gone, flat, done):
            return
    play(branch.rulebook, arena, [branch.log], reached, last, done.between(reached, last))


def run_branches(arena: Arena, leaving: Sequence[Branch], flat: Tables, done: BranchProgress) -> int:
    """Run each branch that parts today to the last day, restoring the memory after each; the fault, or 0."""
    morning = take_snapshot(arena)
    for branch in leaving:
        own = tables(branch.rulebook, trunk=flat)
        bind_tables(arena.header, own)
        run_branch(arena, branch, own, done)
        if fault := finish(branch.rulebook, arena, [branch.log]):
            return fault
        restore(arena, morning)
    return 0
