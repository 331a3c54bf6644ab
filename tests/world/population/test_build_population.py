"""The population: cohorts that fill and empty, headcounts that agree with published ones, applicants that add up."""

from pathlib import Path

import numpy as np
import pytest
from support.worlds.small_population import programme, small_world, with_life, with_parts

from pipeline_sim.world.population.applicant_preferences import applications
from pipeline_sim.world.population.applicants import (
    accepted_in,
    applicant_inputs,
    external_applicants,
    first_rounds,
    refilled_in,
    second_shares,
)
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.population.foundation import foundation, graduates
from pipeline_sim.world.population.headcount_targets import scaled_to_total
from pipeline_sim.world.population.national_posts import (
    complete_families,
    reconciled_posts,
    surviving_cohorts,
    unreconciled_posts,
)
from pipeline_sim.world.population.office_shares import redistributed_posts
from pipeline_sim.world.population.population_inputs import year_series
from pipeline_sim.world.population.time_in_post import (
    MOST_YEARS,
    Pace,
    grade_shares,
    leaves_per_year,
    share_completing,
    share_present,
    share_unfinished,
    years_held,
)
from pipeline_sim.world.schema.world import Office, World
from pipeline_sim.world.world_error import WorldError

THREE_YEARS = Pace(
    years=3.0,
    ltft=0.0,
    wte_when_ltft=0.7,
    share_away=0.0,
    extension=0.0,
    grace_years=0.0,
    on_time=0.6,
    leaves_per_year=0.0,
)


@pytest.fixture
def small(tmp_path: Path) -> World:
    """Two offices, foundation, a core programme followed by another in 2018, one higher programme of two years."""
    return small_world(tmp_path)


def test_straight_lines_between_anchors_and_flat_outside() -> None:
    line = year_series([(2020, 10.0), (2018, 4.0)])
    assert line.at([2010, 2018, 2019, 2020, 2030]).tolist() == [4, 4, 7, 10, 10]


def test_years_held_by_hand() -> None:
    longer = THREE_YEARS._replace(ltft=0.4, share_away=0.1, extension=0.05, grace_years=0.2)
    assert years_held(THREE_YEARS, 1.0) == 3.0
    assert years_held(longer, 0.5) == pytest.approx(3 * 1.05 / ((1 - 0.2 * 0.3) * 0.9) + 0.2)


def test_tail_keeps_the_mean_and_everyone_finishes() -> None:
    left = share_unfinished(THREE_YEARS, 3.4)
    assert left[:3].tolist() == [1, 1, 1]
    assert left[3] == pytest.approx(0.4)
    late = np.linspace(3, 5, 200_001)
    area = np.trapezoid(0.4 * np.clip(1 - (late - 3) / 2, 0, 1), late)
    assert area == pytest.approx(0.4)
    assert share_completing(THREE_YEARS._replace(extension=0.1), 1.0).sum() == pytest.approx(1.0)


def test_leavers_are_fewer_every_year() -> None:
    staying = share_present(THREE_YEARS._replace(leaves_per_year=0.05), 1.0)
    assert staying[:3] == pytest.approx(np.exp([0, -0.05, -0.10]))
    assert staying[4:].sum() == 0


def test_grades_follow_age_and_slow_down_with_time_held() -> None:
    assert grade_shares(THREE_YEARS, 3, 1.0)[:3] == pytest.approx(np.eye(3))
    slow = grade_shares(THREE_YEARS._replace(extension=1.0), 3, 1.0)
    assert slow[:4].argmax(axis=1).tolist() == [0, 0, 1, 1]
    assert slow.sum(axis=1) == pytest.approx(np.ones(MOST_YEARS))


def test_most_special_rate_of_leaving_wins() -> None:
    rates_by = {"resign_by_group": {"all": 0.1}, "resign_by_stage": {"core": 0.2}, "resign_by_programme": {"a": 0.3}}
    life = with_life(**rates_by).life
    rates = [leaves_per_year(life, programme(*each, 2.0)) for each in (("a", "core"), ("b", "core"), ("b", "higher"))]
    assert rates == [0.3, 0.2, 0.1]


def test_settled_intake_fills_a_programme_year_by_year() -> None:
    accepted = np.zeros((10, 1))
    accepted[2:6] = 100
    found = surviving_cohorts(accepted, (THREE_YEARS,), np.ones(10))
    assert found[:, 0].tolist() == [0, 0, 100, 200, 300, 300, 200, 100, 0, 0]


def test_one_factor_reaches_the_total_and_ranges_hold() -> None:
    counts, low, high = np.array([100.0, 200.0, 300.0]), np.array([95.0, 100.0, 100.0]), np.array([300.0, 400.0, 500.0])
    settled = scaled_to_total(counts, low, high, 500.0)
    assert settled.sum() == pytest.approx(500)
    assert settled[0] == 95
    assert settled[1] / 200 == pytest.approx(settled[2] / 300)
    assert scaled_to_total(counts, low, high, 5000.0) == pytest.approx(high)
    assert scaled_to_total(counts, low, high, 1.0) == pytest.approx(low)


def test_graduates_give_the_doctors_exactly_and_smoothly() -> None:
    doctors = np.array([400.0, 400.0, 420.0, 450.0, 480.0])
    intakes = graduates(doctors, 0.98, 1.05, 5)
    assert (intakes[1:] + 0.98 * intakes[:-1]) * 1.05 == pytest.approx(doctors)
    assert np.abs(np.diff(intakes)).max() < 30
    assert graduates(np.full(6, 396.0), 0.98, 1.0, 6) == pytest.approx(np.full(7, 200.0))


@pytest.mark.law
def test_a_successor_takes_over_cohort_by_cohort(small: World) -> None:
    posts = reconciled_posts(small)
    run = [posts.at(year) for year in range(2016, 2022)]
    old, new = posts.in_post[run, 1], posts.in_post[run, 2]
    assert old + new == pytest.approx(np.full(6, old[0]))
    assert new / old[0] == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1])
    assert build_population(small).recruits[:, 1:3].tolist() == [[1, 0]] * 2 + [[0, 1]] * 4


@pytest.mark.law
def test_vacancies_of_a_settled_year_are_the_posts_advertised(small: World) -> None:
    posts = unreconciled_posts(small)
    now = posts.at(2018)
    staying = posts.in_post[now, 3] - posts.accepted[now, 3]
    assert posts.establishment[now, 3] - staying == pytest.approx(50)
    assert posts.in_post[now, 3] == pytest.approx(80)


def test_small_world_is_reconciled_to_its_total(small: World) -> None:
    posts = reconciled_posts(small)
    assert complete_families(small) == {"Core", "Higher"}
    assert posts.in_post[posts.at(2018)].sum() == pytest.approx(600)
    assert posts.factor[1] == posts.factor[2] == pytest.approx(400 / 300)
    assert posts.factor[3] == pytest.approx(200 / 80)


def test_half_a_family_is_left_as_it_is(small: World) -> None:
    fewer = with_parts(small, programmes=(*small.programmes[:2], small.programmes[3]))
    assert reconciled_posts(fewer).factor.tolist() == [1.0, 1.0, pytest.approx(90 / 80)]


def test_offices_have_their_own_shares_and_swap_posts(small: World) -> None:
    found = build_population(small)
    core, surgery = found.establishment[:, 2], found.establishment[:, 3]
    assert core[4, 0] / core[4].sum() == pytest.approx(0.4)
    assert surgery[0, 1] / surgery[0].sum() == pytest.approx(0.75)
    assert surgery[:, 0] - surgery[0, 0] == pytest.approx([0, 0, 0, 2, 4, 4])
    assert redistributed_posts(small).sum(axis=2) == pytest.approx(np.zeros((6, 4)))


def test_choice_is_shared_by_applications_within_a_stream(small: World) -> None:
    found = build_population(small).choice
    assert found == pytest.approx(np.broadcast_to([[0, 0.5, 0.5, 0], [0, 0, 0, 1]], (6, 2, 4)))


@pytest.mark.law
def test_applicants_inside_and_outside_make_the_published_number(small: World) -> None:
    posts, mine = reconciled_posts(small), foundation(small)
    known = applicant_inputs(small, posts, mine, applications(small, posts, posts))
    rounds, found = first_rounds(known), external_applicants(known)
    for row, year in enumerate(range(2016, 2022)):
        total = 750 if year == 2021 else 500
        assert rounds[year].outside[0] == pytest.approx(0.4 * total)
        assert rounds[year].home + rounds[year].outside[1] == pytest.approx(max(0.6 * total, rounds[year].home))
        if row:
            assert found[row, :, 0] == pytest.approx(rounds[year].newcomers)
            before = np.add(rounds[year].newcomers, rounds[year - 1].outside_again)
            assert before[0] == pytest.approx(max(0.4 * total, rounds[year - 1].outside_again[0]))
    assert found[0, :, 0] == pytest.approx(rounds[2016].outside_again)
    assert second_shares(known, 2020) == {"st3": 1.0}
    this, places = rounds[2016], accepted_in(known, "f2", 2016) + refilled_in(known, "f2", 2016)
    assert this.outside_again[0] == pytest.approx(0.4 * max(0.0, 200 - 0.2 * places))
    assert this.home_again == pytest.approx(
        0.5 * this.home * max(0.0, 1 - 0.8 * places / sum((this.home, this.outside[1])))
    )


def test_a_programme_without_posts_is_refused_by_its_name(small: World) -> None:
    more = with_parts(small, programmes=(*small.programmes, programme("surgry", "higher", 2.0, stream="st3")))
    with pytest.raises(WorldError, match="says nothing of 'surgry'; nearest is 'surgery'"):
        build_population(more)


def test_an_office_without_a_share_is_refused_by_its_name(small: World) -> None:
    more = with_parts(small, offices=(*small.offices, Office(id="nowhere", name="Nowhere", region="london")))
    with pytest.raises(WorldError, match="Nowhere"):
        build_population(more)


def test_a_table_of_offices_without_programmes_is_refused(small: World) -> None:
    file = small.layers[0].parent / "office_shares.csv"
    file.write_text("programme,office,weight\nsurgery,north,1\n")
    with pytest.raises(WorldError, match=r"office_shares\.csv.*'?programmes"):
        build_population(small)


def test_a_row_of_office_shares_may_be_about_several_programmes(small: World) -> None:
    file = small.layers[0].parent / "office_shares.csv"
    file.write_text("programmes,office,weight\nold-core new-core,north,1\nold-core new-core,south,3\n")
    share = build_population(small).establishment
    for row in (share[0, 1], share[-1, 2]):
        assert row[1] / row.sum() == pytest.approx(0.75)
