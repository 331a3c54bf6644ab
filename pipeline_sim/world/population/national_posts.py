"""Posts and doctors in post, by training year and programme, for the whole country. Offices: `population_offices`.

Intake comes first: posts advertised a year and the part of them filled (table `posts`). Doctors in post are the
intakes of earlier years that are still there (`time_in_post`). The establishment is those doctors and the posts left
empty, so that in a settled year vacancies equal the posts advertised. Families are then reconciled (`reconcile`): one
factor a family, on intake, posts and doctors alike.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import MAX_GRADES
from pipeline_sim.world.population.headcount_targets import EVERYONE, Target, scaled_within, targets, within
from pipeline_sim.world.population.population_inputs import (
    Anchors,
    PopulatedWorld,
    Reals,
    anchors,
    foundation_of,
    is_open,
    missing,
    rows,
    simulated_years,
)
from pipeline_sim.world.population.time_in_post import MOST_YEARS, Pace, grade_shares, pace, present
from pipeline_sim.world.reading.csv_tables import Cells
from pipeline_sim.world.world_error import WorldError

POSTS = "posts.csv"
FOUNDATION = "foundation.csv"
FOUNDATION_FAMILY = "Foundation"


class Intake(NamedTuple):
    """What is known of one programme: its family, posts advertised a year and the part filled."""

    family: str
    posts: Anchors
    fill: Anchors


@dataclass(frozen=True)
class Posts:
    """National series, by calendar year of the August start. Foundation has zeros in all but `paces` and `families`."""

    calendar: range  # N years, from before the oldest cohort to the year after the run
    families: tuple[str, ...]  # [P]
    paces: tuple[Pace, ...]  # [P]
    ltft_growth: Reals  # [N]
    advertised: Reals  # [N, P] posts
    accepted: Reals  # [N, P] of those, filled
    in_post: Reals  # [N, P] doctors just after the August changeover
    factor: Reals  # [P] by which reconciliation moved the three series above

    def at(self, year: int) -> int:
        """Place of a calendar year."""
        return self.calendar.index(year)

    @property
    def establishment(self) -> Reals:
        """[N, P] doctors in post and posts left empty."""
        return self.in_post + self.advertised - self.accepted


def intakes(world: PopulatedWorld) -> dict[str, Intake]:
    """By programme id; a row may be about several programmes that follow one another."""
    found: dict[str, list[Cells]] = {}
    for row in rows(world, POSTS):
        for programme in row["programmes"].split():
            found.setdefault(programme, []).append(row)
    return {
        programme: Intake(
            lines[0]["family"],
            anchors((line.whole("year"), line.number("posts", least=0)) for line in lines),
            anchors((line.whole("year"), line.number("fill", least=0, most=1)) for line in lines),
        )
        for programme, lines in found.items()
    }


def foundation_doctors(world: PopulatedWorld) -> Anchors:
    """F1 and F2 doctors by training year."""
    points = [(row.whole("year"), row.number("doctors", least=0)) for row in rows(world, FOUNDATION)]
    if not points:
        raise WorldError(f"{world.evidence(FOUNDATION)}: no rows")
    return anchors(points)


def family_of(world: PopulatedWorld, known: dict[str, Intake], place: int) -> str:
    """The family a programme is counted in."""
    programme = world.programmes[place]
    if place == foundation_of(world):
        return FOUNDATION_FAMILY
    if programme.id not in known:
        raise missing(world, POSTS, programme.id, known)
    return known[programme.id].family


def calendar_of(world: PopulatedWorld) -> range:
    """Years that matter: those of the run and the one whose round it prepares last, those of the targets, and the
    cohorts still in post in the first of them."""
    run = simulated_years(world)
    wanted = [target.year for target in targets(world).values()]
    return range(min(run.start, *wanted) - MOST_YEARS, max(run.stop + 1, *(year + 1 for year in wanted)))


def raw_posts(world: PopulatedWorld) -> Posts:
    """The series before reconciliation."""
    known, calendar = intakes(world), calendar_of(world)
    families = tuple(family_of(world, known, place) for place in range(len(world.programmes)))
    paces = tuple(pace(world, each) for each in world.programmes)
    advertised = np.zeros((len(calendar), len(families)))
    accepted = np.zeros_like(advertised)
    for place, programme in enumerate(world.programmes):
        if place != foundation_of(world):
            entering = np.array([is_open(programme, year) for year in calendar])
            advertised[:, place] = known[programme.id].posts.at(calendar) * entering
            accepted[:, place] = known[programme.id].fill.at(calendar) * advertised[:, place]
    growth = ltft_growth(world, paces, accepted, calendar)
    in_post = still_there(accepted, paces, growth)
    return Posts(calendar, families, paces, growth, advertised, accepted, in_post, np.ones(len(families)))


def ltft_growth(world: PopulatedWorld, paces: tuple[Pace, ...], accepted: Reals, calendar: range) -> Reals:
    """[N] what multiplies the parts less than full time by group, so that all doctors have that of the year."""
    year = targets(world)[EVERYONE].year
    doctors = accepted[calendar.index(year)] * np.array([each.years for each in paces])
    doctors[foundation_of(world)] = foundation_doctors(world).at([year])[0]
    together = doctors @ np.array([each.ltft for each in paces]) / doctors.sum()
    by_year = anchors((int(year), share) for year, share in world.life.ltft.value.items())
    return by_year.at(calendar) / together


def still_there(accepted: Reals, paces: tuple[Pace, ...], growth: Reals) -> Reals:
    """[N, P] doctors of all earlier intakes who are present; years before the first are taken to be like it."""
    years, programmes = accepted.shape
    before = np.repeat(accepted[:1], MOST_YEARS, axis=0)
    cohorts = np.concatenate([before, accepted])
    found, stays = np.empty_like(accepted), [present(each, growth) for each in paces]
    for year in range(years):
        latest_first = cohorts[year + MOST_YEARS : year : -1]
        for place in range(programmes):
            found[year, place] = latest_first[:, place] @ stays[place][year]
    return found


def family_counts(posts: Posts, year: int) -> dict[str, float]:
    """Doctors in post by family, foundation left out."""
    counts: dict[str, float] = {}
    for family, doctors in zip(posts.families, posts.in_post[posts.at(year)], strict=True):
        if family != FOUNDATION_FAMILY:
            counts[family] = counts.get(family, 0.0) + float(doctors)
    return counts


def whole_families(world: PopulatedWorld) -> set[str]:
    """Families of which the world has every programme; half a family is not reconciled."""
    mine = {each.id for each in world.programmes}
    known = intakes(world)
    return {intake.family for intake in known.values()} - {
        intake.family for programme, intake in known.items() if programme not in mine
    }


def settled_counts(world: PopulatedWorld, counts: dict[str, float], known: dict[str, Target]) -> dict[str, float]:
    """Doctors in post by family, reconciled; the total is met if the world has all families."""
    whole = whole_families(world)
    names = [family for family in counts if family in known and family in whole]
    raw = np.array([counts[family] for family in names])
    low = np.array([known[family].low for family in names])
    high = np.array([known[family].high for family in names])
    everyone = known[EVERYONE]
    if set(names) == set(known) - {EVERYONE, FOUNDATION_FAMILY}:
        foundation = float(foundation_doctors(world).at([everyone.year])[0])
        settled = scaled_within(raw, low, high, everyone.mode - foundation)
    else:
        settled = within(raw, low, high)
    return {**counts, **dict(zip(names, settled.tolist(), strict=True))}


def settled_posts(world: PopulatedWorld) -> Posts:
    """The series reconciled with published headcounts."""
    raw, known = raw_posts(world), targets(world)
    counts = family_counts(raw, known[EVERYONE].year)
    settled = settled_counts(world, counts, known)
    factor = np.array([settled[family] / counts[family] if family in counts else 1.0 for family in raw.families])
    return Posts(
        raw.calendar, raw.families, raw.paces, raw.ltft_growth,
        raw.advertised * factor, raw.accepted * factor, raw.in_post * factor, factor,
    )  # fmt: skip


def stock_by_grade(world: PopulatedWorld, posts: Posts, year: int) -> Reals:
    """[P, 8] doctors in post just after the August changeover of a year, by grade; none of foundation."""
    now = posts.at(year)
    found = np.zeros((len(posts.families), MAX_GRADES))
    for place, programme in enumerate(world.programmes):
        cohorts = posts.accepted[now - MOST_YEARS + 1 : now + 1, place][::-1]
        staying = cohorts * present(posts.paces[place], posts.ltft_growth[now])
        shares = grade_shares(posts.paces[place], len(programme.grades), posts.ltft_growth[now])
        found[place, : len(programme.grades)] = staying @ shares
    return found
