"""Programmes and their exams in the Rulebook."""

import math
from functools import lru_cache

import numpy as np

from pipeline_sim.base.calendar import Dates, next_on_or_after
from pipeline_sim.rules.codes import GATES, MAX_GRADES, NEVER, Critical
from pipeline_sim.rules.rulebook import Exams, Programmes
from pipeline_sim.world.lowering.lower_calendar import Flags, sittings
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    days_of_months,
    in_order,
    per_mille,
    per_mille_whole,
    thresholds,
    to_int32,
)
from pipeline_sim.world.schema.training import PATTERNS, STAGES
from pipeline_sim.world.schema.world import Programme, World

GRADE_DAYS = 364
FOUNDATION_YEARS = 2


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
        entry_year=to_int32([postgraduate_year(each.grades[0]) for each in world.programmes]),
        stream=to_int32([streams.index(each.stream) if each.stream else -1 for each in world.programmes]),
        stream_after=to_int32(
            [streams.index(each.stream_after) if each.stream_after else -1 for each in world.programmes]
        ),
        allowance_days=days_of_months(by_stage(world, world.extensions.allowance.value)),
        first_exam_extension_days=days_of_months(by_stage(world, world.extensions.exam_only.value)),
    )


def postgraduate_year(grade: str) -> int:
    """Postgraduate year of a grade: 0 is F1, 2 is CT1, ST1, ACCS1 or IMT1."""
    number = int(grade.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return number - 1 if grade.startswith("F") else number + FOUNDATION_YEARS - 1


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


def lower_exams(world: World, sitting_open: Flags) -> Exams:
    """Exams of the Rulebook: gates by programme, sittings and chances."""
    count = len(world.exams)
    rules = world.exam_rules
    gates = np.array([gate_rows(world, each) for each in world.programmes])
    calendar = [sitting_tables(world, index, sitting_open) for index in range(count)]
    upcoming, cancelled = (np.array([pair[part] for pair in calendar], dtype=np.int32) for part in (0, 1))
    return Exams(
        gate=to_int32(gates[:, 0]),
        gate_from=to_int32(gates[:, 1]),
        gate_by=to_int32(gates[:, 2]),
        is_course=to_int32([exam.kind == "course" for exam in world.exams]),
        next_sitting=upcoming.reshape(count, -1),
        cancelled_sum=cancelled.reshape(count, -1),
        pass_first=thresholds([exam.pass_first.value for exam in world.exams]),
        attempt_step=thresholds([rules.attempt_step.value] * count),
        ability_step=thresholds([rules.ability_step.value] * count),
        gap_step=thresholds([rules.gap_step.value] * count),
        max_attempts=to_int32([exam.max_attempts.value for exam in world.exams]),
    )


def gate_rows(world: World, programme: Programme) -> list[list[int]]:
    """Gates of a programme [3, 4]: exam, first grade and last grade; -1, 0, 0 for none."""
    rows = [
        (world.exam_index(gate.exam), programme.grades.index(gate.first), programme.grades.index(gate.last))
        for gate in programme.gates
    ]
    rows += [(-1, 0, 0)] * (GATES - len(rows))
    return [list(column) for column in zip(*rows, strict=True)]


def sitting_tables(world: World, exam: int, sitting_open: Flags) -> tuple[Ints, Ints]:
    """First open sitting on or after each day [T+1], and sittings cancelled before it [T+1]."""
    months, day = world.exams[exam].months, world.exam_rules.sitting_day
    is_open = sitting_open[exam, sittings(world.dates, months, day)]
    return _sitting_tables(world.dates, months, day, is_open.tobytes())


@lru_cache(maxsize=256)
def _sitting_tables(dates: Dates, months: tuple[int, ...], day: int, flags: bytes) -> tuple[Ints, Ints]:
    days, is_open = sittings(dates, months, day), np.frombuffer(flags, np.bool_)
    cancelled = np.zeros(dates.days + 1, dtype=np.int32)
    cancelled[days[~is_open] + 1] = 1
    return next_on_or_after(days[is_open], dates.days + 1, NEVER), np.cumsum(cancelled, dtype=np.int32)
