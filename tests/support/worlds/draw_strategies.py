"""How worlds are drawn: examples that are the same on every run, tables with one handle, stretches of time."""

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st

from support.worlds.toy_rulebook import ints

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def examples(count: int) -> settings:
    """The same examples on every run; no deadline, for the first compiles; no worlds printed, for they are long."""
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
    """One of some chances, the plain one first."""
    return st.sampled_from(values)


def table(draw: st.DrawFn, levels: tuple[float, ...], shape: tuple[int, ...]) -> np.ndarray:
    """Filled with one of the levels, or with a mixture of all of them."""
    plain = draw(st.sampled_from((*levels, None)))
    if plain is not None:
        return np.full(shape, plain)
    noise = draw(st.integers(0, 255))
    return np.random.default_rng(noise).choice(np.array(levels), shape)


def window(draw: st.DrawFn, length: int) -> slice:
    """A stretch of days, weeks or months: none of them, all of them, or some."""
    kind = draw(st.sampled_from(("none", "all", "some")))
    if kind != "some":
        return slice(0, length if kind == "all" else 0)
    first = draw(st.integers(0, length))
    return slice(first, draw(st.integers(first, length)))


def prefix(daily: np.ndarray) -> np.ndarray:
    """Prefix sums over days, from 0."""
    return ints(np.concatenate([np.zeros((*daily.shape[:-1], 1)), daily.cumsum(-1)], -1))
