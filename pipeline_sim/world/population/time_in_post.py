"""Calendar years for which posts of a programme are held: the link between intake and headcount.

    years held = years of training x (1 + extension) / (mean WTE x (1 - parental - out of programme)) + grace

Mean WTE follows the share of doctors less than full time, which grows by year. Some finish exactly on time, the rest
evenly over a tail with the mean of the formula; resignations have a constant rate. Extensions and the share on time
are in the table `time_in_post`, all else in the world's `life`.
"""

from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR, MONTHS_PER_YEAR
from pipeline_sim.world.population.population_inputs import Reals, missing_row, rows
from pipeline_sim.world.schema.training import LifeSection
from pipeline_sim.world.schema.world import Programme, World
from pipeline_sim.world.world_error import WorldError

FACTORS = "time_in_post.csv"
COUNTS_AS_TRAINING = "oopt"
MOST_AWAY = 0.9
MOST_YEARS = 20  # no cohort is followed longer
AGES = np.arange(MOST_YEARS, dtype=np.float64)  # years since entry
Number = TypeVar("Number", float, Reals)  # one, or one for each calendar year


class Pace(NamedTuple):
    """Factors of the time for which posts of a programme are held."""

    years: float
    ltft: float  # share of doctors less than full time, in the year of the world's table by group
    wte_when_ltft: float
    share_away: float  # of the time, not counted as training
    extension: float  # time added, as a share of the programme
    grace_years: float
    on_time: float  # share of completers who take exactly the years of the programme
    leaves_per_year: float


def factors(world: World) -> dict[tuple[str, str], float]:
    """Factors by (stage, factor)."""
    return {(row["stage"], row["factor"]): row.number("value", least=0) for row in rows(world, FACTORS)}


def pace(world: World, programme: Programme, known: dict[tuple[str, str], float], women: float) -> Pace:
    """Pace of a programme, by the known factors and the share of women; WorldError for a stage without factors."""
    life, stage = world.life, programme.stage
    if (stage, "extension") not in known or (stage, "on_time") not in known:
        raise missing_row(world, FACTORS, stage, {name for name, _ in known})
    return Pace(
        years=float(programme.years.value),
        ltft=life.ltft_by_stage.value.get(stage, life.ltft_by_group.value[programme.group]),
        wte_when_ltft=sum(int(level) / 100 * share for level, share in life.wte.value.items()),
        share_away=share_away(life, stage, programme.group, women),
        extension=known[stage, "extension"],
        grace_years=grace_years(life, stage) if programme.stream_after is None else 0.0,
        on_time=known[stage, "on_time"],
        leaves_per_year=leaves_per_year(life, programme),
    )


@lru_cache(maxsize=64)
def mean_of(values: tuple[float, ...]) -> float:
    """Mean of some values."""
    return float(np.mean(values))


def share_away(life: LifeSection, stage: str, group: str, women: float) -> float:
    """Share of the time on parental leave or out of programme without credit; raises WorldError above 90 %."""
    leave = life.parental.value[stage] * mean_of(life.parental_months.value) / MONTHS_PER_YEAR
    parental = women * leave
    out = sum(each.share(stage, group) for each in life.oop if each.kind != COUNTS_AS_TRAINING)
    if parental + out > MOST_AWAY:
        raise WorldError(
            f"life: {parental + out:.0%} of {stage} doctors are away at a time, should be {MOST_AWAY:.0%} at most"
        )
    return parental + out


def grace_years(life: LifeSection, stage: str) -> float:
    """Mean period of grace after a CCT of a stage, in years."""
    return life.grace_by_stage.value[stage] * mean_of(life.grace_days.value) / DAYS_PER_YEAR


def leaves_per_year(life: LifeSection, programme: Programme) -> float:
    """Resignation rate: of the programme, else of its stage, else of its group."""
    by_stage = life.resign_by_stage.value.get(programme.stage, life.resign_by_group.value[programme.group])
    return life.resign_by_programme.value.get(programme.id, by_stage)


def years_held(programme: Pace, ltft_growth: Number) -> Number:
    """Calendar years for which a completing doctor holds the post."""
    mean_wte = 1 - programme.ltft * ltft_growth * (1 - programme.wte_when_ltft)
    return programme.years * time_factor(programme) / mean_wte + programme.grace_years


def time_factor(programme: Pace) -> float:
    """Time in the programme over time that counts as training."""
    return (1 + programme.extension) / (1 - programme.share_away)


def share_unfinished(programme: Pace, held: Number) -> Reals:
    """Share of completers not yet finished just after the changeover, by years since entry [..., MOST_YEARS]."""
    late, beyond = 1 - programme.on_time, AGES - programme.years
    longer = np.asarray(held, dtype=np.float64)[..., None] - programme.years
    if late == 0:
        return np.where(beyond < 0, 1.0, np.zeros_like(longer))
    tail = 2 * np.where(longer > 0, longer, 1.0) / late
    after = np.where(longer > 0, late * np.minimum(np.maximum(1 - beyond / tail, 0.0), 1.0), 0.0)
    return np.where(beyond < 0, 1.0, after)


def share_present(programme: Pace, ltft_growth: Number) -> Reals:
    """Share of an intake in post just after the changeover, by years since entry [..., MOST_YEARS]."""
    staying = np.exp(-programme.leaves_per_year * AGES)
    return np.asarray(staying * share_unfinished(programme, years_held(programme, ltft_growth)), dtype=np.float64)


def share_completing(programme: Pace, ltft_growth: float) -> Reals:
    """Share of an intake that completes in each year since entry [MOST_YEARS]."""
    left = share_unfinished(programme, years_held(programme, ltft_growth))
    staying = np.exp(-programme.leaves_per_year * AGES)
    return np.asarray(staying * -np.diff(left, prepend=1.0), dtype=np.float64)


def grade_shares(programme: Pace, grades: int, ltft_growth: float) -> Reals:
    """Share in each grade of those in post, by years since entry [MOST_YEARS, grades], at even progress."""
    speed = programme.years / years_held(programme, ltft_growth)
    age = np.arange(MOST_YEARS)[:, None]
    grade = np.arange(grades)[None, :]
    overlap = np.minimum((age + 1) * speed, grade + 1) - np.maximum(age * speed, grade)
    shares = np.clip(overlap, 0.0, None)
    shares[:, -1] += np.clip((age[:, 0] + 1) * speed - np.maximum(age[:, 0] * speed, grades), 0.0, None)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)
