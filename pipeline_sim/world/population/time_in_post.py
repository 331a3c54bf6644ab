"""How long a programme is held, in calendar years: the bridge between intake and headcount.

    years held = years of training x (1 + extension) / (mean WTE x (1 - parental - out of programme)) + grace

Mean WTE follows the part of doctors less than full time, which grows by year. Some finish exactly on time, the rest
evenly over a tail whose mean is the formula's; leavers go at a constant rate. What the world says of working life is
taken from there; extensions and the part on time, which the engines bring forth, are in the table `time_in_post`.
"""

from typing import NamedTuple, TypeVar

import numpy as np

from pipeline_sim.world.population.population_inputs import Life, PopulatedWorld, Programme, Reals, missing, rows
from pipeline_sim.world.world_error import WorldError

FACTORS = "time_in_post.csv"
MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365.25
COUNTS_AS_TRAINING = "oopt"
MOST_AWAY = 0.9
MOST_YEARS = 20  # no cohort is followed longer
Number = TypeVar("Number", float, Reals)  # one, or one for each calendar year


class Pace(NamedTuple):
    """What lengthens and shortens a programme."""

    years: float
    ltft: float  # part of doctors less than full time, in the year the world's table by group is about
    wte_when_ltft: float
    away: float  # part of the time that does not count
    extension: float  # time added, part of the programme
    grace_years: float
    on_time: float  # part of completers who take exactly the years of the programme
    leaves_per_year: float


def factors(world: PopulatedWorld) -> dict[tuple[str, str], float]:
    """By (stage, factor)."""
    return {(row["stage"], row["factor"]): row.number("value", least=0) for row in rows(world, FACTORS)}


def pace(world: PopulatedWorld, programme: Programme) -> Pace:
    """The pace of one programme."""
    life, stage, known = world.life, programme.stage, factors(world)
    if (stage, "extension") not in known or (stage, "on_time") not in known:
        raise missing(world, FACTORS, stage, {name for name, _ in known})
    return Pace(
        years=float(programme.years.value),
        ltft=life.ltft_by_stage.value.get(stage, life.ltft_by_group.value[programme.group]),
        wte_when_ltft=sum(int(level) / 100 * share for level, share in life.wte.value.items()),
        away=away(life, stage),
        extension=known[stage, "extension"],
        grace_years=grace_years(life, stage) if programme.stream_after is None else 0.0,
        on_time=known[stage, "on_time"],
        leaves_per_year=leaves_per_year(life, programme),
    )


def away(life: Life, stage: str) -> float:
    """Part of the time on parental leave or out of programme in a way that does not count as training."""
    parental = life.women.value * life.parental.value * float(np.mean(life.parental_months.value)) / MONTHS_A_YEAR
    out = sum(kind.prevalence.value for kind in life.oop if stage in kind.stages and kind.kind != COUNTS_AS_TRAINING)
    if parental + out > MOST_AWAY:
        raise WorldError(
            f"life: {parental + out:.0%} of {stage} doctors are away at a time, should be {MOST_AWAY:.0%} at most"
        )
    return parental + out


def grace_years(life: Life, stage: str) -> float:
    """Mean time for which a post is kept after a CCT of a stage."""
    return life.grace_by_stage.value[stage] * float(np.mean(life.grace_days.value)) / DAYS_A_YEAR


def leaves_per_year(life: Life, programme: Programme) -> float:
    """Rate of resigning: of the programme, else of its stage, else of its group."""
    by_stage = life.resign_by_stage.value.get(programme.stage, life.resign_by_group.value[programme.group])
    return life.resign_by_programme.value.get(programme.id, by_stage)


def years_held(programme: Pace, ltft_growth: Number) -> Number:
    """Calendar years for which a doctor who completes holds the post."""
    mean_wte = 1 - programme.ltft * ltft_growth * (1 - programme.wte_when_ltft)
    return programme.years * stretch(programme) / mean_wte + programme.grace_years


def stretch(programme: Pace) -> float:
    """Time in the programme, of the time that counts as training: extensions and time away come on top."""
    return (1 + programme.extension) / (1 - programme.away)


def unfinished(programme: Pace, held: Number) -> Reals:
    """[..., MOST_YEARS] part of completers not yet finished just after the changeover at each age in years."""
    age = np.arange(MOST_YEARS, dtype=np.float64)
    late, beyond = 1 - programme.on_time, age - programme.years
    longer = np.asarray(held, dtype=np.float64)[..., None] - programme.years
    if late == 0:
        return np.where(beyond < 0, 1.0, np.zeros_like(longer))
    tail = 2 * np.where(longer > 0, longer, 1.0) / late
    after = np.where(longer > 0, late * np.clip(1 - beyond / tail, 0.0, 1.0), 0.0)
    return np.where(beyond < 0, 1.0, after)


def present(programme: Pace, ltft_growth: Number) -> Reals:
    """[..., MOST_YEARS] part of an intake still in post just after the changeover at each age in years."""
    age = np.arange(MOST_YEARS, dtype=np.float64)
    staying = np.exp(-programme.leaves_per_year * age)
    return np.asarray(staying * unfinished(programme, years_held(programme, ltft_growth)), dtype=np.float64)


def finishing(programme: Pace, ltft_growth: float) -> Reals:
    """[MOST_YEARS] part of an intake that completes in the year up to each age."""
    left = unfinished(programme, years_held(programme, ltft_growth))
    staying = np.exp(-programme.leaves_per_year * np.arange(MOST_YEARS))
    return np.asarray(staying * -np.diff(left, prepend=1.0), dtype=np.float64)


def grade_shares(programme: Pace, grades: int, ltft_growth: float) -> Reals:
    """[MOST_YEARS, grades] part of those present at each age in each grade; progress is even over the time held."""
    speed = programme.years / years_held(programme, ltft_growth)
    age = np.arange(MOST_YEARS)[:, None]
    grade = np.arange(grades)[None, :]
    overlap = np.minimum((age + 1) * speed, grade + 1) - np.maximum(age * speed, grade)
    shares = np.clip(overlap, 0.0, None)
    shares[:, -1] += np.clip((age[:, 0] + 1) * speed - np.maximum(age[:, 0] * speed, grades), 0.0, None)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)
