"""What it is worth to know single figures, and groups of them, beside what random columns seem to be worth.

Of several hundred figures the best seem to be worth something by chance alone. So half of the draws choose the figures
(screening), the other half values them, and every value stands beside its placebo floor: the 95th percentile of the
same estimate where the figure's values are exchanged between draws. Draws with one row of the posterior sample stay in
one half, and exchange what was fitted row by row: else the row would be known instead of the figure.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.futures import clusters_of, exchanged
from pipeline_sim.decide.information.perfect_information import held_out_value, value_of_expected, value_of_knowing
from pipeline_sim.decide.information.smoothing import Reals, Whole, expected_gains
from pipeline_sim.study.comparison.drawn_parameters import FigureValues

SCREENED, MEMBERS, PLACEBOS, FLOOR = 20, 10, 400, 0.95
ALL_GROUPS = "All figures"


class Worth(NamedTuple):
    """What knowing a figure, or a group of them, is worth, in the unit of the gains."""

    name: str
    figures: int  # in the group; 1 for a figure
    value: float  # of knowing it, by penalised polynomials; of a group, no less than of its members
    floor: float  # of random columns
    held_out: float  # the second estimate, by neighbours of other draws
    held_out_error: float
    chosen: tuple[str, ...]  # figures that the value is of: those that screening chose

    @property
    def above_floor(self) -> bool:
        """True if it is worth more than random columns seem to be."""
        return self.value > self.floor

    @property
    def supported(self) -> bool:
        """True if it is above the floor, and the second estimate agrees that it is worth something."""
        return self.above_floor and self.held_out > 0


class Valued(NamedTuple):
    """Draws by which figures are valued, with weights that add up to 1."""

    columns: Reals  # [D, F]
    fitted: npt.NDArray[np.bool_]  # [F]
    gains: Reals  # [D, K]
    weights: Reals  # [D]
    clusters: Whole  # [D] draws that have a row of the posterior sample in common

    def part(self, chosen: npt.NDArray[np.bool_]) -> "Valued":
        """Some of the draws."""
        weights = self.weights[chosen] / self.weights[chosen].sum()
        clusters = np.unique(self.clusters[chosen], return_inverse=True)[1]
        return Valued(self.columns[chosen], self.fitted, self.gains[chosen], weights, clusters)

    def halves(self, seed: int) -> tuple["Valued", "Valued"]:
        """Two halves that share no cluster."""
        order = np.random.default_rng(seed).permutation(int(self.clusters.max()) + 1)
        sizes = np.bincount(self.clusters, self.weights)[order]
        first = np.zeros(len(order), np.bool_)
        first[order[sizes.cumsum() - sizes / 2 < 0.5]] = True
        return self.part(first[self.clusters]), self.part(~first[self.clusters])

    def exchanged(self, places: Sequence[int], generator: np.random.Generator) -> Reals:
        """Columns [D, P] whose values are exchanged between draws."""
        at = list(places)
        return exchanged(self.columns[:, at], self.fitted[at], self.clusters, generator)


def valued(figures: FigureValues, gains: Reals, weights: Reals) -> Valued:
    """Draws with all their figures and the gains [D, K]."""
    return Valued(figures.values, figures.fitted, gains, weights, clusters_of(figures))


def screened(draws: Valued) -> list[int]:
    """Figures in the order of what knowing them seems to be worth, then of how far gains vary with them."""
    spread = np.sqrt(draws.weights @ (draws.gains - draws.weights @ draws.gains) ** 2)
    scale = np.where(spread > 0, spread, 1.0)
    scores = []
    for place in range(draws.columns.shape[1]):
        expected = expected_gains(draws.columns[:, [place]], draws.gains, draws.weights)
        varies = draws.weights @ ((expected - draws.weights @ expected) / scale) ** 2
        scores.append((value_of_expected(expected, draws.weights), float(varies.sum()), -place))
    return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)


def worth_of_figures(
    names: Sequence[str], draws: Valued, groups: Mapping[str, Sequence[int]], seed: int = 0, most: int = SCREENED
) -> tuple[list[Worth], list[Worth]]:
    """Worth of the figures that screening chose, the highest first, and of groups (places of figures by label)."""
    first, second = draws.halves(seed)
    generator = np.random.default_rng(seed)
    order = screened(first)
    floors = {
        kind: _floor(second, [at for at in order if draws.fitted[at] == kind], generator) for kind in (True, False)
    }
    single = [worth_of(names[at], (at,), names, second, floors[bool(draws.fitted[at])]) for at in order[:most]]
    known = {each.name: each.value for each in single}
    found = []
    for label, places in groups.items():
        chosen = [at for at in order if at in set(places)][:MEMBERS]
        if not chosen:
            continue
        floor = _high([_placebo(second, chosen, generator) for _ in range(PLACEBOS // 4)])
        own = worth_of(label, chosen, names, second, floor)
        least = max((known.get(names[at], 0.0) for at in places), default=0.0)
        found.append(own._replace(figures=len(places), value=max(own.value, least)))
    most_worth = max((each.value for each in found), default=0.0)
    together = worth_of(ALL_GROUPS, order[:MEMBERS], names, second, 0.0)
    floor = _high([_placebo(second, order[:MEMBERS], generator) for _ in range(PLACEBOS // 4)])
    value = max(together.value, most_worth)
    found.sort(key=lambda each: -each.value)
    found.append(together._replace(figures=len(names), floor=floor, value=value))
    return sorted(single, key=lambda each: -each.value), found


def worth_of(name: str, places: Sequence[int], names: Sequence[str], draws: Valued, floor: float) -> Worth:
    """Worth of knowing some figures together, by both estimates."""
    columns = draws.columns[:, list(places)]
    value = value_of_knowing(columns, draws.gains, draws.weights)
    held_out, error = held_out_value(columns, draws.gains, draws.weights, draws.clusters)
    return Worth(name, len(places), value, floor, held_out, error, tuple(names[at] for at in places))


def _floor(draws: Valued, places: Sequence[int], generator: np.random.Generator) -> float:
    """Placebo floor of single figures of a kind, over random ones of them."""
    if not places:
        return 0.0
    values = [_placebo(draws, [int(generator.choice(places))], generator) for _ in range(PLACEBOS)]
    return _high(values)


def _high(values: Sequence[float]) -> float:
    """95th percentile that one more value of the same kind exceeds in no more than 5 %."""
    return float(np.quantile(values, min(FLOOR * (1 + 1 / len(values)), 1.0), method="higher"))


def _placebo(draws: Valued, places: Sequence[int], generator: np.random.Generator) -> float:
    return value_of_knowing(draws.exchanged(places, generator), draws.gains, draws.weights)
