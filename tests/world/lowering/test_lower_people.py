"""Doctors, posts and chances of life as the Rulebook has them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pipeline_sim.rules.codes import CERTAIN, Origin
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.lowering.lower_out_of_programme import eligible_part, oop_per_year
from pipeline_sim.world.lowering.lower_posts import score_quantile
from pipeline_sim.world.lowering.lower_training import pace_quantiles
from pipeline_sim.world.lowering.lower_working_life import ltft_shares
from pipeline_sim.world.lowering.quantise import by_year
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.training import ORIGINS, Priority
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.timeline.tables import Timeline


@pytest.mark.parametrize("scale", [1.0, 0.1, 0.01])
def test_scale_shrinks_people_and_posts_together(england: tuple[World, Population, Timeline], scale: float) -> None:
    world, people, timeline = england
    posts = lower(world, people, timeline, scale).posts
    assert posts.stock.sum() == round(people.stock.sum() * scale)
    assert posts.establishment.sum(axis=(1, 2)) == pytest.approx(
        people.establishment.sum(axis=(1, 2)) * scale, abs=0.51
    )
    assert posts.graduates.sum(axis=(1, 2)) == pytest.approx(people.graduates.sum(axis=(1, 2)) * scale, abs=0.51)
    assert posts.external.sum(axis=(1, 2)) == pytest.approx(people.external.sum(axis=(1, 2)) * scale, abs=0.51)
    by_programme = people.stock.sum(axis=(1, 2)) * scale
    assert np.all(np.abs(posts.stock.sum(axis=(1, 2)) - by_programme) < 1.01)
    offices = people.establishment[3].sum(axis=0) * scale
    assert posts.establishment[3].sum(axis=0) == pytest.approx(offices, abs=max(15, 0.05 * offices.max()))


def test_an_order_of_offers_by_origin_holds_from_its_day_on(england: tuple[World, Population, Timeline]) -> None:
    """Without one, or before it, nobody comes later: the same numbers, so the same log."""
    world, people, timeline = england
    share = world.recruitment.again.model_copy(update={"value": dict.fromkeys(ORIGINS, 1.0) | {"external": 0.25}})
    ordered = world.recruitment.model_copy(update={"priority": Priority(first=date(2024, 4, 1), share=share)})
    book = lower(world.model_copy(update={"recruitment": ordered}), people, timeline).recruitment
    days, holds = book.rounds[:, 0], book.priority != CERTAIN
    assert (lower(*england).recruitment.priority == CERTAIN).all()
    assert holds[days >= world.dates.day(date(2024, 4, 1)), Origin.EXTERNAL].all()
    assert not holds[days < world.dates.day(date(2024, 4, 1))].any()
    assert not np.delete(holds, Origin.EXTERNAL, axis=1).any()


def test_doctors_in_post_have_posts(england: tuple[World, Population, Timeline]) -> None:
    posts = lower(*england).posts
    over = posts.stock.sum(axis=1) - posts.establishment[0]
    assert over.max() <= 1
    assert np.maximum(over, 0).sum() <= 0.002 * posts.stock.sum()


def test_less_than_full_time_gives_the_national_share(england: tuple[World, Population, Timeline]) -> None:
    world, people, _ = england
    shares = ltft_shares(world, people.establishment)
    posts = people.establishment.sum(axis=2)
    national = (shares * posts).sum(axis=1) / posts.sum(axis=1)
    expected = by_year(world.life.ltft.value, world.dates.training_years)
    assert national == pytest.approx(expected, abs=1e-6)
    paediatrics, surgery = world.programme_index("paediatrics"), world.programme_index("general-surgery")
    assert np.all(shares[:, paediatrics] == pytest.approx(5.5 * shares[:, surgery]))


def test_resignation_own_stage_then_group(england: tuple[World, Population, Timeline]) -> None:
    world = england[0]
    resign = lower(*england).life.resign / CERTAIN
    assert resign[world.programme_index("paediatric-surgery")] == pytest.approx(0.042)
    assert resign[world.programme_index("core-medical")] == pytest.approx(0.025)
    assert resign[world.programme_index("plastic-surgery")] == pytest.approx(0.019)


def row_of(world: World, programme: str) -> int:
    return [each.id for each in world.programmes].index(programme)


def test_who_may_go_out_of_programme(world: World, book: Rulebook) -> None:
    assert not book.life.oop[:, row_of(world, "foundation")].any()
    assert np.all(np.diff(book.life.oop[0, row_of(world, "general-surgery")]) > 0)
    for brief in ("core-surgical", "general-practice"):
        kinds = np.diff(book.life.oop[0, row_of(world, brief)], prepend=0)
        assert (kinds > 0).tolist() == [False, False, False, True, True]  # a career break, or a pause


def test_eligible_are_those_between_the_first_and_the_last_year_at_work_and_reviewed_so(world: World) -> None:
    surgeon = row_of(world, "general-surgery")
    may_go = eligible_part(world)[surgeon]
    back = 0.007 / 1 + 0.09 * 0.75 / 3 + 0.015 * 0.75 / 1 + 0.008 * 0.5 / 1 + 0.004 * 0.5 / 0.75  # by August, a year
    assert may_go == pytest.approx(4 / 6 * (1 - 0.124 - back) * world.life.oop_may_go.value, rel=0.02)
    going = oop_per_year(world)[0, surgeon] / CERTAIN
    assert (going[1] - going[0]) * may_go * 3 == pytest.approx(0.09, rel=1e-6)


def test_research_differs_by_specialty_group(england: tuple[World, Population, Timeline]) -> None:
    world = england[0]
    research = next(each for each in world.life.oop if each.kind == "oopr")
    assert research.share("higher", "medicine") == research.share("run-through", "surgery") == 0.09
    assert research.share("higher", "psychiatry") == 0.025
    assert research.share("core", "medicine") == 0.0


def test_usual_lengths_out_of_programme_are_those_of_the_evidence(book: Rulebook) -> None:
    months = book.life.oop_days.mean(axis=2) / (364 / 12)  # of training years
    assert months[3] == pytest.approx([12, 36, 12, 12, 9], rel=0.002)
    assert months[1, 3:] == pytest.approx([12, 9], rel=0.002)


def test_parental_leave_is_by_stage(book: Rulebook) -> None:
    assert book.life.parental / CERTAIN == pytest.approx([0.03, 0.06, 0.12, 0.10, 0.11], abs=1e-9)


def test_as_many_are_out_of_programme_as_the_world_says(world: World, book: Rulebook) -> None:
    """Cohorts of a six-year programme, year by year, under the rule of the engines: who goes is drawn as they draw.

    Who came back in the last two months of a year has not been reviewed since, and does not go on the next first day.
    Of `oop_may_go` 0.81 are at work and reviewed so; the rest is that more are in their middle years than lengths say.
    """
    at_work_and_reviewed_so = 0.81
    assert world.life.oop_may_go.value == pytest.approx(1.10 * at_work_and_reviewed_so, abs=0.005)
    rng = np.random.default_rng(7)
    chance, year = book.life.oop[0, row_of(world, "general-surgery")] / CERTAIN, 364
    left, until, kind = np.zeros(0), np.zeros(0), np.zeros(0, dtype=int)
    away_days, doctor_days = np.zeros(5), 0.0
    for now in range(30):
        left, until = np.append(left, np.full(2000, 6.0 * year)), np.append(until, np.zeros(2000))
        kind = np.append(kind, np.zeros(2000, dtype=int))
        drawn = np.searchsorted(chance, rng.random(len(left)), side="right")
        reviewed_so = rng.random(len(left)) < at_work_and_reviewed_so
        in_the_last_grade = left <= year
        reviewed_so &= (until == 0) | (until <= now * year - year / 6)
        goes = (until <= now * year) & (left <= 5 * year) & ~in_the_last_grade & reviewed_so & (drawn < 5)
        until[goes] = now * year + book.life.oop_days[3, drawn[goes], rng.integers(0, 8, goes.sum())]
        kind[goes] = drawn[goes]
        away = np.clip(until - now * year, 0, year)
        learnt = np.minimum(left, np.where(kind == 0, year, year - away))
        if now >= 12:
            away_days += np.bincount(kind, weights=away, minlength=5)
            doctor_days += (away + np.minimum(left, year - away)).sum()
        left = left - learnt
        staying = (left > 0) | (until > (now + 1) * year)
        left, until, kind = left[staying], until[staying], kind[staying]
    wanted = np.array([each.share("higher", "surgery") for each in world.life.oop if "higher" in each.stages])
    assert away_days / doctor_days == pytest.approx(wanted, rel=0.12)
    assert away_days.sum() / doctor_days == pytest.approx(0.124, rel=0.05)


def test_after_f2_falls_by_cohort_and_is_whole(england: tuple[World, Population, Timeline]) -> None:
    world = england[0]
    after = lower(*england).recruitment.after_f2
    year = world.dates.training_years.index
    out = world.recruitment.after_foundation.value
    for cohort in (2018, 2023):
        assert after[year(cohort), 0] / CERTAIN == pytest.approx(out[str(cohort)]["at_once"])
    assert after[year(2023), 0] < after[year(2018), 0]
    assert np.all(after[:, 4] == CERTAIN)
    assert np.all(np.diff(after, axis=1) >= 0)


def test_no_one_applies_to_a_programme_that_is_closed(england: tuple[World, Population, Timeline]) -> None:
    """Choices are among the open programmes and, where there is any, add up to one."""
    world = england[0]
    book = lower(*england)
    width = np.diff(book.recruitment.choice, axis=2, prepend=0)
    closed = np.broadcast_to(book.posts.recruits[:, None, :] == 0, width.shape)
    assert not width[closed].any()
    assert np.all(np.isin(width.sum(axis=2), (0, CERTAIN)))
    stream = 6 * world.streams.index(next(each for each in world.streams if each.id == "after-core-medicine"))
    old, new = world.programme_index("geriatric-medicine-2010"), world.programme_index("geriatric-medicine")
    year = world.dates.training_years.index(2022)
    assert width[year - 1, stream, old] > 0 == width[year - 1, stream, new]
    assert width[year, stream, new] > 0 == width[year, stream, old]


def test_scores_and_offices(england: tuple[World, Population, Timeline]) -> None:
    world, people, _ = england
    book = lower(*england)
    assert book.recruitment.ability_share == 600
    width = np.diff(book.recruitment.office_pull, prepend=0) / CERTAIN
    pull = world.recruitment.office_pull.value
    posts = people.establishment.sum(axis=(0, 1))
    ids = [office.id for office in world.offices]
    london, north_east = ids.index("london"), ids.index("north-east")
    expected = posts[london] * pull["london"] / (posts[north_east] * pull["north-east"])
    assert width[london] / width[north_east] == pytest.approx(expected)


def test_transfers_a_year_over_two_windows(england: tuple[World, Population, Timeline]) -> None:
    world, people, _ = england
    book = lower(*england)
    specialty = book.programmes.stage != 0
    doctors = people.establishment[:, specialty].sum() / world.dates.years
    assert book.life.transfer / CERTAIN * doctors * 2 == pytest.approx(world.life.transfers.value, rel=1e-3)
    assert book.life.transfer_days_left == 365
    assert book.life.long_absence_days == 91


def test_postgraduate_year_of_entry(england: tuple[World, Population, Timeline]) -> None:
    world = england[0]
    entry = lower(*england).programmes.entry_year
    first = {"foundation": 0, "core-medical": 2, "accs-emergency": 2, "internal-medicine": 2, "paediatrics": 2}
    for programme, year in {**first, "general-surgery": 4, "anaesthetics": 5, "general-psychiatry": 5}.items():
        assert entry[world.programme_index(programme)] == year, programme


def test_grace_is_rarer_in_general_practice(book: Rulebook) -> None:
    assert book.life.grace[4] / CERTAIN == pytest.approx(0.04)
    assert book.life.grace[3] / CERTAIN == pytest.approx(0.35)


def test_absence_by_month_follows_the_timeline(world: World, people: Population, timeline: Timeline) -> None:
    more = np.ones_like(timeline.sick_share_multiplier)
    more[2:3] = 2.0
    sick = lower(world, people, replace(timeline, sick_share_multiplier=more)).life.sick
    normal = world.life.sickness.value * 365.25 / float(np.mean(world.life.sick_days.value))
    assert sick.min() / CERTAIN == pytest.approx(normal)
    assert sick.max() / CERTAIN == pytest.approx(2 * normal)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 1.0])
def test_appointable_line_leaves_the_stated_part_below(share: float) -> None:
    ability, uniform = np.meshgrid(np.linspace(0, 1, 1001), np.linspace(0, 1, 1001))
    scores = share * ability + (1 - share) * uniform
    for part in (0.05, 0.2, 0.5, 0.8):
        assert np.mean(scores < score_quantile(part, share)) == pytest.approx(part, abs=0.005)


def test_pace_has_its_mean_and_spread() -> None:
    pace = pace_quantiles(1.0, 0.1)
    assert np.all(np.diff(pace) >= 0)
    assert pace.mean() == pytest.approx(1, abs=1e-3)
    assert pace.std() == pytest.approx(0.1, abs=1e-3)
    assert set(pace_quantiles(1.0, 0.0)) == {1.0}


def test_part_of_a_year_is_the_last_grade(england: tuple[World, Population, Timeline]) -> None:
    book = lower(*england, 0.1)
    neuropathology = england[0].programme_index("neuropathology")
    assert book.programmes.grade_days[neuropathology].tolist() == [364, 364, 364, 182, 0, 0, 0, 0]
