"""What every line gains alone: curves of diminishing returns, and what its order, group, split and start move.

A curve is level x (1 - exp(-pounds / bend)) / (1 - exp(-most / bend)), fitted to worlds with that line alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.search.candidates import FACTORS, STEP, Candidate, Space
from pipeline_sim.study.estimates.random_effects import Reals

PARTS = (0.25, 0.5, 1.0)  # of what can be spent on a line, at which it is run alone
BENDS = (0.15, 0.3, 0.6, 1.2, 5.0)  # in parts of what can be spent
MIDDLE = 1  # place in PARTS at which the other ways of giving a line are run


class Point(NamedTuple):
    """A line alone."""

    place: int  # of the intervention
    variant: int
    pounds: float


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


def points_of(space: Space) -> list[Point]:
    """Lines to run alone: the usual way at several amounts, other ways one factor at a time."""
    points = []
    for place, variants in enumerate(space.variants):
        most = min(space.most[place][0], space.decision.budget)
        points += [Point(place, 0, part * most // STEP * STEP) for part in PARTS]
        for at, variant in enumerate(variants[1:], 1):
            if len(differing(variants[0], variant)) == 1:
                points.append(Point(place, at, min(PARTS[MIDDLE] * most, space.most[place][at]) // STEP * STEP))
    return [point for point in points if point.pounds >= STEP]


def differing(one: Sequence[object], other: Sequence[object]) -> list[tuple[str, object]]:
    """Factors in which a variant differs from another, with their values."""
    return [(name, b) for name, a, b in zip(FACTORS, one, other, strict=True) if a != b]


def alone(space: Space, point: Point) -> Candidate:
    """Candidate of one line alone."""
    place, rest = point.place, (0,) * (len(space.names) - 1)
    amount, variant = ((*rest[:place], own, *rest[place:]) for own in (int(point.pounds), point.variant))
    return Candidate(amount, variant)


def fit_curves(space: Space, points: Sequence[Point], values: Reals, noise: Reals) -> list[Curve]:
    """Curve of each intervention from the values [N] of points, whose variance by chance is `noise` [N].

    Levels and moves are shrunk towards zero by their noise (James and Stein), so that what does nothing has none.
    """
    curves = []
    for place in range(len(space.names)):
        most = min(space.most[place][0], space.decision.budget)
        usual = [at for at, point in enumerate(points) if point.place == place and point.variant == 0]
        pounds = np.array([points[at].pounds for at in usual])
        best = Curve(0.0, most, max(most, STEP), {})
        least = np.inf
        for bend in (most * part for part in BENDS):
            tried = best._replace(bend=max(bend, STEP))
            shape = tried.shape(pounds)
            level = float(shape @ values[usual]) / max(float(shape @ shape), 1e-12)
            misfit = float(np.square(values[usual] - level * shape).sum())
            if misfit < least - 1e-12:
                error = float((shape**2 * noise[usual]).sum() / (shape @ shape) ** 2)
                least, best = misfit, tried._replace(level=shrunk(level, error))
        moves = {}
        for at, point in enumerate(points):
            if point.place == place and point.variant:
                reached = float(best.shape(np.array(point.pounds)))
                usual_noise = float(noise[usual].mean())
                move = shrunk(float(values[at] - best.level * reached), float(noise[at]) + usual_noise)
                (key,) = differing(space.variants[place][0], space.variants[place][point.variant])
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
