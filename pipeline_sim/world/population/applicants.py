"""Applicants from outside the model, and doctors outside training on day 0.

Applicants of a round are F2 and core completers (at once or after a break), unsuccessful applicants of the year before
and applicants from abroad or trust-grade posts. The last are the residual against published unique applicants (UK x the
English share of posts), constant outside the years published. A round of calendar year t fills posts of August t; its
applicants belong to the training year t - 1.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.world.population.applicant_preferences import Streams, streams
from pipeline_sim.world.population.foundation import Foundation
from pipeline_sim.world.population.national_posts import Posts
from pipeline_sim.world.population.population_inputs import Reals, YearSeries, rows_about, simulated_years, year_series
from pipeline_sim.world.population.time_in_post import MOST_YEARS, share_completing
from pipeline_sim.world.schema.world import World

PIPELINE = "evidence/applicants_pipeline_by_year.csv"
GRADE_C = "evidence/assumptions_grade_C.csv"
FIRST, SECOND = "unique applicants R1", "unique applicants R2"
ENGLISH_SHARE = "2023 NHSE share of UK posts in England %"
BREAKS = ("at_once", "one_year", "two_years", "three_years")
YEARS_OF_RETURN = 3


class ApplicantInputs(NamedTuple):
    """Inputs of the number of applicants."""

    world: World
    posts: Posts
    foundation: Foundation
    demand: Reals  # [P] applications in a year in which a programme is open
    streams: Streams
    first: YearSeries  # applicants of the first round, by calendar year
    second: YearSeries
    from_core: dict[tuple[str, int], float]  # core completers by stream and year, as far as known


def applicant_inputs(world: World, posts: Posts, foundation: Foundation, demand: Reals) -> ApplicantInputs:
    """Inputs of a world."""
    first, second = applicants(world, FIRST), applicants(world, SECOND)
    return ApplicantInputs(world, posts, foundation, demand, streams(world), first, second, {})


def english_share(world: World) -> float:
    """Share of UK posts that are in England."""
    return rows_about(world, GRADE_C, "parameter", ENGLISH_SHARE)[0].number("mode", least=0, most=100) / 100


def applicants(world: World, measure: str) -> YearSeries:
    """Unique applicants for posts in England, by calendar year of the round."""
    share = english_share(world)
    about = rows_about(world, PIPELINE, "measure", measure)
    return year_series((row.whole("year"), row.number("value", least=0) * share) for row in about)


def f2_completers(inputs: ApplicantInputs, year: int) -> float:
    """F2 completers in the summer of a calendar year; constant before and after the run."""
    first = simulated_years(inputs.world).start + 1
    graduates = inputs.foundation.graduates
    return float(graduates[min(max(year - first, 0), len(graduates) - 1)]) * inputs.foundation.stay**2


def applicants_after_breaks(inputs: ApplicantInputs, year: int, last_cohort: int) -> float:
    """F2 completers of the cohorts up to `last_cohort` who apply in the round of a calendar year."""
    table = inputs.world.recruitment.after_foundation.value
    total = 0.0
    for wait, name in enumerate(BREAKS):
        if year - wait <= last_cohort:
            share = year_series((int(cohort), float(row[name])) for cohort, row in table.items())
            total += f2_completers(inputs, year - wait) * float(share.at([year - wait])[0])
    return total


def core_completers(inputs: ApplicantInputs, stream: str, year: int) -> float:
    """Doctors who finish core training in the summer of a calendar year and join a stream."""
    posts, total = inputs.posts, 0.0
    if (stream, year) in inputs.from_core:
        return inputs.from_core[stream, year]
    now = posts.at(year)
    for index, programme in enumerate(inputs.world.programmes):
        if programme.stage == "core" and programme.stream_after == stream:
            cohorts = posts.accepted[now - MOST_YEARS + 1 : now + 1, index][::-1]
            total += float(cohorts @ share_completing(posts.paces[index], posts.ltft_growth[now]))
    inputs.from_core[stream, year] = total
    return total


def second_shares(inputs: ApplicantInputs, year: int) -> dict[str, float]:
    """Share of second-round applications that go to each stream's programmes in a calendar year."""
    own: dict[str, list[float]] = {inputs.streams.ids[index]: [] for index in inputs.streams.second}
    everyone = []
    for programme, applications in zip(inputs.world.programmes, inputs.demand.tolist(), strict=True):
        if programme.stream in own and programme.recruits_in(year):
            own[programme.stream].append(applications)
            everyone.append(applications)
    total = sum(everyone)
    return {stream: sum(demand) / total if total else 0.0 for stream, demand in own.items()}


def reapplicants(inputs: ApplicantInputs, stream: str, year: int, applied: float) -> float:
    """Unsuccessful applicants of the round of a calendar year who apply again the year after."""
    own = [index for index, each in enumerate(inputs.world.programmes) if each.stream == stream]
    failed = applied - float(inputs.posts.accepted[inputs.posts.at(year), own].sum())
    return max(0.0, failed) * float(inputs.world.recruitment.again.value[stream])


def published_rounds(inputs: ApplicantInputs, published: YearSeries) -> list[int]:
    """Published round nearest to that prepared by each training year of the run."""
    first, last = published.years[0], published.years[-1]
    return [min(max(year + 1, first), last) for year in simulated_years(inputs.world)]


def external_applicants(inputs: ApplicantInputs) -> Reals:
    """Applicants from abroad or trust-grade posts who first apply in a training year [Y, S]."""
    applicants = np.zeros((len(simulated_years(inputs.world)), len(inputs.streams.ids)))
    for row, year in enumerate(published_rounds(inputs, inputs.first)):
        applicants[row, inputs.streams.first] = external_in_first_round(inputs, year)
    for row, year in enumerate(published_rounds(inputs, inputs.second)):
        applicants[row, list(inputs.streams.second)] = external_in_second_round(inputs, year)
    return applicants


def external_in_first_round(inputs: ApplicantInputs, year: int) -> float:
    """Applicants from outside in the first round of a calendar year."""
    before, now = (float(value) for value in inputs.first.at([year - 1, year]))
    stream = inputs.streams.ids[inputs.streams.first]
    inside = applicants_after_breaks(inputs, year, year) + reapplicants(inputs, stream, year - 1, before)
    return max(0.0, now - inside)


def external_in_second_round(inputs: ApplicantInputs, year: int) -> Reals:
    """Applicants from outside in the second round of a calendar year [its streams], filling the total gap."""
    at_once, gap_year = inputs.world.recruitment.after_core.value
    before, now = (float(value) for value in inputs.second.at([year - 1, year]))
    share, share_before = second_shares(inputs, year), second_shares(inputs, year - 1)
    inside, gaps = 0.0, []
    for index in inputs.streams.second:
        name = inputs.streams.ids[index]
        own = core_completers(inputs, name, year) * at_once + core_completers(inputs, name, year - 1) * gap_year
        own += reapplicants(inputs, name, year - 1, before * share_before[name])
        inside += own
        gaps.append(max(0.0, now * share[name] - own))
    total = sum(gaps)
    return np.array(gaps) * (max(0.0, now - inside) / total if total else 1.0)


def returners_on_day_0(inputs: ApplicantInputs) -> Reals:
    """Doctors outside training on day 0, on a break or unsuccessful, who apply in year 0, 1 or 2 [3, S]."""
    streams, start = inputs.streams, simulated_years(inputs.world).start
    returners = np.zeros((YEARS_OF_RETURN, len(streams.ids)))
    for wait in range(YEARS_OF_RETURN):
        returners[wait, streams.first] = applicants_after_breaks(inputs, start + 1 + wait, start)
    first = streams.ids[streams.first]
    returners[0, streams.first] += reapplicants(inputs, first, start, float(inputs.first.at([start])[0]))
    applied, share = float(inputs.second.at([start])[0]), second_shares(inputs, start)
    for index in streams.second:
        name = streams.ids[index]
        returners[0, index] = core_completers(inputs, name, start) * inputs.world.recruitment.after_core.value[1]
        returners[0, index] += reapplicants(inputs, name, start, applied * share[name])
    return returners
