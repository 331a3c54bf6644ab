"""Who applies from outside, and who is outside training on day 0.

Applicants of a round are those whom the model makes itself (F2 and core completers, at once or after a break), those
who failed the year before and come again, and those from abroad or from trust-grade posts. The last are the residual
against published unique applicants (UK x the English part of posts), held flat outside the years published.
A round of calendar year t fills posts of August t; its applicants belong to the training year t - 1.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.world.population.applicant_preferences import Streams, streams
from pipeline_sim.world.population.foundation import Foundation
from pipeline_sim.world.population.national_posts import Posts
from pipeline_sim.world.population.population_inputs import (
    Anchors,
    PopulatedWorld,
    Reals,
    anchors,
    is_open,
    rows_about,
    simulated_years,
)
from pipeline_sim.world.population.time_in_post import MOST_YEARS, finishing

PIPELINE = "evidence/applicants_pipeline_by_year.csv"
GRADE_C = "evidence/assumptions_grade_C.csv"
FIRST, SECOND = "unique applicants R1", "unique applicants R2"
ENGLISH_SHARE = "2023 NHSE share of UK posts in England %"
BREAKS = ("at_once", "one_year", "two_years", "three_years")
YEARS_OF_RETURN = 3


class Market(NamedTuple):
    """All that applicants depend on."""

    world: PopulatedWorld
    posts: Posts
    foundation: Foundation
    wanted: Reals  # [P] applications in a year in which a programme is open
    streams: Streams
    first: Anchors  # applicants of the first round, by calendar year
    second: Anchors


def market(world: PopulatedWorld, posts: Posts, foundation: Foundation, wanted: Reals) -> Market:
    """The market of a world."""
    first, second = applicants(world, FIRST), applicants(world, SECOND)
    return Market(world, posts, foundation, wanted, streams(world), first, second)


def english_share(world: PopulatedWorld) -> float:
    """Part of UK posts that are in England."""
    return rows_about(world, GRADE_C, "parameter", ENGLISH_SHARE)[0].number("mode", least=0, most=100) / 100


def applicants(world: PopulatedWorld, measure: str) -> Anchors:
    """Unique applicants for posts in England, by calendar year of the round."""
    share = english_share(world)
    about = rows_about(world, PIPELINE, "measure", measure)
    return anchors((row.whole("year"), row.number("value", least=0) * share) for row in about)


def f2_completers(known: Market, year: int) -> float:
    """F2 completers in the summer of a calendar year; before the run as in its first, after it as in its last."""
    first = simulated_years(known.world).start + 1
    graduates = known.foundation.graduates
    return float(graduates[min(max(year - first, 0), len(graduates) - 1)]) * known.foundation.stay**2


def from_breaks(known: Market, year: int, last_cohort: int) -> float:
    """F2 completers of the cohorts up to `last_cohort` who apply in the round of a calendar year."""
    table = known.world.recruitment.after_foundation.value
    total = 0.0
    for wait, name in enumerate(BREAKS):
        if year - wait <= last_cohort:
            parts = anchors((int(cohort), float(row[name])) for cohort, row in table.items())
            total += f2_completers(known, year - wait) * float(parts.at([year - wait])[0])
    return total


def core_completers(known: Market, stream: str, year: int) -> float:
    """Doctors who finish core training in the summer of a calendar year and join a stream."""
    posts, total = known.posts, 0.0
    now = posts.at(year)
    for place, programme in enumerate(known.world.programmes):
        if programme.stage == "core" and programme.stream_after == stream:
            cohorts = posts.accepted[now - MOST_YEARS + 1 : now + 1, place][::-1]
            total += float(cohorts @ finishing(posts.paces[place], posts.ltft_growth[now]))
    return total


def second_share(known: Market, stream: str, year: int) -> float:
    """Part of all second-round applications that go to a stream's programmes in a calendar year."""
    second = {known.streams.ids[place] for place in known.streams.second}
    weights = [
        (each.stream, float(weight))
        for each, weight in zip(known.world.programmes, known.wanted, strict=True)
        if each.stream in second and is_open(each, year)
    ]
    total = sum(weight for _, weight in weights)
    return sum(weight for name, weight in weights if name == stream) / total if total else 0.0


def again(known: Market, stream: str, year: int, applied: float) -> float:
    """Of those who applied in the round of a calendar year, the number who failed and come again the year after."""
    mine = [place for place, each in enumerate(known.world.programmes) if each.stream == stream]
    failed = applied - float(known.posts.accepted[known.posts.at(year), mine].sum())
    return max(0.0, failed) * float(known.world.recruitment.again.value[stream])


def rounds_of_run(known: Market, published: Anchors) -> list[int]:
    """For each training year of the run, the published round nearest to the one it prepares."""
    first, last = published.years[0], published.years[-1]
    return [min(max(year + 1, first), last) for year in simulated_years(known.world)]


def external(known: Market) -> Reals:
    """[Y, S] applicants from abroad or trust-grade posts who first apply in a training year."""
    found = np.zeros((len(simulated_years(known.world)), len(known.streams.ids)))
    for place, year in enumerate(rounds_of_run(known, known.first)):
        found[place, known.streams.first] = first_round(known, year)
    for place, year in enumerate(rounds_of_run(known, known.second)):
        found[place, list(known.streams.second)] = second_round(known, year)
    return found


def first_round(known: Market, year: int) -> float:
    """Applicants from outside in the first round of a calendar year."""
    before, now = (float(value) for value in known.first.at([year - 1, year]))
    inside = from_breaks(known, year, year) + again(known, known.streams.ids[known.streams.first], year - 1, before)
    return max(0.0, now - inside)


def second_round(known: Market, year: int) -> Reals:
    """[streams of the second round] applicants from outside in a calendar year; all together fill the gap."""
    at_once, gap_year = known.world.recruitment.after_core.value
    before, now = (float(value) for value in known.second.at([year - 1, year]))
    inside, gaps = 0.0, []
    for place in known.streams.second:
        name = known.streams.ids[place]
        mine = core_completers(known, name, year) * at_once + core_completers(known, name, year - 1) * gap_year
        mine += again(known, name, year - 1, before * second_share(known, name, year - 1))
        inside += mine
        gaps.append(max(0.0, now * second_share(known, name, year) - mine))
    total = sum(gaps)
    return np.array(gaps) * (max(0.0, now - inside) / total if total else 1.0)


def returners(known: Market) -> Reals:
    """[3, S] doctors outside training on day 0 who apply in year 0, 1, 2: on a break, or failed before."""
    ids, start = known.streams, simulated_years(known.world).start
    found = np.zeros((YEARS_OF_RETURN, len(ids.ids)))
    for wait in range(YEARS_OF_RETURN):
        found[wait, ids.first] = from_breaks(known, start + 1 + wait, start)
    found[0, ids.first] += again(known, ids.ids[ids.first], start, float(known.first.at([start])[0]))
    applied = float(known.second.at([start])[0])
    for place in ids.second:
        name = ids.ids[place]
        found[0, place] = core_completers(known, name, start) * known.world.recruitment.after_core.value[1]
        found[0, place] += again(known, name, start, applied * second_share(known, name, start))
    return found
