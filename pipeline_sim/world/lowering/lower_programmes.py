"""Programmes and their exams in the Rulebook."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR, MONTHS_PER_YEAR
from pipeline_sim.rules.codes import GATES, MAX_GRADES, Critical
from pipeline_sim.rules.rulebook import Exams, Programmes
from pipeline_sim.world.lowering.lower_calendar import next_sittings, sittings
from pipeline_sim.world.lowering.lower_people import chances_to_pass
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    Thresholds,
    days_of_months,
    in_order,
    per_mille,
    per_mille_whole,
    round_half_up,
    thresholds,
    to_int32,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.population.population_inputs import foundation_index
from pipeline_sim.world.schema.sourced_value import Figure
from pipeline_sim.world.schema.training import PATTERNS, STAGES, Exam
from pipeline_sim.world.schema.world import Programme, World
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Singles, Timeline

GRADE_DAYS = 364


def stage_indices(world: World) -> list[int]:
    """Stage code of each programme."""
    return [STAGES.index(each.stage) for each in world.programmes]


def group_indices(world: World) -> list[int]:
    """Group of each programme."""
    return [world.group_index(each.group) for each in world.programmes]


def by_stage(world: World, table: dict[str, float]) -> Reals:
    """Values of a table by stage, by programme [P]."""
    return in_order(table, STAGES)[stage_indices(world)]


def lower_programmes(world: World) -> Programmes:
    """Programmes of the Rulebook."""
    streams = [stream.id for stream in world.streams]
    weights = world.competence.weights.value
    return Programmes(
        stage=to_int32(stage_indices(world)),
        group=to_int32(group_indices(world)),
        grades=to_int32([len(each.grades) for each in world.programmes]),
        grade_days=to_int32([grade_days(each) for each in world.programmes]),
        critical=to_int32([critical(each) for each in world.programmes]),
        pattern=to_int32([PATTERNS.index(each.pattern) for each in world.programmes]),
        weight=per_mille_whole([weights[each.group] for each in world.programmes]),
        standard=per_mille(by_stage(world, world.competence.standard.value)),
        entry_year=to_int32([postgraduate_year(world, each) for each in world.programmes]),
        stream=to_int32([streams.index(each.stream) if each.stream else -1 for each in world.programmes]),
        stream_after=to_int32(
            [streams.index(each.stream_after) if each.stream_after else -1 for each in world.programmes]
        ),
        allowance_days=days_of_months(by_stage(world, world.extensions.allowance.value)),
        first_exam_extension_days=days_of_months(by_stage(world, world.extensions.exam_only.value)),
    )


def postgraduate_year(world: World, programme: Programme) -> int:
    """Postgraduate year in which a programme begins: 0 is F1; after two years of foundation 2 is CT1, ST1 or IMT1."""
    number = int(programme.grades[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    before = 0 if programme.stage == "foundation" else len(world.programmes[foundation_index(world)].grades)
    return before + number - 1


def grade_days(programme: Programme) -> list[int]:
    """Whole-time days of each grade [8]; the last may be part of a year."""
    part = programme.years.value - math.floor(programme.years.value)
    days = [GRADE_DAYS] * len(programme.grades)
    if part > 0:
        days[-1] = round(GRADE_DAYS * part)
    return days + [0] * (MAX_GRADES - len(days))


def critical(programme: Programme) -> list[int]:
    """Criticality of the end of each grade [8]."""
    points = [grade in programme.critical for grade in programme.grades]
    codes = [int(Critical.CRITICAL_POINT if point else Critical.ORDINARY) for point in points]
    codes[-1] = int(Critical.FINAL)
    return codes + [0] * (MAX_GRADES - len(codes))


def exams_of_timeline(world: World, people: Population, timeline: Timeline, shared: SharedResults) -> Exams:
    """Exams of the Rulebook; worlds that share results differ in what is cancelled, and waived, alone."""
    sitting_places, never_waived = timeline.sitting_places, world.shocks.derogation.kept if world.shocks else ()
    same = shared.get(lambda: lower_exams(world, people, sitting_places, never_waived), "exams", people)

    def lowered() -> Exams:
        places = places_at_sittings(world, sitting_places)
        return same._replace(places=places, waivable=waivable(world, never_waived))

    return shared.get(lowered, "exams held", people, sitting_places, world.shocks)


def lower_exams(world: World, people: Population, sitting_places: Singles, never_waived: tuple[str, ...]) -> Exams:
    """Exams of the Rulebook: gates by programme; sittings, results and chances of their parts."""
    count, parts, rules = len(world.exams), world.exams, world.exam_rules
    needs, first_part = needs_of_gates(parts), {part.gate: index for index, part in reversed(list(enumerate(parts)))}
    many = Counter(part.gate for part in parts)
    gates = np.array([gate_rows(each, first_part, many) for each in world.programmes])
    after = np.array([figure_or_none(part.after) for part in parts]).reshape(count)
    upcoming = [next_sittings(world.dates, part.months, rules.sitting_day) for part in parts]
    return Exams(
        gate=to_int32(gates[:, 0]),
        parts=to_int32(gates[:, 1]),
        gate_from=to_int32(gates[:, 2]),
        gate_by=to_int32(gates[:, 3]),
        on_entry=to_int32(gates[:, 4]),
        before=to_int32([held_before(each, needs) for each in world.programmes]),
        is_course=to_int32([part.kind == "course" for part in parts]),
        waivable=waivable(world, never_waived),
        after_grades=to_int32(after // MONTHS_PER_YEAR),
        after_days=days_of_months(after % MONTHS_PER_YEAR),
        spread_days=days_of_months([figure_or_none(part.spread) for part in parts]),
        result_days=to_int32([figure_or_none(part.result_weeks) * DAYS_PER_WEEK for part in parts]),
        entry_days=to_int32([rules.entry.value * DAYS_PER_WEEK * (part.kind != "course") for part in parts]),
        next_sitting=np.array(upcoming, dtype=np.int32).reshape(count, -1),
        places=places_at_sittings(world, sitting_places),
        held=thresholds([figure_or_none(part.held) for part in parts]),
        pass_first=thresholds(chances_to_pass(world, people.stock.sum(axis=(1, 2)))),
        attempt_step=thresholds([rules.attempt_step.value] * count),
        ability_step=thresholds([rules.ability_step.value] * count),
        gap_step=thresholds([rules.gap_step.value] * count),
        max_attempts=to_int32([part.max_attempts.value for part in parts]),
        valid_days=round_half_up(rules.valid.value * DAYS_PER_YEAR),
    )


def places_at_sittings(world: World, sitting_places: Singles) -> Thresholds:
    """Chance of a place at the sittings of each part by month [E, M]."""
    places = np.ones((len(world.exams), world.dates.months))
    for index, part in enumerate(world.exams):
        days = sittings(world.dates, part.months, world.exam_rules.sitting_day)
        places[index, world.dates.month_of[days]] = sitting_places[index, days]
    return thresholds(places)


def waivable(world: World, never_waived: tuple[str, ...]) -> Ints:
    """Flag of each part that is waived while gates are derogated [E]."""
    return to_int32([part.gate not in never_waived for part in world.exams])


def figure_or_none(figure: Figure | None) -> float:
    """Value of a figure; 0 if there is none."""
    return 0.0 if figure is None else figure.value


def needs_of_gates(parts: Sequence[Exam]) -> dict[str, set[str]]:
    """Exams that must be held before each gate."""
    needs: dict[str, set[str]] = {}
    for part in parts:
        needs.setdefault(part.gate, set()).update(part.needs)
    return needs


def held_before(programme: Programme, needs: Mapping[str, set[str]]) -> list[int]:
    """Bits of the gates of a programme that must be held before each of them [4]."""
    asked = [gate.exam for gate in programme.gates]
    bits = [sum(1 << place for place, exam in enumerate(asked) if exam in needs.get(gate, ())) for gate in asked]
    return bits + [0] * (GATES - len(bits))


def gate_rows(programme: Programme, first_part: Mapping[str, int], many: Mapping[str, int]) -> list[list[int]]:
    """Gates of a programme [5, 4]: first part (-1: none), how many parts, first grade, last grade, held on entry."""
    rows = [
        (
            first_part[gate.exam],
            many[gate.exam],
            programme.grades.index(gate.first),
            programme.grades.index(gate.last),
            int(gate.entry),
        )
        for gate in programme.gates
    ]
    rows += [(-1, 0, 0, 0, 0)] * (GATES - len(rows))
    return [list(column) for column in zip(*rows, strict=True)]
