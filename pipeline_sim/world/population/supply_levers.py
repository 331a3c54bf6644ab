"""Levers of supply: posts that they add to those of the tables, by year, programme and office.

Entrants fill posts cohort by cohort, as those of the tables do: at the share filled of their programme, and multiplied
by the factor that reconciles its tables. Nothing before the first year that a lever names depends on it.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np

from pipeline_sim.world.population.national_posts import FOUNDATION_FAMILY, Posts, surviving_cohorts
from pipeline_sim.world.population.population_inputs import Reals, simulated_years
from pipeline_sim.world.reading.layers import file_with
from pipeline_sim.world.schema.sourced_value import FigureBy
from pipeline_sim.world.schema.supply import SupplyLever
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError, world_error

NEAR = 1e-6
What = Literal["posts", "advertised"]


class AddedPosts(NamedTuple):
    """What a lever adds, by calendar year of `Posts` and programme."""

    lever: SupplyLever
    advertised: Reals  # [N, P] posts for entrants of a year
    accepted: Reals  # [N, P] of those, filled
    in_post: Reals  # [N, P]
    posts: Reals  # [N, P] establishment


def lever_error(world: World, text: str, *name: str) -> WorldError:
    """Error of a lever by name, or of all of them, with the file that sets it."""
    path = ("supply", "levers", *name)
    return world_error(file_with(world.layers, path), path, text)


def from_first_year(figure: FigureBy, years: Iterable[int], before: float = 0.0) -> Reals:
    """Values by year, `before` up to the first year that the figure names and constant after the last."""
    known = sorted((int(year), value) for year, value in figure.value.items())
    return np.interp(tuple(years), [year for year, _ in known], [value for _, value in known], left=before)


def added_posts(world: World, posts: Posts) -> list[AddedPosts]:
    """What each lever adds to the posts of the tables; raises WorldError for one that finds no posts, or takes more."""
    levers = world.supply.levers if world.supply is not None else {}
    added = [of_one_lever(world, posts, name, lever) for name, lever in levers.items()]
    left = posts.advertised + sum(each.advertised for each in added)
    for year, programme in zip(*np.nonzero(left < 0), strict=True):
        name = world.programmes[programme].id
        text = f"take more posts of {name} than there are in {posts.calendar[year]}"
        raise lever_error(world, text)
    return added


def of_one_lever(world: World, posts: Posts, name: str, lever: SupplyLever) -> AddedPosts:
    """What a lever adds, shared over its programmes as their posts for entrants are in the year."""
    own = np.array(
        [is_moved(lever, each.id, family) for each, family in zip(world.programmes, posts.families, strict=True)]
    )
    base, moved = posts.advertised * own, from_first_year(lever.by_year, posts.calendar)
    total = base.sum(axis=1)
    missing = np.flatnonzero((total == 0) & (moved != 0))
    if missing.size:
        raise lever_error(world, f"none of its programmes recruits in {posts.calendar[missing[0]]}", name)
    shares = base / np.where(total > 0, total, 1.0)[:, None]
    if lever.posts is not None:
        nobody = np.zeros_like(base)
        return AddedPosts(lever, nobody, nobody, nobody, shares * moved[:, None])
    factor = np.cumprod(1.0 + moved) - 1.0
    advertised = base * factor[:, None] if lever.growth is not None else shares * moved[:, None] * posts.factor
    accepted = advertised * filled(posts)
    in_post = surviving_cohorts(accepted, posts.paces, posts.ltft_growth)
    needed = (in_post + advertised - accepted) / world.recruitment.posts_held.value
    return AddedPosts(lever, advertised, accepted, in_post, needed)


def is_moved(lever: SupplyLever, programme: str, family: str) -> bool:
    """True if a lever moves posts of a programme: those it names, or all; never those it leaves out, or foundation."""
    named = programme in (lever.programmes or (programme,)) and programme not in lever.besides
    return named and family != FOUNDATION_FAMILY


def filled(posts: Posts) -> Reals:
    """Share of the posts for entrants that is filled [N, P]."""
    return np.divide(posts.accepted, posts.advertised, out=np.zeros_like(posts.accepted), where=posts.advertised > 0)


def with_added(posts: Posts, added: list[AddedPosts]) -> Posts:
    """National series with what levers add to entrants and doctors in post."""
    if not added:
        return posts
    return Posts(
        posts.calendar, posts.families, posts.paces, posts.ltft_growth,
        posts.advertised + sum(each.advertised for each in added),
        posts.accepted + sum(each.accepted for each in added),
        posts.in_post + sum(each.in_post for each in added), posts.factor,
    )  # fmt: skip


def added_by_office(
    world: World, calendar: range, added: list[AddedPosts], shares: Reals, what: What
) -> Iterator[Reals]:
    """Posts, or those advertised, [Y, P, O] that each lever adds in the training years of the run.

    Raises WorldError for a lever in offices that have no posts of a programme.
    """
    run = [calendar.index(year) for year in simulated_years(world)]
    for name, each in zip(world.supply.levers if world.supply is not None else (), added, strict=True):
        within = np.array([not each.lever.offices or office.id in each.lever.offices for office in world.offices])
        own, more = shares * within, getattr(each, what)[run]
        total = own.sum(axis=1, keepdims=True)
        for programme in np.flatnonzero((total[:, 0] == 0) & more.any(axis=0)):
            raise lever_error(world, f"none of its offices has posts of {world.programmes[programme].id}", name)
        yield more[:, :, None] * np.divide(own, total, out=np.zeros_like(own), where=total > 0)


def with_added_by_office(
    world: World, calendar: range, added: list[AddedPosts], shares: Reals, what: What, before: Reals
) -> Reals:
    """Posts, or those advertised, [Y, P, O] with what levers add; raises WorldError where they take more."""
    left = sum(added_by_office(world, calendar, added, shares, what), before)
    for year, programme, office in np.argwhere(left < -NEAR):
        names = f"{world.programmes[programme].id} in {world.offices[office].id}"
        raise lever_error(world, f"take more posts of {names} than there are in {simulated_years(world)[year]}")
    return np.maximum(0.0, left)
