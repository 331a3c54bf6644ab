"""Odds of groups move chances and pace apart; the mix of doctors in post still gives the figure that was stated."""

import numpy as np
import pytest

from pipeline_sim.rules.codes import CERTAIN, MAX_GRADES
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE, people_group
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.lowering.lower_people import chances_to_pass, mix_of_candidates, pace_by_group
from pipeline_sim.world.lowering.lower_posts import choices
from pipeline_sim.world.lowering.lower_training import pace_quantiles
from pipeline_sim.world.lowering.lower_working_life import ltft_by_grade, ltft_shares
from pipeline_sim.world.population.applicant_preferences import mix_of_applicants
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.population.people_mix import ages_at_entry, mix_of_trainees, women_in_post
from pipeline_sim.world.reading.sources import with_figures
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Timeline

England = tuple[World, Population, Timeline]
UK, ELSEWHERE = people_group(0, 0, 24), people_group(2, 0, 31)
WOMAN, MATURE = people_group(0, 1, 24), people_group(0, 0, 32)
NO_ODDS = {"written": 1.0, "clinical": 1.0}
ALL_EQUAL = {
    **{f"people.exams.{who}": NO_ODDS for who in ("eea", "international", "women", "mature")},
    **{f"people.reviews.{who}": 1.0 for who in ("eea", "international", "women", "mature")},
}


@pytest.fixture
def doctors(england: England) -> np.ndarray:
    return england[1].stock.sum(axis=(1, 2))


def odds(chance: np.ndarray) -> np.ndarray:
    return chance / (1 - chance)


def test_the_mix_of_candidates_passes_as_stated(england: England, doctors: np.ndarray) -> None:
    world = england[0]
    chances, mix = chances_to_pass(world, doctors), mix_of_candidates(world, doctors)
    assert mix.sum(axis=1) == pytest.approx(1)
    stated = [part.pass_first.value for part in world.exams]
    assert (chances * mix).sum(axis=1) == pytest.approx(stated, abs=1e-9)


def test_odds_between_groups_are_those_stated(england: England, doctors: np.ndarray) -> None:
    world = england[0]
    chances, exams = chances_to_pass(world, doctors), world.people.exams
    for name, part in (("clinical-skills", "clinical-skills"), ("mrcp-paces", "clinical"), ("mrcs-a", "written")):
        row = odds(chances[[each.id for each in world.exams].index(name)])
        assert row[ELSEWHERE] / row[UK] == pytest.approx(exams.international.value[part])
        assert row[WOMAN] / row[UK] == pytest.approx(exams.women.value["clinical" if "mrcs" not in name else "written"])
        assert row[MATURE] / row[UK] == pytest.approx(exams.mature.value["clinical"])
        assert row[ELSEWHERE] == row[people_group(2, 0, 24)]  # age is in the odds of those from elsewhere


def test_courses_and_certain_parts_are_the_same_for_all(england: England, doctors: np.ndarray) -> None:
    chances = chances_to_pass(england[0], doctors)
    for part, row in zip(england[0].exams, chances, strict=True):
        if part.kind == "course" or part.pass_first.value in (0, 1):
            assert row == pytest.approx(part.pass_first.value)


def test_pace_has_its_mean_over_the_mix_and_moves_with_the_odds(england: England, doctors: np.ndarray) -> None:
    world = england[0]
    table = pace_by_group(world, doctors, pace_quantiles(1.0, 0.1))
    assert table.shape == (GROUPS_OF_PEOPLE, 1024)
    mix = doctors @ mix_of_trainees(world) / doctors.sum()
    assert mix @ table.mean(axis=1) == pytest.approx(1000, abs=1)
    ahead = np.log(table[UK].astype(float) / table[ELSEWHERE]).mean() / world.people.pace_step.value
    assert ahead == pytest.approx(np.log(world.people.reviews.international.value), abs=0.02)


def test_kinds_choose_by_their_odds_and_all_together_as_stated(england: England) -> None:
    world, population, _ = england
    year, first = world.dates.training_years.index(2022), 0
    table = choices(world, population).reshape(len(world.dates.training_years), len(world.streams), 6, -1)[year, first]
    shares = population.choice[year, first] * population.recruits[year]
    assert table.sum(axis=0) == pytest.approx(shares / shares.sum(), abs=1e-6)
    assert table.sum(axis=1) == pytest.approx(mix_of_applicants(world)[year, first], abs=1e-6)
    at = [world.programme_index(name) for name in ("core-surgical", "internal-medicine", "general-practice")]
    relative = table[:, at] / table[:, at[1]][:, None]
    women, abroad = world.people.choices.women.value, world.people.choices.international.value
    assert relative[1::2, 0] / relative[0::2, 0] == pytest.approx(women["surgery"])
    assert relative[4:, 2] / relative[:2, 2] == pytest.approx(abroad["general-practice"])


def test_less_than_full_time_differs_by_sex_and_is_for_all_as_stated(england: England) -> None:
    world, population, _ = england
    shares = ltft_shares(world, population.establishment)
    parts = ltft_by_grade(world, shares, population.stock.sum(axis=2)).reshape(*shares.shape, MAX_GRADES, 2)
    assert odds(parts[..., 1]) / odds(parts[..., 0]) == pytest.approx(world.life.ltft_women.value)
    assert odds(parts[..., 1:, :]) / odds(parts[..., :-1, :]) == pytest.approx(world.life.ltft_later.value)
    for name in ("core-surgical", "ent", "paediatrics-2010", "general-practice"):
        at = world.programme_index(name)
        women = mix_of_trainees(world)[at].reshape(3, 2, 3).sum(axis=(0, 2))
        grades = population.stock[at].sum(axis=1) / population.stock[at].sum()
        assert np.einsum("ygs,g,s->y", parts[:, at], grades, women) == pytest.approx(shares[:, at])


def test_with_all_odds_one_nobody_differs(england: England) -> None:
    world, population, timeline = england
    book: Rulebook = lower(with_figures(world, ALL_EQUAL), population, timeline)
    stated = np.rint(np.array([part.pass_first.value for part in world.exams]) * CERTAIN)
    assert np.abs(book.exams.pass_first - stated[:, None]).max() <= 1
    assert np.all(book.competence.pace == book.competence.pace[0])


def test_women_and_ages_of_the_mix(england: England) -> None:
    world = with_figures(england[0], {"people.in_post": england[0].people.trainees.value})
    mix = mix_of_trainees(world)
    assert mix.sum(axis=1) == pytest.approx(1)
    women = [bool(group // 3 % 2) for group in range(GROUPS_OF_PEOPLE)]
    assert mix[:, women].sum(axis=1) == pytest.approx(women_in_post(world))
    assert len(set(np.round(women_in_post(world), 6))) > len(world.groups)  # specialties of surgery differ
    ages = ages_at_entry(world.people)
    assert ages.sum(axis=1) == pytest.approx(1)
    assert ages[0].tolist() == pytest.approx([10 / 16, 5 / 16, 1 / 16])
    assert ages[2, 2] > 0.5 > ages[0, 2]
