"""Mix of people: shares of the groups of `rules/people` among doctors in training, by specialty group.

Place of qualification, sex and age are independent but for what depends on the place: sex, and the years before entry.
"""

import numpy as np

from pipeline_sim.rules.people import AGE_BANDS, GROUPS_OF_PEOPLE, LAST_BAND, SECOND_BAND, SEXES
from pipeline_sim.world.population.population_inputs import Reals
from pipeline_sim.world.schema.people import DEFAULT, ELSEWHERE, PLACES, PeopleSection
from pipeline_sim.world.schema.world import World


def places_of(row: dict[str, float]) -> list[float]:
    """Shares of places of qualification [3], from those of places other than the UK."""
    elsewhere = [row[place] for place in ELSEWHERE]
    return [max(0.0, 1.0 - sum(elsewhere)), *elsewhere]


def places_in_post(world: World) -> Reals:
    """Shares of places of qualification among doctors in post [G, 3], by specialty group."""
    return np.array([places_of_group(world, group.id) for group in world.groups])


def places_of_group(world: World, group: str) -> list[float]:
    """Shares of places of qualification [3] among doctors in post of a specialty group."""
    table = world.people.in_post.value
    return places_of(table.get(group) or table[DEFAULT])


def ages_at_entry(people: PeopleSection) -> Reals:
    """Shares of age bands at entry, by place of qualification [3, 3]: others than UK graduates come years later."""
    ages = np.round(people.ages.value)
    later = np.add.outer(ages, np.round(people.years_before.value)).ravel()
    shares = np.zeros((len(PLACES), AGE_BANDS))
    for place, those in enumerate((ages, later, later)):
        np.add.at(shares[place], np.searchsorted((SECOND_BAND, LAST_BAND), those, side="right"), 1 / len(those))
    return shares


def mix_in_post(world: World) -> Reals:
    """Shares of groups of people among doctors in post [G, 18], by specialty group; rows sum to 1."""
    people = world.people
    women = np.array([people.women.value[place] for place in PLACES])
    by_sex = np.stack([1 - women, women], axis=1)
    given_place = (by_sex[:, :, None] * ages_at_entry(people)[:, None, :]).reshape(len(PLACES), SEXES * AGE_BANDS)
    return np.asarray((places_in_post(world)[:, :, None] * given_place).reshape(len(world.groups), GROUPS_OF_PEOPLE))


def women_in_post(world: World, group: str) -> float:
    """Share of women among doctors in post of a specialty group."""
    shares = [world.people.women.value[place] for place in PLACES]
    return float(np.dot(places_of_group(world, group), shares))
