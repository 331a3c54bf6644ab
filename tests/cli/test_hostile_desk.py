"""A hostile desk: odd places, odd letters, odd files, no home, no terminal. Always one line, never a traceback."""

import codecs
import io
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import CONFIGS
from support.typed_command import run_command

from pipeline_sim.cli import app
from pipeline_sim.cli.terminal import console
from pipeline_sim.study.study_error import StudyError

TINY, COVID = str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml")
PROGRAM = [sys.executable, "-m", "pipeline_sim.cli"]
SMALL = ("--scale", "0.1", "--log", "none")
POOR = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "40", "NO_COLOR": "1"}


def started(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a shell would do."""
    how = {"cwd": folder, "env": {**os.environ, **environment}}
    return subprocess.run([*PROGRAM, *words], capture_output=True, check=False, encoding="utf-8", **how)  # type: ignore[call-overload,no-any-return]


def complaint(folder: Path, *words: str, **environment: str) -> str:
    """The one line on stderr; nothing is left in the folder. A process of its own where the environment matters."""
    before = sorted(folder.rglob("*"))
    said = started(folder, *words, **environment) if environment else run_command(folder, *words)
    lines = [line for line in said.stderr.splitlines() if not line.startswith("compiling")]
    assert (said.returncode, said.stdout, len(lines)) == (2, "", 1)
    assert sorted(folder.rglob("*")) == before
    return lines[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", TINY, *SMALL, "--out", ""), "is the folder you are working in"),
        (("run", TINY, *SMALL, "--out", "."), "is the folder you are working in"),
        (("run", TINY, *SMALL, "--out", "x" * 300), "File name too long"),
        (("run", TINY, "--scale", "1e-9"), "scale 1e-09 is too small: Tiny would have no post"),
        (("run", TINY, "--replications", "1000000000000"), "100000"),
        (("run", TINY, COVID, *SMALL, "--without", ""), "known are supervision"),
        (("run", TINY, COVID, *SMALL, "--without", "plague"), "known are supervision"),
        (("run", str(CONFIGS)), "a folder, should be a file"),
        (("run", TINY, "--mix", TINY), "mix: is missing"),
        (("trace", TINY, "--scale", "0.1", "--trainee", "0"), "there is no doctor 0"),
        (("trace", TINY, "--replication", "100000"), "99999"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert says in complaint(tmp_path, *words)


def test_letters_that_the_terminal_has_not_are_no_failure(tmp_path: Path) -> None:
    assert r"nirgends \xc3\xa9.toml: cannot be read" in complaint(tmp_path, "run", "nirgends é.toml", **POOR)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_cache_that_cannot_be_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    where = str(tmp_path / place)
    assert f"PIPELINE_SIM_CACHE is {where}" in complaint(tmp_path, "run", TINY, *SMALL, PIPELINE_SIM_CACHE=where)


def test_without_a_home_compiled_rules_are_kept_for_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.atexit, "register", lambda *_, **__: None)
    monkeypatch.delenv("PIPELINE_SIM_CACHE", raising=False)
    monkeypatch.setenv("PIPELINE_SIM_CACHE", "")  # put back afterwards, whatever is set below
    monkeypatch.setenv("MPLCONFIGDIR", "kept")
    (tmp_path / "home").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    monkeypatch.setattr(console.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    console.prepare_cache()
    assert os.environ["PIPELINE_SIM_CACHE"] == str(tmp_path / "pipeline_sim.")
    assert os.environ["MPLCONFIGDIR"] == "kept"


def test_a_cache_that_can_be_made_is_left_to_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_SIM_CACHE", str(tmp_path / "a" / "b"))
    console.prepare_cache()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("PIPELINE_SIM_CACHE", str(tmp_path / "file" / "b"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="should be a folder that can be written"):
        console.prepare_cache()


@pytest.mark.parametrize(
    ("problem", "says"),
    [(OSError(28, "No space left on device"), "No space left on device"), (MemoryError(), "too little memory")],
)
def test_a_full_disk_or_memory_is_one_line(
    capsys: pytest.CaptureFixture[str], problem: BaseException, says: str
) -> None:
    def fail() -> None:
        raise problem

    assert console.one_line_errors(fail) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert says in said


def test_brackets_in_a_label_are_printed_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    console.console().print("[/x] [bold] :smile:")
    assert sys.stdout.getvalue() == "[/x] [bold] :smile:\n"  # type: ignore[attr-defined]


def test_help_asks_for_no_cache(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PIPELINE_SIM_CACHE", "/dev/null/x")
    app.dispatch(["--help"])
    assert "compare" in capsys.readouterr().out


@pytest.mark.slow
def test_a_run_with_odd_letters_and_a_poor_terminal(tmp_path: Path) -> None:
    home = tmp_path / "dossier é ü 日本"
    home.mkdir()
    (home / "wörld.toml").write_text(f'extends = ["{TINY}"]\n', encoding="utf-8")
    said = started(home, "run", "wörld.toml", *SMALL, "--out", "out ß", **POOR)
    assert said.returncode == 0
    assert (home / "out ß" / "by_year.csv").is_file()
    assert r"written to out \xc3\x9f" in said.stdout


@pytest.mark.slow
def test_trace_tells_what_is_wrong_with_a_result(tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text(f'extends = ["{TINY}"]\n')
    assert run_command(tmp_path, "run", "world.toml", "--scale", "0.1", "--out", "one").returncode == 0
    events = tmp_path / "one" / "events-000.parquet"
    table = pq.read_table(events)
    wrong = pa.array([99] * len(table), pa.int8())
    pq.write_table(table.set_column(3, table.schema.field("event"), wrong), events)
    assert "is not what the run wrote" in complaint(tmp_path, "trace", "one")
    assert "its replications are 0 to 0" in complaint(tmp_path, "trace", "one", "--replication", "1")
    (tmp_path / "elsewhere").mkdir()
    assert "type trace where run was typed" in complaint(tmp_path / "elsewhere", "trace", "../one")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    for worlds in ([], {}, {"a": 3}, {"a": {**manifest["worlds"]["Tiny"], "scale": "big"}}):
        (tmp_path / "one" / "manifest.json").write_text(json.dumps({**manifest, "worlds": worlds}))
        assert "is not the manifest of a result" in complaint(tmp_path, "trace", "one")


@pytest.mark.slow
def test_a_killed_run_leaves_no_workers_and_the_next_one_clears_up(tmp_path: Path) -> None:
    words = [*PROGRAM, "run", TINY, "--engine", "reference", "--replications", "4", "--workers", "2", "--out", "one"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = _workers_of(process.pid)
    process.kill()
    process.wait()
    _wait(lambda: not any(_is_alive(worker) for worker in workers))
    assert list(tmp_path.glob(".one.*"))
    assert run_command(tmp_path, "run", TINY, *SMALL, "--out", "one").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def _workers_of(parent: int) -> list[int]:
    found: list[int] = []

    def are_there() -> bool:
        found[:] = [child for child in _children_of(parent) if b"spawn_main" in _words_of(child)]
        return len(found) >= 2

    _wait(are_there)
    time.sleep(3)
    return found


def _children_of(parent: int) -> list[int]:
    processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [process for process in processes if _stat_of(process)[1:2] == [str(parent)]]


def _words_of(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def _stat_of(process: int) -> list[str]:
    """State and parent, then the rest; nothing of a process that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return []


def _is_alive(process: int) -> bool:
    return _stat_of(process)[:1] not in ([], ["Z"])


def _wait(until: object) -> None:
    ends = time.monotonic() + 180
    while not until():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_letters_that_a_terminal_lacks_are_spelt() -> None:
    codecs.register_error(console.SPELT, console.spelt)
    said = "“£5m” – a − b…".encode("ascii", console.SPELT).decode()
    assert said == '"GBP 5m" - a - b...'
    assert "ß\udce9".encode("ascii", console.SPELT) == b"\\u00df\\xe9"


def test_a_fault_of_the_program_is_one_line_with_its_trace_in_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fault() -> None:
        raise ZeroDivisionError("no\ndoctors")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert console.one_line_errors(fault) == 70
    (file,) = tmp_path.iterdir()
    assert capsys.readouterr().err == (
        f"fault of pipeline_sim, please report it with {file}: ZeroDivisionError: no doctors\n"
    )
    assert "in fault" in file.read_text()
