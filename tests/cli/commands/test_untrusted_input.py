"""Files and words from strangers at the door: refused in one line, or shown without harm; and a stop that is a stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CONFIGS
from support.issued_results import write_result
from support.typed_command import run_command

from pipeline_sim.cli.terminal import console, typed_files
from pipeline_sim.records.files.storage import InMemoryStorage
from pipeline_sim.study.execution import store_inventory
from pipeline_sim.study.execution.replication_store import MANIFEST, STATE
from pipeline_sim.study.study_error import StudyError

REFUSED: dict[str, tuple[str, str]] = {
    "digits.toml": (f"x = {'9' * 5000}", "not valid TOML: Exceeds the limit"),
    "large.toml": (f"x = {10**30}", "is too large a number"),
    "deep.toml": (f"x = {'[' * 3000}{']' * 3000}", "nested too deeply"),
    "nested.toml": (f"x = {'[' * 60}{']' * 60}", "nested over 30 deep"),
    "long.toml": (f'x = "{"a" * 20_000}"', "has 20,000 characters, should have at most 10,000"),
    "escape.toml": ('x = "a\\u001b[31mb"', r"'a\x1b[31mb' has a control character (U+001B)"),
    "key.toml": ('"a\\u0000" = 1', r"'a\x00' has a control character (U+0000)"),
    "turned.toml": ('x = "\\u202e"', "control character (U+202E)"),
    "cell.csv": ("a,b\n1,\x07\n", "line 2: '1,\\x07' has a control character (U+0007)"),
    "line.csv": ("a," * 60_000, "has 120,000 characters"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("named", [False, True])
def test_a_file_that_would_stall_or_deceive_is_refused(tmp_path: Path, name: str, named: bool) -> None:
    content, says = REFUSED[name]
    (tmp_path / name).write_text(content)
    (tmp_path / "other.toml").write_text(f'[tables]\nposts = "{name}"\n')
    with pytest.raises(StudyError) as refused:
        typed_files.check_typed_files([str(tmp_path / ("other.toml" if named else name))])
    assert says in str(refused.value)
    assert str(tmp_path / name) in str(refused.value)


def test_pipes_and_layers_without_end_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for number in range(40):
        (tmp_path / f"twice{number}.toml").write_text(f'extends = ["twice{number + 1}.toml", "twice{number + 1}.toml"]')
        (tmp_path / f"once{number}.toml").write_text(f'extends = ["once{number + 1}.toml"]')
    (tmp_path / "piped.toml").write_text('extends = ["pipe.toml"]')
    for name, says in (
        ("pipe", "is a pipe or a device"), ("piped", "is a pipe or a device"), ("twice15", "over 1000 times"),
        ("once0", "over 30 times"), ("a\0b", "character of number 0"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match=says):
            typed_files.check_typed_files(["run", f"--mix={tmp_path / name}.toml"])


def test_what_ships_passes_the_door() -> None:
    home = CONFIGS.parent
    typed_files.check_typed_files(map(str, [*CONFIGS.rglob("*.toml"), *CONFIGS.rglob("*.csv"), *home.glob("exp*/*")]))


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)
STATES = st.fixed_dictionaries(
    {**dict.fromkeys(store_inventory.STATE_KINDS, SCALARS), "state": st.just("running") | SCALARS},
    optional={"born": SCALARS},
) | st.fixed_dictionaries({"setting": ANY_JSON})


@settings(max_examples=300, deadline=None)
@given(STATES | ANY_JSON)
def test_a_state_or_manifest_of_any_kind_is_no_failure(content: object) -> None:
    from pipeline_sim.cli.commands import status

    store = InMemoryStorage()
    store.write(STATE, json.dumps(content).encode())
    store.write(f"setting=s/{MANIFEST}", json.dumps(content).encode())
    assert isinstance(store_inventory.incompatible_settings(store), list)
    if state := store_inventory.read_state(store, STATE):
        assert status.run_text(state)


def test_a_cache_that_others_can_write_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "pipeline_sim" / "version"
    code.mkdir(parents=True)
    (code / "rule.nbc").write_text("")
    monkeypatch.setenv("PIPELINE_SIM_CACHE", str(tmp_path))
    console.prepare_cache()
    (code / "rule.nbc").chmod(0o666)
    with pytest.raises(StudyError, match=r"rule\.nbc anybody may write"):
        console.prepare_cache()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    monkeypatch.setattr(os, "lstat", lambda path: os.stat_result((0o100644, 0, 0, 1, 77, 77, 0, 0, 0, 0)))
    with pytest.raises(StudyError, match="is another user's"):
        console.prepare_cache()


def test_texts_of_a_result_are_no_commands_to_the_terminal(tmp_path: Path) -> None:
    write_result(tmp_path / "results" / "one", command="pipeline-sim \x1b]0;owned\x07", platform="\x1b[2J")
    said = run_command(tmp_path, "explain", "results/one")
    assert said.returncode == 0
    assert r"\x1b]0;owned\x07" in said.stdout
    assert "\x1b" not in said.stdout + said.stderr
    assert r"\x1b[2J" in run_command(tmp_path, "explain", "\x1b[2J").stderr


def test_a_sensitivity_analysis_is_explained(tmp_path: Path) -> None:
    study = {"baseline": "none", "seed": 1, "parameters": "mode", "repeat_every": 0, "worlds": []}
    write_result(tmp_path / "results" / "one", study=study)
    said = run_command(tmp_path, "explain", "results/one")
    assert (said.returncode, "Question" in said.stdout) == (0, False)


STUCK = """
import hashlib, sys
from pipeline_sim.cli.terminal import console, signals
console.prepare_terminal()
with signals.ended_in_time():
    signals.keep("all of it is kept")
    print("stuck", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2**31 - 1)  # does not hear Python's handlers
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_inside_a_library_ends_in_two_seconds(number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as stuck:
        assert stuck.stdout is not None
        assert stuck.stdout.readline() == b"stuck\n"
        time.sleep(0.1)
        stuck.send_signal(number)
        try:
            assert stuck.communicate(timeout=30)[1] == b"stopped; all of it is kept\n"
        finally:
            stuck.kill()
    assert stuck.returncode == 130


def test_a_fault_is_one_line_on_a_full_disk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise ZeroDivisionError("no\ndoctors")

    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert console.one_line_errors(fault) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "report it with its place, test_untrusted_input.py line" in said


def test_the_door_is_before_every_command(tmp_path: Path) -> None:
    (tmp_path / "escape.toml").write_text(REFUSED["escape.toml"][0])
    said = run_command(tmp_path, "describe", "escape.toml")
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert r"\x1b" in said.stderr
