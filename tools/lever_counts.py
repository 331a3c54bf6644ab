"""First count that a lever acts on: what one run has more of than another. docs/levers.md and a law count by it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.base.shared_rows import SharedRows, whole
from pipeline_sim.engines import SHARED_PREFIX_ENGINES
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import CERTAIN, Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.comparison.answer import parameter_sampling
from pipeline_sim.study.comparison.study_file import Study, world_spec
from pipeline_sim.study.replication.joint_replication import summarise_log
from pipeline_sim.study.replication.paired_worlds import WorldInputs, inputs_of
from pipeline_sim.study.replication.prepare import WorldSpec, frame_of, world_of
from pipeline_sim.world.interventions.apply_mix import THOUSANDTHS
from pipeline_sim.world.interventions.own_mix import mix_text, own_line
from pipeline_sim.world.schema.interventions import AnyEntry, BroadEffect, Payment
from pipeline_sim.world.schema.names import names_of
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.shocks.apply_shocks import SHOCKS

STUDY, BUDGET = Path("experiments/recovery_25m/study.toml"), "25m"
BASE, ALONE, WITHOUT = "base", "alone", "without"
PENCE_PER_MILLION = 1e8
Found = dict[str, float]
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
    """First count that a lever acts on: its unit, whether it is scaled up to England, how it moves, and which way."""

    unit: str
    counted: bool
    of: Callable[[Run, Run], float]  # world with the lever, and without it
    rises: bool = True  # with the lever


def more(unit: str, number: Callable[[Run], Any], rises: bool = True) -> Count:
    """How much higher a count is with the lever."""
    return Count(unit, True, lambda run, base: float(number(run)) - float(number(base)), rises)


def points(unit: str, table: Callable[[Run], Any]) -> Count:
    """Percentage points by which a table of chances is higher, on average over those cells that the lever moves."""

    def of(run: Run, base: Run) -> float:
        new, old = (np.asarray(table(each), float) / CERTAIN for each in (run, base))
        return float(100 * (new - old)[new != old].mean()) if (new != old).any() else 0.0

    return Count(unit, False, of)


def percent(unit: str, table: Callable[[Run], Any], rises: bool = True) -> Count:
    """Percentage more with the lever, over those cells of a table that it moves."""

    def of(run: Run, base: Run) -> float:
        new, old = np.asarray(table(run), float), np.asarray(table(base), float)
        moved = new != old
        return float(100 * (new[moved].sum() / old[moved].sum() - 1)) if moved.any() else 0.0

    return Count(unit, False, of, rises)


def offered(first: str, days: int | None) -> Callable[[Run], Any]:
    """Opportunity to learn by domain, learning row and office, in some days from a date on."""

    def of(run: Run) -> Any:
        table, start = SharedRows.of(run.book.competence.opportunity_sum), run.day(first)
        end = -1 if days is None else start + days
        return np.concatenate([part[:, end] - part[:, start] for part in map(whole, table.blocks)])[table.at]

    return of


def first_count(world: World, entry: AnyEntry) -> Count:
    """First count of an intervention."""
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

    own = {
        "supervision": percent(
            "% of supervised slots, where it takes any", lambda run: run.book.placements.slots, False),
        "redeployment": more("redeployments", lambda run: run.counts["redeployed"]),
        "absence": more("absences", lambda run: run.counts["away_sick"]),
        "shielding": points("points more chance to shield in a month", lambda run: run.book.life.shield),
        "changeover": more("rotations while it was closed", rotated, False),
        "exams": more("attempts at exams in two years", lambda run: sat(attempts(run), others), False),
        "courses": more("attempts at courses in two years", lambda run: sat(attempts(run), courses), False),
        "derogation": more("outcomes 10.1 and 10.2", lambda run: run.counts["o10_1"] + run.counts["o10_2"]),
        "evidence": points("points more chance that evidence is missing", lambda run: run.book.panels.evidence_lost),
        "revalidation": Count("days put back", False, lambda run, base: float(
            run.book.revalidation.postponed_days - base.book.revalidation.postponed_days)),
    }  # fmt: skip
    return own.get(shock, percent("% of learning offered, where it takes any", offered(FROM_COVID, None), False))


def lever_worlds(study: Study, folder: Path) -> dict[str, WorldSpec]:
    """Worlds by name, the baseline first: without each shock, and with all the money for each intervention alone."""
    stated = {world.name: world_spec(study, world, STUDY.parent) for world in study.worlds}
    base, bought = stated["no_programme"], stated["as_spent"]
    world = world_of(bought)
    assert world.interventions is not None
    worlds = {BASE: base} | {f"{WITHOUT} {shock}": base._replace(without=frozenset({shock})) for shock in SHOCKS}
    for name in world.interventions.entries:
        file = folder / f"{name}.toml"
        file.write_text(mix_text(name, [own_line(world, f"{name}={BUDGET}")], None), encoding="utf-8")
        worlds[f"{ALONE} {name}"] = bought._replace(mix=str(file))
    return worlds


@lru_cache(maxsize=1)
def prepared(drawn: tuple[WorldSpec, ...]) -> list[WorldInputs]:
    """Inputs of all worlds, kept for the next replication with the same draw."""
    return inputs_of(drawn)


def run_one(study: Study, worlds: Mapping[str, WorldSpec], replication: int) -> dict[str, Found]:
    """What every world moves in one replication, scaled up to England."""
    sampling = parameter_sampling(study)
    inputs = prepared(tuple(sampling.for_replication(spec, replication) for spec in worlds.values()))
    logs = [EventLog() for _ in inputs]
    SHARED_PREFIX_ENGINES["batch"]([each.rulebook for each in inputs], study.seed, replication, logs, None)
    first = inputs[0]
    frame, names = frame_of(first.world, first.rulebook), names_of(first.world)
    found, base = dict[str, Found](), None
    for name, each, log in zip(worlds, inputs, logs, strict=True):
        counts = summarise_log(log, frame, names).counts
        run = Run(each, log.columns(), dict(zip(measure_names(), counts.sum(axis=0).tolist(), strict=True)))
        last = dict(zip(measure_names(), counts[-1].tolist(), strict=True))
        short = (run.counts["extension_days"] + last["gap_carried_days"]) / DAYS_PER_MONTH
        base = base or run
        found[name] = {"extensions": run.counts["extensions"] / study.scale, "months": short / study.scale}
        found[name] |= moved_by(name, run, base, study.scale)
        found[name]["same"] = float(all(np.array_equal(run.log[each], base.log[each]) for each in base.log))
        log.restart()
    return found


def moved_by(name: str, run: Run, base: Run, scale: float) -> Found:
    """First count that the lever of a world moves, and millions spent."""
    kind, _, lever = name.partition(" ")
    spent: Found = {}
    if run.inputs.spending is not None:
        spent = {"spent": float(run.inputs.spending.ledger[..., 0].sum() / PENCE_PER_MILLION)}
    if kind not in (ALONE, WITHOUT):
        return spent
    if kind == ALONE:
        count = first_count(run.inputs.world, run.inputs.world.interventions.entries[lever])  # type: ignore[union-attr]
        change = count.of(run, base)
    else:
        count = lost_count(run.inputs.world, lever)
        change = count.of(base, run)  # the baseline has the shock
    return {**spent, "first": change / scale if count.counted else change}
