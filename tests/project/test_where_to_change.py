"""README.md and CONTRIBUTING.md name files and folders that exist, and the README says what every folder is for."""

import re
from pathlib import Path

import pytest
from support import ROOT

README, CONTRIBUTING = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
ROOTS = "pipeline_sim|configs|experiments|results|tests|tools|docs"
PATH = re.compile(rf"(?<![\w/])(?:(?:{ROOTS})/[\w./-]*|\.ci/\w+|[A-Z]+\.(?:md|cff))(?![\w<])")
TREE = README.split("## The folders")[1].split("```")[1]


def table_rows() -> list[list[str]]:
    """Cells of the rows of the table that says where a change is made."""
    section = CONTRIBUTING.split("## Where do I change ...?")[1].split("\n## ")[0]
    return [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")][1:]


def missing(text: str) -> list[str]:
    """Paths in a text, from the project's root, that lead nowhere."""
    return [path for path in PATH.findall(text) if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_paths_named_are_there(page: str) -> None:
    text = re.sub(r"results/\w+/<digest>/\S*", "", (ROOT / page).read_text(encoding="utf-8"))
    assert len(PATH.findall(text)) > 20
    assert missing(text) == []


@pytest.mark.parametrize("page", ["docs/rap.md", "docs/stress-des.md", "docs/laws.md", "docs/architecture.md"])
def test_files_named_in_backticks_are_there(page: str) -> None:
    named = re.findall(rf"`((?:{ROOTS})/[\w./-]+)`", (ROOT / page).read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_a_path_that_leads_nowhere_is_found() -> None:
    text = "`pipeline_sim/rules/codes.py` and `pipeline_sim/rules/odes.py`, [here](docs/nowhere.md), bash .ci/ran"
    assert missing(text) == ["pipeline_sim/rules/odes.py", "docs/nowhere.md", ".ci/ran"]


def test_every_change_names_a_file_to_open_first() -> None:
    rows = table_rows()
    assert len(rows) >= 14
    assert [change for change, first, _ in rows if "`" not in first and "](" not in first] == []


def test_every_folder_of_the_package_is_in_the_tree() -> None:
    package = ROOT / "pipeline_sim"
    folders = {path.parent.relative_to(package) for path in package.rglob("*.py")} - {Path()}
    assert {folder.as_posix() for folder in folders if f"{folder.name}/" not in TREE} == set()


def test_every_folder_of_the_tree_is_there() -> None:
    package = ROOT / "pipeline_sim"
    places = [ROOT, package, *(path for path in package.rglob("*") if path.is_dir())]
    names = re.findall(r"(?<![\w/])(\w+(?:/\w+)*)/", TREE)
    assert [name for name in names if not any((place / name).is_dir() for place in places)] == []


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= 180


def test_short_names_of_commands_are_those_of_the_makefile() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert named == targets
