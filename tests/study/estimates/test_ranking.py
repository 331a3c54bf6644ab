"""Probabilities and which mix is best, by hand and on studies whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.estimates.ranking import (
    BANDS,
    MOST_DRAWS,
    NOT_SETTLED,
    UNKNOWN,
    acceptability_curve,
    band,
    best_choices,
    chance_of,
    choices,
    pairwise_differences,
    variance_components,
    wilson,
)
from pipeline_sim.study.replication.repeated_draws import draws_of_replications

GAINED = {"a": np.array([5.0, 1.0, 4.0, 4.0]), "b": np.array([3.0, 2.0, 4.0, 1.0])}
FOUR = Draws.even(4, 1)


def test_the_best_is_counted_and_equals_share() -> None:
    found = choices(GAINED, FOUR)
    assert found["probability"].to_dict() == {"a": 2.5 / 4, "b": 1.5 / 4}
    assert found["expected_loss"].to_dict() == {"a": 0.25, "b": 1.25}
    assert (
        (found["probability_low"] < found["probability"]) & (found["probability"] < found["probability_high"])
    ).all()
    assert choices({}, FOUR).empty


def test_weights_count() -> None:
    found = choices(GAINED, Draws.even(4, 1, np.array([1.0, 3.0, 0.0, 0.0])))
    assert found["probability"].to_dict() == {"a": 0.25, "b": 0.75}


def test_doing_nothing_is_best_where_a_month_is_worth_nothing() -> None:
    cost = {"a": np.full(4, 10_000.0), "b": np.full(4, 1_000.0)}
    found = acceptability_curve(GAINED, cost, "nothing", FOUR)
    assert found.loc[0.0, "probability"].to_dict() == {"nothing": 1, "a": 0, "b": 0}
    assert found.loc[20_000.0, "probability"].to_dict() == {"nothing": 0, "a": 0.5, "b": 0.5}
    assert np.allclose(found["probability"].groupby("gbp_a_month").sum(), 1)
    assert found["on_frontier"].groupby("gbp_a_month").sum().eq(1).all()
    assert found.loc[0.0, "expected_loss_gbp"].to_dict() == {"nothing": 0, "a": 10_000, "b": 1_000}
    assert (found["probability_low"] <= found["probability"]).all()


def test_programmes_are_paired() -> None:
    found = pairwise_differences(GAINED, FOUR)
    assert found.loc[("a", "b"), "mean"] == pytest.approx(1.0)
    assert found.loc[("a", "b"), "low"] < 0 < found.loc[("a", "b"), "high"]
    assert found.loc[("a", "b"), "probability"] == 0.5


@pytest.mark.parametrize(
    ("mean", "count", "chance"), [(0.0, 20, 1.0), (1.0, 60, 1.0), (1.0, 200, 3.0), (2.0, 200, 1.0)]
)
def test_probabilities_are_calibrated(mean: float, count: int, chance: float) -> None:
    """True values are normal with a spread of 1: the probability of a gain is known."""
    truth, draws, found = stats.norm.cdf(mean), Draws.even(2 * count, 2), []
    luck = np.random.default_rng(count)
    for _ in range(300):
        values = (mean + luck.standard_normal(count))[draws.of] + chance * luck.standard_normal(2 * count)
        found.append(chance_of(values, draws))
    assert np.mean([each.probability for each in found]) == pytest.approx(truth, abs=0.03)
    assert np.mean([each.probability_low <= truth <= each.probability_high for each in found]) > 0.93
    assert np.mean([each.verdict not in (NOT_SETTLED, band(truth)) for each in found]) < 0.03


def test_being_best_is_calibrated() -> None:
    ahead, count = np.array([0.0, 0.0, -0.3, -0.6, -2.0]), 80
    luck, draws = np.random.default_rng(4), Draws.even(2 * count, 2)
    many = (ahead + 0.7 * luck.standard_normal((200_000, 5))).argmax(axis=1)
    truth = np.bincount(many, minlength=5) / len(many)
    sums, held = np.zeros(5), []
    for _ in range(150):
        true = ahead + 0.7 * luck.standard_normal((count, 5)) + luck.standard_normal((count, 1))
        seen = true[draws.of] + 0.7 * luck.standard_normal((2 * count, 5)) + 2 * luck.standard_normal((2 * count, 1))
        found = choices({str(place): seen[:, place] for place in range(5)}, draws)
        sums += found["probability"].to_numpy()
        held.append((found["probability_low"] <= truth) & (truth <= found["probability_high"]))
    assert np.allclose(sums / 150, truth, atol=0.02)
    assert np.mean(held) > 0.95


def test_a_verdict_is_one_band_or_not_settled() -> None:
    assert [band(each) for each in (1.0, 0.9, 0.89, 0.5, 0.2, 0.0)] == [
        "very likely", "very likely", "likely", "about as likely as not", "unlikely", "very unlikely",
    ]  # fmt: skip
    eight, forty = (chance_of(np.arange(1.0, count + 1), Draws.even(count, 1)) for count in (8, 40))
    assert (eight.verdict, forty.verdict) == (NOT_SETTLED, BANDS[0][1])
    assert 30 < eight.draws_to_settle < 45
    assert forty.draws_to_settle == 40


def test_buying_draws_changes_no_settled_verdict() -> None:
    """Of a gain whose probability is 97.7 %: once it is settled it stays what it is."""
    values = 2 + np.random.default_rng(5).standard_normal(2000)
    verdicts = [chance_of(values[:count], Draws.even(count, 1)).verdict for count in range(20, 2001, 20)]
    assert set(verdicts) == {NOT_SETTLED, BANDS[0][1]}
    assert verdicts[-1] == BANDS[0][1]


def test_a_probability_at_an_edge_is_never_settled() -> None:
    values = np.where(np.arange(1000) % 10, 1.0, -1.0)
    found = chance_of(np.repeat(values, 2), Draws.even(2000, 2))
    assert (found.verdict, found.draws_to_settle) == (NOT_SETTLED, MOST_DRAWS)


def test_chance_in_single_replications_pulls_a_share_and_is_not_taken_for_a_verdict() -> None:
    """Every draw truly gains 1; chance of standard deviation 3 leaves three fifths above zero."""
    values = 1.0 + 3.0 * np.random.default_rng(1).standard_normal(400)
    found = chance_of(values, Draws.even(400, 1))
    assert (found.verdict, found.probability_high, found.draws_to_settle) == (NOT_SETTLED, 1.0, 0)
    assert 0.5 < found.probability_low < found.probability < 0.7
    assert chance_of(np.full(64, 1.0), Draws.even(64, 1)).verdict == "very likely"  # the pull is away from that


def test_figures_as_stated_give_no_probability_however_many_replications() -> None:
    values = 100.0 + np.random.default_rng(1).standard_normal(2000)
    assert np.isnan(chance_of(values, Draws.one(2000)).probability)
    table = choices({"a": values, "b": values + 50.0}, Draws.one(2000))
    assert set(table["verdict"]) == {UNKNOWN}


def test_nothing_gained_is_no_gain_and_one_replication_settles_nothing() -> None:
    assert chance_of(np.zeros(60), Draws.even(60, 2))[:2] == (0.0, 0.0)
    one = chance_of(np.ones(1), Draws.even(1, 2))
    assert np.isnan(one.probability)
    assert one.verdict == UNKNOWN


def test_wilson_by_hand() -> None:
    assert wilson(1.0, 8) == pytest.approx((8 / (8 + 1.959964**2), 1.0))
    assert wilson(0.5, 1e9) == pytest.approx((0.5, 0.5), abs=1e-4)


def test_parameters_and_luck_are_told_apart() -> None:
    luck = np.random.default_rng(1)
    draws = np.repeat(luck.normal(0, 10, 4000), 2)
    raw = {"a": draws + luck.normal(0, 3, 8000), "b": luck.normal(0, 3, 8000)}
    found = variance_components(raw, Draws.even(8000, 2))
    assert found.loc["a", ["parameters_sd", "chance_sd"]].tolist() == pytest.approx([10, 3], rel=0.05)
    assert found.loc["a", "share_low"] < 100 / 109 < found.loc["a", "share_high"]
    assert found.loc["b", "parameters_sd"] < 0.6
    assert found.loc["b", "chance_sd"] == pytest.approx(3, rel=0.05)


def test_the_share_of_the_parameters_by_hand() -> None:
    """Draws 0 and 4, each with luck of 1 either way: luck 2, means 8 apart less half of luck."""
    found = variance_components({"a": np.array([-1.0, 1.0, 3.0, 5.0])}, Draws.even(4, 2)).loc["a"]
    assert found["parameters_sd"] == pytest.approx(7**0.5)
    assert found["chance_sd"] == pytest.approx(2**0.5)
    assert found["parameters_share"] == pytest.approx(7 / 9)
    ratio = 8 / (2 / 2)
    ends = [ratio / stats.f.ppf(part, 1, 2) for part in (0.975, 0.025)]
    assert [found["share_low"], found["share_high"]] == pytest.approx([max((f - 1) / (f + 1), 0) for f in ends])


def test_a_variance_below_nothing_is_none() -> None:
    """Luck spreads more than the means of draws do."""
    found = variance_components({"a": np.array([-5.0, 5.0, -4.0, 4.0, -6.0, 6.0])}, Draws.even(6, 2)).loc["a"]
    assert found[["parameters_sd", "parameters_share", "share_low", "share_high"]].tolist() == [0, 0, 0, 0]


def test_no_luck_or_nothing_at_all() -> None:
    raw = {"sure": np.array([1.0, 1.0, 2.0, 2.0]), "idle": np.zeros(4)}
    found = variance_components(raw, Draws.even(4, 2))
    assert found.loc["sure"].tolist()[1:] == [0, 1, 1, 1]
    assert found.loc["idle"].isna().tolist() == [False, False, True, True, True]


@pytest.mark.parametrize("draws", [Draws.even(8, 1), Draws.one(2)])
def test_one_luck_or_one_draw_cannot_tell(draws: Draws) -> None:
    assert variance_components({"a": np.arange(float(len(draws.of)))}, draws).empty


@pytest.mark.parametrize(("replications", "short"), [(45, 0.25), (250, 0.06)])
def test_few_draws_of_many_alike_mixes_claim_too_little_rather_than_too_much(replications: int, short: float) -> None:
    """One of 14 mixes that go together is ahead: its probability is drawn towards equal, its loss is not too small."""
    rng, draws = np.random.default_rng(5), Draws.alike(draws_of_replications(replications, 4))
    size, found = len(draws.weights), []
    for _ in range(60):
        true = rng.normal(size=(size, 1)) + 0.5 * rng.normal(size=(size, 14)) + (np.arange(14) == 0)
        best = best_choices(true[draws.of] + rng.normal(size=(replications, 14)), draws)
        loss = (true.max(axis=1) - true[:, 0]).mean()
        found.append((best.share[0] - (true.argmax(axis=1) == 0).mean(), best.loss[0] - loss))
    probability, loss = np.mean(found, axis=0)
    assert -short < probability < 0.03
    assert loss > -0.02


def test_the_frontier_is_of_the_highest_mean_net_benefit_and_not_of_the_highest_probability() -> None:
    gained = {"often": np.array([1.0] * 9 + [0.0]), "rarely": np.array([0.0] * 9 + [100.0])}
    curve = acceptability_curve(gained, dict.fromkeys(gained, np.zeros(10)), "none", Draws.even(10, 1))
    at = curve.xs(20_000.0, level="gbp_a_month")
    assert at["on_frontier"].to_dict() == {"none": False, "often": False, "rarely": True}
    assert at["probability"].idxmax() == "often"
