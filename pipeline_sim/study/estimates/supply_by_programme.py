"""Supply by programme and year: posts and entrants as planned, doctors who start and finish, posts without a doctor.

Posts are those of the tables and of levers of supply as stated, not drawn. Entrants planned are the posts for entrants
of a year; in foundation those are the doctors who start. More may start: posts given up by who resigns are filled too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.study.estimates.intervals import Estimate, level_and_interval
from pipeline_sim.study.estimates.random_effects import Draws, Reals
from pipeline_sim.study.replication.paired_worlds import population_of
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import PROGRAMME_MEASURES, WorldReplications
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.population.national_posts import reconciled_posts
from pipeline_sim.world.population.supply_levers import added_posts
from pipeline_sim.world.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

EVERYONE = "all programmes"
INDICATORS = ("posts", "planned_starts", "started", "headcount", "shortfall", "completed")
FINISHED = [PROGRAMME_MEASURES.index(name) for name in ("foundation_completions", "core_completions", "ccts")]


class Supply(NamedTuple):
    """Supply of the baseline and of the worlds with levers; a mix leaves posts as they are."""

    by_programme: "pd.DataFrame"  # world, programme (EVERYONE last, without foundation), year, indicator; Estimate
    costs: "pd.DataFrame"  # world, lever; columns label, posts (of the last year), post_years, gbp (NaN: no price)


def supply_of(
    samples: Mapping[str, WorldReplications], specs: Mapping[str, WorldSpec], base: str, scale: float, draws: Draws
) -> Supply:
    """Supply of the baseline and of every world with levers of supply."""
    every = {name: world_of(spec) for name, spec in specs.items()}
    worlds = {name: world for name, world in every.items() if name == base or (world.supply and not world.mix)}
    return Supply(by_programme(samples, worlds, scale, draws), costs_of_levers(worlds))


def by_programme(
    samples: Mapping[str, WorldReplications], worlds: Mapping[str, World], scale: float, draws: Draws
) -> "pd.DataFrame":
    """Estimates by world, programme, year and indicator."""
    import pandas as pd

    peopled: list[tuple[World, Population]] = []
    tables = {}
    for name, world in worlds.items():
        counts = samples[name].by_programme / scale
        recruiting = np.array([each.stream is not None for each in world.programmes])
        values = amounts(counts, population_of(world, peopled), recruiting, world.reported_from)
        keys = [*(each.id for each in world.programmes), EVERYONE], world.dates.training_years[world.reported_from :]
        index = pd.MultiIndex.from_product([*keys, INDICATORS], names=["programme", "year", "indicator"])
        parts = (part.ravel() for part in level_and_interval(values, draws, [INDICATORS.index("shortfall")]))
        tables[name] = pd.DataFrame(dict(zip(Estimate._fields, parts, strict=True)), index=index)
    return pd.concat(tables, names=["world"])


def amounts(counts: Reals, people: Population, recruiting: npt.NDArray[np.bool_], first: int) -> Reals:
    """Indicators [R, P + 1, Y, I] from counts [R, P, Y, Q]; the last programme is the sum of those that recruit."""
    posts, entrants = people.establishment[first:].sum(axis=2).T, people.entrants[first:].T
    started, in_post = (counts[..., PROGRAMME_MEASURES.index(name)] for name in ("started", "headcount"))
    planned = np.where(recruiting[:, None], entrants, started)
    columns = (posts, planned, started, in_post, posts - in_post, counts[..., FINISHED].sum(axis=-1))
    values = np.stack(np.broadcast_arrays(*columns), axis=-1)
    return np.concatenate([values, values[:, recruiting].sum(axis=1, keepdims=True)], axis=1)


def costs_of_levers(worlds: Mapping[str, World]) -> "pd.DataFrame":
    """Posts that levers add in the last year, post-years and pounds over the reported years, as stated."""
    import pandas as pd

    rows = []
    for name, world in worlds.items():
        levers = world.supply.levers if world.supply is not None else {}
        tables = reconciled_posts(world)
        run = [tables.at(year) for year in world.dates.training_years[world.reported_from :]]
        for lever, added in zip(levers, added_posts(world, tables), strict=True):
            posts, cost = added.posts[run].sum(axis=1), added.lever.cost
            gbp = float(posts.sum()) * cost.value if cost is not None else np.nan
            rows.append((name, lever, added.lever.label, float(posts[-1]), float(posts.sum()), gbp))
    table = pd.DataFrame(rows, columns=["world", "lever", "label", "posts", "post_years", "gbp"])
    return table.set_index(["world", "lever"])
