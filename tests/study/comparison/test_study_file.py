"""A study file that is wrong is refused in one line that names the key."""

from pathlib import Path

import pytest

from pipeline_sim.study.comparison.study_file import load_study, world_spec
from pipeline_sim.study.study_error import StudyError

GOOD = """
name = "one"
question = "What if?"
baseline = "plain"
scale = 0.1
replications = 4
seed = 1

[[worlds]]
name = "plain"
label = "Plain"
layers = ["plain.toml"]

[[worlds]]
name = "mixed"
label = "Mixed"
layers = ["plain.toml", "more.toml"]
mix = "mix.toml"
without = ["freeze"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, GOOD))
    assert [world.name for world in study.worlds] == ["plain", "mixed"]


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, GOOD))
    found = world_spec(study, study.worlds[1], tmp_path)
    assert found.layers == (str(tmp_path / "plain.toml"), str(tmp_path / "more.toml"))
    assert found.mix == str(tmp_path / "mix.toml")
    assert found.without == {"freeze"}
    assert found.scale == 0.1


def test_the_studies_of_the_repository_are_good() -> None:
    folder = Path(__file__).parents[3] / "experiments"
    paths = sorted(folder.glob("*/study.toml"))
    assert paths
    for path in paths:
        study = load_study(path)
        assert study.name == path.parent.name
        for world in study.worlds:
            found = world_spec(study, world, path.parent)
            assert all(Path(name).is_file() for name in (*found.layers, *([found.mix] if found.mix else [])))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("replications", "replicatons", "replicatons: unknown key; nearest is replications"),
        ('label = "Plain"', 'lable = "Plain"', r"worlds\[0\].*label"),
        ("scale = 0.1", "scale = 2.0", "scale: .*not 2.0"),
        ("scale = 0.1", "scale = nan", "scale: .*not nan"),
        ("replications = 4", "replications = 0", "replications: .*not 0"),
        ("seed = 1", "seed = -1", "seed: .*not -1"),
        ("seed = 1", "", "seed: missing"),
        ('baseline = "plain"', 'baseline = "plane"', "baseline: plane is no world of the study; nearest is plain"),
        (
            "[[worlds]]",
            '[attribution]\nprogramme = "mixd"\nreplications = 2\nsteps = [{ label = "a", shocks = ["surge"] }]\n'
            "[[worlds]]",
            "attribution.programme: mixd is no world of the study; nearest is mixed",
        ),
        ("[[worlds]]", "full = { scale = 1.0 }\n\n[[worlds]]", "full.replications: missing"),
        ("[[worlds]]", 'parameters = "drawn"\n\n[[worlds]]', "parameters: .*not 'drawn'"),
        ('name = "mixed"', 'name = "plain"', "two worlds are named plain"),
        ('name = "mixed"', 'name = "../up"', "name: .*not '../up'"),
        ('name = "one"', "name = ", "not TOML"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(StudyError, match=says) as problem:
        load_study(written(tmp_path, GOOD.replace(old, new, 1)))
    assert "\n" not in str(problem.value)
    assert "study.toml" in str(problem.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"cannot read .*none\.toml"):
        load_study(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match="not TOML"):
        load_study(path)


def test_a_mark_in_front_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_study(path).name == "one"
