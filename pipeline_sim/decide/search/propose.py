"""Proposals of a search: neighbours of good mixes, of which some are chosen to be run."""

from collections.abc import Sequence

import numpy as np

from pipeline_sim.decide.search.candidates import Candidate, Space
from pipeline_sim.decide.search.constraints import repaired
from pipeline_sim.decide.search.surrogate import Surrogate
from pipeline_sim.study.estimates.random_effects import Reals

EXCHANGED = (0.02, 0.05, 0.1, 0.2)  # parts of the budget that move from one line to another
NEAR = 0.04  # part of the money, moved, within which two mixes count as one


def random_source(*keys: int) -> np.random.Generator:
    """Random numbers of some keys, the same whenever they are asked for."""
    mixed = np.random.SeedSequence(keys).generate_state(2, np.uint64)
    return np.random.Generator(np.random.Philox(key=mixed))


def neighbours(
    space: Space, around: Sequence[Candidate], count: int, random: np.random.Generator, budget: float
) -> list[Candidate]:
    """So many different mixes near some good ones: money moved, a line new, out or given otherwise, or two blended."""

    def bought_or(place: int, amounts: Reals) -> int:
        bought = np.flatnonzero(amounts)
        return int(bought[random.integers(len(bought))]) if len(bought) else place

    found: dict[Candidate, None] = {}
    for _ in range(20 * count):
        one = around[int(random.integers(len(around)))]
        amounts, variants = np.array(one.amounts, np.float64), list(one.variants)
        for _ in range(1 + int(random.integers(2))):
            move, place = random.random(), int(random.integers(len(space.names)))
            if move < 0.45:
                given = bought_or(place, amounts)
                taken = min(float(random.choice(EXCHANGED)) * budget, amounts[given])
                amounts[given] -= taken
                amounts[place] += taken
            elif move < 0.6:
                amounts[place] = 0.0
            elif move < 0.85:
                place = bought_or(place, amounts)
                variants[place] = int(random.integers(len(space.variants[place])))
            else:
                other = around[int(random.integers(len(around)))]
                part = random.random()
                amounts = part * amounts + (1 - part) * np.array(other.amounts)
                taken_over = np.array(other.amounts) > amounts
                variants = [b if t else a for a, b, t in zip(variants, other.variants, taken_over, strict=True)]
        found[repaired(space, amounts, variants, budget)] = None
        if len(found) == count:
            break
    return list(found)


def thompson_batch(
    surrogate: Surrogate, pool: Sequence[Candidate], count: int, random: np.random.Generator
) -> list[Candidate]:
    """So many mixes of a pool, each the best of one joint draw from what the surrogate knows."""
    drawn = surrogate.samples(pool, count, random)
    chosen: list[int] = []
    for row in drawn[: len(pool)]:
        chosen.append(next(int(at) for at in np.argsort(-row, kind="stable") if int(at) not in chosen))
    return [pool[at] for at in chosen]


def improved(
    surrogate: Surrogate, start: Sequence[Candidate], budget: float, random: np.random.Generator, rounds: int = 30
) -> Candidate:
    """Candidate with the highest expected gain that exchanges from some starts find, by the surrogate alone."""
    space = surrogate.space
    best = [repaired(space, np.array(one.amounts, np.float64), one.variants, budget) for one in start]
    for _ in range(rounds):
        best = surrogate.ranked(list(dict.fromkeys([*best, *neighbours(space, best, 60, random, budget)])))[:4]
    return best[0]


def distance(one: Candidate, other: Candidate) -> float:
    """Part of the money that is spent otherwise; money given in another way counts half."""
    pairs = zip(one.amounts, other.amounts, one.variants, other.variants, strict=True)
    moved = sum(abs(a - b) + (min(a, b) if v != w else 0) for a, b, v, w in pairs) / 2
    return moved / max(sum(one.amounts), sum(other.amounts), 1)


def spread_out(ranked: Sequence[Candidate], count: int) -> list[Candidate]:
    """First mixes of a ranking that are not near one before them."""
    kept: list[Candidate] = []
    for one in ranked:
        if all(distance(one, other) > NEAR for other in kept):
            kept.append(one)
        if len(kept) == count:
            break
    return kept
