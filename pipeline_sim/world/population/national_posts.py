"""National posts and doctors in post, by year and programme.

Intake is posts advertised x the share filled (table `posts`). Doctors in post are the survivors of earlier intakes
(`time_in_post`). The establishment adds the unfilled posts, so that in a steady state vacancies equal the posts
advertised. Each family is then reconciled with its published headcount by one factor (`headcount_targets`).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.world.population.headcount_targets import EVERYONE, Target, clipped, scaled_to_total, targets
from pipeline_sim.world.population.people_mix import women_in_post
from pipeline_sim.world.population.population_inputs import (
    Reals,
    YearSeries,
    foundation_index,
    missing_row,
    rows,
    simulated_years,
    year_series,
)
from pipeline_sim.world.population.time_in_post import MOST_YEARS, Pace, factors, grade_shares, pace, share_present
from pipeline_sim.world.reading.csv_row import CsvRow
from pipeline_sim.world.reading.csv_tables import FileStamp, cached_rows, file_stamp
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

POSTS = "posts.csv"
FOUNDATION = "foundation.csv"
FOUNDATION_FAMILY = "Foundation"


class Intake(NamedTuple):
    """Intake of a programme: its family, posts advertised a year and the share filled."""

    family: str
    posts: YearSeries
    fill: YearSeries


@dataclass(frozen=True)
class Posts:
    """National series by calendar year of the August start; those of foundation are 0."""

    calendar: range  # N years, from before the oldest cohort to the year after the run
    families: tuple[str, ...]  # [P]
    paces: tuple[Pace, ...]  # [P]
    ltft_growth: Reals  # [N]
    advertised: Reals  # [N, P] posts
    accepted: Reals  # [N, P] of those, filled
    in_post: Reals  # [N, P] doctors just after the August changeover
    factor: Reals  # [P] by which reconciliation moved the three series above

    def at(self, year: int) -> int:
        """Index of a calendar year."""
        return self.calendar.index(year)

    @property
    def establishment(self) -> Reals:
        """Doctors in post and unfilled posts [N, P]."""
        return self.in_post + self.advertised - self.accepted


def intakes(world: World) -> dict[str, Intake]:
    """Intakes by programme id; a row may be about several programmes that follow one another. Read-only."""
    return _intakes(file := world.evidence(POSTS), file_stamp(file))


@lru_cache(maxsize=16)
def _intakes(file: Path, _stamp: FileStamp) -> dict[str, Intake]:
    by_programme: dict[str, list[CsvRow]] = {}
    for row in cached_rows(file):
        for programme in row["programmes"].split():
            by_programme.setdefault(programme, []).append(row)
    return {
        programme: Intake(
            lines[0]["family"],
            year_series((line.whole("year"), line.number("posts", least=0)) for line in lines),
            year_series((line.whole("year"), line.number("fill", least=0, most=1)) for line in lines),
        )
        for programme, lines in by_programme.items()
    }


def foundation_doctors(world: World) -> YearSeries:
    """Foundation doctors by training year; raises WorldError without rows."""
    points = [(row.whole("year"), row.number("doctors", least=0)) for row in rows(world, FOUNDATION)]
    if not points:
        raise WorldError(f"{world.evidence(FOUNDATION)}: no rows")
    return year_series(points)


def programme_family(world: World, known: dict[str, Intake], index: int) -> str:
    """Family of a programme; raises WorldError if the table `posts` has none."""
    programme = world.programmes[index]
    if index == foundation_index(world):
        return FOUNDATION_FAMILY
    if programme.id not in known:
        raise missing_row(world, POSTS, programme.id, known)
    return known[programme.id].family


def calendar_years(world: World) -> range:
    """Years of the run and the year after, of the targets, and of the cohorts in post in the first of them."""
    run = simulated_years(world)
    published = [target.training_year for target in targets(world).values()]
    return range(min(run.start, *published) - MOST_YEARS, max(run.stop + 1, *(year + 1 for year in published)))


def unreconciled_posts(world: World) -> Posts:
    """National series before reconciliation."""
    known, held, calendar = intakes(world), factors(world), calendar_years(world)
    families = tuple(programme_family(world, known, index) for index in range(len(world.programmes)))
    women = women_in_post(world).tolist()
    paces = tuple(pace(world, each, held, share) for each, share in zip(world.programmes, women, strict=True))
    advertised = np.zeros((len(calendar), len(families)))
    accepted = np.zeros_like(advertised)
    for index, programme in enumerate(world.programmes):
        if index != foundation_index(world):
            entering = np.array([programme.recruits_in(year) for year in calendar])
            advertised[:, index] = known[programme.id].posts.at(calendar) * entering
            accepted[:, index] = known[programme.id].fill.at(calendar) * advertised[:, index]
    growth = ltft_growth(world, paces, accepted, calendar)
    in_post = surviving_cohorts(accepted, paces, growth)
    return Posts(calendar, families, paces, growth, advertised, accepted, in_post, np.ones(len(families)))


def ltft_growth(world: World, paces: tuple[Pace, ...], accepted: Reals, calendar: range) -> Reals:
    """Factor [N] on the shares less than full time by group that gives the national share of each year."""
    year = targets(world)[EVERYONE].training_year
    doctors = accepted[calendar.index(year)] * np.array([each.years for each in paces])
    doctors[foundation_index(world)] = foundation_doctors(world).at([year])[0]
    mean = doctors @ np.array([each.ltft for each in paces]) / doctors.sum()
    by_year = year_series((int(year), share) for year, share in world.life.ltft.value.items())
    return by_year.at(calendar) / mean


def surviving_cohorts(accepted: Reals, paces: tuple[Pace, ...], growth: Reals) -> Reals:
    """Doctors in post from earlier intakes [N, P]; intakes before the first year are taken to equal it."""
    before = np.repeat(accepted[:1], MOST_YEARS, axis=0)
    cohorts = np.concatenate([before, accepted])[1:]
    latest_first = np.lib.stride_tricks.sliding_window_view(cohorts, MOST_YEARS, axis=0)[..., ::-1]  # [N, P, ages]
    stays = np.stack([share_present(each, growth) for each in paces], axis=1)
    return np.asarray(np.matmul(latest_first[..., None, :], stays[..., None])[..., 0, 0])


def family_counts(posts: Posts, year: int) -> dict[str, float]:
    """Doctors in post by family, without foundation."""
    counts: dict[str, float] = {}
    for family, doctors in zip(posts.families, posts.in_post[posts.at(year)], strict=True):
        if family != FOUNDATION_FAMILY:
            counts[family] = counts.get(family, 0.0) + float(doctors)
    return counts


def complete_families(world: World) -> set[str]:
    """Families of which the world has every programme; others are not reconciled."""
    own = {each.id for each in world.programmes}
    known = intakes(world)
    return {intake.family for intake in known.values()} - {
        intake.family for programme, intake in known.items() if programme not in own
    }


def reconciled_counts(world: World, counts: dict[str, float], known: dict[str, Target]) -> dict[str, float]:
    """Reconciled doctors in post by family; the total is met if the world has all families."""
    complete = complete_families(world)
    names = [family for family in counts if family in known and family in complete]
    raw = np.array([counts[family] for family in names])
    low = np.array([known[family].low for family in names])
    high = np.array([known[family].high for family in names])
    everyone = known[EVERYONE]
    if set(names) == set(known) - {EVERYONE, FOUNDATION_FAMILY}:
        foundation = float(foundation_doctors(world).at([everyone.training_year])[0])
        reconciled = scaled_to_total(raw, low, high, everyone.mode - foundation)
    else:
        reconciled = clipped(raw, low, high)
    return {**counts, **dict(zip(names, reconciled.tolist(), strict=True))}


def reconciled_posts(world: World) -> Posts:
    """National series reconciled with published headcounts."""
    raw, known = unreconciled_posts(world), targets(world)
    counts = family_counts(raw, known[EVERYONE].training_year)
    reconciled = reconciled_counts(world, counts, known)
    factor = np.array([reconciled[family] / counts[family] if family in counts else 1.0 for family in raw.families])
    return Posts(
        raw.calendar, raw.families, raw.paces, raw.ltft_growth,
        raw.advertised * factor, raw.accepted * factor, raw.in_post * factor, factor,
    )  # fmt: skip


def stock_by_grade(world: World, posts: Posts, year: int) -> Reals:
    """Doctors in post just after the August changeover of a year, by grade [P, 8]; 0 for foundation."""
    now = posts.at(year)
    stock = np.zeros((len(posts.families), MAX_GRADES))
    for index, programme in enumerate(world.programmes):
        cohorts = posts.accepted[now - MOST_YEARS + 1 : now + 1, index][::-1]
        staying = cohorts * share_present(posts.paces[index], posts.ltft_growth[now])
        shares = grade_shares(posts.paces[index], len(programme.grades), posts.ltft_growth[now])
        stock[index, : len(programme.grades)] = staying @ shares
    return stock
