"""Studies run by the engine on a world small enough that its truth is a formula.

In each of thirty weeks each of ten F1 doctors of an office is called to a COVID ward, with a chance in doubt; a
programme takes a part in doubt of those calls away. Doctors of other offices are strangers, so each office of a run
belongs to another study. Calls are binomial, and so are those avoided: luck is common, and a word that is below the
lower chance is below the higher one.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.random_effects import Draws, effects, interval, monte_carlo_interval
from pipeline_sim.study.estimates.ranking import variance_components
from pipeline_sim.study.replication.parameter_draws import WORDS, triangular
from support.interval_coverage import Part, Reals, Row, counted
from support.worlds.deterministic_world import deterministic_world
from support.worlds.drawn_studies import mean_of_draws, until_narrow
from support.worlds.toy_rulebook import changed, ints, thresholds

OFFICES, STUDIES = 62, 17  # of a run, and runs: 1,054 meta-experiments
PEOPLE, WEEKS = 10, slice(5, 35)
AT_RISK = PEOPLE * (WEEKS.stop - WEEKS.start)
CHANCE, EFFECT = (0.05, 0.1, 0.18), (0.2, 0.3, 0.6)  # low, stated and high: of a call in a week, of the part taken away
SPENT = (700.0, 1000.0, 1600.0)  # pounds
REPLICATIONS, LUCKS, SEED = 16, 2, 11
MOST, WANTED = 48, 22  # of a study that stops by the rule: replications; draws that would do if the spread were known
CALLED = measure_names().index("redeployed_weeks")


class Studies(NamedTuple):
    """Weeks on wards [R, studies * offices] without the programme, those that it avoids, and what it spends."""

    without: Reals
    avoided: Reals
    spent: Reals


def believed(seed: int, number: int, ends: tuple[float, float, float], which: int, sampled: bool) -> Reals:
    """[offices] what a draw takes a figure to be, by the very rule that draws figures in doubt."""
    if not sampled:
        return np.full(OFFICES, ends[1])
    words = [draw(seed, number, which * OFFICES + office, int(Purpose.PARAMETER), 0)[0] for office in range(OFFICES)]
    return np.array([triangular((word + 0.5) / WORDS, *ends) for word in words])


@cache
def plain() -> Rulebook:
    """The world in which nobody is called."""
    return deterministic_world(2, PEOPLE, OFFICES)


@lru_cache(2)  # with and without the programme: engines know a world again by its identity
def wards(chances: tuple[float, ...]) -> Rulebook:
    """The world in which offices call with such chances."""
    pull = np.zeros_like(plain().redeployment.pull)
    pull[WEEKS] = thresholds(chances)
    return changed(plain(), redeployment={"pull": pull, "weeks": ints([1] * 16)})


def called(chance: Reals, seed: int, replication: int) -> Reals:
    """[offices] weeks on wards in one run of the engine."""
    log = EventLog(keep_rows=False)
    ENGINES["batch"](wards(tuple(chance.tolist())), seed, replication, log, None)
    found = np.zeros(OFFICES)
    for part in log.counts:
        mine = part.measure == CALLED
        np.add.at(found, part.office[mine], part.value[mine])
    return found


@cache
def studies(sampled: bool) -> Studies:
    """Every study, the worlds of a replication under the same luck and the same beliefs."""
    found = []
    for seed in range(SEED, SEED + STUDIES):
        for replication in range(REPLICATIONS if sampled else MOST):
            figures = (CHANCE, EFFECT, SPENT)
            chance, effect, spent = (
                believed(seed, replication // LUCKS, ends, which, sampled) for which, ends in enumerate(figures)
            )
            without = called(chance, seed, replication)
            found.append((without, without - called(chance * (1 - effect), seed, replication), spent))
    table = np.reshape(found, (STUDIES, -1, len(Studies._fields), OFFICES))
    return Studies(*table.transpose(2, 1, 0, 3).reshape(len(Studies._fields), -1, STUDIES * OFFICES))


class Truth(NamedTuple):
    """What the formula says of one figure in doubt."""

    mean: float
    square: float  # mean of its square


def truth(ends: tuple[float, float, float], sampled: bool) -> Truth:
    """Of a triangle, or of a figure as stated."""
    low, mode, high = ends
    if not sampled:
        return Truth(mode, mode**2)
    mean = sum(ends) / 3
    return Truth(mean, mean**2 + (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18)


def expected(sampled: bool) -> tuple[float, float, float]:
    """Of weeks avoided in a replication: mean, and variances owed to the parameters and to luck."""
    chance, effect = truth(CHANCE, sampled), truth(EFFECT, sampled)
    mean, square = chance.mean * effect.mean, chance.square * effect.square
    return AT_RISK * mean, AT_RISK**2 * (square - mean**2), AT_RISK * (mean - square)


def rows() -> list[Row]:
    """How often intervals of what the engine counted hold what the formula says."""
    return [*fixed(False, "chance alone"), *fixed(True, "8 draws"), by_the_rule(), share_of_the_parameters()]


def fixed(sampled: bool, how: str) -> list[Row]:
    """Studies of sixteen replications."""
    draws = Draws.even(REPLICATIONS, LUCKS) if sampled else Draws.one(REPLICATIONS)
    without, avoided, _ = (each[:REPLICATIONS] for each in studies(sampled))
    gain = expected(sampled)[0]
    found = []
    for what, values, right in (
        ("weeks on wards", without, AT_RISK * truth(CHANCE, sampled).mean),
        ("weeks avoided, world less world", avoided, gain),
        ("part of the weeks that is avoided", avoided / without, truth(EFFECT, sampled).mean),
    ):
        ends = monte_carlo_interval(effects(values, draws))
        found.append(counted(f"{what}; 16 replications, {how}", right, *ends))
    return found


def credible() -> list[Part]:
    """What credible intervals of weeks avoided hold of the true ones, from the engine: a figure times a figure."""
    luck = np.random.Generator(np.random.Philox(key=SEED))
    true = AT_RISK * luck.triangular(*CHANCE, 200_000) * luck.triangular(*EFFECT, 200_000)
    true.sort()
    ends = interval(effects(studies(True).avoided[:REPLICATIONS], Draws.even(REPLICATIONS, LUCKS)))
    low, high = (np.searchsorted(true, end) / len(true) for end in ends)
    what = "weeks avoided, run by the engine; 8 draws"
    return [Part(what, len(low), float((high - low).mean()), float(low.mean()), float(1 - high.mean()))]


def by_the_rule() -> Row:
    """Weeks avoided, when each study runs until its interval is narrow enough."""
    gain, _, luck = expected(False)
    study = Study.model_construct(replications=MOST, repeat_every=0, precision=1.96 * (luck / WANTED) ** 0.5)
    ends = []
    for gained in studies(False).avoided.T:
        low, high = mean_of_draws(gained[: until_narrow(study, gained[:, None])])
        ends.append((float(low), float(high)))
    return counted("weeks avoided, until the interval is narrow enough; chance alone", gain, *zip(*ends, strict=True))


def share_of_the_parameters() -> Row:
    """How often the interval of the parameters' part of the variance holds what the formula says."""
    table = variance_components(
        {str(place): values for place, values in enumerate(studies(True).avoided.T)}, Draws.even(REPLICATIONS, LUCKS)
    )
    _, parameters, luck = expected(True)
    ends = table["share_low"].to_numpy(), table["share_high"].to_numpy()
    return counted(
        "the figures' part of the variance of weeks avoided; 8 draws", parameters / (parameters + luck), *ends
    )
