"""Mix of people: shares of the groups of `rules/people` among doctors, by specialty group.

Place of qualification, sex and age are independent but for what depends on the place: sex, and the years before entry.
"""

import numpy as np

from pipeline_sim.rules.people import AGE_BANDS, GROUPS_OF_PEOPLE, LAST_BAND, SECOND_BAND
from pipeline_sim.world.population.population_inputs import Reals
from pipeline_sim.world.schema.people_section import DEFAULT, ELSEWHERE, PLACES, PeopleSection
from pipeline_sim.world.schema.world import World

Table = dict[str, dict[str, float]]


def places_of(row: dict[str, float]) -> list[float]:
    """Shares of places of qualification [3], from those of places other than the UK."""
    elsewhere = [row[place] for place in ELSEWHERE]
    return [max(0.0, 1.0 - sum(elsewhere)), *elsewhere]


def places_by_group(world: World, table: Table) -> Reals:
    """Shares of places of qualification [G, 3] by specialty group, from a table that may have a default."""
    return np.array([places_of(table.get(group.id) or table[DEFAULT]) for group in world.groups])


def ages_at_entry(people: PeopleSection) -> Reals:
    """Shares of age bands at entry, by place of qualification [3, 3]: others than UK graduates come years later."""
    ages = np.round(people.ages.value)
    later = np.add.outer(ages, np.round(people.years_before.value)).ravel()
    shares = np.zeros((len(PLACES), AGE_BANDS))
    for place, those in enumerate((ages, later, later)):
        np.add.at(shares[place], np.searchsorted((SECOND_BAND, LAST_BAND), those, side="right"), 1 / len(those))
    return shares


def mix_of_trainees(world: World) -> Reals:
    """Shares of groups of people among trainees of the reported years [G, 18], by specialty group; rows sum to 1."""
    people = world.people
    women = np.array([women_of_group(people, group.id) for group in world.groups])
    by_sex = np.stack([1 - women, women], axis=2)
    given_place = by_sex[:, :, :, None] * ages_at_entry(people)[None, :, None, :]
    places = places_by_group(world, people.trainees.value)
    return np.asarray((places[:, :, None, None] * given_place).reshape(len(world.groups), GROUPS_OF_PEOPLE))


def women_of(people: PeopleSection, odds: float = 1.0) -> Reals:
    """Shares of women by place of qualification [3], at odds against those who have not chosen a specialty."""
    women = np.array([people.women.value[place] for place in PLACES])
    return np.asarray(odds * women / (1 - women + odds * women))


def women_of_group(people: PeopleSection, group: str) -> Reals:
    """Shares of women among trainees of a specialty group, by place of qualification [3]."""
    return women_of(people, people.women_in_post.value.get(group, 1.0))


def women_in_post(world: World, group: str) -> float:
    """Share of women among doctors in post of a specialty group."""
    table = world.people.in_post.value
    return float(np.dot(places_of(table.get(group) or table[DEFAULT]), women_of_group(world.people, group)))
