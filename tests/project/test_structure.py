"""The shape of the package and of its tests: small folders, small files, small functions, one name for one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support import ROOT

PACKAGE, TESTS = ROOT / "pipeline_sim", ROOT / "tests"
MOST_MODULES, MOST_LINES = 16, 300
MOST_BODY_LINES, MOST_COMPILED_LINES = 40, 120
COMPILED = {"allocating", "entry", "inlined_kernel", "inlined_rule", "kernel", "rule"}
# A rule, its process in the reference engine and its routine in the batch engine bear one name.
TWINS = {PACKAGE / "rules", PACKAGE / "engines" / "reference", PACKAGE / "engines" / "batch" / "event_routines"}
# Folders of tests that are named for their kind, not for the folder of the package that they test.
KINDS = {"baselines", "cases", "closed_form", "fuzz", "laws", "parity", "project", "reliability", "support", "tools"}


class Function(NamedTuple):
    """A function that is longer than allowed."""

    path: str
    name: str
    lines: int


def sources(*roots: Path) -> Iterator[Path]:
    return (path for root in roots for path in sorted(root.rglob("*.py")))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def long_functions(path: Path) -> Iterator[Function]:
    """Functions whose body, without its docstring, has more lines than allowed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            marks = {getattr(mark, "id", "") for mark in node.decorator_list}
            if lines > (MOST_COMPILED_LINES if marks & COMPILED else MOST_BODY_LINES):
                yield Function(named(path), node.name, lines)


def test_no_folder_holds_more_than_sixteen_modules() -> None:
    modules: dict[str, int] = defaultdict(int)
    for path in sources(PACKAGE, TESTS):
        modules[named(path.parent)] += path.name != "__init__.py"
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_no_file_name_stands_in_two_folders_unless_they_are_twins() -> None:
    folders: dict[str, set[Path]] = defaultdict(set)
    for path in sources(PACKAGE):
        if not path.name.startswith("__"):
            folders[path.name].add(path.parent)
    assert {name for name, places in folders.items() if len(places) > 1 and not places <= TWINS} == set()


def test_tests_stand_where_the_code_they_test_stands() -> None:
    folders = {path.parent.relative_to(TESTS) for path in sources(TESTS)} - {Path()}
    strangers = {str(folder) for folder in folders if folder.parts[0] not in KINDS and not (PACKAGE / folder).is_dir()}
    assert strangers == set()


def test_no_file_has_more_than_three_hundred_lines() -> None:
    lengths = {named(path): path.read_bytes().count(b"\n") for path in sources(PACKAGE, TESTS, ROOT / "tools")}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_no_function_is_longer_than_a_page() -> None:
    found = [function for path in sources(PACKAGE, TESTS, ROOT / "tools") for function in long_functions(path)]
    assert found == []


def test_every_folder_of_the_package_says_what_it_holds() -> None:
    folders = {path.parent for path in sources(PACKAGE)}
    silent = {
        named(folder)
        for folder in folders
        if not (folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    }
    assert silent == set()
