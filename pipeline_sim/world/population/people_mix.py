"""Mix of people: shares of the groups of `rules/people` among doctors, by programme.

Place of qualification, sex and age are independent but for what depends on the place: sex, and the years before entry.
"""

from collections.abc import Mapping

import numpy as np

from pipeline_sim.rules.people import AGE_BANDS, GROUPS_OF_PEOPLE, LAST_BAND, SECOND_BAND
from pipeline_sim.world.population.population_inputs import Reals
from pipeline_sim.world.schema.people_section import DEFAULT, ELSEWHERE, PLACES, PeopleSection
from pipeline_sim.world.schema.world import World


def places_of(row: dict[str, float]) -> list[float]:
    """Shares of places of qualification [3], from those of places other than the UK."""
    elsewhere = [row[place] for place in ELSEWHERE]
    return [max(0.0, 1.0 - sum(elsewhere)), *elsewhere]


def places_by_programme(world: World, table: Mapping[str, dict[str, float]]) -> Reals:
    """Shares of places of qualification [P, 3] by programme, from a table that may have a default."""
    return np.array([places_of(table.get(each.group) or table[DEFAULT]) for each in world.programmes])


def ages_at_entry(people: PeopleSection) -> Reals:
    """Shares of age bands at entry, by place of qualification [3, 3]: others than UK graduates come years later."""
    ages = np.round(people.ages.value)
    later = np.add.outer(ages, np.round(people.years_before.value)).ravel()
    shares = np.zeros((len(PLACES), AGE_BANDS))
    for place, those in enumerate((ages, later, later)):
        np.add.at(shares[place], np.searchsorted((SECOND_BAND, LAST_BAND), those, side="right"), 1 / len(those))
    return shares


def mix_of_trainees(world: World) -> Reals:
    """Shares of groups of people among trainees of the reported years [P, 18], by programme; rows sum to 1."""
    women = women_by_programme(world)
    by_sex = np.stack([1 - women, women], axis=2)
    given_place = by_sex[:, :, :, None] * ages_at_entry(world.people)[None, :, None, :]
    places = places_by_programme(world, world.people.trainees.value)
    return np.asarray((places[:, :, None, None] * given_place).reshape(len(women), GROUPS_OF_PEOPLE))


def women_of(people: PeopleSection, odds: float | Reals = 1.0) -> Reals:
    """Shares of women by place of qualification [..., 3], at odds against those who have not chosen a specialty."""
    women, odds = np.array([people.women.value[place] for place in PLACES]), np.asarray(odds)[..., None]
    return np.asarray(odds * women / (1 - women + odds * women))


def by_specialty(world: World, table: Mapping[str, float]) -> Reals:
    """Odds of each programme [P] in a table: of its specialty, else of its specialty group, else 1."""
    specialty = {name: each.id for each in world.competence.specialties for name in each.programmes}
    groups = {each.id: table.get(each.group, 1.0) for each in world.programmes}
    return np.array([table.get(specialty.get(name, ""), odds) for name, odds in groups.items()])


def women_by_programme(world: World) -> Reals:
    """Shares of women among doctors in post of each programme, by place of qualification [P, 3]."""
    return women_of(world.people, by_specialty(world, world.people.women_in_post.value))


def women_in_post(world: World) -> Reals:
    """Share of women among doctors in post of each programme [P]."""
    places = places_by_programme(world, world.people.in_post.value)
    return np.asarray((places * women_by_programme(world)).sum(axis=1))
