"""A validation of the tiny world: what is run for whom, what passes, and that failures come first."""

from pathlib import Path

import numpy as np
import pytest
from support.worlds import tiny_study

from pipeline_sim.study.fit.targets import Target, Targets
from pipeline_sim.study.fit.validate_model import (
    ValidationPlan,
    Verdict,
    check_validation,
    jobs_of,
    measure_all,
    validate,
)
from pipeline_sim.study.study_error import StudyError

PLAIN = {
    "id": "x", "topic": "T", "quantity": "Q", "population": "P", "period": "2019/20", "value": 10.0, "unit": "doctors",
    "source": {"file": "x.csv", "where": {}}, "publisher": "X", "grade": "A", "tolerance": 2.0, "because": "so",
    "role": "test", "model": {"kind": "counts", "measures": ["extensions"], "years": [2018, 2019, 2020, 2021]},
}  # fmt: skip


def target(**changes: object) -> Target:
    return Target.model_validate(PLAIN | changes)


def verdict(*draws: float, **changes: object) -> Verdict:
    return Verdict(target(**changes), np.array(draws))


def question(folder: Path, *targets: Target) -> ValidationPlan:
    """The tiny study on disk and some targets."""
    study = tiny_study.study(folder, attribution=None, replications=2, repeat_every=0)
    (folder / "study.toml").write_text(as_toml(study))
    worlds = {"covid": "none", "no_covid": "no_covid", "as_spent": "money"}
    found = Targets.model_validate({"study": "study.toml", "worlds": worlds, "targets": list(targets)})
    return check_validation(found, folder / "targets.toml", "batch", 1, {})


def as_toml(study: object) -> str:
    rest = study.model_dump(exclude_none=True)
    worlds = rest.pop("worlds")
    lines = [f"{key} = {text(value)}" for key, value in rest.items()]
    for world in worlds:
        lines += ["[[worlds]]", *(f"{key} = {text(value)}" for key, value in world.items())]
    return "\n".join(lines)


def text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


@pytest.mark.parametrize(
    ("mean", "passes", "inside", "off"),
    [(10, True, True, 0.0), (12, True, False, 1.0), (12.1, False, False, 1.05), (7.0, False, False, -1.5)],
)
def test_a_target_passes_within_its_reach(mean: float, passes: bool, inside: bool, off: float) -> None:
    found = verdict(mean, mean)
    assert (found.passes, found.is_inside) == (passes, inside)
    assert found.off == pytest.approx(off)


def test_an_interval_of_the_source_widens_what_passes() -> None:
    found = verdict(15.0, 15.0, low=5.0, high=14.0)
    assert found.passes
    assert not found.is_inside
    assert found.off == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("draws", "sure"), [((10, 10.1), True), ((11.5, 12.4), False), ((19.9, 20.1), True), ((11, 15), False)]
)
def test_a_verdict_is_sure_if_the_whole_interval_says_so(draws: tuple[float, ...], sure: bool) -> None:
    assert verdict(*draws).is_sure is sure


def test_a_figure_without_any_room_is_met_or_infinitely_far() -> None:
    assert verdict(10, 10, tolerance=0.0).off == 0
    assert verdict(11, 11, tolerance=0.0).off == np.inf


def test_only_the_worlds_that_targets_need_are_run(tmp_path: Path) -> None:
    assert {job.role for job in jobs_of(question(tmp_path, target()))} == {"covid"}
    lost = question(tmp_path, target(world="lost"))
    assert {job.role for job in jobs_of(lost)} == {"covid", "no_covid"}
    assert len(jobs_of(lost)) == 4


def test_what_is_lost_is_the_difference_of_worlds_with_the_same_luck(tmp_path: Path) -> None:
    worlds = ("covid", "no_covid", "as_spent", "lost", "bought")
    values = measure_all(question(tmp_path, *(target(id=world.replace("_", "-"), world=world) for world in worlds)))
    assert values.shape == (2, 5)
    assert (values[:, 3] == values[:, 0] - values[:, 1]).all()
    assert (values[:, 4] == values[:, 0] - values[:, 2]).all()
    assert (values[:, 3] > 0).all()


def test_failures_come_first_and_those_furthest_off_before_others(tmp_path: Path) -> None:
    found = validate(
        question(
            tmp_path,
            target(id="met", value=0.0, tolerance=1e6),
            target(id="near", value=0.0, tolerance=1.0),
            target(id="far", value=-50.0, tolerance=1.0),
        )
    )
    assert [each.target.id for each in found] == ["far", "near", "met"]
    assert [each.number for each in found] == [2, 1, 0]


def test_a_world_that_the_study_has_not(tmp_path: Path) -> None:
    tiny_study.study(tmp_path)
    (tmp_path / "study.toml").write_text(as_toml(tiny_study.study(tmp_path, attribution=None)))
    found = Targets.model_validate({"study": "study.toml", "worlds": {"covid": "plague"}, "targets": [target()]})
    with pytest.raises(StudyError, match=r"worlds.covid: study.toml has no world 'plague'"):
        check_validation(found, tmp_path / "targets.toml", "batch", 1, {})
    found = Targets.model_validate(
        {"study": "study.toml", "worlds": {"covid": "none"}, "targets": [target(world="lost")]}
    )
    with pytest.raises(StudyError, match=r"'lost' needs worlds.no_covid"):
        check_validation(found, tmp_path / "targets.toml", "batch", 1, {})
