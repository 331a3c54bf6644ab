"""Applicants from outside the model, and doctors outside training on day 0.

Applicants of a round are F2 and core completers (at once or after a break), unsuccessful applicants of the year before
and doctors from outside. In the second round the last are the residual against published unique applicants (UK x the
English share of posts); in the first (`first_round`) UK graduates and doctors from abroad are followed apart, year by
year, because they succeed and apply again at different rates. Published figures are constant outside their years. A
round of calendar year t fills posts of August t, the first day of training year t.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.rules.codes import OUTSIDE
from pipeline_sim.world.population.applicant_preferences import Streams, streams
from pipeline_sim.world.population.foundation import Foundation
from pipeline_sim.world.population.national_posts import Posts
from pipeline_sim.world.population.population_inputs import Reals, YearSeries, rows_about, simulated_years, year_series
from pipeline_sim.world.population.time_in_post import MOST_YEARS, share_completing
from pipeline_sim.world.schema.sourced_value import FigureBy
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

PIPELINE = "evidence/applicants_pipeline_by_year.csv"
GRADE_C = "evidence/assumptions_grade_C.csv"
FIRST, SECOND = "unique applicants R1", "unique applicants R2"
ENGLISH_SHARE = "2023 NHSE share of UK posts in England %"
BREAKS = ("at_once", "one_year", "two_years", "three_years")
YEARS_OF_RETURN = 3


class FirstRound(NamedTuple):
    """Expected applicants of the first round of a calendar year: from foundation here, and the kinds of OUTSIDE."""

    home: float
    outside: tuple[float, float]  # from abroad; UK graduates
    newcomers: tuple[float, float]  # of those, for the first time
    home_again: float  # who get no post and apply again the year after
    outside_again: tuple[float, float]


class ApplicantInputs(NamedTuple):
    """Inputs of the number of applicants."""

    world: World
    posts: Posts
    foundation: Foundation
    demand: Reals  # [Y, P] applications by training year, if the programme is open in it
    streams: Streams
    first: YearSeries  # applicants of the first round, by calendar year
    second: YearSeries
    breaks: tuple[YearSeries, ...]  # shares of F2 completers who apply after each of BREAKS, by cohort
    from_core: dict[tuple[str, int], float]  # core completers by stream and year, as far as known
    shares: dict[int, dict[str, float]]  # of second-round applications by year and stream, as far as known
    rounds: dict[int, FirstRound]  # first rounds, as far as known


def applicant_inputs(world: World, posts: Posts, foundation: Foundation, demand: Reals) -> ApplicantInputs:
    """Inputs of a world."""
    first, second = applicants(world, FIRST), applicants(world, SECOND)
    table = world.recruitment.after_foundation.value.items()
    breaks = tuple(year_series((int(cohort), float(row[name])) for cohort, row in table) for name in BREAKS)
    return ApplicantInputs(world, posts, foundation, demand, streams(world), first, second, breaks, {}, {}, {})


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
    known, started = inputs.foundation, year - inputs.foundation.grades
    first = simulated_years(inputs.world).start - 1
    graduates = known.graduates
    return float(graduates[min(max(started - first, 0), len(graduates) - 1)]) * known.stay**known.grades


def applicants_after_breaks(inputs: ApplicantInputs, year: int, last_cohort: int) -> float:
    """F2 completers of the cohorts up to `last_cohort` who apply in the round of a calendar year."""
    total = 0.0
    for wait, share in enumerate(inputs.breaks):
        if year - wait <= last_cohort:
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
    if year in inputs.shares:
        return inputs.shares[year]
    own: dict[str, list[float]] = {inputs.streams.ids[index]: [] for index in inputs.streams.second}
    everyone, run = [], simulated_years(inputs.world)
    now = inputs.demand[min(max(year, run.start), run.stop - 1) - run.start]
    for programme, applications in zip(inputs.world.programmes, now.tolist(), strict=True):
        if programme.stream in own and programme.recruits_in(year):
            own[programme.stream].append(applications)
            everyone.append(applications)
    total = sum(everyone)
    inputs.shares[year] = {stream: sum(demand) / total if total else 0.0 for stream, demand in own.items()}
    return inputs.shares[year]


def accepted_in(inputs: ApplicantInputs, stream: str, year: int) -> float:
    """Posts of a stream that are filled in a calendar year, in all rounds."""
    own = [index for index, each in enumerate(inputs.world.programmes) if each.stream == stream]
    return float(inputs.posts.accepted[inputs.posts.at(year), own].sum())


def refilled_in(inputs: ApplicantInputs, stream: str, year: int) -> float:
    """Posts of a stream that doctors who resign give up in a year, which the rounds fill too."""
    now = inputs.posts.in_post[inputs.posts.at(year)]
    own = [index for index, each in enumerate(inputs.world.programmes) if each.stream == stream]
    return sum(float(now[index]) * inputs.posts.paces[index].leaves_per_year for index in own)


def reapplicants(inputs: ApplicantInputs, stream: str, year: int, applied: float) -> float:
    """Unsuccessful applicants of the second round of a calendar year who apply again the year after."""
    failed = max(0.0, applied - accepted_in(inputs, stream, year))
    return failed * float(inputs.world.recruitment.again.value[stream])


def first_rounds(inputs: ApplicantInputs) -> dict[int, FirstRound]:
    """First rounds by calendar year, from that for the starts of day 0 on."""
    rounds = inputs.rounds
    for year in () if rounds else simulated_years(inputs.world):
        rounds[year] = first_round(inputs, year, rounds.get(year - 1))
    return rounds


def first_round(inputs: ApplicantInputs, year: int, before: FirstRound | None) -> FirstRound:
    """First round of a calendar year, given that of the year before.

    Published applicants are UK graduates and doctors from abroad (`uk_applicants`), and so are the posts filled
    (`uk_accepted`). UK graduates who are not expected from foundation here come from outside. All who get no post apply
    again with the chance of their kind. Before the first round nobody is known to have failed: the chance is taken to
    have been that of the round itself.
    """
    section, stream = inputs.world.recruitment, inputs.streams.ids[inputs.streams.first]
    again, again_abroad = float(section.again.value[stream]), float(section.again_abroad.value[stream])
    total = float(inputs.first.at([year])[0])
    filled = accepted_in(inputs, stream, year) + refilled_in(inputs, stream, year)
    graduates, filled_here = (total * at(section.uk_applicants, year), filled * at(section.uk_accepted, year))
    firstly, fail = applicants_after_breaks(inputs, year, year), failing(graduates, filled_here)
    if before is None and again * fail >= 1.0:
        raise WorldError(
            f"recruitment.again.value.{stream}: is 1 where no UK graduate gets a post in {year}: none would ever stop "
            "applying; one of again and uk_accepted should be otherwise"
        )
    home = firstly + before.home_again if before else firstly / (1.0 - again * fail)
    outside = (total - graduates, max(0.0, graduates - home))
    known = before.outside_again if before else (0.0, 0.0)
    fail = failing(home + outside[1], filled_here)
    return FirstRound(
        home,
        outside,
        (max(0.0, outside[0] - known[0]), max(0.0, outside[1] - known[1])),
        again * home * fail,
        (again_abroad * outside[0] * failing(outside[0], filled - filled_here), again * outside[1] * fail),
    )


def failing(applicants: float, places: float) -> float:
    """Share of applicants without a place."""
    return 1.0 - min(1.0, places / applicants) if applicants else 0.0


def at(figure: FigureBy, year: int) -> float:
    """Value of a figure by year."""
    return float(year_series((int(each), value) for each, value in figure.value.items()).at([year])[0])


def external_applicants(inputs: ApplicantInputs) -> Reals:
    """Applicants from outside, by OUTSIDE, who first apply for a start in a training year [Y, 2, S].

    Those of the first year find the rounds for its August held: they are who failed in them. In the second round a
    fixed share are UK graduates, who were in posts outside training.
    """
    years, first = simulated_years(inputs.world), first_rounds(inputs)
    applicants = np.zeros((len(years), len(OUTSIDE), len(inputs.streams.ids)))
    published = inputs.second.years
    for row, year in enumerate(years):
        applicants[row, :, inputs.streams.first] = first[year].newcomers if row else first[year].outside_again
        if row:
            nearest = min(max(year, published[0]), published[-1])
            uk, second = inputs.world.recruitment.uk_second.value, list(inputs.streams.second)
            applicants[row][:, second] = np.outer([1 - uk, uk], external_in_second_round(inputs, nearest))
    return applicants


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
    """Doctors outside training on day 0, on a break or unsuccessful, who apply for a start in year 1, 2 or 3 [3, S]."""
    streams, start = inputs.streams, simulated_years(inputs.world).start
    returners = np.zeros((YEARS_OF_RETURN, len(streams.ids)))
    for wait in range(YEARS_OF_RETURN):
        returners[wait, streams.first] = applicants_after_breaks(inputs, start + 1 + wait, start)
    returners[0, streams.first] += first_rounds(inputs)[start].home_again
    applied, share = float(inputs.second.at([start])[0]), second_shares(inputs, start)
    for index in streams.second:
        name = streams.ids[index]
        returners[0, index] = core_completers(inputs, name, start) * inputs.world.recruitment.after_core.value[1]
        returners[0, index] += reapplicants(inputs, name, start, applied * share[name])
    return returners
