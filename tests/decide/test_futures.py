"""Futures of a study: the same gains as a comparison of the same draws, second replications, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from support.worlds import tiny_study

from pipeline_sim.decide.futures import POUNDS, compared_worlds, exchanged, run_futures
from pipeline_sim.records.files.storage import InMemoryStorage
from pipeline_sim.study.comparison.run_study import run_study
from pipeline_sim.study.replication.repeated_draws import draws_of_replications, replications_of_draws
from pipeline_sim.study.study_error import StudyError

pytestmark = pytest.mark.unit
SIZE = {"replications": 6, "repeat_every": 2}


def test_gains_are_those_of_a_comparison(tmp_path: Path) -> None:
    """Four draws, two of them twice: gains and net benefits are the differences that `compare` shows."""
    plan = tiny_study.question(tmp_path, InMemoryStorage(), attribution=None, **SIZE)
    answer = run_study(plan)
    for name, column in ((POUNDS, "net_system_gbp"), ("extensions_avoided", "extensions")):
        found = run_futures(plan, name)
        assert found.choices == ("No programme", "Money", "Nothing bought")
        assert found.draws.of.tolist() == [0, 1, 1, 2, 2, 3]
        wanted = answer.runs["none"][column] - answer.runs["money"][column]
        assert found.gains[0][:, 1] == pytest.approx(wanted.to_numpy())
        assert not found.gains[0][:, [0, 2]].any()
        assert found.gains[0][:, 1].any() or name != POUNDS


def test_figures_of_draws(tmp_path: Path) -> None:
    found = run_futures(tiny_study.question(tmp_path, InMemoryStorage(), **SIZE), POUNDS)
    figures = found.figures
    assert figures.values.shape == (4, len(figures.names))
    assert list(figures.names) == sorted(figures.names)
    assert "interventions.places.simulation.dose" in figures.names
    assert found.clusters.tolist() == [0, 1, 2, 3]  # no posterior sample: each draw is its own
    assert not figures.fitted.any()
    assert (figures.values.std(axis=0) > 0).mean() > 0.9


@pytest.mark.parametrize("every", [0, 1, 3, 4])
def test_replications_of_draws(every: int) -> None:
    for draws in range(1, 20):
        runs = draws_of_replications(replications_of_draws(draws, every) + 1, every)
        assert runs[-2:].tolist() == [draws - 1, draws]


def test_exchange_keeps_rows_together() -> None:
    columns = np.arange(6.0)[:, None] * [1, 10]
    mixed = exchanged(columns, np.array([True, False]), np.array([0, 0, 1, 1, 2, 2]), np.random.default_rng(5))
    assert len(set(mixed[::2, 0] - mixed[1::2, 0])) == 1
    assert sorted(mixed[:, 1]) == sorted(columns[:, 1])


def test_what_poses_no_choice_is_refused(tmp_path: Path) -> None:
    plan = tiny_study.question(tmp_path)
    stated = plan._replace(study=plan.study.model_copy(update={"parameters": "mode"}))
    plain = plan._replace(study=plan.study.model_copy(update={"worlds": plan.study.worlds[:2]}))
    for wrong, says in ((stated, "parameters are as stated"), (plain, "no world has a mix")):
        with pytest.raises(StudyError, match=says):
            compared_worlds(wrong, scenarios=False)
