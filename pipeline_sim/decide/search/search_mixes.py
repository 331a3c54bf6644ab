"""Search for good mixes on one set of draws: lines alone, then batches by a surrogate, then exchanges.

What a mix is seen to gain here is never reported: the best of many looks better than it is. Sizes: N mixes, S
scenarios, R replications.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.decide.objective import unit_of, value_of
from pipeline_sim.decide.search.candidates import Candidate, Space
from pipeline_sim.decide.search.constraints import repaired
from pipeline_sim.decide.search.propose import improved, neighbours, random_source, spread_out, thompson_batch
from pipeline_sim.decide.search.surrogate import Curve, Surrogate, best_ways, fit_curves, lines_alone
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.mix import MixSection

Run = Callable[[Sequence[Candidate], int], Reals]  # mixes, replications: gains [N, S, R]
RESAMPLED = 32  # times, to learn by how much chance moves a value
GOOD = 8  # mixes around which neighbours are looked for


class Sizes(NamedTuple):
    """Size of a search and of what follows it."""

    scale: float  # of the search; that of the study if smaller
    alone: int  # replications of lines alone
    replications: int  # of mixes in the search
    start: int  # mixes of the first batch
    rounds: int
    batch: int
    exchanges: int  # rounds at the end
    finalists: int  # found ones
    shipped: int  # finalists of the study's own
    most: int  # replications of a finalist in the selection
    report: int | None  # replications of the report; none: as the study has


FULL = Sizes(0.1, 8, 16, 32, 8, 12, 2, 7, 3, 320, None)
QUICK = Sizes(0.05, 2, 4, 12, 3, 8, 1, 3, 2, 32, 8)


class Searched(NamedTuple):
    """What a search leaves: lines alone, and good mixes in the order of their expected gain."""

    alone: tuple[Candidate, ...]  # lines alone
    gains_alone: Reals  # [N, R] in the baseline's scenario
    ranked: tuple[Candidate, ...]  # that were run, of the whole budget
    runs: int  # mixes run
    frontier: tuple[tuple[float, Candidate], ...]  # budgets and the mixes that are expected to gain most


def search(space: Space, run: Run, sizes: Sizes, seed: int, starts: Sequence[Candidate] = ()) -> Searched:
    """Search for good mixes; `starts` are mixes that somebody thought of. The same seed gives the same answer."""
    decision, alone = space.decision, lines_alone(space)
    gained = run(alone, sizes.alone)
    by_mean = decision.model_copy(update={"target": None, "risk": "mean"})  # alone, no line may reach a target
    curves = fit_curves(space, alone, *scored(by_mean, gained, centred=False))
    surrogate = Surrogate(space, curves, seed % (1 << 31))
    known: dict[Candidate, Reals] = {}

    def look(batch: Sequence[Candidate]) -> list[Candidate]:
        """Run mixes that are new, fit the surrogate again and rank all of the whole budget by expected gain."""
        new = [one for one in dict.fromkeys(batch) if one not in known]
        known.update(zip(new, run(new, sizes.replications) if new else [], strict=True))
        every = list(known)
        surrogate.fit(every, *scored(decision, np.array(list(known.values()))))
        return [one for one in surrogate.ranked(every) if sum(one.amounts) <= decision.budget]

    ranked = look(_first_batch(space, curves, starts, sizes, random_source(seed, 0)))
    for turn in range(sizes.rounds):
        random = random_source(seed, 1 + turn)
        pool = neighbours(space, ranked[:GOOD], 400, random, decision.budget)
        ranked = look(thompson_batch(surrogate, pool, sizes.batch, random))
    for turn in range(sizes.exchanges):
        random = random_source(seed, 1000 + turn)
        pool = neighbours(space, spread_out(ranked, 3), 300, random, decision.budget)
        best = surrogate.ranked([one for one in pool if one not in known])
        ranked = look([improved(surrogate, ranked[:4], decision.budget, random), *best][: sizes.batch])
    check_target(decision, gained, np.array(list(known.values())))
    budgets = [each for each in decision.budgets if each >= sum(decision.least.values())]

    def best_of(turn: int) -> list[Candidate]:
        """Mixes of other budgets with the highest expected gain."""
        keys = [(2000 + turn, round(each)) for each in budgets]
        return [improved(surrogate, ranked[:4], b, random_source(seed, *k)) for b, k in zip(budgets, keys, strict=True)]

    if budgets:
        look(best_of(0))  # once mixes of such budgets were run as well, others are expected to gain most
    frontier = tuple(zip(budgets, best_of(1), strict=True))
    return Searched(tuple(alone), gained[:, 0], tuple(ranked), len(known) + len(alone), frontier)


def scored(decision: Decision, gained: Reals, centred: bool = True) -> tuple[Reals, Reals]:
    """Values [N] of gains [N, S, R] and their variance by chance [N], found by resampling replications.

    Centred: what all mixes share in a resampling is left out, as it moves no choice.
    """
    draws = Draws.even(gained.shape[-1], 1)

    def of(replications: npt.NDArray[np.int64]) -> Reals:
        if decision.target is None and decision.risk != "lower_quartile":
            return np.asarray(gained[..., replications].mean(axis=-1).min(axis=1))
        return np.array([value_of(decision, list(each[:, replications]), draws) for each in gained])

    random, count = random_source(len(gained), gained.shape[-1]), gained.shape[-1]
    again = np.array([of(each) for each in random.integers(count, size=(RESAMPLED, count))])
    if centred:
        again = again - again.mean(axis=1, keepdims=True)
    return of(np.arange(count)), again.var(axis=0, ddof=1) + 1e-9


def check_target(decision: Decision, *gained: Reals) -> None:
    """Refuses, with StudyError, a target that no mix of the search reached in any draw."""
    if decision.target is not None:
        most = max(float(each.min(axis=1).max()) for each in gained)
        if most < decision.target:
            mixes = sum(map(len, gained))
            raise StudyError(
                f"decision.target: {decision.target:g} {unit_of(decision)} was reached by none of {mixes} mixes "
                f"in any draw: the most was {most:,.0f}; should be a target that can be reached"
            )


def as_candidate(space: Space, mix: MixSection) -> Candidate:
    """Candidate nearest to a mix that somebody thought of: its lines of one intervention count as one."""
    amounts, variants = np.zeros(len(space.names)), [0] * len(space.names)
    largest = np.zeros(len(space.names))
    for line, weight in zip(mix.lines, mix.weights, strict=True):
        if line.intervention in space.names:
            place = space.names.index(line.intervention)
            pounds = weight / sum(mix.weights) * mix.budget.value
            amounts[place] += pounds
            if pounds > largest[place]:
                largest[place] = pounds
                own = (line.order or mix.order, line.groups[0] if line.groups else "everyone", line.split, line.start)
                alike = [sum(a == b for a, b in zip(own, way, strict=True)) for way in space.variants[place]]
                variants[place] = int(np.argmax(alike))
    return repaired(space, amounts, variants, space.decision.budget)


def _first_batch(
    space: Space, curves: Sequence[Curve], starts: Sequence[Candidate], sizes: Sizes, random: np.random.Generator
) -> list[Candidate]:
    """Mix that the curves suggest, mixes somebody thought of, and neighbours of these."""
    budget = space.decision.budget
    worth = np.array([max(curve.level + max([0.0, *curve.moves.values()]), 0.0) for curve in curves])
    amounts = worth * budget / max(float(worth.sum()), 1e-9)
    first = [repaired(space, amounts, best_ways(space, curves), budget), *starts]
    return [*first, *neighbours(space, first[:1] * 4 + first, max(sizes.start - len(first), 6), random, budget)]
