"""Commands by which a result is trusted: what they list, and what they refuse in one line."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support import CONFIGS, ROOT

TINY, COSTS, COVID = (str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid"))
STUDY = str(ROOT / "experiments" / "recovery_25m")
Typed = Callable[..., tuple[int, str, str]]


def test_a_world_is_listed_with_all_that_is_registered(typed: Typed) -> None:
    status, out, err = typed("register", TINY, COVID, "--on", "2026-12-01", "--find", "shielding")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (status, err) == (0, "")
    assert {row["parameter"] for row in rows} >= {"shocks.shielding.share", "shocks.shielding.scale"}
    for row in rows:
        assert row["owner"] == "epidemiologist"
        assert row["measured_with"] in ("its entry", "itself", "its entry, stale", "itself, stale", "not drawn")


def test_a_sunset_that_has_passed_is_refused_in_one_line(typed: Typed) -> None:
    for words in (("register", TINY), ("register", "--check")):
        status, out, err = typed(*words, "--on", "2099-01-01")
        assert (status, out) == (2, "")
        assert re.fullmatch(r"error: .*entries\.[a-z-]+\.sunset: \d{4}-\d\d-\d\d has passed on 2099-01-01: .*\n", err)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("register", "--on", "tomorrow"), "on is tomorrow, should be a date such as 2027-05-01"),
        (("register", "--register", "nowhere"), "nowhere/register.toml: cannot be read"),
        (("sensitivity", STUDY, "--method", "tornado"), "no method tornado; known are morris, sobol"),
        (("sensitivity", STUDY, "--method", "sobol", "--record"), "--record needs --method morris"),
        (("sensitivity", STUDY, "--worlds", "as_spend"), "recovery_25m has no world as_spend; nearest is 'as_spent'"),
        (("sensitivity", STUDY, "--only", "price", "--out", "here"), "there is no entry 'price'; nearest is 'prices'"),
        (("sensitivity", "nowhere.toml"), "cannot read nowhere.toml"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    typed: Typed, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    status, out, err = typed(*words)
    lines = [line for line in err.splitlines() if not line.startswith("compiling")]
    assert (status, out, len(lines)) == (2, "", 1)
    assert says in lines[0]
    assert list(tmp_path.iterdir()) == []


TINY_STUDY = """
name = "two"
question = "What does COVID take?"
baseline = "covid"
scale = 1.0
replications = 2
seed = 5
held = ["programmes", "placements", "recruitment.posts_held", "competence", "panels.minor", "panels.major"]
[[worlds]]
name = "covid"
label = "COVID"
layers = ["{tiny}", "{costs}", "{covid}"]
[[worlds]]
name = "no_covid"
label = "No COVID"
layers = ["{tiny}", "{costs}"]
"""


@pytest.mark.slow
def test_an_analysis_leaves_tables_a_picture_and_a_manifest(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(TINY_STUDY.format(tiny=TINY, costs=COSTS, covid=COVID))
    words = ("sensitivity", "study.toml", "--trajectories", "2", "--only", "learning-lost,pay", "--figures", "1")
    status, out, _ = typed(*words, "--out", "found")
    assert status == 0
    assert "What moves: COVID less No COVID" in out
    table = (tmp_path / "found" / "influence.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(table)))
    entries = {row["factor"]: float(row["mu_star"]) for row in rows if row["level"] == "entry"}
    assert entries.keys() == {"learning-lost", "pay", "luck"}
    assert entries["pay"] == 0 < entries["learning-lost"]
    names = {path.name for path in (tmp_path / "found").iterdir()}
    assert names == {
        "influence.csv", "points.csv", "influence.svg", "influence.png", "manifest.json", "ro-crate-metadata.json",
    }  # fmt: skip
    again, out_again, _ = typed(*words, "--out", "found")
    assert (again, out_again) == (0, out)
