"""Example doctor: one doctor's career path in two worlds with common random numbers, chosen by a rule."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline_sim.engines import SHARED_PREFIX_ENGINES
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.rules.codes import Event, Outcome, Stage
from pipeline_sim.rules.event_order import FIRST_TRAINEE
from pipeline_sim.study.comparison.run_study import StudyPlan
from pipeline_sim.study.comparison.scenarios import programmes_of
from pipeline_sim.study.replication.paired_worlds import inputs_of
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.schema.names import Names, names_of

MAX_SCALE = 0.1  # part of England that is run again: less than a minute
ENGINE = "batch"
REPLICATION = 0
HOSPITAL = frozenset({"core", "run_through", "higher"})
CERTIFIED = (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)  # end with a CCT
GIVEN = 0  # to_code of a place given; 1 is a gap found


class ExampleDoctor(NamedTuple):
    """Log rows of one doctor in each of two worlds."""

    trainee: int
    rule: str  # why this doctor, as a sentence
    eligible: int  # doctors of the replication whom the rule fits
    replication: int
    scale: float
    names: Names
    first_day: date
    rows: Mapping[str, Columns]  # by world, the first being the baseline


class Pair(NamedTuple):
    """Logs of the baseline and of another world, with common random numbers."""

    base: Columns
    other: Columns
    names: Names


class Candidates(NamedTuple):
    """Doctors whom a rule fits, and its wording."""

    doctors: frozenset[int]
    who: str


def find_example_doctor(plan: StudyPlan) -> ExampleDoctor | None:
    """Doctor of replication 0 extended in the baseline, whom a programme or else no COVID spares that; None if none."""
    base, study = plan.study.baseline, plan.study
    scale = min(study.scale, MAX_SCALE)
    for other in comparison_worlds(plan):
        worlds = [first_replication_spec(plan, name, scale) for name in (base, other)]
        pair = run_both(worlds, study.seed)
        rules = with_money(pair) if worlds[1].mix is not None else without_covid(pair)
        candidates = next((rule for rule in rules if rule.doctors), None)
        if candidates is not None:
            trainee, rule = first_candidate(candidates, pair)
            rows = {base: rows_about(pair.base, trainee), other: rows_about(pair.other, trainee)}
            day_zero = world_of(worlds[0]).dates.day_zero
            eligible = len(candidates.doctors)
            return ExampleDoctor(trainee, rule, eligible, REPLICATION, scale, pair.names, day_zero, rows)
    return None


def comparison_worlds(plan: StudyPlan) -> list[str]:
    """Worlds to compare with the baseline, in turn: the programme that is attributed, else the first; no COVID."""
    study = plan.study
    spending = list(programmes_of(study, plan.worlds))
    if study.attribution is not None and study.attribution.programme in spending:
        spending = [study.attribution.programme]
    plain = [world.name for world in study.worlds if world.mix is None and world.name != study.baseline]
    return [*spending[:1], *plain[:1]]


def first_replication_spec(plan: StudyPlan, name: str, scale: float) -> WorldSpec:
    """World with the parameters of the first replication, perhaps smaller."""
    sampling = plan.run_plan.setting.sampling
    return sampling.for_replication(plan.worlds[name], REPLICATION)._replace(scale=scale)


def run_both(worlds: Sequence[WorldSpec], seed: int) -> Pair:
    """Two worlds with common random numbers, every row of their logs kept."""
    inputs = inputs_of(worlds)
    books = [each.rulebook for each in inputs]
    logs = [EventLog(keep_counts=False) for _ in books]
    SHARED_PREFIX_ENGINES[ENGINE](books, seed, REPLICATION, logs)
    names = names_of(inputs[1].world, tuple(kind.name for kind in inputs[1].timeline.place_kinds))
    return Pair(logs[0].columns(), logs[1].columns(), names)


def with_money(pair: Pair) -> Iterator[Candidates]:
    """Doctors whom a programme spares an extension, or part of one; those with a place on it first."""
    before, after = extension_days(pair.base), extension_days(pair.other)
    spared = frozenset(before.keys() - after.keys())
    sooner = frozenset(doctor for doctor in before.keys() & after.keys() if after[doctor] < before[doctor])
    placed = doctors_with(pair.other, Event.SEATED, to_code=GIVEN)
    yield Candidates(spared & placed, "are given a place by the programme, are extended without it and are not with it")
    yield Candidates(
        sooner & placed, "are given a place by the programme and are extended for less time than without it"
    )
    yield Candidates(spared, "are given no place by the programme, yet are extended without it and are not with it")
    yield Candidates(sooner, "are given no place by the programme, yet are extended for less time than without it")


def without_covid(pair: Pair) -> Iterator[Candidates]:
    """Doctors whom COVID costs an extension."""
    because = doctors_with(pair.base, Event.EXTENDED, from_code=Outcome.O10_2)
    yield Candidates(
        because - extension_days(pair.other).keys(), "are extended because of COVID and would not be without"
    )


def first_candidate(candidates: Candidates, pair: Pair) -> tuple[int, str]:
    """First candidate by number, and why: in a hospital specialty and with a CCT in both worlds, if there are any."""
    certified = [doctors_with(log, Event.COMPLETED, from_code=stage) for log in pair[:2] for stage in CERTIFIED]
    both = (certified[0] | certified[1] | certified[2]) & (certified[3] | certified[4] | certified[5])
    left, traits = candidates.doctors, []
    for wanted, text in (
        (in_hospital(pair), "are in a hospital specialty"),
        (both, "are awarded a CCT in both worlds"),
    ):
        if left & wanted:
            left &= wanted
            traits.append(text)
    many = f"Of {len(candidates.doctors):,} doctors of the first replication who {candidates.who}"
    if len(candidates.doctors) == 1:
        return min(left), f"The only doctor of the first replication of those who {candidates.who}."
    chosen = f", {len(left):,} {' and '.join(traits)}" if traits else ""
    if len(left) == 1:
        alone = chosen.replace(" are ", " is ")
        return min(left), f"{many}{alone}: this doctor."
    return min(left), f"{many}{chosen}: this is the first of them by number."


def extension_days(columns: Columns) -> dict[int, int]:
    """Whole-time days of extension by doctor, less those given back, of those who are extended."""
    days: dict[int, int] = {}
    for event, sign in ((Event.EXTENDED, 1), (Event.SHORTENED, -1)):
        rows = columns["event"] == event
        for doctor, amount in zip(columns["trainee"][rows].tolist(), columns["amount"][rows].tolist(), strict=True):
            days[doctor] = days.get(doctor, 0) + sign * amount
    return days


def doctors_with(columns: Columns, event: Event, **codes: int) -> frozenset[int]:
    """Doctors with a log row of an event that has these codes."""
    rows = (columns["event"] == event) & (columns["trainee"] >= FIRST_TRAINEE)
    for name, code in codes.items():
        rows &= columns[name] == code
    return frozenset(columns["trainee"][rows].tolist())


def in_hospital(pair: Pair) -> frozenset[int]:
    """Doctors who are extended in a hospital specialty in the baseline."""
    wanted = [number for number, stage in enumerate(pair.names.programme_stages) if stage in HOSPITAL]
    extended = [doctors_with(pair.base, Event.EXTENDED, programme=programme) for programme in wanted]
    return frozenset().union(*extended)


def rows_about(columns: Columns, trainee: int) -> Columns:
    """Log rows of one doctor."""
    rows = columns["trainee"] == trainee
    return {name: values[rows] for name, values in columns.items()}
