"""History matching on a model whose truth is known: what is plausible holds the truth and leaves out what is not."""

from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.study.fit import history_matching
from pipeline_sim.study.fit.history_matching import (
    CUT,
    ENDS,
    CalibrationProblem,
    DesignResults,
    Search,
    emulators,
    evaluate_points,
    implausibility,
    match_history,
    maximin_subset,
    misfit,
    missed_by_nearest,
    reachable,
    stochastic_variance,
    target_on_root_scale,
)
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.prepare import WorldSpec

pytestmark = pytest.mark.unit
TRUTH = np.array([0.3, 0.7, 0.5])
OPENED = """
topics = ["T"]
[[open]]
name = "a"
figures = ["competence.pace_sd"]
[[open]]
name = "b"
figures = ["competence.post_pace_sd"]
[[open]]
name = "c"
figures = ["competence.standard"]
entries = ["core"]
"""
PLAIN = {
    "topic": "T", "quantity": "Q", "population": "P", "period": "2018/19", "unit": "%",
    "source": {"file": "x.csv", "where": {}}, "publisher": "X", "grade": "C", "tolerance": 0.0, "because": "so",
    "role": "fit",
    "model": {"kind": "counts", "measures": ["o3"], "of": ["o1", "o3"], "per": 100.0, "years": [2018]},
}  # fmt: skip


def told(positions: np.ndarray) -> np.ndarray:
    """What a model gives: two numbers that depend on where it is, and one that hardly moves."""
    a, b, c = positions.T
    return np.stack([4 + 6 * a * b + 2 * c, 9 - 5 * a + b**2, 1 + 0.01 * a], axis=1)


def target(name: str, low: float, high: float) -> Target:
    return Target.model_validate(PLAIN | {"id": name, "value": (low + high) / 2, "low": low, "high": high})


def question(folder: Path, width: float = 0.5) -> CalibrationProblem:
    (folder / "open.toml").write_text(OPENED)
    first, second, _ = told(TRUTH[None])[0]
    targets = (
        target("one", first - width, first + width),
        target("two", second - width, second + width),
        target("never", 50.0, 60.0),
    )
    return CalibrationProblem(str(folder / "open.toml"), WorldSpec(("x.toml",)), targets)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model above instead of England, with luck of its own in every run."""

    def run(
        _: CalibrationProblem, search: Search, positions: np.ndarray, first: int, progress: object = None
    ) -> np.ndarray:
        rng = np.random.default_rng([search.seed, first])
        return told(positions) + rng.normal(0.0, 0.05, (len(positions), 3))

    monkeypatch.setattr(history_matching, "evaluate_points", run)


@pytest.mark.usefixtures("toy")
def test_what_is_kept_holds_the_truth_and_meets_the_targets(tmp_path: Path) -> None:
    asked = question(tmp_path)
    found = match_history(asked, Search(60, 3, 5, "batch", 1))
    kept = found.plausible
    exact = told(found.positions)
    middles, spreads = np.array([target_on_root_scale(each) for each in asked.targets[:2]]).T
    inside = (np.abs(np.sqrt(exact[:, :2]) - middles) <= CUT * spreads).all(axis=1)
    assert kept.sum() >= 30
    assert (kept == inside).mean() > 0.9
    assert np.linalg.norm(found.positions[kept] - TRUTH, axis=1).min() < 0.15
    later = found.wave == 2
    assert kept[later].mean() > 2 * kept[found.wave == 0].mean()


@pytest.mark.usefixtures("toy")
def test_a_target_out_of_reach_is_told_apart_and_rules_nothing_out(tmp_path: Path) -> None:
    asked = question(tmp_path)
    found = match_history(asked, Search(60, 1, 5, "batch", 1))
    assert reachable(asked.targets, found).tolist() == [True, True, False]
    assert found.plausible.any()


@pytest.mark.usefixtures("toy")
def test_a_search_can_be_had_again(tmp_path: Path) -> None:
    asked = question(tmp_path)
    one, other = (match_history(asked, Search(45, 2, 3, "batch", 1)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))
    assert (match_history(asked, Search(45, 1, 4, "batch", 1)).positions[:45] != one.positions[:45]).any()


def test_an_emulator_foretells_what_it_has_not_seen() -> None:
    rng = np.random.default_rng(1)
    positions = rng.random((120, 3))
    values = told(positions) + rng.normal(0, 0.02, (120, 3))
    found = DesignResults(positions, values, np.full(3, 2e-5), np.zeros(120, np.int64), np.zeros(0))
    fresh = rng.random((200, 3))
    for place, each in enumerate(emulators(found)[:2]):
        mean, doubt = each.predict(fresh)
        off = (mean - np.sqrt(told(fresh)[:, place])) / np.sqrt(doubt + 2e-5)
        assert np.abs(off).mean() < 1.5
        assert np.abs(mean - np.sqrt(told(fresh)[:, place])).max() < 0.1


def test_the_ends_of_a_target_are_two_standard_deviations_away() -> None:
    each = target("x", 4.0, 9.0)
    assert target_on_root_scale(each) == (2.5, 0.5 / ENDS)
    found = DesignResults(
        np.zeros((3, 1)), np.array([[4.0], [9.0], [6.25]]), np.zeros(1), np.zeros(3, np.int64), np.zeros(3)
    )
    assert misfit([each], found)[:, 0].tolist() == [2.0, 2.0, 0.0]


def test_luck_is_what_two_runs_of_a_point_differ_by() -> None:
    rng = np.random.default_rng(3)
    roots = rng.normal(5.0, 0.3, (2, 4000, 1))
    assert stochastic_variance(roots[0] ** 2, roots[1] ** 2)[0] == pytest.approx(0.09, rel=0.1)


def test_points_are_spread_over_what_is_left() -> None:
    rng = np.random.default_rng(0)
    cloud = np.vstack([rng.normal(0.2, 0.001, (500, 2)), [[0.9, 0.9], [0.1, 0.9]]])
    taken = maximin_subset(cloud, 3)
    assert {tuple(each) for each in taken} >= {(0.9, 0.9), (0.1, 0.9)}


def test_a_point_is_run_where_it_lies(tmp_path: Path) -> None:
    """The real engine on the tiny world: a laxer standard gives fewer extensions, under the same luck."""
    (tmp_path / "open.toml").write_text('topics = ["T"]\n[[open]]\nname = "s"\nfigures = ["competence.standard"]\n')
    layers = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid"))
    asked = CalibrationProblem(str(tmp_path / "open.toml"), WorldSpec(layers), (target("one", 1.0, 5.0),))
    values = evaluate_points(asked, Search(3, 1, 1, "batch", 2), np.array([[0.0], [0.5], [1.0]]), 0)[:, 0]
    assert values[0] < values[1] < values[2]


def test_targets_that_contradict_each_other_are_named() -> None:
    positions = np.random.default_rng(1).random((120, 3))
    results = DesignResults(positions, told(positions), np.full(3, 1e-6), np.zeros(120, np.int64), np.zeros(120))
    targets = (target("one", 9.5, 10.5), target("two", 8.5, 9.5), target("never", 50.0, 60.0))
    worst = implausibility(targets, results, positions).max(axis=1)
    missed = missed_by_nearest(targets, results._replace(worst=worst))
    assert {name for name, _ in missed} <= {"one", "two"}
    assert missed == sorted(missed, key=lambda pair: -pair[1])
    assert missed[0][1] > 3
