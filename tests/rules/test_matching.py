"""Laws of a recruitment round, checked in plain Python on markets made up by hypothesis.

The checker and deferred acceptance below share nothing with the rule but the meaning of the words.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_sim.rules.matching import match_round
from pipeline_sim.rules.recruitment import Answer

LAW = pytest.mark.law
PLENTY = 1000


@dataclass(frozen=True)
class Candidate:
    id: int
    wishes: tuple  # (programme, office), best first
    scores: dict
    answers: dict
    later: bool = False


@dataclass(frozen=True)
class Market:
    candidates: tuple
    vacancies: np.ndarray
    line: np.ndarray
    shortlist: int = 1000 * PLENTY


def flat(market):
    """Arguments of match_round up to the vacancies."""
    entries = [
        (programme, office, someone.scores[programme], someone.answers[programme])
        for someone in market.candidates
        for programme, office in someone.wishes
    ]
    programme, office, score, answer = np.array(entries, np.int32).reshape(-1, 4).T.copy()
    start = np.cumsum([0] + [len(someone.wishes) for someone in market.candidates]).astype(np.int32)
    ids = np.array([someone.id for someone in market.candidates], np.int64)
    later = np.array([someone.later for someone in market.candidates], np.int8)
    return (
        ids,
        start,
        programme,
        office,
        score,
        market.line,
        answer.astype(np.int8),
        later,
        market.vacancies,
        market.shortlist,
    )


def run_round(market, max_runs=PLENTY):
    """Number placed, (rank, first rank, run) by id, and stats."""
    rank, first, run = (np.full(len(market.candidates), 77, np.int32) for _ in range(3))
    stats = np.full(4, 77, np.int64)
    placed = match_round(*flat(market), max_runs, rank, first, run, stats)
    rows = zip(market.candidates, rank.tolist(), first.tolist(), run.tolist(), strict=True)
    return placed, {someone.id: held for someone, *held in rows}, stats.tolist()


def ranks(market, max_runs=PLENTY):
    return {number: held[0] for number, held in run_round(market, max_runs)[1].items()}


def appointable(market, someone, programme):
    return someone.scores[programme] >= market.line[programme]


def still_wanted(someone, rank, first_rank):
    """Wishes he would leave his post for: none once he has accepted firmly, none in a programme he has lost.

    Who was never offered anything can have lost nothing, whatever he would have answered.
    """
    if first_rank < 0:
        return someone.wishes
    if rank >= 0 and someone.answers[someone.wishes[rank][0]] == Answer.FIRM:
        return ()
    better = someone.wishes if rank < 0 else someone.wishes[:rank]
    return tuple(post for post in better if someone.answers[post[0]] < Answer.DECLINES)


def blocking_pairs(market, rank_of, first_rank_of):
    """Candidates and posts that would rather have each other, an empty post counting as one that would have anyone."""
    holders = {}
    for someone in market.candidates:
        if rank_of[someone.id] >= 0:
            post = someone.wishes[rank_of[someone.id]]
            holders.setdefault(post, []).append((someone.later, -someone.scores[post[0]], someone.id))
    pairs = []
    for someone in market.candidates:
        for post in still_wanted(someone, rank_of[someone.id], first_rank_of[someone.id]):
            held = holders.get(post, [])
            empty = len(held) < market.vacancies[post]
            rather = held and max(held) > (someone.later, -someone.scores[post[0]], someone.id)
            if appointable(market, someone, post[0]) and (empty or rather):
                pairs.append((someone.id, post))
    return pairs


def deferred_acceptance(market):
    """Gale and Shapley 1962, posts proposing one at a time; ranks by id."""
    held = {someone.id: -1 for someone in market.candidates}
    proposals, empty = {}, {}
    for post in np.ndindex(market.vacancies.shape):
        willing = [one for one in market.candidates if post in one.wishes and appointable(market, one, post[0])]
        proposals[post] = sorted(willing, key=lambda one, post=post: (one.later, -one.scores[post[0]], one.id))
        empty[post] = int(market.vacancies[post])
    while open_posts := [post for post in proposals if empty[post] > 0 and proposals[post]]:
        post = open_posts[-1]
        someone = proposals[post].pop(0)
        rank, before = someone.wishes.index(post), held[someone.id]
        if before == -1 or rank < before:
            held[someone.id] = rank
            empty[post] -= 1
            if before >= 0:
                empty[someone.wishes[before]] += 1
    return held


@st.composite
def small_markets(draw, answers):
    """Few programmes and few scores, so that ties and full posts are common."""
    programmes, offices = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    posts = [(p, o) for p in range(programmes) for o in range(offices)]
    ids = draw(st.lists(st.integers(0, 2**31 - 1), unique=True, max_size=12))
    scores = st.sampled_from([0, 19, 20, 21, 30, 65535])
    candidates = tuple(
        Candidate(
            number,
            tuple(draw(st.lists(st.sampled_from(posts), unique=True, max_size=8))),
            {p: draw(scores) for p in range(programmes)},
            {p: int(draw(st.sampled_from(answers))) for p in range(programmes)},
            draw(st.booleans()),
        )
        for number in ids
    )
    vacancies = np.array([draw(st.integers(-1, 3)) for _ in posts], np.int32).reshape(programmes, offices)
    line = np.array([draw(st.sampled_from([0, 20, 65535])) for _ in range(programmes)], np.int32)
    return Market(candidates, vacancies, line)


def crowd(seed, answers):
    """Sixty candidates who all want most of the posts, so that chains of upgrades run through many runs."""
    random = np.random.default_rng(seed)
    posts = [(p, o) for p in range(3) for o in range(4)]
    candidates = tuple(
        Candidate(
            int(number),
            tuple(posts[n] for n in random.permutation(len(posts))[: random.integers(3, 10)]),
            dict(enumerate(random.integers(0, 40, 3).tolist())),
            dict(enumerate(random.choice(answers, 3).tolist())),
            bool(random.integers(0, 2)),
        )
        for number in random.permutation(60)
    )
    return Market(candidates, random.integers(0, 6, (3, 4)).astype(np.int32), np.array([5, 10, 15], np.int32))


def markets(answers=tuple(Answer)):
    codes = [int(code) for code in answers]
    return st.one_of(small_markets(codes), st.integers(0, 2**32).map(lambda seed: crowd(seed, codes)))


MANY = settings(max_examples=200, deadline=None)


@LAW
@MANY
@given(markets())
def test_a_settled_round_is_stable(market):
    held = run_round(market)[1]
    rank_of = {number: rank for number, (rank, _, _) in held.items()}
    assert blocking_pairs(market, rank_of, {number: first for number, (_, first, _) in held.items()}) == []


@LAW
@MANY
@given(markets(answers=[Answer.UPGRADES]))
def test_when_all_ask_for_upgrades_it_is_deferred_acceptance(market):
    assert ranks(market) == deferred_acceptance(market)


@LAW
@MANY
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(market, random):
    shuffled = list(market.candidates)
    random.shuffle(shuffled)
    assert run_round(replace(market, candidates=tuple(shuffled))) == run_round(market)


@LAW
@MANY
@given(markets())
def test_no_post_has_two_holders_and_no_one_below_the_line_is_offered(market):
    placed, held, _ = run_round(market)
    used = np.zeros_like(market.vacancies)
    for someone in market.candidates:
        rank, first, _ = held[someone.id]
        if first >= 0:
            assert appointable(market, someone, someone.wishes[first][0])
        if rank >= 0:
            assert appointable(market, someone, someone.wishes[rank][0])
            assert someone.answers[someone.wishes[rank][0]] < Answer.DECLINES
            used[someone.wishes[rank]] += 1
    assert (used <= np.maximum(market.vacancies, 0)).all()
    assert placed == used.sum()


@LAW
@MANY
@given(markets(), st.integers(0, 6))
def test_a_further_run_takes_nothing_from_anyone(market, runs):
    """Nor does it change what came before: rank improves or stays, the first offer stays."""
    before, after = run_round(market, runs)[1], run_round(market, runs + 1)[1]
    for number, (rank, first, run) in before.items():
        later = after[number]
        assert rank == -1 or 0 <= later[0] <= rank
        assert first in (-1, later[1])
        assert later[2] == (run if later[0] == rank else runs + 1)


@LAW
@MANY
@given(markets())
def test_every_offer_made_again_was_let_go_before(market):
    """Offers = held + lost + let go for a better one; what is offered again is at most what was let go."""
    placed, _, (offers, again, runs, lost) = run_round(market)
    let_go = offers - placed
    assert lost <= let_go
    assert again <= let_go
    assert again <= offers - min(offers, 1)
    assert (runs > 1) == (again > 0)


@LAW
@MANY
@given(markets())
def test_holding_differs_from_accepting_with_upgrades_in_name_only(market):
    def renamed(someone):
        return replace(someone, answers={p: 2 if a == 0 else a for p, a in someone.answers.items()})

    holding = replace(market, candidates=tuple(renamed(someone) for someone in market.candidates))
    assert run_round(holding) == run_round(market)


@LAW
@MANY
@given(st.integers(0, 2**32))
def test_who_comes_first_fills_as_many_posts_where_there_are_enough_of_them(seed):
    """Enough: as many as posts, all appointable, who want every post. Nobody else then has one, and none is empty."""
    market = crowd(seed, [int(Answer.UPGRADES)])
    posts = [(p, o) for p in range(3) for o in range(4)]
    first = [
        replace(one, wishes=tuple(posts), scores=dict.fromkeys(range(3), 40), later=False) for one in market.candidates
    ]
    others = [replace(one, id=one.id + 1000, later=True) for one in market.candidates]
    without = [replace(one, later=False) for one in others]
    ordered, by_score = (replace(market, candidates=(*first, *each)) for each in (others, without))
    assert run_round(ordered)[0] == market.vacancies.sum() >= run_round(by_score)[0]
    assert all(one.id < 1000 for one in ordered.candidates if ranks(ordered)[one.id] >= 0)


def test_the_checker_sees_a_candidate_who_was_passed_over():
    first, second = (Candidate(n, ((0, 0),), {0: score}, {0: 0}) for n, score in ((1, 50), (2, 40)))
    market = Market((first, second), np.array([[1]], np.int32), np.array([0], np.int32))
    neither = {1: -1, 2: -1}
    assert blocking_pairs(market, {1: -1, 2: 0}, {1: -1, 2: 0}) == [(1, (0, 0))]
    assert blocking_pairs(market, neither, neither) == [(1, (0, 0)), (2, (0, 0))]
    assert blocking_pairs(market, {1: 0, 2: -1}, {1: 0, 2: -1}) == []
