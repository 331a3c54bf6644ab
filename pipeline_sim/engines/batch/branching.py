"""Worlds under the same luck that begin alike: what they share is lived through once.

The first world is the trunk. On the morning on which another may part from it, what is in memory is kept aside, the
other lives to the end by its own tables, everything is put back, and the trunk goes on.
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
    """A world that lives as the trunk does before a day."""

    parts: int  # that day; the end of the run if it never parts
    rulebook: Rulebook
    log: EventLog


class BranchProgress:
    """How many days have been lived of all that are to be lived, for who watches."""

    def __init__(self, progress: Progress | None, in_all: int) -> None:
        self.progress, self.in_all, self.before = progress, in_all, 0

    def stretch(self, first: int, last: int) -> Progress | None:
        """What to call on the days from one to before another, which are lived next."""
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
    parts = [first_day_of_divergence(rulebooks[0], rulebook) for rulebook in rulebooks]
    lives = [Branch(*life) for life in zip(parts, rulebooks, logs, strict=True)]
    lived = BranchProgress(progress, days[0] + sum(days) - sum(parts))
    for life, last in zip(lives, days, strict=True):
        if life.parts == 0:
            run(life.rulebook, seed, replication, life.log, lived.stretch(0, last))
    run_trunk([life for life in lives if life.parts > 0], seed, replication, lived)


def run_trunk(lives: Sequence[Branch], seed: int, replication: int, lived: BranchProgress) -> None:
    """The trunk, which is the first of the lives, and all that part from it."""
    trunk, logs, before = lives[0], [life.log for life in lives], lived.before
    roll, keeps = roll_from([life.rulebook for life in lives]), any(log.keeps for log in logs)
    flat = flattened(Identity(trunk.rulebook), roll.tobytes())
    guesses = [first_guess(life.rulebook) for life in lives]

    def attempt(room: Room) -> int:
        lived.before = before
        arena = lay_out(trunk.rulebook, flat, room, seed, replication, keeps)
        arena.header[Header.COUNTING] = any(log.counted for log in logs)
        reached, together = 0, list(lives)
        for day, leaving in groupby(sorted(lives, key=branch_day), key=branch_day):
            play(trunk.rulebook, arena, [life.log for life in together], reached, day, lived.stretch(reached, day))
            if day == trunk.parts:
                return end(trunk.rulebook, arena, [life.log for life in together])
            reached, together = day, [life for life in together if life.parts > day]
            if arena.header[Header.FAULT] or run_branches(arena, list(leaving), trunk.parts, roll, lived):
                break
        return int(arena.header[Header.FAULT])

    until_it_fits(attempt, Room(*map(max, *guesses, guesses[0])), logs)


def branch_day(life: Branch) -> int:
    """When a life parts from the trunk."""
    return life.parts


def run_branches(arena: Arena, leaving: Sequence[Branch], last: int, roll: Words, lived: BranchProgress) -> int:
    """Each of those who part today lives to the last day; then everything is as it was. The fault, or 0."""
    morning = take_snapshot(arena)
    for life in leaving:
        own = tables(life.rulebook, roll)
        bind_tables(arena.header, own)
        play(life.rulebook, arena, [life.log], life.parts, last, lived.stretch(life.parts, last))
        if fault := finish(life.rulebook, arena, [life.log]):
            return fault
        restore(arena, morning)
    return 0
