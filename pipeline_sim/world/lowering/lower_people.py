"""Who enters, and how groups of people fare: attributes, chances to pass and pace of learning in the Rulebook.

An average stays what its figure says: the odds of a group move its chance to pass a part, and its pace, about a level
at which the mix of trainees of the reported years gives the figure.
"""

import math

import numpy as np

from pipeline_sim.rules.codes import Origin, Qualified
from pipeline_sim.rules.people import AGE_BANDS, GROUPS_OF_PEOPLE, SEXES
from pipeline_sim.rules.rulebook import People
from pipeline_sim.world.lowering.quantise import Ints, Reals, normalised_thresholds, per_mille, thresholds, to_int32
from pipeline_sim.world.population.applicant_preferences import streams
from pipeline_sim.world.population.people_mix import (
    by_specialty,
    mix_of_trainees,
    places_by_programme,
    places_of,
    women_by_programme,
    women_of,
)
from pipeline_sim.world.schema.people_section import ELSEWHERE, ENTRANTS, PLACES
from pipeline_sim.world.schema.training import Exam
from pipeline_sim.world.schema.world import World

HALVINGS, STEPS = 20, 3  # of the interval, then by Newton: as near as numbers of 64 bits can be
SMALLEST = 1e-300
WIDEST = 40.0  # log odds beyond any chance that is not 0 or 1
ORIGINS = (Origin.GRADUATE, Origin.EXTERNAL, Origin.RETURNER)  # in the order of ENTRANTS


def lower_people(world: World, choice: Reals) -> People:
    """Attributes of doctors in the Rulebook; `choice` [S, P] are first choices by stream."""
    people = world.people
    entrants = np.tile([1.0, 0.0, 0.0], (len(Origin), 1))  # nobody in post on day 0 is drawn from here
    for origin, who in zip(ORIGINS, ENTRANTS, strict=True):
        entrants[origin] = places_of(people.entrants.value[who])
    entrants[Origin.EXTERNAL, Qualified.UK] = 0.0  # these are from abroad, and the others have an origin of their own
    return People(
        in_post=normalised_thresholds(places_by_programme(world, people.in_post.value)),
        entrants=normalised_thresholds(entrants),
        women=thresholds(women_by_row(world, choice)),
        ages=to_int32(people.ages.value),
        years_before=to_int32(people.years_before.value),
        selection_share=per_mille([1.0, *(people.selection.value[place] for place in ELSEWHERE)]),
    )


def women_by_row(world: World, choice: Reals) -> Reals:
    """Shares of women [P + 1 + S, 3]: a stream to one specialty has, from outside too, those who choose it."""
    people, first = world.people, streams(world).first
    chosen = by_specialty(world, people.choices.women.value)
    odds = [1.0 if stream == first else float(row @ chosen) or 1.0 for stream, row in enumerate(choice)]
    return np.concatenate([women_by_programme(world), women_of(people, np.array([1.0, *odds]))])


def log_odds(eea: float, international: float, women: float, mature: float) -> Reals:
    """Log odds of each group of people [18], from odds ratios; `mature` holds for UK graduates alone."""
    odds = np.zeros((len(PLACES), SEXES, AGE_BANDS))
    odds[Qualified.EEA] += math.log(eea)
    odds[Qualified.INTERNATIONAL] += math.log(international)
    odds[:, 1] += math.log(women)
    odds[Qualified.UK, :, -1] += math.log(mature)
    return odds.ravel()


def chances_to_pass(world: World, doctors: Reals) -> Reals:
    """Chance of each part at the first attempt by group of people [E, 18]; `doctors` [P] are those in post."""
    parts = world.exams
    stated = np.array([part.pass_first.value for part in parts]).reshape(len(parts), 1)
    odds = np.array([part_log_odds(world, part) for part in parts]).reshape(len(parts), GROUPS_OF_PEOPLE)
    return chances_about(stated, odds, mix_of_candidates(world, doctors).reshape(odds.shape))


def chances_about(stated: Reals, odds: Reals, mixes: Reals) -> Reals:
    """Chances [N, K] that differ by log odds and are, over mixes of K groups, the `stated` ones [N, 1]."""
    low, high = np.full_like(stated, -WIDEST), np.full_like(stated, WIDEST)
    for _ in range(HALVINGS):
        level = (low + high) / 2
        above = (mixes * logistic(level + odds)).sum(axis=1, keepdims=True) > stated
        low, high = np.where(above, low, level), np.where(above, level, high)
    level = (low + high) / 2
    for _ in range(STEPS):
        chances = logistic(level + odds)
        slope = (mixes * chances * (1 - chances)).sum(axis=1, keepdims=True)
        level = level - ((mixes * chances).sum(axis=1, keepdims=True) - stated) / np.maximum(slope, SMALLEST)
    return np.where((stated <= 0) | (stated >= 1), stated, logistic(level + odds))


def logistic(values: Reals) -> Reals:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-values)))


def part_log_odds(world: World, part: Exam) -> Reals:
    """Log odds of passing a part by group of people [18]."""
    own = world.people.exams
    tables = (own.eea.value, own.international.value, own.women.value, own.mature.value)
    return log_odds(*(table.get(part.id, table.get(part.kind, 1.0)) for table in tables))


def mix_of_candidates(world: World, doctors: Reals) -> Reals:
    """Mix of people [E, 18] of the programmes that ask for each part; of all where none does."""
    asked = [{gate.exam for gate in each.gates if not gate.entry} for each in world.programmes]
    asks = np.array([[exam in gates for gates in asked] for exam in (part.gate for part in world.exams)])
    weights = asks.reshape(-1, len(asked)) * doctors
    return mix_of_programmes(world, np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0))


def mix_of_programmes(world: World, weights: Reals) -> Reals:
    """Mix of people [..., 18] over programmes with weights [..., P]."""
    return np.asarray(weights @ mix_of_trainees(world) / weights.sum(axis=-1, keepdims=True))


def pace_by_group(world: World, doctors: Reals, quantiles: Reals) -> Ints:
    """Quantiles of the lasting pace [18, 1024], parts per thousand, from those of all doctors."""
    reviews = world.people.reviews
    odds = log_odds(reviews.eea.value, reviews.international.value, reviews.women.value, reviews.mature.value)
    factors = np.exp(-world.people.pace_step.value * odds)
    weights = doctors if doctors.sum() > 0 else np.ones(len(doctors))
    return per_mille(np.outer(factors / (mix_of_programmes(world, weights) @ factors), quantiles))
