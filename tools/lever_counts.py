"""First count that a lever acts on, as in tests/laws/test_every_lever.py: what one run has more of than another."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.base.shared_rows import SharedRows
from pipeline_sim.rules.codes import CERTAIN, Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.paired_worlds import WorldInputs
from pipeline_sim.world.interventions.apply_mix import THOUSANDTHS
from pipeline_sim.world.schema.interventions import AnyEntry, BroadEffect, Payment
from pipeline_sim.world.schema.world import World

FROM_MONEY, FROM_COVID, TWO_YEARS = "2022-04-01", "2020-03-01", 730
ATTEMPTS = (Event.EXAM_PASSED, Event.EXAM_FAILED)


class Run(NamedTuple):
    """A world in one replication: inputs, log, and counts of all reported years by measure."""

    inputs: WorldInputs
    log: Mapping[str, Any]
    counts: Mapping[str, int]

    @property
    def book(self) -> Rulebook:
        """Rulebook of the world."""
        return self.inputs.rulebook

    def rows(self, *events: Event, first: str = FROM_MONEY, days: int = TWO_YEARS) -> Mapping[str, Any]:
        """Rows of some events in some days from a date on."""
        start = self.day(first)
        there = np.isin(self.log["event"], events) & (self.log["day"] >= start) & (self.log["day"] < start + days)
        return {name: column[there] for name, column in self.log.items()}

    def day(self, text: str) -> int:
        """Number of a day."""
        return self.inputs.world.dates.day(date.fromisoformat(text))


class Count(NamedTuple):
    """First count that a lever acts on: its unit, whether it is scaled up to England, and how it moves."""

    unit: str
    counted: bool
    of: Callable[[Run, Run], float]  # world with the lever, and without it


def more(unit: str, number: Callable[[Run], Any]) -> Count:
    """A count that is higher with the lever."""
    return Count(unit, True, lambda run, base: float(number(run)) - float(number(base)))


def percent(unit: str, table: Callable[[Run], Any]) -> Count:
    """Percentage more with the lever, over those cells of a table that it moves."""

    def of(run: Run, base: Run) -> float:
        new, old = np.asarray(table(run), float), np.asarray(table(base), float)
        moved = new != old
        return float(100 * (new[moved].sum() / old[moved].sum() - 1)) if moved.any() else 0.0

    return Count(unit, False, of)


def offered(first: str, days: int | None) -> Callable[[Run], Any]:
    """Opportunity to learn by domain, learning row and office, in some days from a date on."""

    def of(run: Run) -> Any:
        table, start = SharedRows.of(run.book.competence.opportunity_sum), run.day(first)
        end = -1 if days is None else start + days
        return np.concatenate([block[:, end] - block[:, start] for block in table.blocks])[table.at]

    return of


def first_count(world: World, entry: AnyEntry) -> Count:
    """First count of an intervention, as in tests/laws/test_every_lever.py."""
    if isinstance(entry, Payment):
        return Count("none: counted elsewhere", True, lambda _run, _base: 0.0)
    if isinstance(entry, BroadEffect):
        return {
            "opportunity": percent("% more learning offered, where it adds any", offered(FROM_MONEY, TWO_YEARS)),
            "slots": percent("% more supervised slots, where added", lambda run: run.book.placements.slots),
            "support": more("returners supported", lambda run: run.rows(Event.RETURNED)["to_code"].sum()),
        }[entry.moves]
    if entry.clears is not None and entry.gate is not None:
        part = world.exam_index(entry.gate)
        return more("courses not needed elsewhere", lambda run: -sat(run.rows(*ATTEMPTS), [part]))
    if entry.extra_sitting:
        end = "months by which passes come sooner"
        return more(end, lambda run: (run.day(FROM_MONEY) + TWO_YEARS - passes(run)["day"]).sum() / DAYS_PER_MONTH)
    if entry.raises is not None:
        return more("exam passes in two years", lambda run: len(passes(run)["day"]))
    if entry.finds:
        return more("gaps found", lambda run: run.rows(Event.SEATED)["to_code"].sum())
    return more("curriculum days taught", lambda run: run.rows(Event.SEATED)["amount"].sum() / THOUSANDTHS)


def passes(run: Run) -> Mapping[str, Any]:
    """Rows of passed exams and courses."""
    return run.rows(Event.EXAM_PASSED)


def sat(rows: Mapping[str, Any], parts: Sequence[int]) -> int:
    """How many sat some parts."""
    return int(np.isin(rows["from_code"], parts).sum())


def lost_count(world: World, shock: str) -> Count:
    """First count that a shock acts on."""
    courses = [index for index, part in enumerate(world.exams) if part.kind == "course"]
    others = [index for index in range(len(world.exams)) if index not in courses]
    assert world.shocks is not None
    frozen = world.shocks.changeover

    def attempts(run: Run) -> Mapping[str, Any]:
        return run.rows(*ATTEMPTS, first=FROM_COVID)

    def rotated(run: Run) -> int:
        days = (frozen.last - frozen.first).days + 1
        return len(run.rows(Event.ROTATED, first=str(frozen.first), days=days)["day"])

    def missing(run: Run, base: Run) -> float:
        new, old = (np.asarray(each.book.panels.evidence_lost, float) / CERTAIN for each in (run, base))
        return float(100 * (new - old)[new != old].mean()) if (new != old).any() else 0.0

    own = {
        "supervision": percent("% of supervised slots, where it takes any", lambda run: run.book.placements.slots),
        "redeployment": more("redeployments", lambda run: run.counts["redeployed"]),
        "absence": more("absences", lambda run: run.counts["away_sick"]),
        "shielding": more("absences", lambda run: run.counts["away_sick"]),
        "changeover": more("rotations while it was closed", rotated),
        "exams": more("attempts at exams in two years", lambda run: sat(attempts(run), others)),
        "courses": more("attempts at courses in two years", lambda run: sat(attempts(run), courses)),
        "derogation": more("outcomes 10.1 and 10.2", lambda run: run.counts["o10_1"] + run.counts["o10_2"]),
        "evidence": Count("points more chance that evidence is missing", False, missing),
        "revalidation": Count("days put back", False, lambda run, base: float(
            run.book.revalidation.postponed_days - base.book.revalidation.postponed_days)),
    }  # fmt: skip
    return own.get(shock, percent("% of learning offered, where it takes any", offered(FROM_COVID, None)))
