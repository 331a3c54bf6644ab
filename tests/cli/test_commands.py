"""The table of commands, what is imported before one runs, and the command line that reproduces a result."""

import inspect
import json
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support import CONFIGS, ROOT
from support.typed_command import run_command

from pipeline_sim.cli.app import COMMANDS, MODULES, load_command
from pipeline_sim.cli.terminal.command_line import command_of

HEAVY = {"numpy", "pandas", "numba", "pyarrow", "scipy", "matplotlib", "simpy", "rich"}
STUDY = "my studies/one/study.toml"


def parsed(command: str) -> Any:
    """Context of a command line whose options are parsed; the command does not run."""
    _, name, *words = shlex.split(command)
    return load_command(name).make_context(name, words)


def modules_after(lines: list[list[str]], folder: Path) -> set[str]:
    """Modules that a process has imported after some command lines, run in a folder."""
    code = (
        "import sys\nfrom pipeline_sim.cli import app\n"
        f"for words in {lines}:\n    sys.argv[1:] = words\n    try:\n        app.main()\n    except SystemExit:\n"
        "        pass\nprint(*(name for name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_every_module_is_a_command_of_the_table_with_the_first_line_of_its_docstring() -> None:
    folder = ROOT / "pipeline_sim" / "cli" / "commands"
    modules = {name: MODULES.get(name, name) for name in COMMANDS}
    found = {".".join(path.relative_to(folder).with_suffix("").parts) for path in folder.rglob("[!_]*.py")}
    assert found == set(modules.values())
    for name, line in COMMANDS.items():
        function = getattr(import_module(f"pipeline_sim.cli.commands.{modules[name]}"), name)
        assert str(inspect.getdoc(function)).splitlines()[0] == line


@pytest.mark.parametrize(
    "lines",
    [
        [["--help"]],
        [[name, "--help"] for name in COMMANDS],
        [["run", "x", "--scale", "0"], ["compare", "--seed", "-1"]],
    ],
    ids=["help", "help of each command", "refused"],
)
def test_help_and_a_refused_option_import_nothing_heavy(lines: list[list[str]], tmp_path: Path) -> None:
    modules = modules_after(lines, tmp_path)
    assert not HEAVY & modules
    start = "pipeline_sim.cli.commands."
    imported = {name.removeprefix(start) for name in modules if name.startswith(start)} - {"catalogue", "decide", "own"}
    assert imported == {MODULES.get(words[0], words[0]) for words in lines if words != ["--help"]}


def test_a_run_imports_no_statistics_and_no_plots(tmp_path: Path) -> None:
    modules = modules_after([["run", str(CONFIGS / "tiny.toml"), "--scale", "0.2", "--out", "out"]], tmp_path)
    assert not {"pandas", "scipy.stats", "scipy.special", "sklearn", "SALib", "matplotlib"} & modules
    assert (tmp_path / "out" / "measures.parquet").is_file()


@pytest.mark.parametrize(
    ("typed", "used", "line"),
    [
        (
            f"pipeline-sim compare '{STUDY}' --full --workers 2 --out x",
            {"full": False, "scale": 0.125, "replications": 7, "seed": 0, "parameters": "mode", "precision": 40.0},
            "pipeline-sim compare 'my studies/one' --scale 0.125 --replications 7 --seed 0 --parameters mode"
            " --precision 40.0 --engine batch",
        ),
        (
            "pipeline-sim sensitivity a/study.toml --only pay --scale 0.2 --figures 0 --worlds one,two --record",
            {},
            "pipeline-sim sensitivity a --method morris --trajectories 10 --replications 1 --seed 1 --figures 0"
            " --scale 0.2 --worlds one,two --only pay",
        ),
        (
            "pipeline-sim run a.toml b.toml --without y --without x --check --seed 3",
            {"without": ["x", "y"]},
            "pipeline-sim run a.toml b.toml --engine batch --scale 1.0 --replications 1 --seed 3 --log full"
            " --without x --without y",
        ),
        ("pipeline-sim describe --format stress-des", {}, "pipeline-sim describe --format stress-des"),
    ],
)
def test_the_command_line_of_a_result_names_all_that_determines_it(
    typed: str, used: Any, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for study in (STUDY, "a/study.toml"):
        (tmp_path / study).parent.mkdir(parents=True)
        (tmp_path / study).touch()
    monkeypatch.chdir(tmp_path)
    assert shlex.join(command_of(parsed(typed), **used)) == line
    assert shlex.join(command_of(parsed(line))) == line


def test_a_result_says_that_a_file_behind_it_was_edited(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    posts = tmp_path / "configs" / "england" / "posts.csv"
    posts.write_text(posts.read_text().replace(",0.885,", ",0.8,", 1))
    said = run_command(tmp_path, "run", "configs/tiny.toml", "--scale", "0.05", "--log", "none", "--out", "out")
    note = f"{Path('configs/england/posts.csv')} differs from the file that ships: line 2 changed"
    assert (said.returncode, said.stderr.splitlines()[0]) == (0, f"note: {note}")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["edited"] == [note]
