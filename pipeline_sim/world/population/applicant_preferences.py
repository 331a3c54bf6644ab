"""Preferences of applicants: applications by programme, and the chance that it is the first choice."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.people import PLACES
from pipeline_sim.world.population.national_posts import Posts
from pipeline_sim.world.population.people_mix import by_specialty, mix_of_trainees, places_of, women_of
from pipeline_sim.world.population.population_inputs import (
    Reals,
    foundation_index,
    rows,
    simulated_years,
    usual_years,
    year_series,
)
from pipeline_sim.world.schema.world import World

COMPETITION = "competition.csv"
TURNS = 40  # of meeting one sum, then the other
NO_FIGURE = 1.0  # applications per post where neither a programme nor a similar one has a figure


class Streams(NamedTuple):
    """Application streams of a world."""

    ids: tuple[str, ...]
    first: int  # the stream foundation completers join

    @property
    def second(self) -> tuple[int, ...]:
        """Streams of the second round."""
        return tuple(index for index in range(len(self.ids)) if index != self.first)


def streams(world: World) -> Streams:
    """Streams of a world."""
    ids = tuple(each.id for each in world.streams)
    first = world.programmes[foundation_index(world)].stream_after
    return Streams(ids, ids.index(str(first)))


def competition_ratios(world: World, posts: Posts) -> Reals:
    """Applications per post [P]; without a figure the mean of the same family and stream, or of the stream."""
    known = {row["programme"]: row.number("ratio", least=0) for row in rows(world, COMPETITION)}
    by_family: dict[tuple[str, str | None], list[float]] = {}
    by_stream: dict[str | None, list[float]] = {}
    for each, family in zip(world.programmes, posts.families, strict=True):
        if each.id in known:
            by_family.setdefault((family, each.stream), []).append(known[each.id])
            by_stream.setdefault(each.stream, []).append(known[each.id])
    ratios = []
    for each, family in zip(world.programmes, posts.families, strict=True):
        similar = by_family.get((family, each.stream)) or by_stream.get(each.stream) or [NO_FIGURE]
        ratios.append(known.get(each.id, sum(similar) / len(similar)))
    return np.array(ratios, dtype=np.float64)


def applications(world: World, tables: Posts, posts: Posts) -> Reals:
    """Applications by training year, if the programme is open in it [Y, P]: posts x ratio.

    Posts are the mean of the tables over usual open years, and what levers of supply add in the year.
    """
    run, usual = simulated_years(world), usual_years(world)
    advertised = np.zeros(len(world.programmes))
    for index, programme in enumerate(world.programmes):
        years = [posts.at(year) for year in run[:usual] if programme.recruits_in(year)]
        advertised[index] = tables.advertised[years, index].mean() if years else 0.0
    added = (posts.advertised - tables.advertised)[[posts.at(year) for year in run]]
    return np.maximum(0.0, advertised + added) * competition_ratios(world, posts)


def choice(world: World, demand: Reals) -> Reals:
    """Chance that an applicant of a stream chooses a programme first [Y, S, P], given the applications of a year.

    Rows sum to 1, or 0 without programmes.
    A programme and its successor both have full weight: a row applies to those that recruit in a year.
    """
    own = np.array([[each.stream == stream.id for each in world.programmes] for stream in world.streams])
    table = own[None] * demand[:, None, :]
    sums = table.sum(axis=2, keepdims=True)
    return np.divide(table, sums, out=np.zeros_like(table), where=sums > 0)


def choice_odds(world: World) -> Reals:
    """Odds of choosing each programme, by kind of people [6, P]."""
    own = world.people.choices
    tables = (own.eea.value, own.international.value, own.women.value)
    odds = np.array([by_specialty(world, table) for table in tables])
    places = np.stack([np.ones(len(world.programmes)), *odds[:2]])
    return np.asarray(np.stack([places, places * odds[2]], axis=1).reshape(-1, len(world.programmes)))


def mix_of_applicants(world: World) -> Reals:
    """Mix of kinds of people [Y, S, 6] among applicants: after foundation as published, else that of trainees."""
    people, years = world.people, world.dates.training_years
    abroad = np.array(places_of(people.entrants.value["external"]))[1:]
    recorded = year_series((int(year), share) for year, share in world.recruitment.uk_applicants.value.items())
    uk = recorded.at(list(years))[:, None]
    after_foundation = np.concatenate([uk, (1 - uk) * abroad / max(float(abroad.sum()), 1e-9)], axis=1)
    places = np.tile(
        mix_of_trainees(world).mean(axis=0).reshape(PLACES, -1).sum(axis=1), (len(years), len(world.streams), 1)
    )
    places[:, streams(world).first] = after_foundation
    women = women_of(people)
    return np.asarray((places[..., None] * np.stack([1 - women, women], axis=1)).reshape(*places.shape[:2], -1))


def choice_by_kind(world: World, shares: Reals) -> Reals:
    """Chance that an applicant of a stream chooses a programme first, by year and kind of people [Y, S, 6, P].

    Kinds choose by their odds, and all together as `shares` [Y, S, P] say: both sums are met in turn.
    """
    mix = mix_of_applicants(world)[..., None]
    chosen = mix * shares[:, :, None, :] * choice_odds(world)
    for _ in range(TURNS):
        chosen *= np.divide(mix, total := chosen.sum(axis=3, keepdims=True), where=total > 0, out=np.zeros_like(mix))
        total = chosen.sum(axis=2)
        chosen *= np.divide(shares, total, where=total > 0, out=np.zeros_like(shares))[:, :, None, :]
    return chosen
