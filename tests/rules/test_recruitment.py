"""Wishes, scores and answers of applicants."""

import numpy as np
import pytest

from pipeline_sim.rules.codes import CERTAIN, Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.rules.recruitment import (
    PREFERENCE_WORDS,
    Answer,
    Before,
    answer,
    choice_after_core,
    draw_preference_words,
    index_of,
    outcome_before_start,
    preferences,
    score,
    years_out_after_f2,
)

SEED = 20180801
PEOPLE = range(20_000)
PROGRAMMES, OFFICES, HOME = 9, 11, 4


def cumulative(*shares):
    return np.minimum(np.cumsum(shares) * CERTAIN, CERTAIN).round().astype(np.int64)


CHOICE = cumulative(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.0)
PULL = cumulative(*[1 / OFFICES] * (OFFICES - 1), 1.0)
ALL = np.ones(PROGRAMMES, np.int32)


def wishes(trainee, year=3, home=HOME, choice=CHOICE, applies=(0.5, 0.3, 0.2), takes=ALL, home_first=CERTAIN // 2):
    programme, office = np.full(12, -9, np.int32), np.full(12, -9, np.int32)
    luck = np.empty(PREFERENCE_WORDS, np.int64)
    draw_preference_words(SEED, 0, trainee, year, luck)
    who = (luck, 0, SEED, 0, trainee, year, home)
    count = preferences(*who, choice, cumulative(*applies), takes, PULL, int(home_first), programme, office)
    return list(zip(programme[:count].tolist(), office[:count].tolist(), strict=True))


def in_order(ranking):
    """Programmes in the order in which they are first named."""
    return list(dict.fromkeys(programme for programme, _ in ranking))


def share(happened):
    happened = list(happened)
    return sum(happened) / len(happened)


def close(observed, expected):
    """Within four standard errors of 20,000 draws."""
    return abs(observed - expected) < 4 * (expected * (1 - expected) / len(PEOPLE)) ** 0.5 + 1e-9


def test_a_ranking_is_programme_by_programme_with_four_distinct_offices_each():
    for trainee in range(2000):
        ranking = wishes(trainee)
        assert len(set(ranking)) == len(ranking)
        assert [programme for programme, _ in ranking] == [p for p in in_order(ranking) for _ in range(4)]
        assert all(0 <= p < PROGRAMMES - 1 and 0 <= office < OFFICES for p, office in ranking)


def test_one_two_or_three_programmes_are_applied_to_in_the_given_shares():
    counts = [len(in_order(wishes(trainee))) for trainee in PEOPLE]
    for number, expected in ((1, 0.5), (2, 0.3), (3, 0.2)):
        assert close(share(count == number for count in counts), expected)


def test_first_choices_follow_the_choice_row():
    first = [wishes(trainee)[0][0] for trainee in PEOPLE]
    for programme, expected in enumerate((0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.0)):
        assert close(share(chosen == programme for chosen in first), expected)


def test_the_rooted_rank_home_first_in_every_programme_and_the_others_by_pull():
    heads = [[office for _, office in wishes(trainee)[::4]] for trainee in PEOPLE]
    assert close(share(offices[0] == HOME for offices in heads), 0.5 + 0.5 / OFFICES)
    assert all({wishes(t, home_first=CERTAIN)[place][1] for place in (0, -4)} == {HOME} for t in range(500))
    assert close(share(wishes(t, home_first=0)[0][1] == HOME for t in PEOPLE), 1 / OFFICES)


def test_offices_are_ranked_afresh_for_each_programme():
    rankings = [wishes(trainee, applies=(0, 1, 0), home_first=0) for trainee in range(1000)]
    assert share([o for _, o in ranking[:4]] == [o for _, o in ranking[4:]] for ranking in rankings) < 0.01


def test_a_doctor_from_abroad_has_no_home_to_rank_first():
    assert all(office >= 0 for t in range(2000) for _, office in wishes(t, home=-1, home_first=CERTAIN))


def test_a_round_that_leaves_programmes_out_leaves_the_rest_of_the_ranking_alone():
    """Passing over is not choosing anew: the same wishes come back when a programme is advertised again."""
    takes = ALL.copy()
    takes[[0, 3]] = 0
    for trainee in range(2000):
        kept = [post for post in wishes(trainee) if post[0] not in (0, 3)]
        assert wishes(trainee, takes=takes) == kept


def test_wishes_are_chosen_anew_next_year():
    pairs = [(wishes(trainee, year=3), wishes(trainee, year=4)) for trainee in range(1000)]
    assert share(this == that for this, that in pairs) < 0.05
    assert share(this[0][0] == that[0][0] for this, that in pairs) < 0.3


def test_a_stream_with_nothing_to_choose_has_no_wishes():
    assert wishes(1, choice=np.zeros(PROGRAMMES, np.int64)) == []
    assert wishes(1, takes=0 * ALL) == []
    assert wishes(1, applies=(0.0, 0.0, 0.0)) == []


def test_a_stream_with_one_programme_applies_to_it_once():
    only = cumulative(0, 0, 1, 0, 0, 0, 0, 0, 0)
    assert all(in_order(wishes(t, choice=only, applies=(0, 0, 1))) == [2] for t in range(200))


def test_words_that_lie_side_by_side_for_several_are_those_of_each_alone():
    together = np.zeros((PREFERENCE_WORDS, 3), np.int64)
    for place in range(3):
        draw_preference_words(SEED, 0, 70 + place, 3, alone := np.empty(PREFERENCE_WORDS, np.int64))
        together[:, place] = alone
    for place in range(3):
        programme, office = np.full(12, -9, np.int32), np.full(12, -9, np.int32)
        who = (together.ravel(), place, SEED, 0, 70 + place, 3, HOME)
        count = preferences(*who, CHOICE, cumulative(0.5, 0.3, 0.2), ALL, PULL, CERTAIN // 2, programme, office)
        assert list(zip(programme[:count].tolist(), office[:count].tolist(), strict=True)) == wishes(70 + place)


def scored(trainee, year, programme, ability, share):
    return score(draw(SEED, 0, trainee, Purpose.SCORE, index_of(year, programme))[0], ability, share)


def test_a_score_is_lasting_ability_and_luck_in_the_given_parts():
    assert [scored(5, 3, 7, ability, 1000) for ability in (0, 40_000, 65_535)] == [0, 40_000, 65_535]
    assert scored(5, 3, 7, 0, 0) == scored(5, 3, 7, 65_535, 0)
    half = [scored(trainee, 3, 7, 65_535, 500) for trainee in PEOPLE]
    assert 32_767 <= min(half) < 32_900
    assert 65_400 < max(half) <= 65_535
    assert abs(np.mean(half) - 49_151) < 4 * 32_768 / 12**0.5 / len(PEOPLE) ** 0.5


def test_a_score_rises_with_ability_and_differs_by_programme_and_year():
    climb = [scored(5, 3, 7, ability, 600) for ability in range(0, 65_536, 4096)]
    assert climb == sorted(set(climb))
    assert len({scored(5, year, programme, 0, 0) for year in range(8) for programme in range(80)}) > 600


def said(trainee, decline=0.1, expire=0.05, firm=0.3, hold=0.2, where=(2, 7)):
    thresholds = (round(CERTAIN * part) for part in (decline, expire, firm, hold))
    return answer(*draw(SEED, 0, trainee, Purpose.OFFER, index_of(*where))[:3], *thresholds)


def test_decline_and_expiry_are_shares_of_all_offers_and_firm_and_hold_of_those_taken():
    answers = [said(trainee) for trainee in PEOPLE]
    expected = {
        Answer.DECLINES: 0.1,
        Answer.EXPIRES: 0.05,
        Answer.FIRM: 0.85 * 0.3,
        Answer.HOLDS: 0.85 * 0.7 * 0.2,
        Answer.UPGRADES: 0.85 * 0.7 * 0.8,
    }
    for code, part in expected.items():
        assert close(share(one == code for one in answers), part)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((1, 0, 1, 1), Answer.DECLINES),
        ((0, 1, 1, 1), Answer.EXPIRES),
        ((0, 0, 1, 1), Answer.FIRM),
        ((0, 0, 0, 1), Answer.HOLDS),
        ((0, 0, 0, 0), Answer.UPGRADES),
    ],
)
def test_a_certain_answer_is_given(parts, code):
    assert {said(trainee, *parts) for trainee in range(500)} == {code}


def test_more_declines_are_the_same_declines_and_more():
    few = {trainee for trainee in PEOPLE if said(trainee, decline=0.1) == Answer.DECLINES}
    many = {trainee for trainee in PEOPLE if said(trainee, decline=0.2) == Answer.DECLINES}
    assert few < many


def test_another_round_or_programme_hears_another_answer():
    here = [said(trainee) == Answer.FIRM for trainee in PEOPLE]
    for where in ((3, 7), (2, 8)):
        there = [said(trainee, where=where) == Answer.FIRM for trainee in PEOPLE]
        assert abs(np.corrcoef(here, there)[0, 1]) < 4 / len(PEOPLE) ** 0.5


def test_accepted_posts_are_deferred_and_withdrawn_from_in_the_given_shares():
    defer, withdraw = round(CERTAIN * 0.04), round(CERTAIN * 0.03)
    ends = [outcome_before_start(SEED, 0, trainee, 2, defer, withdraw) for trainee in PEOPLE]
    for code, part in ((Before.STARTS, 0.93), (Before.WITHDRAWS, 0.03), (Before.DEFERS, 0.04)):
        assert close(share(one == code for one in ends), part)


def test_years_out_after_f2_follow_the_row_and_the_rest_are_gone():
    parts = (0.375, 0.3, 0.15, 0.075, 0.1)
    ends = [years_out_after_f2(SEED, 0, trainee, cumulative(*parts)) for trainee in PEOPLE]
    for years, part in enumerate(parts):
        assert close(share(one == years for one in ends), part)
    assert years_out_after_f2(SEED, 0, 1, np.zeros(5, np.int64)) == 4


def test_after_core_at_once_after_a_gap_or_gone():
    ends = [choice_after_core(SEED, 0, trainee, cumulative(0.7, 0.2)) for trainee in PEOPLE]
    for code, part in enumerate((0.7, 0.2, 0.1)):
        assert close(share(one == code for one in ends), part)
