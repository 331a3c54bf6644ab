"""95 % intervals hold what is true in 93 to 97 of 100 studies: of the engine's small worlds, and of drawn ones."""

import numpy as np
import pytest
from support.interval_coverage import counted
from support.render_coverage import PAGE, calibrated, credible, filled, measured
from support.worlds.drawn_studies import Rule, stopped

from pipeline_sim.study.comparison import stopping_rule

pytestmark = [pytest.mark.law, pytest.mark.slow]


@pytest.mark.parametrize("kind", [pytest.param("engine", marks=pytest.mark.full), "drawn"])
def test_intervals_hold_the_truth_as_often_as_they_say(kind: str) -> None:
    rows = measured()[kind]
    assert {row.what: row.share for row in rows if not row.is_borne} == {}
    assert kind != "engine" or all(row.of > 1000 for row in rows)


def test_what_intervals_are_not_made_for_is_known() -> None:
    """Rare counts and very long tails: told in the page, for they cannot be seen in a result."""
    assert [row.what for row in measured()["beyond"] if row.is_borne] == []


def test_credible_intervals_hold_95_percent_of_what_is_true() -> None:
    """Also where chance is four times what is true, where they are rather too wide; they always hold no effect."""
    nothing = {row.what: row.share for row in credible() if row.what.startswith("no effect")}
    assert min(nothing.values()) > 0.99
    assert {row.what: row.share for row in credible() if row.what not in nothing and not 0.925 < row.share < 1} == {}


def test_probabilities_are_calibrated() -> None:
    """Within two points of the truth; intervals hold it in 93 % or more; settled verdicts are seldom wrong."""
    for row in calibrated():
        assert row.said == pytest.approx(row.truth, abs=0.03), row
        assert row.held > 0.93, row
        assert row.wrong < 0.01, row


def test_the_page_holds_what_is_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page) == page


def test_looking_early_costs_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why the first look is no earlier: after four draws the rule stops at intervals that are narrow by luck."""
    monkeypatch.setattr(stopping_rule, "FIRST_LOOK", 4)
    monkeypatch.setattr(stopping_rule, "LOOK_EVERY", 2)
    assert not stopped("early", Rule(1, 1, 10, 4_000)).is_borne


def test_a_normal_interval_would_be_found_out() -> None:
    """With 8 draws, 1.96 standard errors hold the truth in 91 of 100: the count sees it."""
    values = np.random.Generator(np.random.Philox(key=1)).standard_normal((8, 20_000))
    half = 1.96 * values.std(axis=0, ddof=1) / np.sqrt(8)
    row = counted("normal", 0, values.mean(axis=0) - half, values.mean(axis=0) + half)
    assert not row.is_borne
    assert row.share == pytest.approx(0.91, abs=0.01)
