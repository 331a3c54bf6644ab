"""Hypothesis settings and strategies for worlds: equal examples in every run, whole tables, periods of time."""

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st

from support.worlds.toy_rulebook import ints

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def examples(count: int) -> settings:
    """Settings for `count` examples, equal in every run, without deadline (the first compiles) and without printing."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=SLOW,
        verbosity=Verbosity.quiet,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


def chances(*values: float) -> st.SearchStrategy[float]:
    """Strategy of one of some probabilities, the simplest first."""
    return st.sampled_from(values)


def table(draw: st.DrawFn, levels: tuple[float, ...], shape: tuple[int, ...]) -> np.ndarray:
    """A table of a given shape that holds one of the levels, or a mixture of them all."""
    plain = draw(st.sampled_from((*levels, None)))
    if plain is not None:
        return np.full(shape, plain)
    noise = draw(st.integers(0, 255))
    return np.random.default_rng(noise).choice(np.array(levels), shape)


def window(draw: st.DrawFn, length: int) -> slice:
    """A period of days, weeks or months: none of them, all of them, or some."""
    kind = draw(st.sampled_from(("none", "all", "some")))
    if kind != "some":
        return slice(0, length if kind == "all" else 0)
    first = draw(st.integers(0, length))
    return slice(first, draw(st.integers(first, length)))


def prefix(daily: np.ndarray) -> np.ndarray:
    """Prefix sums over the last axis, from 0."""
    return ints(np.concatenate([np.zeros((*daily.shape[:-1], 1)), daily.cumsum(-1)], -1))
