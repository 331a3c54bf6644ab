"""Surrogate of a search: the sum of the lines' own curves, and a Gaussian process for what that leaves.

Features are the square roots of shares of the budget, and the same again for how each line is given. N mixes, F
features.
"""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline_sim.decide.search.candidates import Candidate, Space
from pipeline_sim.decide.search.curves import Curve, line_values
from pipeline_sim.study.estimates.random_effects import Reals

OF_WAYS = 0.5  # weight of how a line is given beside that of its amount
ONE_THREAD = threadpool_limits.wrap(limits=1, user_api="blas")  # many small problems; sums in one order on any machine
SHORTEST, LONGEST = 0.2, 5.0  # length scales, in features


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
