"""All worlds of a replication: each as if it had run alone, equal ones once, whichever engine tells the story."""

from pathlib import Path

import numpy as np
import pytest
from support.hand_counted_answers import counts_of
from support.worlds.tiny_study import question

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import measures_of_log
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.people_counts import people_counts_of_log
from pipeline_sim.study.execution.fill_store import Job, replication_of
from pipeline_sim.study.replication import joint_replication as room
from pipeline_sim.study.replication.joint_replication import PairedReplication, run_paired_replication
from pipeline_sim.study.replication.prepare import prepare
from pipeline_sim.study.replication.summary import CELL_MEASURES, SUBGROUP_MEASURES, Summary, summary_of


def the_family(folder: Path, engine: str = "batch", **changes: object) -> PairedReplication:
    """A quarter of the tiny world, so that the reference engine takes a second for each."""
    plan = question(folder, engine=engine, **{"scale": 0.25, **changes}).run_plan
    return replication_of(Job(tuple(plan.worlds), tuple(plan.worlds.values()), plan.setting, (1,)), 1)


def alike(one: Summary, other: Summary) -> bool:
    return all(np.array_equal(mine, theirs) for mine, theirs in zip(one[:3], other[:3], strict=True))  # less money


def test_every_world_is_as_if_alone(tmp_path: Path) -> None:
    family = the_family(tmp_path)
    for assumed, found in zip(family.worlds, run_paired_replication(family), strict=True):
        prepared, log = prepare(assumed), EventLog()
        ENGINES["reference"](prepared.rulebook, family.seed, family.replication, log)
        counts = counts_of(measures_of_log(log.columns(), prepared.frame), prepared.frame)
        people = people_counts_of_log(log.columns(), prepared.frame)
        assert alike(found, summary_of([counts], prepared.frame, prepared.names, [people]))


def test_both_engines_count_the_same(tmp_path: Path) -> None:
    batch, reference = (
        run_paired_replication(the_family(tmp_path, each, attribution=None)) for each in ("batch", "reference")
    )
    assert all(alike(one, other) for one, other in zip(batch, reference, strict=True))


def test_equal_worlds_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    family = the_family(tmp_path, "reference", attribution=None)
    run, ran = ENGINES["reference"], []

    def counted(*arguments: object) -> None:
        ran.append(arguments)
        run(*arguments)  # type: ignore[arg-type]

    monkeypatch.setitem(room.ENGINES, "reference", counted)
    found = dict(zip(("none", "no_covid", "money", "nothing"), run_paired_replication(family), strict=True))
    assert len(ran) == 3  # a mix that buys nothing is no programme
    assert alike(found["nothing"], found["none"])
    assert not alike(found["money"], found["none"])


def test_no_shock_and_no_spend_is_the_world_without_covid(tmp_path: Path) -> None:
    asked = question(tmp_path)
    found = dict(zip(asked.run_plan.worlds, run_paired_replication(the_family(tmp_path)), strict=True))
    assert alike(found["shocks-0"], found["no_covid"])
    assert alike(found["shocks-0"], found["no_covid"]) is not alike(found["none"], found["no_covid"])


def test_a_summary_adds_up(tmp_path: Path) -> None:
    for summary in run_paired_replication(the_family(tmp_path, attribution=None)):
        by_stage = summary.by_subgroup[:5].sum(axis=0)
        kept = [SUBGROUP_MEASURES.index(name) for name in CELL_MEASURES]
        assert np.array_equal(by_stage[:, kept], summary.by_cell.sum(axis=(0, 1)))
        assert by_stage[:, SUBGROUP_MEASURES.index("extensions")].sum() > 0
        for first, last in ((-8, -6), (-6, -3), (-3, None)):  # sexes, age bands, places of qualification
            assert np.array_equal(summary.by_subgroup[first:last].sum(axis=0), by_stage)
