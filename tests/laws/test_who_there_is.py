"""Laws about who there is: attributes are a doctor's own in every world, and their effects are what their odds say."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from support import CONFIGS
from support.run_and_read import run_log
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed

from pipeline_sim.records.event_log import Columns
from pipeline_sim.records.people_counts import people_of_rows
from pipeline_sim.rules.codes import Event, Origin, Qualified
from pipeline_sim.rules.event_order import FIRST_TRAINEE, ORIGIN_MASK, ORIGIN_SHIFT
from pipeline_sim.rules.people import AGE_BANDS, GROUPS_OF_PEOPLE, SEXES, qualified_in
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of

MOST_BY_CHANCE = 4  # standard errors
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid", "interventions", "costs"))
SPEC = WorldSpec(LAYERS[:2], scale=0.05)
PLACE = np.array([qualified_in(group) for group in range(GROUPS_OF_PEOPLE)])


def attributes_of(columns: Columns) -> dict[int, int]:
    """Attributes of every doctor, as the row of the arrival has them."""
    entered = columns["event"] == Event.ENTERED
    return dict(zip(columns["trainee"][entered].tolist(), columns["amount"][entered].tolist(), strict=True))


def standard_errors_apart(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Difference of two rates in standard errors."""
    (passed, sat), (won, tried) = one, other
    both = (passed + won) / (sat + tried)
    return (passed / sat - won / tried) / sqrt(both * (1 - both) * (1 / sat + 1 / tried))


def equal_groups(book: Rulebook) -> Rulebook:
    """The world in which every group passes and learns as the first one."""
    pace, passes = book.competence.pace, book.exams.pass_first
    equal = {"pace": np.broadcast_to(pace[:1], pace.shape).copy()}
    return changed(book, competence=equal, exams={"pass_first": np.repeat(passes[:, :1], passes.shape[1], axis=1)})


@pytest.fixture(scope="module")
def england() -> Rulebook:
    """England with COVID at a twentieth of its size; luck alone decides exams, not ability."""
    book = prepare(SPEC).rulebook
    steps = ("ability_step", "gap_step")
    return changed(book, exams={step: getattr(book.exams, step) * 0 for step in steps})


def test_equal_chances_give_equal_rates(england: Rulebook) -> None:
    assert abs(apart_over_all_parts(equal_groups(england))) < MOST_BY_CHANCE


def test_stated_odds_give_lower_rates_to_those_from_elsewhere(england: Rulebook) -> None:
    assert apart_over_all_parts(england) > 5 * MOST_BY_CHANCE


def test_few_women_are_in_surgery_and_more_of_them_work_less_than_full_time(england: Rulebook) -> None:
    columns = run_log(england, 5, engine="batch").columns()
    rows = columns["event"] == Event.COUNTED
    women, part_time = people_of_rows(columns)[rows] // AGE_BANDS % SEXES == 1, columns["wte"][rows] < 100
    group = england.programmes.group[columns["programme"][rows]]
    surgery, paediatrics = (group == world_of(SPEC).group_index(name) for name in ("surgery", "paediatrics"))
    assert women[surgery].mean() + 0.2 < women[paediatrics].mean()
    assert part_time[women].mean() > 3 * part_time[~women].mean()


def apart_over_all_parts(book: Rulebook) -> float:
    """How far UK graduates are ahead of international ones at first attempts, in standard errors over all parts."""
    apart = [standard_errors_apart(*pair) for pair in by_part(run_log(book, 5, engine="batch").columns())]
    assert len(apart) > 10
    return sum(apart) / sqrt(len(apart))


def by_part(columns: Columns) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """First attempts of UK and of international graduates, at each part at which both have some passes and failures."""
    pairs = []
    for part in np.unique(columns["from_code"][np.isin(columns["event"], (Event.EXAM_PASSED, Event.EXAM_FAILED))]):
        own = {name: column[columns["from_code"] == part] for name, column in with_groups(columns).items()}
        counts = [rates(own, place) for place in (Qualified.UK, Qualified.INTERNATIONAL)]
        if min(sat for _, sat in counts) > 20 and 0 < sum(won for won, _ in counts) < sum(sat for _, sat in counts):
            pairs.append((counts[0], counts[1]))
    return pairs


def with_groups(columns: Columns) -> Columns:
    """Columns of a log, and the place of qualification of each row's doctor."""
    groups = people_of_rows(columns)
    return {**columns, "place": np.where(groups >= 0, PLACE[groups], -1)}


def rates(rows: Columns, place: Qualified) -> tuple[int, int]:
    """Passes and results of first attempts of those who qualified in a place."""
    own = (rows["place"] == place) & (rows["to_code"] == 1)
    passed = int((own & (rows["event"] == Event.EXAM_PASSED)).sum())
    return passed, passed + int((own & (rows["event"] == Event.EXAM_FAILED)).sum())


def test_the_baseline_and_a_mix_have_the_same_doctors() -> None:
    mix = str(CONFIGS / "mixes" / "conversations_then_courses.toml")
    baseline, mixed = (
        attributes_of(run_log(prepare(spec).rulebook, 5, engine="batch").columns())
        for spec in (WorldSpec(LAYERS, scale=0.02), WorldSpec(LAYERS, mix, scale=0.02))
    )
    assert baseline == mixed
    origins = [number >> ORIGIN_SHIFT & ORIGIN_MASK for number in baseline if number >= FIRST_TRAINEE]
    assert set(origins) == set(Origin)
    abroad = [told // 1000 > 0 for number, told in baseline.items() if number >> ORIGIN_SHIFT & 7 == Origin.EXTERNAL]
    assert all(abroad)


@given(book=worlds(most_years=4))
@examples(12)
def test_attributes_never_change_between_worlds(book: Rulebook) -> None:
    other = equal_groups(changed(book, posts={"establishment": book.posts.establishment + 3}))
    assert attributes_of(run_log(book, 3).columns()) == attributes_of(run_log(other, 3).columns())
