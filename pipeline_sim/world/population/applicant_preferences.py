"""What applicants want: applications a programme gets, and the chance that an applicant of a stream names it first."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.world.population.national_posts import Posts
from pipeline_sim.world.population.population_inputs import (
    PopulatedWorld,
    Reals,
    foundation_of,
    is_open,
    rows,
    simulated_years,
)

COMPETITION = "competition.csv"
NO_FIGURE = 1.0  # applications a post where neither a programme nor one like it has a figure


class Streams(NamedTuple):
    """Streams of a world."""

    ids: tuple[str, ...]
    first: int  # the stream foundation completers join

    @property
    def second(self) -> tuple[int, ...]:
        """Streams of the second round."""
        return tuple(place for place in range(len(self.ids)) if place != self.first)


def streams(world: PopulatedWorld) -> Streams:
    """The streams of a world."""
    ids = tuple(each.id for each in world.streams)
    first = world.programmes[foundation_of(world)].stream_after
    return Streams(ids, ids.index(str(first)))


def ratios(world: PopulatedWorld, posts: Posts) -> Reals:
    """[P] applications a post; where there is no figure the mean of the same family and stream, or of the stream."""
    known = {row["programme"]: row.number("ratio", least=0) for row in rows(world, COMPETITION)}
    kin: dict[tuple[str, str | None], list[float]] = {}
    peers: dict[str | None, list[float]] = {}
    for each, family in zip(world.programmes, posts.families, strict=True):
        if each.id in known:
            kin.setdefault((family, each.stream), []).append(known[each.id])
            peers.setdefault(each.stream, []).append(known[each.id])
    found = []
    for each, family in zip(world.programmes, posts.families, strict=True):
        alike = kin.get((family, each.stream)) or peers.get(each.stream) or [NO_FIGURE]
        found.append(known.get(each.id, sum(alike) / len(alike)))
    return np.array(found, dtype=np.float64)


def applications(world: PopulatedWorld, posts: Posts) -> Reals:
    """[P] applications in a year in which a programme is open: mean posts of its open years times ratio."""
    found = np.zeros(len(world.programmes))
    for place, programme in enumerate(world.programmes):
        years = [posts.at(year) for year in simulated_years(world) if is_open(programme, year)]
        found[place] = posts.advertised[years, place].mean() if years else 0.0
    return found * ratios(world, posts)


def choice(world: PopulatedWorld, wanted: Reals) -> Reals:
    """[S, P] chance that an applicant of a stream names a programme first; rows sum to 1 (0 if a stream has none).

    A programme and its successor both stand there with full weight: a row holds among those that recruit that year.
    """
    mine = np.array([[each.stream == stream.id for each in world.programmes] for stream in world.streams])
    table = mine * wanted
    sums = table.sum(axis=1, keepdims=True)
    return np.divide(table, sums, out=np.zeros_like(table), where=sums > 0)
