"""Every source that decides a result is in the digest by which results are stored, and nothing is named in vain."""

import ast
from pathlib import Path

import pytest

from pipeline_sim.base.compiler.jit import COMPILED, COMPILED_BESIDES
from pipeline_sim.base.package import PACKAGE, source_files, sources_digest
from pipeline_sim.study.replication.run_setting import RESULT_SOURCES

RUNS_A_REPLICATION = "study/replication/joint_replication.py"
DECIDES_NOTHING = {  # imported by what runs a replication, but no number depends on it
    "study/study_error.py": "refuses, and has no number",
    "records/records_error.py": "refuses, and has no number",
    "records/files/tables_file.py": "reads the posterior sample, whose rows are in the setting",
    "records/files/result_files.py": "as the one before",
    "records/files/manifest_seal.py": "as the one before",
    "records/files/checked_files.py": "opens files, or refuses to",
    "records/files/harmless_text.py": "spells control characters of messages",
    "records/invariants.py": "checks the log of a single run, and changes none",
}
COMPILERS = {"rule", "kernel", "inlined_rule", "inlined_kernel", "allocating", "entry"}
JIT = "pipeline_sim.base.compiler.jit"


def names(patterns: tuple[str, ...]) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in source_files(patterns)}


def compiles(file: str) -> bool:
    """True if a file of the package imports what compiles a function."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any(node.module == JIT and COMPILERS & {alias.name for alias in node.names} for node in froms)


def imported(file: str) -> set[str]:
    """Files of the package that a file imports, at its top or in a function."""
    modules = set()
    for node in ast.walk(ast.parse((PACKAGE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = [module.split(".")[1:] for module in modules if module.startswith("pipeline_sim.")]
    paths = [path for part in parts for path in (Path(*part).with_suffix(".py"), Path(*part, "__init__.py"))]
    return {path.as_posix() for path in paths if (PACKAGE / path).is_file()}


def reached(start: str) -> set[str]:
    """Files that a file imports, directly or through others."""
    found, left = {start}, [start]
    while left:
        new = imported(left.pop()) - found
        found |= new
        left += new
    return found


def test_every_compiled_file_is_in_the_digest_of_the_compiler() -> None:
    compiled = {file for file in names(("**/*.py",)) if compiles(file)}
    assert len(compiled) > 30
    assert compiled - names(COMPILED + COMPILED_BESIDES) == set()
    assert names(COMPILED) <= names(RESULT_SOURCES)


def test_every_file_that_runs_a_replication_is_in_the_digest_of_the_results() -> None:
    files = reached(RUNS_A_REPLICATION)
    assert len(files) > 100
    assert files - names(RESULT_SOURCES) == DECIDES_NOTHING.keys()


def test_a_pattern_that_matches_nothing_is_refused() -> None:
    with pytest.raises(FileNotFoundError, match=r"matches worlds/\*\*/\*.py"):
        sources_digest((*RESULT_SOURCES, "worlds/**/*.py"))
