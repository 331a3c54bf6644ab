"""What it is worth to know single figures, and groups of them, beside what random columns seem to be worth.

Of several hundred figures the best seem to be worth something by chance alone. So half of the draws choose the figures
(screening), and the other half values them: once as they are, and again and again with their values exchanged between
draws. That gives every value its placebo floor, and the floor of the highest of its kind, which is what the figure that
seems to be worth most has to exceed. Draws with one row of the posterior sample stay in one half, and exchange what was
fitted row by row: else the row would be known instead of the figure.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.decide.futures import exchanged
from pipeline_sim.decide.information.smoothing import Reals, Whole, expected_gains
from pipeline_sim.decide.information.value_of_information import (
    EXCHANGES,
    held_out_value,
    placebo_floor,
    value_of_expected,
    value_of_knowing,
)

SCREENED, MEMBERS = 20, 10
ALL_GROUPS = "All figures"


class Worth(NamedTuple):
    """What knowing a figure, or a group of them, is worth, in the unit of the gains."""

    name: str
    figures: int  # in the group; 1 for a figure
    value: float  # of knowing it, by penalised polynomials; of a group, no less than of its members
    floor: float  # of random columns
    floor_of_most: float  # of the highest of as many figures, or groups, of random columns
    held_out: float  # the second estimate, by neighbours of other draws
    held_out_error: float
    chosen: tuple[str, ...]  # figures that the value is of: those that screening chose

    @property
    def supported(self) -> bool:
        """True if it is worth more than the best of as many random ones, and the second estimate finds something."""
        return self.value > self.floor_of_most and self.held_out > 0


class Valued(NamedTuple):
    """Draws by which figures are valued."""

    columns: Reals  # [D, F]
    fitted: npt.NDArray[np.bool_]  # [F]
    gains: Reals  # [D, K]
    clusters: Whole  # [D] draws that have a row of the posterior sample in common

    def halves(self) -> tuple["Valued", "Valued"]:
        """Two halves that share no cluster."""
        order = np.random.default_rng(0).permutation(int(self.clusters.max()) + 1)
        sizes = np.bincount(self.clusters)[order].cumsum()
        first = np.isin(self.clusters, order[2 * sizes <= sizes[-1]])
        return self._part(first), self._part(~first)

    def _part(self, chosen: npt.NDArray[np.bool_]) -> "Valued":
        clusters = np.unique(self.clusters[chosen], return_inverse=True)[1]
        return Valued(self.columns[chosen], self.fitted, self.gains[chosen], clusters)


def screened(draws: Valued) -> list[int]:
    """Figures in the order of what knowing them seems to be worth, then of how far gains vary with them."""
    scale = np.where(draws.gains.std(axis=0) > 0, draws.gains.std(axis=0), 1.0)
    scores = []
    for place in range(draws.columns.shape[1]):
        expected = expected_gains(draws.columns[:, [place]], draws.gains)
        varies = (expected / scale).var(axis=0).sum()
        scores.append((value_of_expected(expected), float(varies), -place))
    return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)


def worth_of_figures(
    names: Sequence[str],
    draws: Valued,
    groups: Mapping[str, Sequence[int]],
    most: int = SCREENED,
    exchanges: int = EXCHANGES,
) -> tuple[list[Worth], list[Worth]]:
    """Worth of the figures that screening chose, and of groups (places of figures by label), the highest first.

    Last of the groups are all figures together.
    """
    first, second = draws.halves()
    order, generator = screened(first), np.random.default_rng(0)
    chosen = {label: [at for at in order if at in set(places)][:MEMBERS] for label, places in groups.items()}
    chosen = {label: places for label, places in chosen.items() if places} | {ALL_GROUPS: order[:MEMBERS]}
    every = {**groups, ALL_GROUPS: range(len(names))}
    single = order[:most]

    def values(columns: Reals) -> list[list[float]]:
        """Values of single figures and of groups; a group is worth no less than its members."""

        def known(places: Sequence[int]) -> float:
            return value_of_knowing(columns[:, list(places)], second.gains)

        alone = {at: known([at]) for at in single}
        together: list[float] = []
        for label, places in chosen.items():
            members = (value for at, value in alone.items() if at in every[label])
            together.append(max(known(places), *members, *(together if label == ALL_GROUPS else ()), 0.0))
        return [list(alone.values()), together]

    mixed = (exchanged(second.columns, second.fitted, second.clusters, generator) for _ in range(exchanges))
    own, others = values(second.columns), [values(columns) for columns in mixed]
    sets = [(names[at], 1, [at]) for at in single], [(label, len(every[label]), at) for label, at in chosen.items()]
    found: list[list[Worth]] = []
    for kind, rows in enumerate(sets):
        placebo = np.array([each[kind] for each in others])
        highest = placebo_floor(placebo.max(axis=1).tolist())
        found.append([])
        for place, (name, count, at) in enumerate(rows):
            floors = placebo_floor(placebo[:, place].tolist()), highest
            held_out = held_out_value(second.columns[:, at], second.gains, second.clusters)
            found[-1].append(Worth(name, count, own[kind][place], *floors, *held_out, tuple(names[n] for n in at)))
    figures, (*parts, whole) = found
    return sorted(figures, key=lambda each: -each.value), [*sorted(parts, key=lambda each: -each.value), whole]
