"""One doctor's road in two worlds: the same person with the same luck, chosen by a rule and not by taste."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline_sim.engines import SHARED_PREFIX_ENGINES
from pipeline_sim.records.count_measures import FIRST_TRAINEE
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.rules.codes import Event, Outcome, Stage
from pipeline_sim.study.comparison.run_study import Asked
from pipeline_sim.study.replication.joint_replication import rulebooks
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.world.lowering.build_timeline import bought
from pipeline_sim.world.schema.names import Names, names_of

LARGEST = 0.1  # part of England that is run again: less than a minute
ENGINE = "batch"
REPLICATION = 0
HOSPITAL = frozenset({"core", "run_through", "higher"})
CERTIFIED = (Stage.RUN_THROUGH, Stage.HIGHER, Stage.GP)  # end with a CCT
GIVEN = 0  # to_code of a place given; 1 is a gap found


class Roads(NamedTuple):
    """The rows of one doctor in each of two worlds."""

    trainee: int
    rule: str  # why this doctor, as a sentence
    fitting: int  # doctors of the replication whom the rule fits
    replication: int
    scale: float
    names: Names
    first_day: date
    rows: Mapping[str, Columns]  # by world, the first being the baseline


class Pair(NamedTuple):
    """Logs of the baseline and of the other world, under the same luck."""

    base: Columns
    other: Columns
    names: Names


class Fitting(NamedTuple):
    """Doctors whom a rule fits, and what it says of them."""

    doctors: frozenset[int]
    who: str


def roads_of(asked: Asked) -> Roads | None:
    """One doctor of the first replication who is extended in the baseline and better off in another world: a programme,
    or where that spares nobody a world without COVID. None where there is nobody like that."""
    base, study = asked.study.baseline, asked.study
    scale = min(study.scale, LARGEST)
    for other in others(asked):
        worlds = [as_lived(asked, name, scale) for name in (base, other)]
        pair = lived(worlds, study.seed)
        rules = with_money(pair) if worlds[1].mix is not None else without_covid(pair)
        found = next((each for each in rules if each.doctors), None)
        if found is not None:
            trainee, rule = first_of(found, pair)
            rows = {base: rows_about(pair.base, trainee), other: rows_about(pair.other, trainee)}
            day_zero = world_of(worlds[0]).dates.day_zero
            return Roads(trainee, rule, len(found.doctors), REPLICATION, scale, pair.names, day_zero, rows)
    return None


def others(asked: Asked) -> list[str]:
    """Worlds to hold against the baseline, in turn: the programme that is attributed, else the first; no COVID."""
    study = asked.study
    spending = [world.name for world in study.worlds if world.mix is not None and world.name != study.baseline]
    if study.attribution is not None and study.attribution.programme in spending:
        spending = [study.attribution.programme]
    plain = [world.name for world in study.worlds if world.mix is None and world.name != study.baseline]
    return [*spending[:1], *plain[:1]]


def as_lived(asked: Asked, name: str, scale: float) -> Assumed:
    """A world as the first replication believes it, perhaps smaller."""
    return asked.plan.setting.beliefs.of(asked.worlds[name], REPLICATION)._replace(scale=scale)


def lived(worlds: Sequence[Assumed], seed: int) -> Pair:
    """Two worlds under the same luck, every row kept."""
    books, grounds = rulebooks(worlds)
    logs = [EventLog(counted=False) for _ in books]
    SHARED_PREFIX_ENGINES[ENGINE](books, seed, REPLICATION, logs)
    world, ground = world_of(worlds[1]), grounds[1]
    timeline = bought(world, ground.happens, worlds[1].without, ground.population)
    names = names_of(world, tuple(kind.name for kind in timeline.seats))
    return Pair(logs[0].columns(), logs[1].columns(), names)


def with_money(pair: Pair) -> Iterator[Fitting]:
    """Whom a programme spares an extension, or part of one; those with a place on it first."""
    before, after = extension_days(pair.base), extension_days(pair.other)
    spared = frozenset(before.keys() - after.keys())
    sooner = frozenset(doctor for doctor in before.keys() & after.keys() if after[doctor] < before[doctor])
    placed = doctors_with(pair.other, Event.SEATED, to_code=GIVEN)
    yield Fitting(spared & placed, "are given a place by the programme, are extended without it and are not with it")
    yield Fitting(sooner & placed, "are given a place by the programme and are extended for less time than without it")
    yield Fitting(spared, "are given no place by the programme, yet are extended without it and are not with it")
    yield Fitting(sooner, "are given no place by the programme, yet are extended for less time than without it")


def without_covid(pair: Pair) -> Iterator[Fitting]:
    """Whom COVID costs an extension."""
    because = doctors_with(pair.base, Event.EXTENDED, from_code=Outcome.O10_2)
    yield Fitting(because - extension_days(pair.other).keys(), "are extended because of COVID and would not be without")


def first_of(found: Fitting, pair: Pair) -> tuple[int, str]:
    """The first by number, and why: of those in a hospital specialty with a CCT in both worlds, if there are any."""
    certified = [doctors_with(log, Event.COMPLETED, from_code=stage) for log in pair[:2] for stage in CERTIFIED]
    both = (certified[0] | certified[1] | certified[2]) & (certified[3] | certified[4] | certified[5])
    left, wishes = found.doctors, []
    for wanted, says in ((in_hospital(pair), "are in a hospital specialty"), (both, "gain a CCT in both worlds")):
        if left & wanted:
            left &= wanted
            wishes.append(says)
    many = f"Of {len(found.doctors):,} doctors of the first replication who {found.who}"
    if len(found.doctors) == 1:
        return min(left), f"The only doctor of the first replication of those who {found.who}."
    told = f", {len(left):,} {' and '.join(wishes)}" if wishes else ""
    if len(left) == 1:
        alone = told.replace(" are ", " is ").replace(" gain ", " gains ")
        return min(left), f"{many}{alone}: this doctor."
    return min(left), f"{many}{told}: this is the first of them by number."


def extension_days(columns: Columns) -> dict[int, int]:
    """Whole-time days of extension by doctor, of those who are extended."""
    rows = columns["event"] == Event.EXTENDED
    days: dict[int, int] = {}
    for doctor, amount in zip(columns["trainee"][rows].tolist(), columns["amount"][rows].tolist(), strict=True):
        days[doctor] = days.get(doctor, 0) + amount
    return days


def doctors_with(columns: Columns, event: Event, **codes: int) -> frozenset[int]:
    """Doctors with a row of an event that has these codes."""
    rows = (columns["event"] == event) & (columns["trainee"] >= FIRST_TRAINEE)
    for name, code in codes.items():
        rows &= columns[name] == code
    return frozenset(columns["trainee"][rows].tolist())


def in_hospital(pair: Pair) -> frozenset[int]:
    """Doctors who are extended in a hospital specialty in the baseline."""
    wanted = [place for place, stage in enumerate(pair.names.programme_stages) if stage in HOSPITAL]
    each = [doctors_with(pair.base, Event.EXTENDED, programme=programme) for programme in wanted]
    return frozenset().union(*each)


def rows_about(columns: Columns, trainee: int) -> Columns:
    """The rows of one doctor."""
    mine = columns["trainee"] == trainee
    return {name: values[mine] for name, values in columns.items()}
