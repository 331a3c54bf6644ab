"""Calibration of a model whose truth is known: emulators, the sampler and the weights, and what is refused."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from support import CONFIGS

from pipeline_sim.study.fit import calibrate_model, calibration_runs
from pipeline_sim.study.fit.calibrate_model import calibrate, weighted_sample
from pipeline_sim.study.fit.calibration_runs import CalibrationProblem, Search, empty_sample, run_design, write_design
from pipeline_sim.study.fit.emulator import fit_emulators, forward_selection, standardised
from pipeline_sim.study.fit.posterior import (
    CUT,
    ENDS,
    PASSING,
    USEFUL,
    Aim,
    active_figures,
    aim_of,
    implausibility,
    misfit,
    passing_chance,
    piled_up,
    prior,
    sample_posterior,
    unlikely_dropped,
)
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.posterior_sample import OpenParameters, load_sample
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.study_error import StudyError

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid"))
TRUTH, FIGURES, CHANCE = (0.3, 0.7, 0.5), 40, 0.02
PLAIN = {
    "topic": "T", "quantity": "Q", "population": "P", "period": "2018/19", "unit": "%",
    "source": {"file": "x.csv", "where": {}}, "publisher": "X", "grade": "C", "tolerance": 0.0, "because": "so",
    "role": "fit",
    "model": {"kind": "counts", "measures": ["o3"], "of": ["o1", "o3"], "per": 100.0, "years": [2018]},
}  # fmt: skip


def told(positions: np.ndarray) -> np.ndarray:
    """What a model gives: three numbers that depend on three of its many figures, by interaction and curve."""
    a, b, c = positions.T[:3]
    roots = np.stack([2 + 0.6 * a * b + 0.3 * c, 3 - 0.5 * a + 0.4 * b**2, 1 + 0.3 * c - 0.2 * b], axis=1)
    return np.asarray(roots**2)


def target(name: str, low: float, high: float, year: int = 2018) -> Target:
    measured = {"model": PLAIN["model"] | {"years": [year]}}
    return Target.model_validate(PLAIN | measured | {"id": name, "value": (low + high) / 2, "low": low, "high": high})


def problem(*targets: Target) -> CalibrationProblem:
    opened = [{"name": "standard", "figures": ["competence.standard"]}]
    parameters = OpenParameters.model_validate({"topics": ["T"], "open": opened})
    return CalibrationProblem(parameters, ("programmes",), WorldSpec(LAYERS), targets, 1.0)


def around(positions: np.ndarray, width: float) -> tuple[Target, ...]:
    roots = np.sqrt(told(positions[None])[0])
    return tuple(target(f"t{place}", (each - width) ** 2, (each + width) ** 2) for place, each in enumerate(roots))


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The model above instead of England, with chance of its own in every run."""

    def run(_: CalibrationProblem, search: Search, design: Path, first: int, progress: object = None) -> np.ndarray:
        roots = np.sqrt(told(load_sample(str(design)).positions))
        return (roots + np.random.default_rng([search.seed, first]).normal(0.0, CHANCE, roots.shape)) ** 2

    monkeypatch.setattr(calibrate_model, "run_design", run)
    yield
    load_sample.cache_clear()


def fitted(folder: Path, asked: CalibrationProblem, seed: int = 5) -> calibrate_model.Fit:
    return calibrate(asked, Search(256, 128, 3, seed, "batch", 1), empty_sample(asked, "c", "r", "t"), folder)


@pytest.mark.slow
@pytest.mark.usefixtures("toy")
def test_the_sample_meets_the_targets_and_leaves_other_figures_in_their_prior(tmp_path: Path) -> None:
    asked = problem(*around(np.array(TRUTH), 0.08))
    found = fitted(tmp_path, asked)
    sample = found.sample
    assert sample.effective_size > 0.5 * len(sample.weights)
    assert found.passing > 0.9
    aim = aim_of(asked.targets)
    assert (misfit(aim, told(sample.positions), np.zeros(3)) <= CUT).mean() > 0.95
    spread = sample.weights @ np.abs(np.sqrt(told(sample.positions)) - aim.middle) / aim.spread
    assert (spread < 1.2).all()  # 0.8 of a standard deviation, less what the prior rules out
    for column in sample.positions.T[10:30]:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    assert all(emulator.explained > 0.9 for emulator in found.emulators)
    assert (found.unseen[-1] < 3).all()


@pytest.mark.slow
@pytest.mark.usefixtures("toy")
def test_a_calibration_can_be_had_again_bit_for_bit(tmp_path: Path) -> None:
    asked = problem(*around(np.array(TRUTH), 0.1))
    one, other = (fitted(tmp_path / name, asked).sample for name in ("a", "b"))
    assert (one.positions == other.positions).all()
    assert (one.weights == other.weights).all()


@pytest.mark.usefixtures("toy")
def test_a_target_out_of_reach_rules_nothing_out_and_contradictory_ones_are_refused(tmp_path: Path) -> None:
    near = around(np.array(TRUTH), 0.1)
    assert fitted(tmp_path / "a", problem(*near[:2], target("t2", 50.0, 60.0))).reached.tolist() == [True, True, False]
    with pytest.raises(StudyError, match="no run comes near any"):
        fitted(tmp_path / "b", problem(*(each.model_copy(update={"low": 80.0, "high": 90.0}) for each in near)))


def test_a_collapsed_posterior_is_refused() -> None:
    empty = empty_sample(problem(), "c", "r", "t")
    rows = np.random.default_rng(1).random((60, empty.positions.shape[1]))
    emulators = fit_emulators(rows, told(rows), np.full(3, 1e-4))
    with pytest.raises(StudyError, match=r"collapsed: its weights are worth 1\.0 rows, should be 20"):
        weighted_sample(empty, rows, np.where(np.arange(60) == 3, 0.0, -20.0), emulators)
    with pytest.raises(StudyError, match="contradictory"):
        weighted_sample(empty, rows, np.full(60, -np.inf), emulators)
    assert len(weighted_sample(empty, rows, np.where(np.arange(60) < 30, 0.0, -np.inf), emulators).weights) == 30


def test_an_emulator_finds_its_figures_and_foretells_runs_that_it_has_not_seen() -> None:
    rng = np.random.default_rng(1)
    rows = rng.random((400, FIGURES))
    values = (np.sqrt(told(rows)) + rng.normal(0, CHANCE, (400, 3))) ** 2
    assert set(forward_selection(standardised(rows), np.sqrt(values[:, 0]))) == {0, 1, 2}
    fresh = rng.random((500, FIGURES))
    for place, each in enumerate(fit_emulators(rows, values, np.full(3, CHANCE**2))):
        off = each.mean(fresh) - np.sqrt(told(fresh)[:, place])
        assert np.sqrt((off**2).mean()) < CHANCE
        assert each.explained > 0.95


def test_the_ends_of_a_target_are_two_standard_deviations_away() -> None:
    aim = aim_of([target("x", 4.0, 9.0)])
    assert (aim.middle.tolist(), aim.spread.tolist()) == ([2.5], [0.5 / ENDS])
    assert misfit(aim, np.array([[4.0], [9.0], [6.25]]), np.zeros(1))[:, 0].tolist() == [2.0, 2.0, 0.0]


def test_rows_that_a_fresh_run_would_rule_out_are_dropped() -> None:
    """The chance that the emulator and a row's own runs give is the part of fresh runs that pass."""
    rng = np.random.default_rng(3)
    rows = rng.random((400, FIGURES))
    hidden = 0.1 * rng.normal(size=(4000, 3))  # what no emulator sees
    exact = np.sqrt(told(np.tile(rows, (10, 1)))) + hidden
    emulators = [each._replace(error=0.01) for each in fit_emulators(rows, told(rows), np.full(3, 1e-6))]
    aim, noise = aim_of(around(np.array(TRUTH), 0.12)), np.full(3, 0.05**2)
    own = exact + 0.05 * rng.normal(size=(2, 4000, 3))
    chance = passing_chance(aim, emulators, np.tile(rows, (10, 1)), own, (noise, noise))
    fresh = (misfit(aim, (exact + 0.05 * rng.normal(size=exact.shape)) ** 2, noise) <= CUT).all(axis=1)
    for low, high in ((0.0, 0.2), (0.4, 0.6), (0.8, 1.01)):
        inside = (chance >= low) & (chance < high)
        assert fresh[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.05)
    kept = np.isfinite(unlikely_dropped(np.zeros(4000), chance))
    assert fresh[kept].mean() == pytest.approx(PASSING, abs=0.02)
    assert chance[kept].min() > chance[~kept].max() - 1e-12
    assert np.isfinite(unlikely_dropped(np.zeros(200), np.linspace(0, 0.5, 200))).sum() == USEFUL


def test_a_figure_at_the_end_of_its_range_is_seen() -> None:
    rows = np.array([[0.02, 0.5], [0.97, 0.5], [0.05, 0.5]])
    assert piled_up(rows, np.array([0.5, 0.2, 0.3])) == pytest.approx(np.array([[0.8, 0.2], [0.0, 0.0]]))


def test_a_row_is_run_where_it_lies_and_not_again_once_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real engine on the tiny world: a laxer standard gives fewer extensions, under the same chance."""
    asked = problem(target("one", 1.0, 5.0))
    empty = empty_sample(asked, "c", "r", "t")
    rows = np.full((3, empty.positions.shape[1]), 0.5)
    rows[:, 0] = 0.0, 0.5, 1.0
    write_design(empty, rows, tmp_path / "wave.parquet")
    search = Search(3, 3, 2, 1, "batch", 2)
    values = run_design(asked, search, tmp_path / "wave.parquet", 0)
    assert values[0] < values[2]
    monkeypatch.delattr(calibration_runs, "run_for_targets")
    assert (run_design(asked, search, tmp_path / "wave.parquet", 0) == values).all()
    write_design(empty, rows[::-1], tmp_path / "wave.parquet")
    with pytest.raises(NameError):
        run_design(asked, search, tmp_path / "wave.parquet", 0)


@pytest.mark.full
def test_ranks_of_a_hundred_made_up_truths_are_uniform(tmp_path: Path) -> None:
    """Simulation-based calibration (S. Talts and others, 2018, arXiv:1804.06788) of a fit of the engine.

    Truths are rows that the emulators have not seen, run by the engine; what is recorded of each is its run, blurred.
    """
    asked = problem(*(target(f"t{year}", 1.0, 5.0, year) for year in (2018, 2019, 2021)))
    empty = empty_sample(asked, "c", "r", "t")
    figures, known = empty.positions.shape[1], 512
    rows = prior(known + 100, figures, 7)
    write_design(empty, rows, tmp_path / "wave.parquet")
    roots = np.sqrt(run_design(asked, Search(1, 1, 2, 1, "batch", 2), tmp_path / "wave.parquet", 0))
    twice = tmp_path / "again.parquet"
    write_design(empty, rows[:100], twice)
    again = np.sqrt(run_design(asked, Search(1, 1, 2, 1, "batch", 2), twice, 1000))
    noise = ((roots[:100] - again) ** 2).mean(axis=0) / 2
    emulators = fit_emulators(rows[:known], roots[:known] ** 2, noise)
    assert max(each.explained for each in emulators) > 0.5  # there is something to learn
    blurred = [each._replace(error=each.error + float(part)) for each, part in zip(emulators, noise, strict=True)]
    spread, rng = 0.3 * roots.std(axis=0), np.random.default_rng(11)
    active = active_figures(emulators)
    ranked = np.append(active[:8], np.setdiff1d(np.arange(figures), active)[:3])
    p = []
    for shift in (0.0, 1.0):  # the placebo: a model that is off by the spread of its own runs
        ranks = []
        for number, (truth, seen) in enumerate(zip(rows[known:], roots[known:], strict=True)):
            aim = Aim(seen + shift * roots.std(axis=0) + spread * rng.normal(size=len(seen)), spread)
            far = partial(implausibility, aim, blurred)
            ranks.append((sample_posterior(far, 128, figures, active, number)[:99] < truth).sum(axis=0))
        columns = np.array(ranks)[:, ranked].T
        p.append([stats.chisquare(np.bincount(each // 20, minlength=5)).pvalue for each in columns])
    assert min(p[0]) * len(p[0]) > 0.01  # Holm's first step
    assert min(p[1]) * len(p[1]) < 0.01
