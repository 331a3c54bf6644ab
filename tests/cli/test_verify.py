"""What a result says of itself holds: reproduced it is the same to the last bit, and what was planted is found."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import CONFIGS
from support.issued_results import write_result as result_of
from support.worlds.tiny_study import written

from pipeline_sim.cli import app
from pipeline_sim.cli.commands import verify
from pipeline_sim.cli.terminal.command_line import NOT_IN_RESULT
from pipeline_sim.records.files.manifest_seal import sealed_text
from pipeline_sim.records.provenance import environment
from pipeline_sim.records.provenance.identifiers import Identifier
from pipeline_sim.records.provenance.lookup import find_result
from pipeline_sim.study.comparison import study_manifest

RUN = ("run", "world.toml", "--scale", "0.1", "--seed", "4", "--log", "none")
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Typed:
    """Types a command where there is a world; exit status, what was printed, complaints."""
    (tmp_path / "world.toml").write_text(f'extends = ["{CONFIGS / "tiny.toml"}"]\n')
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pipeline-sim", *words])
        with pytest.raises(SystemExit) as ended:
            app.main()
        said = capfd.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def identifiers(folder: Path) -> dict[str, str]:
    """Of each item, by kind and name."""
    items = json.loads((folder / "manifest.json").read_text())["items"]
    return {f"{item['kind']} {item['name']}": text for text, item in items.items()}


def refused(said: tuple[int, str, str], *what: str) -> None:
    """Status 2 and one line."""
    status, out, err = said
    assert (status, out, err.count("\n")) == (2, "", 1), said
    assert all(each in err for each in what), err


@pytest.mark.slow
def test_a_run_is_the_same_again_and_a_planted_difference_is_found(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed(*RUN)[0] == 0
    (folder,) = (tmp_path / "results" / "world").iterdir()
    named = identifiers(folder)
    assert list(named) == ["D by_year", "D measures", f"R {folder.name}"]
    whole = named[f"R {folder.name}"]
    status, out, err = typed("verify", whole)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == f"{whole} is identical, bit for bit: by_year.csv; measures.parquet"
    as_it_is = verify.reproduce

    def with_other_luck(words: Any, name: str) -> None:
        as_it_is([*words, "--seed", "5"], name)

    monkeypatch.setattr(verify, "reproduce", with_other_luck)
    monkeypatch.setattr(environment, "changed_versions", lambda manifest: ["rules a, here b"])
    status, out, _ = typed("verify", named["D by_year"])
    assert status == 1
    assert "changed since then, so that a difference may come from it: rules a, here b" in out
    assert "differs: by_year.csv: line 2, level_mean is “" in out
    assert "0 of 1 places are identical; see above what has changed" in out


@pytest.mark.slow
def test_a_comparison_is_the_same_again_from_another_place(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    written(tmp_path / "study", replications=1)
    assert typed("compare", "study", "--out", "far/answer", "--workers", "1")[0] == 0
    named = identifiers(tmp_path / "far" / "answer")
    whole = next(text for text in named.values() if text.startswith("R"))
    status, out, _ = typed("verify", whole, "--results", "far")
    assert status == 0, out
    assert "is identical, bit for bit: acceptability.csv" in out
    status, out, _ = typed("explain", named["F mixes"], "--results", "far/answer", "--names")
    assert status == 0
    assert all(len(line) <= 80 for line in out.splitlines() if str(CONFIGS) not in line)
    for says in ("What if?", "No COVID", "seed 7", "1 draw of the", " study/study.toml", "Python 3", "cores"):
        assert says in out
    assert "costs." in out
    listed = [line.split()[-2:] for line in typed("explain", whole, "--results", "far")[1].splitlines()]
    kinds = ("F", "T", "D")
    mine = [line for line in listed if line[0] in named.values() and line[0][0] in kinds]
    assert [line[0][: line[0].index("-")] for line in mine[:2]] == ["F1", "F2"]
    assert mine[-1] == [named["D parameters"], "parameters"]


@pytest.mark.parametrize("kept", [True, False])
def test_finished_replications_are_used_only_if_asked_for(tmp_path: Path, kept: bool) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one")
    with verify.scratch_folder(find_result(figure, tmp_path)[1], kept) as folder:
        assert (folder.parent == tmp_path / "results") == kept
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["one"]


def test_what_cannot_be_verified_is_refused_in_one_line(typed: Typed, tmp_path: Path) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one", inputs={"world.toml": "0" * 64, "gone.toml": "0" * 64})
    refused(
        typed("verify", figure), f"{figure} cannot be reproduced: ", "world.toml was edited", "gone.toml is not here"
    )
    status, out, _ = typed("explain", figure)
    assert status == 0
    assert "000000000000 world.toml: was edited since" in out
    assert "000000000000 gone.toml: is not here" in out
    never = Identifier("F", 1, "7777777").text
    for command in ("verify", "explain"):
        refused(typed(command, never), f"{never} was never issued")
        refused(typed(command, f"{figure[:-1]}0"), "is mistyped", f"nearest is {figure}")
        refused(typed(command, figure, "--results", "nowhere"), "there is no folder nowhere")
    path = tmp_path / "results" / "one" / "mixes.csv"
    path.write_text(path.read_text().replace("3", "4"))
    for command in ("verify", "explain"):
        refused(typed(command, figure), "results/one is not as written: mixes.csv was changed")


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf results", "", "pipeline-sim", "'", "pipeline-sim batch study.toml",
        *(f"pipeline-sim compare study.toml {words}" for words in ("--store /", "--store=/", "--out x", "--", "-x")),
        "pipeline-sim sensitivity study.toml --record", "pipeline-sim elicit panel.toml",
    ],
)  # fmt: skip
def test_only_commands_of_this_program_are_typed(typed: Typed, tmp_path: Path, command: str) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one", command=command)
    refused(typed("verify", figure), "results/one/manifest.json says no command of pipeline-sim that reproduces it")


def test_what_a_result_may_type_is_what_decides_results() -> None:
    params = (each for name in verify.COMMANDS for each in app.load_command(name).params if each.name != "help")
    decisive = {each.opts[0] for each in params if each.param_type_name == "option" and each.name not in NOT_IN_RESULT}
    assert decisive == verify.OPTIONS


def test_a_command_that_fails_is_no_comparison(typed: Typed, tmp_path: Path) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one", command="pipeline-sim run nowhere.toml")
    (tmp_path / "typer.py").write_text("raise SystemExit(9)")  # a file of the user's that no command imports
    status, _, err = typed("verify", figure)
    assert status == 2
    assert err.splitlines()[0] == "error: nowhere.toml: cannot be read: No such file or directory"
    assert "ended with status 2: nothing was compared" in err


def test_a_manifest_for_another_command_is_found_out(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one")

    def makes_another(words: list[str], name: str) -> None:
        result_of(Path(words[2]), "0123456")

    monkeypatch.setattr(environment, "changed_versions", lambda manifest: [])
    monkeypatch.setattr(verify, "reproduce", makes_another)
    status, out, _ = typed("verify", figure)
    assert status == 1
    assert f"{figure} differs: its command now makes another result, 0123456" in out


def test_a_result_of_another_version_is_called_what_it_was(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, figure, *_ = result_of(tmp_path / "results" / "one")
    called = []

    def makes_it(words: list[str], name: str) -> None:
        called.append(name)
        monkeypatch.setenv(study_manifest.AGAIN, name)
        result_of(Path(words[2]), study_manifest.result_digest(["a question"]))

    monkeypatch.setattr(verify, "reproduce", makes_it)
    status, out, _ = typed("verify", figure)
    assert (status, called) == (0, ["k7m3q4d"])
    assert "rules aaaaaaaaaaaaaaaa, here " in out
    monkeypatch.delenv(study_manifest.AGAIN)
    assert study_manifest.result_digest(["a question"]) != study_manifest.result_digest(["another"])


def test_a_manifest_sealed_anew_with_other_numbers_is_found_out(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, forged = tmp_path / "honest", tmp_path / "results" / "one"
    result_of(honest)
    *_, table = result_of(forged, files={"mixes.csv": b"mix,gained\nmoney,30\nnothing,0\n"})
    monkeypatch.setattr(verify, "reproduce", lambda words, name: shutil.copytree(honest, words[2]))
    status, out, _ = typed("verify", table)
    assert status == 1
    assert f"{table} differs: mixes.csv: line 2, gained is “3”, was “30”" in out
    assert sealed_text(json.loads((forged / "manifest.json").read_text())) == (forged / "manifest.json").read_text()
