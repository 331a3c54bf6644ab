"""What a mix is expected to gain: curves of diminishing returns of its lines, and a Gaussian process for the rest.

A curve is level x (1 - exp(-pounds / bend)) / (1 - exp(-most / bend)), fitted to worlds with that line alone, with what
its order, group, split and start move. Features of the process are the square roots of shares of the budget, and the
same again for how each line is given. N mixes, I interventions, F features.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline_sim.decide.search.candidates import FACTORS, STEP, Candidate, Space
from pipeline_sim.study.estimates.random_effects import Reals

PARTS = (0.25, 0.5, 1.0)  # of what can be spent on a line, at which it is run alone
BENDS = (0.15, 0.3, 0.6, 1.2, 5.0)  # in parts of what can be spent
MIDDLE = 1  # place in PARTS at which the other ways of giving a line are run
OF_WAYS = 0.5  # weight of how a line is given beside that of its amount
ONE_THREAD = threadpool_limits.wrap(limits=1, user_api="blas")  # many small problems; sums in one order on any machine
SHORTEST, LONGEST = 0.2, 5.0  # length scales, in features


class Curve(NamedTuple):
    """Gain of one intervention by pounds, and what each way of giving it adds to its level."""

    level: float  # gain where all is spent that can be
    bend: float  # pounds
    most: float  # pounds
    moves: dict[tuple[str, object], float]  # by factor and value; none for the usual way

    def shape(self, pounds: Reals) -> Reals:
        """Part of the level [...] that some pounds buy."""
        top = -np.expm1(-self.most / self.bend)
        return np.asarray(-np.expm1(-np.asarray(pounds, np.float64) / self.bend) / top)


def lines_alone(space: Space) -> list[Candidate]:
    """Candidates of one line: the usual way at several amounts, other ways one factor at a time."""
    found = []
    for place, variants in enumerate(space.variants):
        most, rest = min(space.most[place][0], space.decision.budget), (0,) * (len(space.names) - 1)
        points = [(part * most, 0) for part in PARTS]
        for at, variant in enumerate(variants[1:], 1):
            if len(differing(variants[0], variant)) == 1:
                points.append((min(PARTS[MIDDLE] * most, space.most[place][at]), at))
        smallest = max(STEP, space.prices[place])
        whole = [(int(pounds // STEP * STEP), at) for pounds, at in points]
        for pounds, at in [(pounds, at) for pounds, at in whole if pounds >= smallest]:
            found.append(Candidate((*rest[:place], pounds, *rest[place:]), (*rest[:place], at, *rest[place:])))
    return found


def only_line(candidate: Candidate) -> tuple[int, int, int]:
    """Line of a candidate that has one: place of the intervention, pounds, and how it is given."""
    place = next(at for at, pounds in enumerate(candidate.amounts) if pounds)
    return place, candidate.amounts[place], candidate.variants[place]


def differing(one: Sequence[object], other: Sequence[object]) -> list[tuple[str, object]]:
    """Factors in which a variant differs from another, with their values."""
    return [(name, b) for name, a, b in zip(FACTORS, one, other, strict=True) if a != b]


def fit_curves(space: Space, alone: Sequence[Candidate], values: Reals, noise: Reals) -> list[Curve]:
    """Curve of each intervention from the values [N] of lines alone, whose variance by chance is `noise` [N].

    Levels and moves are shrunk towards zero by their noise (James and Stein), so that what does nothing has none.
    """
    curves = []
    for place in range(len(space.names)):
        most = min(space.most[place][0], space.decision.budget)
        own = [(at, pounds, way) for at, (line, pounds, way) in enumerate(map(only_line, alone)) if line == place]
        usual, amounts = [at for at, _, way in own if not way], np.array([pounds for _, pounds, way in own if not way])
        best = Curve(0.0, most, max(most, STEP), {})
        least = np.inf
        for bend in (most * part for part in BENDS):
            tried = best._replace(bend=max(bend, STEP))
            shape = tried.shape(amounts)
            level = float(shape @ values[usual]) / max(float(shape @ shape), 1e-12)
            misfit = float(np.square(values[usual] - level * shape).sum())
            if misfit < least - 1e-12:
                error = float((shape**2 * noise[usual]).sum() / (shape @ shape) ** 2)
                least, best = misfit, tried._replace(level=shrunk(level, error))
        moves = {}
        for at, pounds, way in own:
            if way:
                reached = float(best.shape(np.array(pounds)))
                usual_noise = float(noise[usual].mean())
                move = shrunk(float(values[at] - best.level * reached), float(noise[at]) + usual_noise)
                (key,) = differing(space.variants[place][0], space.variants[place][way])
                moves[key] = move / max(reached, 0.05)
        curves.append(best._replace(moves=moves))
    return curves


def shrunk(value: float, variance: float) -> float:
    """Value drawn in towards zero by the variance of its error."""
    return value * max(0.0, 1.0 - variance / value**2) if value else 0.0


def line_values(space: Space, curves: Sequence[Curve], candidates: Sequence[Candidate]) -> Reals:
    """Gains [N, I] of the lines of candidates, each as if it were alone."""
    values = np.zeros((len(candidates), len(space.names)))
    for place, curve in enumerate(curves):
        levels = np.array([
            curve.level + sum(curve.moves.get(key, 0.0) for key in differing(space.variants[place][0], variant))
            for variant in space.variants[place]
        ])  # fmt: skip
        pounds = np.array([each.amounts[place] for each in candidates], np.float64)
        values[:, place] = levels[[each.variants[place] for each in candidates]] * curve.shape(pounds)
    return values


def best_ways(space: Space, curves: Sequence[Curve]) -> list[int]:
    """Way [I] of giving each line that gains most by the curves alone."""
    return [
        max(range(len(ways)), key=lambda at: sum(curve.moves.get(key, 0.0) for key in differing(ways[0], ways[at])))
        for ways, curve in zip(space.variants, curves, strict=True)
    ]


class Surrogate:
    """Gain of any candidate, with its uncertainty, from those that were run."""

    def __init__(self, space: Space, curves: Sequence[Curve], seed: int) -> None:
        self.space, self.curves, self.seed = space, curves, seed
        self._slope, self._level, self._unit = 1.0, 0.0, 1.0
        self._process: object = None

    @ONE_THREAD
    def fit(self, candidates: Sequence[Candidate], values: Reals, noise: Reals) -> None:
        """Fit to values [N] of candidates, whose variance by chance is `noise` [N]."""
        import warnings

        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel

        lines = self.lines(candidates)
        centred = lines - lines.mean()
        ridge = float(noise.mean())
        self._slope = float((centred @ (values - values.mean()) + ridge) / (centred @ centred + ridge))
        self._level = float((values - self._slope * lines).mean())
        rest = values - self._level - self._slope * lines
        self._unit = float(max(rest.std(), np.sqrt(noise.mean()), 1e-9))
        scales = RBF(1.0, (SHORTEST, LONGEST))
        kernel = ConstantKernel(0.5, (0.05, 20.0)) * scales
        process = GaussianProcessRegressor(
            kernel, alpha=noise / self._unit**2 + 1e-6, n_restarts_optimizer=0, random_state=self.seed
        )
        with warnings.catch_warnings():  # a length scale at the end of its range is as good as any
            warnings.simplefilter("ignore")
            self._process = process.fit(self.features(candidates), rest / self._unit)

    def lines(self, candidates: Sequence[Candidate]) -> Reals:
        """Sum [N] of what the lines gain alone."""
        return np.asarray(line_values(self.space, self.curves, candidates).sum(axis=1))

    @ONE_THREAD
    def mean(self, candidates: Sequence[Candidate]) -> Reals:
        """Expected gain [N]."""
        return self._base(candidates) + self._unit * self._process.predict(self.features(candidates))  # type: ignore

    def ranked(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Candidates by their expected gain, the highest first."""
        return [candidates[at] for at in np.argsort(-self.mean(candidates), kind="stable").tolist()]

    @ONE_THREAD
    def samples(self, candidates: Sequence[Candidate], count: int, random: np.random.Generator) -> Reals:
        """Gains [count, N] drawn jointly from what is known."""
        mean, cov = self._process.predict(self.features(candidates), return_cov=True)  # type: ignore
        values, vectors = np.linalg.eigh(cov)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        drawn = mean + random.standard_normal((count, len(mean))) @ root.T
        return np.asarray(self._base(candidates) + self._unit * drawn)

    def features(self, candidates: Sequence[Candidate]) -> Reals:
        """Features [N, F] of candidates."""
        amounts = np.array([each.amounts for each in candidates], np.float64)
        roots = np.sqrt(amounts / self.space.decision.budget)
        parts = [roots]
        for place, variants in enumerate(self.space.variants):
            if len(variants) > 1:
                coded = _codes(variants)[[each.variants[place] for each in candidates]]
                parts.append(OF_WAYS * roots[:, [place]] * coded)
        return np.concatenate(parts, axis=1)

    def _base(self, candidates: Sequence[Candidate]) -> Reals:
        return self._level + self._slope * self.lines(candidates)


def _codes(variants: Sequence[Sequence[object]]) -> Reals:
    """One-hot codes of the factors of variants that differ."""
    columns = []
    for values in zip(*variants, strict=True):
        kinds = list(dict.fromkeys(values))
        if len(kinds) > 1:
            columns += [[float(value == kind) for value in values] for kind in kinds]
    return np.array(columns).T
