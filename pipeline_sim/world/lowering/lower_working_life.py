"""Working pattern, absence, time out of programme, transfer and resignation in the Rulebook."""

import math

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.rules.people import AGE_BANDS, SEXES
from pipeline_sim.rules.rulebook import Life, Programmes
from pipeline_sim.world.lowering.lower_out_of_programme import oop_days, oop_per_year
from pipeline_sim.world.lowering.lower_people import chances_about
from pipeline_sim.world.lowering.quantise import (
    Ints,
    Reals,
    by_year,
    in_order,
    normalised_thresholds,
    round_half_up,
    threshold,
    thresholds,
    to_int32,
)
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.population.people_mix import mix_of_trainees
from pipeline_sim.world.population.population_inputs import usual_years
from pipeline_sim.world.schema.training import STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.shared_results import SharedResults
from pipeline_sim.world.timeline.tables import Timeline

WINDOWS_PER_YEAR = 2
MOST_LTFT = 0.95


def life_of_timeline(
    world: World, people: Population, timeline: Timeline, programmes: Programmes, shared: SharedResults
) -> Life:
    """Working life of the Rulebook; worlds that share results differ in who falls ill and shields alone."""
    ill, shield = timeline.sick_share_multiplier, timeline.shield_per_year
    same = shared.get(lambda: lower_life(world, people, timeline, programmes), "life", people)
    sick = shared.get(lambda: thresholds(sick_chance(world) * ill), "sick", people, ill)
    return shared.get(lambda: same._replace(sick=sick, shield=thresholds(shield)), "life led", people, ill, shield)


def lower_life(world: World, people: Population, timeline: Timeline, programmes: Programmes) -> Life:
    """Working life of the Rulebook."""
    section = world.life
    levels = sorted(section.wte.value, key=int)
    return Life(
        ltft=thresholds(ltft_by_grade(world, ltft_shares(world, people.establishment), people.stock.sum(axis=2))),
        wte_levels=to_int32([int(level) for level in levels]),
        wte_cumulative=normalised_thresholds([section.wte.value[level] for level in levels]),
        parental=thresholds(in_order(section.parental.value, STAGES)),
        parental_days=calendar_days(section.parental_months.value),
        sick=thresholds(sick_chance(world) * timeline.sick_share_multiplier),
        sick_days=to_int32(section.sick_days.value),
        shield=thresholds(timeline.shield_per_year),
        shield_days=int(calendar_days(section.shield_months.value).item()),
        absence_limit=absence_limit(world),
        oop=oop_per_year(world),
        oop_days=oop_days(world),
        long_absence_days=int(calendar_days(section.long_absence.value).item()),
        transfer=threshold(transfer_chance(world, people.without_levers[: usual_years(world)], programmes)),
        transfer_days_left=int(calendar_days(section.transfer_left.value).item()),
        resign=thresholds(resign_per_year(world)),
        strain_share=round_half_up(section.strain.value * 1000),
        grace=thresholds([section.grace_by_stage.value.get(stage, 0.0) for stage in STAGES]),
        grace_days=to_int32(section.grace_days.value),
    )


def calendar_days(months: object) -> Ints:
    """Calendar days of a number of months."""
    return to_int32(np.asarray(months, dtype=np.float64) * DAYS_PER_MONTH)


def absence_limit(world: World) -> Ints:
    """Working days away in a year that count as training, by stage [S]: foundation has a limit of its own."""
    limit = {"foundation": world.life.absence_limit_foundation.value}
    return to_int32([round_half_up(limit.get(stage, world.life.absence_limit.value)) for stage in STAGES])


def by_group_or_stage(world: World, by_group: dict[str, float], by_stage: dict[str, float]) -> Reals:
    """Values by programme [P]: that of its stage if there is one, else of its group."""
    return np.array([by_stage.get(each.stage, by_group[each.group]) for each in world.programmes])


def ltft_shares(world: World, establishment: Reals) -> Reals:
    """Share less than full time [Y, P]: relative shares of groups, scaled to each year's national share."""
    section = world.life
    relative = by_group_or_stage(world, section.ltft_by_group.value, section.ltft_by_stage.value)
    national = by_year(section.ltft.value, world.dates.training_years)
    posts = establishment.sum(axis=2)
    mean = (posts * relative).sum(axis=1) / np.maximum(posts.sum(axis=1), 1e-9)
    level = np.divide(national, mean, out=np.zeros_like(national), where=mean > 0)
    return np.minimum(level[:, None] * relative[None, :], MOST_LTFT)


def ltft_by_grade(world: World, shares: Reals, doctors: Reals) -> Reals:
    """Share less than full time by grade and sex [Y, P, 8 x 2]; over the `doctors` in each grade [P, 8] it is `shares`.

    Grades count alike in a programme without doctors.
    """
    sexes = mix_of_trainees(world).reshape(len(world.programmes), -1, SEXES, AGE_BANDS).sum(axis=(1, 3))
    has_grade = np.arange(MAX_GRADES) < np.array([[len(each.grades)] for each in world.programmes])
    grades = np.where(doctors.sum(axis=1, keepdims=True) > 0, doctors, has_grade)
    mixes = (grades / grades.sum(axis=1, keepdims=True))[:, :, None] * sexes[:, None, :]
    later, women = math.log(world.life.ltft_later.value), math.log(world.life.ltft_women.value)
    odds = np.add.outer(later * np.arange(MAX_GRADES), [0.0, women])
    columns = odds.size
    all_odds = np.broadcast_to(odds.ravel(), (shares.size, columns))
    all_mixes = np.tile(mixes.reshape(-1, columns), (len(shares), 1))
    return chances_about(shares.reshape(-1, 1), all_odds, all_mixes).reshape(*shares.shape, columns)


def sick_chance(world: World) -> float:
    """Chance of a sickness episode in a year, from the share of days lost and the mean length."""
    section = world.life
    return section.sickness.value * DAYS_PER_YEAR / float(np.mean(section.sick_days.value))


def transfer_chance(world: World, establishment: Reals, programmes: Programmes) -> float:
    """Chance of transfer per window of a doctor past foundation, by posts of usual years."""
    specialty = programmes.stage != STAGES.index("foundation")
    doctors = float(establishment[:, specialty].sum()) / len(establishment)
    return world.life.transfers.value / (WINDOWS_PER_YEAR * doctors) if doctors > 0 else 0.0


def resign_per_year(world: World) -> Reals:
    """Chance of resignation in a year [P]."""
    section = world.life
    rates = by_group_or_stage(world, section.resign_by_group.value, section.resign_by_stage.value)
    own = section.resign_by_programme.value
    return np.array([own.get(each.id, rate) for each, rate in zip(world.programmes, rates, strict=True)])
