"""Published figures: what ships is in order, and whatever is wrong with a file of them is refused in one line."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline_sim.study.fit.targets import Target, load_targets
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

SHIPPED = Path(__file__).parents[3] / "configs" / "evidence" / "targets.toml"
HEAD = """
study = "study.toml"
worlds = { covid = "none", no_covid = "no_covid" }
"""
GOOD = """
[[targets]]
id = "gp-2020"
topic = "Recruitment"
quantity = "GP acceptances"
population = "England"
period = "2020"
value = 3793.0
unit = "doctors"
source = { file = "found.csv", where = { year = "2020" } }
publisher = "HEE"
grade = "A"
tolerance = 100.0
because = "snapshots differ"
role = "test"
model = { kind = "counts", measures = ["accepted"], years = [2019], about = { stages = ["gp"] } }
"""
MEASURE = 'kind = "counts", measures = ["accepted"], years = [2019], about'
ROWS = 'kind = "rows", events = ["accepted"], first = 2020-01-01, last = 2020-12-31, who = ["woman"], about'
EVIDENCE = "year,value,grade\n2019,3538,B\n2020,3793,A\n2021,1,A\n2021,2,A\n"


def written(folder: Path, targets: str = GOOD, head: str = HEAD) -> Path:
    """A file of targets and the evidence it names."""
    (folder / "found.csv").write_text(EVIDENCE)
    (folder / "targets.toml").write_text(head + targets)
    return folder / "targets.toml"


def test_what_ships_is_enough_and_split_by_role() -> None:
    found = load_targets(SHIPPED).targets
    assert len(found) >= 25
    assert len({each.publisher for each in found}) >= 8
    assert {each.role for each in found} == {"fit", "input", "test"}
    assert Counter(each.role for each in found if each.is_record) == {"test": 13, "fit": 54, "input": 29}


def test_no_record_of_what_panels_decide_is_held_out() -> None:
    topics = {each.topic for each in load_targets(SHIPPED).targets if each.is_record and each.role == "test"}
    assert topics == {"Doctors in training", "What COVID took", "Working life", "Who there is"}


def test_the_ranges_fitted_to_lie_before_what_is_forecast() -> None:
    found = load_targets(SHIPPED).targets
    fitted = [year for each in found if each.role == "fit" and not each.is_record for year in years(each)]
    assert max(fitted) == 2019


def years(target: Target) -> list[int]:
    return list(getattr(target.model, "years", []))


def test_a_good_file(tmp_path: Path) -> None:
    (target,) = load_targets(written(tmp_path)).targets
    assert (target.ends, target.reach) == ((3793, 3793), (3693, 3893))


def test_a_file_that_extends_another_keeps_its_classes(tmp_path: Path) -> None:
    """Without them every topic would have a discrepancy of its own, and nobody would notice."""
    below = written(tmp_path)
    plain, above = below.read_text(), tmp_path / "above.toml"
    below.write_text('classes = { outcomes = ["Recruitment"], heads = ["CCTs"] }\n' + plain)
    own = f'extends = "{below.name}"\nclasses = {{ heads = ["Doctors"] }}\n'
    above.write_text(own + plain.replace("gp-2020", "gp-own"))
    assert load_targets(above).classes == {"outcomes": ["Recruitment"], "heads": ["Doctors"]}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('source = { file = "found.csv", where = { year = "2020" } }\n', "", "gp-2020.source: missing"),
        ('publisher = "HEE"\n', "", "gp-2020.publisher: missing"),
        ('because = "snapshots differ"', 'because = ""', "gp-2020.because: should not be empty"),
        ('because = "snapshots differ"\n', "", "gp-2020: because: missing: a record"),
        ("tolerance = 100.0", "tolerance = -1.0", "gp-2020.tolerance"),
        ("tolerance = 100.0", "tolerence = 100.0", "unknown key; nearest is 'tolerance'"),
        ('role = "test"', 'role = "spare"', "gp-2020.role"),
        ("value = 3793.0", "value = 3800.0", "value: 3800 does not stand in line 3"),
        ('year = "2020"', 'year = "1066"', "0 rows of"),
        ('year = "2020"', 'year = "2021"', "2 rows of"),
        ('year = "2020"', 'month = "May"', "no column 'month'"),
        ('grade = "A"', 'grade = "B"', "grade is B, but A"),
        ('"found.csv"', '"lost.csv"', "cannot be read"),
        ('measures = ["accepted"]', 'measures = ["acepted"]', "'acepted' is not known; nearest is 'accepted'"),
        ('stages = ["gp"]', 'stages = ["vet"]', "model.about.stages: 'vet' is not known"),
        ("years = [2019]", "years = []", "gp-2020.model.years"),
        ('kind = "counts"', 'kind = "sums"', "gp-2020.model"),
        (MEASURE, ROWS, "gp-2020: model.who: 'woman' is not known; nearest is 'women'"),
        ("value = 3793.0", "value = 3793.0\nlow = 3800.0\nhigh = 3900.0", "low, value and high"),
        ("value = 3793.0", "value = 3793.0\nlow = 3793.0", "given together"),
        ('role = "test"', 'role = "test"\nbefore = "gp-1999"', "there is no target 'gp-1999'"),
        ('role = "test"', 'role = "test"\nbefore = "gp-2020"', "before: 'gp-2020' should be of an earlier year"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises((StudyError, WorldError)) as refused:
        load_targets(path)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_target_that_is_there_twice(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="gp-2020: is there twice"):
        load_targets(written(tmp_path, GOOD + GOOD))


@pytest.mark.parametrize("text", ["", "targets = 3", "study = 'x'\nworlds = {}\ntargets = [1]", "[[targets"])
def test_what_is_no_file_of_targets(tmp_path: Path, text: str) -> None:
    path: Any = tmp_path / "targets.toml"
    path.write_text(text)
    with pytest.raises((StudyError, WorldError)):
        load_targets(path)
