"""What is forecast, from when and by what; the score of a forecast, against its closed form and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline_sim.study.fit.discrepancy import PARTS, PRIOR_RECORDS, RETAINED, discrepancies
from pipeline_sim.study.fit.hindcast import crps, draws_at, hindcast
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.fit.validate_model import Verdict

DRAWS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).map(np.array)
VALUES = st.floats(-1e3, 1e3)


def test_the_score_of_a_normal_forecast_is_the_closed_form() -> None:
    draws = np.random.default_rng(1).normal(3.0, 2.0, 4000)
    for value in (-2.0, 3.0, 6.5):
        away = (value - 3.0) / 2.0
        norm = stats.norm
        closed = 2.0 * (away * (2 * norm.cdf(away) - 1) + 2 * norm.pdf(away) - 1 / np.sqrt(np.pi))
        assert crps(draws, value) == pytest.approx(closed, abs=0.1)


def test_a_forecast_without_doubt_is_off_by_its_error() -> None:
    assert crps(np.array([4.0]), 7.0) == 3.0
    assert crps(np.array([4.0, 4.0, 4.0]), 7.0) == 3.0


def test_the_score_is_fair_to_small_ensembles() -> None:
    rng = np.random.default_rng(2)
    small = np.mean([crps(rng.normal(size=2), rng.normal()) for _ in range(20_000)])
    large = np.mean([crps(rng.normal(size=60), rng.normal()) for _ in range(2_000)])
    assert small == pytest.approx(large, abs=0.03)


@pytest.mark.law
@given(DRAWS, VALUES, st.floats(-100, 100), st.floats(0.01, 100))
def test_the_score_moves_with_the_unit(draws: np.ndarray, value: float, shift: float, factor: float) -> None:
    moved = crps(draws * factor + shift, value * factor + shift)
    assert moved == pytest.approx(factor * crps(draws, value), rel=1e-6, abs=1e-6)


PLAIN = {
    "topic": "T", "quantity": "Q", "population": "P", "period": "x", "unit": "doctors", "because": "so",
    "source": {"file": "x.csv", "where": {}}, "publisher": "X", "grade": "A", "role": "fit",
}  # fmt: skip
CLASSES = {"heads": ["T"]}


def record(year: int, value: float, model: float = 100.0, spread: float = 0.0, **changes: object) -> Verdict:
    """A record of a year beside draws of the model."""
    measured = {"kind": "counts", "measures": ["extensions"], "years": [year]}
    told = PLAIN | {"id": f"y{year}", "value": value, "tolerance": 0.1 * value, "model": measured} | changes
    return Verdict(Target.model_validate(told), model * np.exp(spread * np.linspace(-1, 1, 9)))


def test_every_record_after_an_origin_that_did_not_enter_the_model_is_forecast() -> None:
    verdicts = [
        record(2018, 90), record(2019, 95), record(2021, 110), record(2022, 99, id="own", role="input"),
        record(2022, 99, id="guess", grade="C"), record(2022, 99, id="lost", world="lost"),
        record(2021, 0.0, id="none"),
    ]  # fmt: skip
    found = hindcast(verdicts, CLASSES)
    assert [(each.origin, each.verdict.target.id) for each in found.forecasts] == [
        (2018, "y2019"), (2018, "y2021"), (2019, "y2021"), (2020, "y2021"),
    ]  # fmt: skip
    assert [each.no_change for each in found.forecasts] == [5, 20, 15, 15]
    assert [each.trend for each in found.forecasts] == [None, None, 5, 5]
    assert {each.series for each in found.forecasts} == {"y2018"}


def test_a_later_record_does_not_move_a_forecast() -> None:
    """What is known is what was recorded up to the origin: nothing after it enters the range."""
    one, other = (
        hindcast([record(2018, 90), record(2019, 95), record(2021, value)], CLASSES, origins=(2019,))
        for value in (110, 300)
    )
    assert (one.forecasts[0].ensemble == other.forecasts[0].ensemble).all()
    moved = hindcast([record(2018, 90), record(2019, 80), record(2021, 110)], CLASSES, origins=(2019,))
    assert np.median(moved.forecasts[0].ensemble) < np.median(one.forecasts[0].ensemble)


def test_an_origin_takes_draws_by_what_was_known_then() -> None:
    """Draws that give the record of 2019 are taken more often from 2019 on; what was fitted to it is undone before."""
    known, later = record(2019, 80, spread=0.3, population="a"), record(2021, 100, spread=0.3, population="b")
    before, after = (draws_at([known, later], CLASSES, {}, origin) for origin in (2018, 2019))
    assert before.tolist() == list(range(9))
    assert np.log(known.draws[after] / 80).mean() < np.log(known.draws / 80).mean() / 2
    undone = draws_at([known, later], CLASSES, {"y2019": 1e-4}, 2018)
    assert known.draws[undone].mean() > known.draws.mean()


def test_what_is_chance_is_not_carried_on() -> None:
    """A series off by 20 % where draws explain as much: little of it is discrepancy, and the range stays wide."""
    sure, vague = (
        hindcast([record(2018, 80, spread=spread), record(2019, 80)], CLASSES, origins=(2018,)).forecasts[0]
        for spread in (0.0, 0.3)
    )
    assert np.median(vague.ensemble) > np.median(sure.ensemble) + 5


def test_a_discrepancy_stays_in_its_series_and_fades_with_the_years() -> None:
    for year in (2019, 2021):
        (found,) = hindcast([record(2018, 80), record(year, 80)], CLASSES, origins=(2018,)).forecasts
        assert np.median(found.ensemble) == pytest.approx(100 * 0.8 ** (RETAINED ** (year - 2018)))


def test_a_discrepancy_is_its_prior_until_records_say_more() -> None:
    alone = discrepancies([record(2020, 90)], CLASSES, 2019)["heads"]
    assert (alone.sd, alone.freedom, alone.records) == (pytest.approx(0.05), PRIOR_RECORDS, 0)
    rng = np.random.default_rng(1)
    many = [record(2018, 100 * np.exp(0.2 * rng.normal()), id=f"a{n}", population=f"a{n}") for n in range(400)]
    assert discrepancies(many, CLASSES, 2019)["heads"].sd == pytest.approx(0.2, rel=0.1)
    explained = [record(2018, 105, spread=0.5, id=f"a{n}", population=f"a{n}") for n in range(40)]
    assert discrepancies(explained, CLASSES, 2019)["heads"].sd == pytest.approx(0.05, rel=0.2)  # they say little
    series = [record(year, 130, id=f"b{year}") for year in range(2010, 2019)]  # one series is not nine records
    assert discrepancies(series, CLASSES, 2019)["heads"].freedom < PRIOR_RECORDS + 3
    assert len(alone.quantiles()) == PARTS


@pytest.mark.parametrize("truth", [0.0, 0.03, 0.2])
def test_the_estimate_is_unbiased_whether_there_is_a_discrepancy_or_none(truth: float) -> None:
    """Beside the share of the prior; cut off record by record it would be raised. Parameters spread records by 3 %."""
    rng, shares, spread = np.random.default_rng(6), [], 0.03
    for _ in range(300):
        off = np.exp(rng.normal(0, truth, 40) + spread * rng.normal(size=40))
        values = [
            record(2018, 100 * each, id=f"a{n}", population=f"a{n}", tolerance=10 * each) for n, each in enumerate(off)
        ]
        values = [
            each._replace(draws=100 * np.exp(spread * stats.norm.ppf((np.arange(40) + 0.5) / 40))) for each in values
        ]
        found = discrepancies(values, CLASSES, 2019)["heads"]
        weight = found.freedom - PRIOR_RECORDS
        shares.append((found.sd**2 * found.freedom - PRIOR_RECORDS * 0.05**2) / weight)
    assert np.mean(shares) == pytest.approx(truth**2, abs=3 * np.std(shares) / np.sqrt(300) + 0.05 * spread**2)


def test_ranges_cover_what_they_should_when_the_model_is_off_as_the_class_is() -> None:
    rng = np.random.default_rng(4)
    past = [record(2018, 100 * np.exp(0.1 * rng.normal()), id=f"a{n}", population=f"a{n}") for n in range(60)]
    later = [record(2021, 100 * np.exp(0.1 * rng.normal()), id=f"b{n}", population=f"b{n}") for n in range(200)]
    found = hindcast([*past, *later], CLASSES, origins=(2018,))
    low, high = found.covered_between
    assert low <= found.covered <= high
    assert 0.85 < found.covered < 0.95
    placebo = [each._replace(draws=each.draws * 1.5) for each in later]
    assert hindcast([*past, *placebo], CLASSES, origins=(2018,)).covered < 0.2


def test_an_interval_that_misses_is_charged_for_it() -> None:
    (found,) = hindcast([record(2020, 100)], CLASSES, origins=(2019,)).forecasts
    low, high = found.span
    assert found.interval_score == pytest.approx(high - low)
    (missed,) = hindcast([record(2020, 200, tolerance=10)], CLASSES, origins=(2019,)).forecasts
    low, high = missed.span
    assert missed.interval_score == pytest.approx(high - low + 20 * (200 - high))
