"""Own records: what a cell may say, what becomes of it, and that nothing is written where a row is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import CONFIGS
from support.typed_command import run_command
from support.worlds.tiny_study import written as study_written

from pipeline_sim.study.fit.measure_targets import evaluate_measure, run_for_targets
from pipeline_sim.study.fit.targets import Targets, load_targets
from pipeline_sim.study.fit.validate_model import ValidationPlan, check_validation, measure_all
from pipeline_sim.study.replication.posterior_sample import load_sample

HEADING = (CONFIGS / "own" / "records.csv").read_text()
SHIPPED = """
study = "study.toml"
worlds = { covid = "none" }
[[targets]]
id = "known"
topic = "Reviews"
quantity = "ARCP outcome 3"
population = "tiny"
period = "2018/19"
value = 40.0
low = 1.0
high = 90.0
unit = "% of outcomes"
source = { file = "found.csv", where = { id = "known" } }
publisher = "by hand"
grade = "C"
role = "fit"
"""
OPENED = """topics = ["Reviews"]
[[open]]
name = "standard"
figures = ["competence.standard"]
"""
MODEL = 'model = {{ kind = "counts", measures = {}, of = {}, per = 100.0, years = [{}] }}\n'
OF = '["o1", "o2", "o3", "o4", "o6", "o8", "o10_1", "o10_2"]'


def desk(folder: Path) -> Path:
    """A study of the tiny world, and the figures that it is compared with."""
    study_written(folder)
    (folder / "known.toml").write_text(SHIPPED + MODEL.format('["o3"]', OF, 2018))
    (folder / "found.csv").write_text("id,low,high\nknown,1,90\n")
    return folder


def written(folder: Path, *rows: str) -> str:
    """Records in a file, as they would be exported."""
    (folder / "own.csv").write_text(HEADING + "".join(f"{row}\n" for row in rows))
    return "own.csv"


def added(folder: Path, *rows: str, options: tuple[str, ...] = ("--role", "fit")) -> Any:
    """The command run on records."""
    return run_command(folder, "evidence", "add", written(folder, *rows), "--beside", "known.toml", *options)


def plan_of(folder: Path, draws: int) -> tuple[Targets, ValidationPlan]:
    path = folder / "own" / "targets.toml"
    targets = load_targets(path)
    return targets, check_validation(targets, path, "batch", 2, {"replications": draws, "repeat_every": 0})


def test_hidden_rounded_and_merged_counts(tmp_path: Path) -> None:
    rows = (
        "outcome_3,2019/20-2020/21,gp,all,north-west,*,10,,,export,A,",
        "outcome_3,2020/21,core,all,all,<5,,,,export,A,",
        'extensions,2020/21,all,surgery,all,"1,235",,5,20,export,B,',
        "doctors,2020/21,all,core-surgical general-surgery,all,120*,,,,export,A,* with those on leave",
    )
    said = added(desk(tmp_path), *rows)
    assert (said.returncode, said.stderr) == (0, "")
    targets, plan = plan_of(tmp_path, 1)
    _, merged, few, rounded, marked = targets.targets
    assert [merged.ends, few.ends, rounded.ends, marked.ends] == [(0, 9), (0, 4), (1232.5, 1237.5), (120, 120)]
    assert (rounded.reach, rounded.grade, marked.because) == (
        (1212.5, 1257.5), "B", "no tolerance was stated; * with those on leave",
    )  # fmt: skip
    output = run_for_targets(plan.worlds["covid"], "batch", 7, 0, keep_log=False)
    single = [merged.model.model_copy(update={"years": [year], "per": 1.0}) for year in (2019, 2020)]
    assert evaluate_measure(merged.model, output) == sum(evaluate_measure(each, output) for each in single)
    offices = [
        evaluate_measure(rounded.model.model_copy(update={"offices": [each]}), output) for each in output.names.offices
    ]
    assert min(offices) > 0
    assert evaluate_measure(rounded.model, output) == sum(offices)


def test_a_record_takes_the_place_of_the_range_it_measures(tmp_path: Path) -> None:
    said = added(desk(tmp_path), "outcome_3_pct,2018/19,all,all,all,6.5,,,1,export,A,")
    assert "line 2 takes the place of known (grade C)" in said.stdout
    (target,) = load_targets(tmp_path / "own" / "targets.toml").targets
    assert (target.id, target.topic, target.value, target.grade) == ("known", "Reviews", 6.5, "A")
    again = added(tmp_path, "ccts,2020/21,all,all,all,99,,,,export,A,", options=("--role", "test", "--to", "later"))
    assert again.returncode == 0
    later = load_targets(tmp_path / "later" / "targets.toml").targets
    assert [each.id for each in later] == ["known", "own-ccts-2020-21-all-all-all"]
    alone = added(
        tmp_path, "ccts,2020/21,all,all,all,99,,,,export,A,", options=("--role", "fit", "--to", "x", "--alone")
    )
    assert alone.returncode == 0
    assert len(load_targets(tmp_path / "x" / "targets.toml").targets) == 1
    row = "outcome_3_pct,2018/19,all,all,all,6.5,,,1,export,A,"
    (tmp_path / "known.toml").write_text((tmp_path / "own" / "targets.toml").read_text())
    (tmp_path / "records.csv").write_text((tmp_path / "own" / "records.csv").read_text())
    text = (tmp_path / "known.toml").read_text().replace('extends = "../known.toml"\n', "").replace("../study", "study")
    (tmp_path / "known.toml").write_text(text)
    moved = added(tmp_path, row, options=("--role", "test", "--to", "y"))
    assert moved.returncode == 2
    assert "measures the same as known of" in moved.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",12,", ",*,", "count: is '*', should have hidden_below, the least count shown"),
        (",12,", ",12*,", "count: is '12*', should have in note what the mark * means"),
        (",12,", ",about 12,", "count: is 'about 12', should be a number such as 1234, or hidden: <5"),
        ("2019/20", "2019/21", "years: is '2019/21', should be such as 2019/20"),
        ("2019/20", "2019/20-2018/19", "years: is '2019/20-2018/19', should be one year for doctors"),
        ("2019/20", "2050/51", "years: is '2050/51', should begin from 2017 to 2022"),
        ("outcome_3", "outcome3", "measure: is 'outcome3', should be one of"),
        ("gp", "general practice", "stage: is 'general practice', should be one of"),
        ("north-west", "nroth-west", "office: 'nroth-west' is nowhere in this world; nearest is 'north-west'"),
        (",all,north", ",core-surgical general-practice surgery,north", "not some of each"),
        (",A,", ",C,", "grade: is 'C', should be one of A, B"),
        ("outcome_3,", "outcome_3_pct,", ""),
    ],
)  # fmt: skip
def test_every_row_that_is_refused_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    row = "outcome_3,2019/20,gp,all,north-west,12,,,,export,A,"
    assert old in row
    said = added(desk(tmp_path), row, row.replace(old, new, 1), "ccts,2019/20,all,all,all,x,,,,export,A,")
    assert said.returncode == 2
    lines = said.stderr.splitlines()
    assert lines[-1].endswith(f"own.csv: {len(lines) - 1} of 3 rows are refused: nothing is written")
    assert [line.split(": ")[2] for line in lines[:-1]] == (["line 3", "line 4"] if says else ["line 4"])
    assert says in said.stderr
    assert not (tmp_path / "own").exists()
    assert list(tmp_path.glob(".own*")) == []


def test_rows_twice_no_rows_and_a_folder_in_the_way_are_refused(tmp_path: Path) -> None:
    row = "ccts,2020/21,all,all,all,99,,,,export,A,"
    assert "stands there twice, as in line 2" in added(desk(tmp_path), row, row).stderr
    assert "has no rows" in added(tmp_path).stderr
    assert "--role fit, to calibrate with" in added(tmp_path, row, options=()).stderr
    (tmp_path / "own").mkdir()
    assert "own is there already" in added(tmp_path, row).stderr
    (tmp_path / "known.toml").write_text('extends = "known.toml"\n' + (tmp_path / "known.toml").read_text())
    assert "in a circle" in added(tmp_path, row, options=("--role", "fit", "--to", "z")).stderr


def left_open(values: Any, records: Any) -> tuple[float, float]:
    """What the ten draws nearest to a draw's records leave open, over all draws: median width, share with the truth."""
    widths, inside = list[float](), list[bool]()
    for truth in range(len(values)):
        others = np.arange(len(values)) != truth
        far = np.abs(records[others] - records[truth]).max(axis=1)
        kept = values[others][np.argsort(far, kind="stable")[:10]]
        ranges = (np.ptp(np.quantile(each, (0.05, 0.95))) for each in (kept, values[others]))
        widths.append(float(next(ranges) / next(ranges)))
        inside.append(bool(kept.min() <= values[truth] <= kept.max()))
    return float(np.median(widths)), float(np.mean(inside))


def test_fictitious_records_narrow_what_the_ranges_leave_open(tmp_path: Path) -> None:
    """Each draw is the truth in turn; records that belong to another draw are the placebo."""
    cells = [(year, stage) for year in ("2018/19", "2019/20") for stage in ("core", "gp")]
    rows = [f"outcome_3_pct,{year},{stage},all,all,1,,,,x,A," for year, stage in cells]
    rows.append("extensions,2021/22,all,all,all,1,,,,x,A,")
    assert added(desk(tmp_path), *rows, options=("--role", "fit", "--alone")).returncode == 0
    values = measure_all(plan_of(tmp_path, 41)[1])
    width, inside = left_open(values[:, -1], values[:, :-1])
    placebo = [left_open(values[:, -1], np.roll(values[:, :-1], shift, axis=0))[0] for shift in range(3, 39, 5)]
    assert width < 0.65
    assert np.mean(placebo) > 0.72
    assert inside > 0.75


@pytest.mark.slow
def test_own_records_can_be_calibrated_with(tmp_path: Path) -> None:
    """The sample meets the record, and both the classes and a record that is only held out are in its identifier."""
    (desk(tmp_path) / "open.toml").write_text(OPENED)
    rows = ("outcome_3_pct,2018/19,all,all,all,4,,,1,export,A,", "outcome_3_pct,2020/21,all,all,all,{0},,,20,export,A,")
    sizes = ("--scale", "1", "--points", "64", "--later", "192", "--waves", "2", "--workers", "2")
    digests = []
    for number, held in enumerate((5, 6)):
        to = f"own{number}"
        assert added(tmp_path, rows[0], options=("--role", "fit", "--to", f"{to}_fit")).returncode == 0
        said = run_command(
            tmp_path, "evidence", "add", written(tmp_path, rows[1].format(held)), "--beside", f"{to}_fit/targets.toml",
            "--role", "test", "--to", to,
        )  # fmt: skip
        assert said.returncode == 0, said.stderr
        words = ("--targets", f"{to}/targets.toml", "--open", "open.toml", *sizes, "--out", f"out{number}")
        done = run_command(tmp_path, "calibrate", *words)
        assert done.returncode == 0, done.stderr
        digests.append(json.loads((tmp_path / f"out{number}" / "manifest.json").read_text())["result"])
    fit = pd.read_csv(tmp_path / "out0" / "fit.csv").iloc[0]
    assert (fit["id"], fit["record"]) == ("known", 4.0)
    assert fit["passes_from"] - 1.5 < fit["run_5"] <= fit["run_50"] <= fit["run_95"] < fit["passes_to"] + 1.5
    assert digests[0] != digests[1]
    posteriors = [load_sample(str(tmp_path / f"out{number}" / "posterior.parquet")) for number in range(2)]
    assert (posteriors[0].positions == posteriors[1].positions).all()  # what is held out moves no row
    assert "reviews" in "".join(posteriors[0].made.discrepancy).lower()
