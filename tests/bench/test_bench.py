"""What the benchmark plans, and what it makes of its readings."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_benchmark.stats import Stats
from support import ROOT

from pipeline_sim.bench import result_tables
from pipeline_sim.bench.benchmark_plan import BATCH, REFERENCE, SHORT_RUNS, THREADS, Case, LogMode, make_plan
from pipeline_sim.bench.cold_start import MARKS
from pipeline_sim.bench.pytest_benchmark_file import benchmarks_of, stats, write_benchmarks
from pipeline_sim.bench.reduced.run_peers import BATCH as PEER
from pipeline_sim.bench.reduced.run_peers import Peer
from pipeline_sim.bench.results import (
    BenchmarkResults,
    CaseResult,
    Marks,
    Reading,
    other_load,
    predicted_speedup,
    ratio,
    ratio_per_doctor,
    seconds_between,
    speedup,
)
from pipeline_sim.bench.thresholds import THRESHOLDS, Threshold, Verdict, verdicts
from pipeline_sim.records.provenance import machine


def readings(*processor: float, wall: float = 1.0) -> list[Reading]:
    """A round each; by the clock everything takes `wall` times as long."""
    return [Reading(each, wall * each, rows=1000, disk_bytes=5000) for each in processor]


def found(doctors: float, *processor: float, wall: float = 1.0) -> CaseResult:
    """A case that took so much processor time."""
    return CaseResult(doctors, 80_000_000, 140_000_000, readings(*processor, wall=wall), [])


def marks(step: float) -> Marks:
    """A start that takes so long from mark to mark."""
    return {mark: Reading(step * place, 2 * step * place) for place, mark in enumerate(MARKS, start=1)}


def everything() -> BenchmarkResults:
    """Every kind of measurement, in two rounds."""
    plan = make_plan(scales=(0.05, 1.0, 10.0), rounds=2)
    cases = {case: found(10 * case.scale, 2 * case.scale, 3 * case.scale) for case in plan.cases}
    slow = Case(REFERENCE, 0.05, LogMode.ROWS)
    cases[slow] = found(0.5, 30.0, 60.0, wall=2.0)._replace(with_collector=readings(40.0, 80.0))
    cases[Case(BATCH, 1.0, LogMode.STREAMED)] = found(10, 5.0, 5.0)
    one = Reading(1, 1, serial=0.01)
    threads = [
        {1: one, 2: Reading(1.1, 0.5)},
        {1: one, 2: Reading(1.25, 0.625)},
        {1: one, 2: Reading(1, 1, others=0.9)},
    ]
    peers = [Peer(PEER, [0.3, 0.2], 10, [1.5, 1.7]), Peer("SimPy", [3.0], 10, [])]
    return BenchmarkResults(
        plan, cases, {THREADS: threads}, [marks(0.1), marks(0.3)], [marks(1.0)], peers, [], {"salabim": "not here"}, 2
    )


# ---- what is planned -----------------------------------------------------------------------------------------------


def test_as_usual_the_reference_engine_runs_small_scales_and_the_batch_engine_all() -> None:
    plan = make_plan()
    assert [case.scale for case in plan.cases if case.engine == REFERENCE] == [0.01, 0.05]
    assert [case.scale for case in plan.cases if case[::2] == (BATCH, LogMode.OFF)] == [0.01, 0.1, 1, 10]
    assert [case.scale for case in plan.cases if case[::2] == (BATCH, LogMode.KEPT)] == [0.01, 0.05, 1]
    assert [case.scale for case in plan.cases if case[::2] == (BATCH, LogMode.ROWS)] == [0.01, 0.05]
    assert (plan.logged_at(), plan.workers_at, plan.rounds) == (1, Case(BATCH, 1, LogMode.OFF), 3)
    assert plan.cold_start
    assert plan.peers


def test_the_two_that_are_held_against_each_other_take_turns_side_by_side() -> None:
    cases = make_plan().cases
    place = cases.index(Case(REFERENCE, 0.05, LogMode.ROWS))
    assert cases[place + 1] == Case(BATCH, 0.05, LogMode.ROWS)


def test_the_reference_engine_runs_a_large_scale_only_if_named() -> None:
    assert {case.engine for case in make_plan(scales=(1.0,)).cases} == {BATCH}
    assert make_plan(engines=[REFERENCE], scales=(1.0,)).cases == (Case(REFERENCE, 1.0, LogMode.ROWS),)
    both = make_plan(engines=[REFERENCE, BATCH], scales=(1.0,)).cases
    assert both == (Case(REFERENCE, 1.0, LogMode.ROWS), *(Case(BATCH, 1.0, log) for log in LogMode))


def test_without_the_batch_engine_nothing_of_it_is_planned() -> None:
    plan = make_plan(engines=[REFERENCE], peers=False)
    assert {case.engine for case in plan.cases} == {REFERENCE}
    assert (plan.workers_at, plan.logged_at(), plan.cached_start, plan.cold_start) == (None, None, False, False)


def test_quick_is_small_and_once() -> None:
    plan = make_plan(quick=True)
    assert (plan.rounds, plan.cold_start, max(plan.scales())) == (1, False, 0.01)
    assert make_plan(quick=True, rounds=4, scales=(0.02,)).rounds == 4


# ---- what follows from readings ------------------------------------------------------------------------------------


def test_a_ratio_is_within_a_round_and_of_the_middle_round() -> None:
    mine, other = readings(10, 20, 90), readings(1, 4, 3, wall=2)
    assert ratio(mine, other, "processor") == 10
    assert ratio(mine, other, "wall") == 5


def test_time_for_a_doctor_does_not_depend_on_how_many_there_are() -> None:
    assert ratio_per_doctor(found(100, 30, 30), found(10, 1, 1), "processor") == pytest.approx(3)


def test_threads_and_starts() -> None:
    made = everything()
    assert speedup(made.quiet_pairs(THREADS), "wall") == pytest.approx(1.8)
    assert seconds_between(made.cached, None, "days", "processor") == pytest.approx(0.8)
    assert seconds_between(made.cold, "world", "kernels", "wall") == pytest.approx(2)


def test_a_serial_part_bounds_what_more_workers_gain() -> None:
    assert [predicted_speedup(0.02, workers) for workers in (1, 50, 10**9)] == pytest.approx([1, 50 / 1.98, 50])
    rows = result_tables.workers_table(everything())
    assert list(rows.columns[3].cells)[2:] == pytest.approx(
        [f"{predicted_speedup(0.01, n):.3g}" for n in (16, 64, 256)]
    )


def test_memory_of_a_doctor_is_without_the_world() -> None:
    assert found(6000, 1).bytes_per_doctor == 10_000


# ---- bars ----------------------------------------------------------------------------------------------------------


def test_every_bar_reads_what_was_measured() -> None:
    values = [each.value for each in verdicts(everything()) if each.value is not None]
    assert values == pytest.approx([350, 1.6, 1.8, 1.083333, 140, 1, 2, 1.6], rel=1e-5)
    said = [each.outcome for each in verdicts(everything())]
    assert said == ["met", "met", "not met", *["not measured"] * 2, "not met", *["met"] * 4]


def test_a_bar_that_was_not_measured_says_what_it_needs() -> None:
    nothing = BenchmarkResults(make_plan(quick=True), {}, {}, [], [], [], [], {}, 2)
    assert len(verdicts(nothing)) == len(THRESHOLDS) == 10
    assert {each.outcome for each in verdicts(nothing)} == {"not measured"}
    assert all(each.detail.startswith("needs ") for each in verdicts(nothing))


def test_engines_are_held_against_each_other_where_neither_counts_and_what_counting_costs_is_said() -> None:
    made = everything()
    made.cases[Case(BATCH, 0.05, LogMode.KEPT)] = found(0.5, 0.2, 0.3)
    verdict = verdicts(made)[0]
    assert verdict.value == pytest.approx(350)
    assert verdict.detail.endswith("; 175 if the batch engine counts as well")


def test_threads_at_a_small_scale_are_not_held_against_the_bar() -> None:
    small = everything()._replace(plan=make_plan(scales=(0.1,)))
    assert [each.outcome for each in verdicts(small)][2] == "not measured"


def test_rounds_in_which_others_had_a_processor_do_not_count_for_threads() -> None:
    made = everything()
    pairs = [(each[1], each[2]) for each in made.workers[THREADS]]
    assert made.quiet_pairs(THREADS) == pairs[:2]
    assert verdicts(made)[2].detail == "quiet rounds: 2 of 3"
    assert verdicts(made._replace(workers={THREADS: made.workers[THREADS][2:]}))[2].outcome == "not measured"
    assert made._replace(processors=3).quiet_pairs(THREADS) == pairs


@pytest.mark.parametrize(
    ("is_most", "value", "said"), [(True, 2.0, "met"), (True, 2.1, "not met"), (False, 2.0, "met")]
)
def test_a_bar_is_met_on_its_line(is_most: bool, value: float, said: str) -> None:
    threshold = Threshold("any", 2.0, is_most, " s", "", lambda _: None)
    assert Verdict(threshold, value, "").outcome == said
    assert threshold.wanted == f"at {'most' if is_most else 'least'} 2 s"


# ---- tables and the file -------------------------------------------------------------------------------------------


def test_tables_show_all_and_leave_out_what_was_not_measured() -> None:
    made = list(result_tables.tables(everything()))
    assert [len(table.rows) for table in made] == [4, 9, 8, 1, 3, 5, 2, 2, 1, 10]
    nothing = BenchmarkResults(make_plan(engines=[REFERENCE], peers=False), {}, {}, [], [], [], [], {}, 2)
    assert [table.title for table in result_tables.tables(nothing)] == ["Machine", "Thresholds"]


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=12))
def test_stats_are_those_of_pytest_benchmark(data: list[float]) -> None:
    theirs = Stats()
    for each in data:
        theirs.update(each)
    assert stats(data) == pytest.approx(theirs.as_dict())


def test_the_file_has_the_shape_of_pytest_benchmark(tmp_path: Path) -> None:
    write_benchmarks(tmp_path / "x.json", everything())
    read = json.loads((tmp_path / "x.json").read_text())
    assert read.keys() == {"machine_info", "commit_info", "benchmarks", "datetime", "version", "bars"}
    names = [each["fullname"] for each in read["benchmarks"]]
    assert len(names) == len(set(names)) == 2 * (8 + 1 + 2 + 2) + 2
    for each in read["benchmarks"]:
        assert each["stats"]["rounds"] == len(each["stats"]["data"])
        assert {"group", "name", "params", "param", "extra_info", "options"} < each.keys()
    runs = {each["name"]: each["stats"]["iterations"] for each in read["benchmarks"]}
    assert runs["batch 0.05, log off, wall"] == SHORT_RUNS
    assert runs["batch 1, log off, wall"] == 1
    assert read["bars"][5] == {
        "name": THRESHOLDS[5].name,
        "wanted": "at most 1",
        "value": pytest.approx(1.083333, rel=1e-5),
        "said": "not met",
    }


def test_time_of_others_is_read_where_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "stat").write_text("cpu  100 10 20 9999 999 3 4 5 0 0\ncpu0 1\n")
    monkeypatch.setattr(machine, "STAT", tmp_path / "stat")
    assert machine.busy_seconds() == 142 / os.sysconf("SC_CLK_TCK")
    assert machine.used_by_others(machine.busy_seconds() - 5, 3) == pytest.approx(2)
    monkeypatch.setattr(machine, "STAT", tmp_path / "nowhere")
    assert math.isnan(machine.busy_seconds())
    assert machine.used_by_others(10, 5) == 0
    assert other_load([Reading(1, 4, others=1), Reading(1, 1, others=0.25)]) == 0.25


def test_the_machine_is_told_without_its_name_or_places() -> None:
    facts = machine.machine_info()
    assert facts["cpu"]["brand_raw"]
    assert facts["cpu"]["count"] == machine.cores() >= 1
    assert {"numba", "numpy", "python_version"} < facts.keys()
    assert "node" not in facts
    assert str(ROOT) not in json.dumps(benchmarks_of(everything()))


def test_sources_that_are_not_in_git_are_unversioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PACKAGE", tmp_path)
    assert machine.commit_info()["id"] == "unversioned"
    monkeypatch.setattr(machine.subprocess, "run", _no_such_program)
    assert machine.commit_info()["branch"] == "(unknown)"


def _no_such_program(*_: Any, **__: Any) -> None:
    raise FileNotFoundError
