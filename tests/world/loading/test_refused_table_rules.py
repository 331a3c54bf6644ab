"""Rules of tables that cannot be: one line with the file of the rules, the rule and what would be right."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.worlds.refused_layers import TINY

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.world_error import WorldError

WHOLE = 'kind = "whole"'


def refused(folder: Path) -> str:
    """Message, of one line, that refuses a world with the rules of a folder, without the path of the rules."""
    shutil.copy(CONFIGS / "england" / "posts.csv", folder)
    (folder / "own.toml").write_text(f'extends = ["{TINY.as_posix()}"]\n[files]\nposts = "posts.csv"\n')
    with pytest.raises(WorldError) as caught:
        load_world(folder / "own.toml")
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{folder / 'table_rules.toml'}: ")
    return text.removeprefix(f"{folder / 'table_rules.toml'}: ")


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("", "has no rules, should have a table for each table of the world, such as [posts]"),
        ("[postz]", "postz: there is no such table; nearest is 'posts'"),
        ("posts = 3", "posts: is 3, should be a table"),
        ("[posts]\nkeys = []", "posts.keys: unknown key; nearest is 'key'"),
        ('[posts]\nkey = "year"', "posts.key: is 'year', should be a list"),
        ('[posts]\nkey = ["yaer"]', "posts.key: 'yaer' is no column of "),
        ('[posts]\nwithin = [["lw", "posts"]]', "posts.within[0]: 'lw' is no column of "),
        ('[posts]\njumps = [{ columns = ["posts"], along = "yaer", most = 2 }]', "posts.jumps[0]: 'yaer' is no column"),
        ('[posts]\njumps = [{ columns = ["posts"], along = "year" }]', "posts.jumps[0].most: is missing"),
        (
            '[posts]\ncited = [{ column = "posts", table = "competition_ratio", among = "posts" }]',
            "posts.cited[0]: there is no table 'competition_ratio'; nearest is 'competition_ratios'",
        ),
        (
            '[posts]\ncited = [{ column = "posts", table = "competition_ratios", among = "postz" }]',
            "posts.cited[0]: 'postz' is no column of ",
        ),
        (
            '[posts.columns]\nfamily = { kind = "word", found_in = ["trainees_by_specialty", "programe"] }',
            "posts.columns.family.found_in: 'programe' is no column of ",
        ),
        (
            f"[posts.columns]\nyear = {{ {WHOLE}, leest = 2005 }}",
            "posts.columns.year.leest: unknown key; nearest is 'least'",
        ),
        (
            '[posts.columns]\nyear = { kind = "wole" }',
            "posts.columns.year.kind: is 'wole', should be 'number', 'whole'",
        ),
        (f'[posts.columns]\nyear = {{ {WHOLE}, least = "soon" }}', "posts.columns.year.least: is 'soon', should be a"),
        ('[posts]\nkey = ["year"', "not valid TOML"),
    ],
)
def test_rules_that_cannot_be(tmp_path: Path, rules: str, says: str) -> None:
    (tmp_path / "table_rules.toml").write_text(rules)
    assert refused(tmp_path).startswith(says)


def test_rules_that_are_a_folder(tmp_path: Path) -> None:
    (tmp_path / "table_rules.toml").mkdir()
    assert refused(tmp_path) == "cannot be read: a folder, should be a file"


def test_a_world_without_rules_has_grades_of_doctors(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    (tmp_path / "configs" / "table_rules.toml").unlink()
    stock = build_population(load_world(tmp_path / "configs" / "tiny.toml")).stock
    assert stock.sum() > 0
    np.testing.assert_array_equal(stock, build_population(load_world(TINY)).stock)


def test_grades_of_evidence_are_checked_without_rules(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    (tmp_path / "configs" / "table_rules.toml").unlink()
    posts = tmp_path / "configs" / "england" / "posts.csv"
    lines = posts.read_text(encoding="utf-8").split("\n")
    at = lines[0].split(",").index("grade")
    cells = lines[1].split(",")
    cells[at] = "D"
    posts.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")
    with pytest.raises(WorldError, match=r"posts\.csv: line 2: grade: is 'D', should begin with A, B or C"):
        load_world(tmp_path / "configs" / "tiny.toml")
