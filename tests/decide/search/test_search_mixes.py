"""The search finds the known best of a simulated response surface, and gives no money to what does nothing."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pytest

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.search.candidates import Candidate, Space, Variant
from pipeline_sim.decide.search.propose import random_source
from pipeline_sim.decide.search.search_mixes import FULL, Searched, search
from pipeline_sim.study.study_error import StudyError

pytestmark = pytest.mark.unit
MILLION = 1e6
DAY = date(2022, 4, 1)
LEVELS = np.array([120.0, 90.0, 60.0, 40.0, 25.0, 10.0, 5.0, 0.0, 0.0, -20.0])  # the last but one and two: placebos
BENDS = np.array([6.0, 4.0, 5.0, 2.0, 3.0, 5.0, 5.0, 5.0, 5.0, 5.0]) * MILLION
ORDERS = ("nearest_to_line", "critical_first", "largest_gap")
BEST_ORDER = 1  # of the first intervention, which gains half as much in another order
NOISE, SHARED = 25.0, 40.0
SIZES = FULL._replace(start=20, rounds=5, batch=10, exchanges=1)


def decision(**changes: object) -> Decision:
    base = {"budget": 25 * MILLION, "indifference": 10.0, "starts": [DAY], "last": date(2023, 3, 31)}
    return Decision.model_validate(base | {"least_purchase": 0.25 * MILLION} | changes)


SPACE = Space(
    decision(),
    tuple(f"line-{at}" for at in range(10)),
    tuple(tuple(Variant(order, "everyone", "by_trainees", DAY) for order in ORDERS) for _ in range(10)),
    ((20 * MILLION,) * 3,) * 10,
    ((10,) * 3,) * 10,
    (0.0,) * 10,
    {"north": 0.4, "south": 0.6},
    {},
    {},
)


def surface(candidates: Sequence[Candidate]) -> np.ndarray:
    """True gains [N]: lines with diminishing returns, of which the first two crowd each other."""
    amounts = np.array([each.amounts for each in candidates], float)
    levels = np.tile(LEVELS, (len(candidates), 1))
    levels[:, 0] *= np.where([each.variants[0] == BEST_ORDER for each in candidates], 1.0, 0.5)
    reached = -np.expm1(-amounts / BENDS)
    return (levels * reached).sum(axis=1) - 40 * reached[:, 0] * reached[:, 1]


def noisy(seed: int) -> object:
    """Run of mixes on the surface: chance of their own, and chance that all share in a replication."""

    def run(candidates: Sequence[Candidate], replications: int) -> np.ndarray:
        shared = random_source(seed, 5).normal(0, SHARED, replications)
        rows = [random_source(seed, 6, hash(one) % (1 << 62)).normal(0, NOISE, replications) for one in candidates]
        return surface(candidates)[:, None, None] + shared + np.array(rows)[:, None]

    return run


def searched(seed: int, **changes: object) -> Searched:
    return search(SPACE._replace(decision=decision(**changes)), noisy(seed), SIZES, seed)  # type: ignore[arg-type]


once = cache(searched)


def best_known() -> float:
    """Highest true gain, by climbing on the surface without noise."""
    random, best = np.random.default_rng(0), np.full(10, 2.5 * MILLION)
    value = -np.inf
    for _ in range(6000):
        one, other = random.integers(10, size=2)
        moved = min(best[one], random.choice([0.1, 0.5, 2.0]) * MILLION)
        trial = best.copy()
        trial[one] -= moved
        trial[other] += moved
        gain = float(surface([Candidate(tuple(trial.astype(int)), (BEST_ORDER,) * 10)])[0])
        if gain > value:
            best, value = trial, gain
    return value


@pytest.mark.slow
def test_the_best_of_the_finalists_is_near_the_known_best() -> None:
    known = best_known()
    for seed in (1, 2, 3):
        finalists = once(seed).ranked[:7]
        assert max(surface(finalists)) > 0.96 * known
        assert finalists[0].variants[0] == BEST_ORDER


@pytest.mark.slow
def test_what_does_nothing_or_harm_is_given_no_more_than_chance_gives() -> None:
    shares = [np.array(once(seed).ranked[0].amounts) / (25 * MILLION) for seed in range(1, 5)]
    placebo, harm = np.mean(shares, axis=0)[7:9], np.mean(shares, axis=0)[9]
    assert placebo.sum() < 0.06
    assert harm < 0.02


@pytest.mark.slow
def test_equal_seeds_give_equal_searches() -> None:
    one, other = once(3), searched(3)
    assert one.ranked == other.ranked
    assert one.frontier == other.frontier


@pytest.mark.slow
def test_the_frontier_rises_and_keeps_to_its_budgets() -> None:
    budgets = [5 * MILLION, 10 * MILLION, 40 * MILLION]
    found = searched(2, budgets=budgets)
    assert [each for each, _ in found.frontier] == budgets
    assert all(0.9 * budget < sum(one.amounts) <= budget for budget, one in found.frontier)
    gains = surface([one for _, one in found.frontier])
    assert gains[0] < gains[1] < float(surface(found.ranked[:1])[0]) < gains[2]


@pytest.mark.slow
def test_a_target_that_nobody_reaches_is_refused_with_the_most_that_was_seen() -> None:
    with pytest.raises(StudyError, match=r"decision.target: 5000 extensions avoided was reached by none of \d+ mixes"):
        searched(1, target=5000.0)
