"""The command parity: status 0 and sums if all rows are equal, status 1 and the row in words if not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.cli.commands import parity
from pipeline_sim.cli.terminal import default_paths
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.diagnostics import engine_parity as room
from pipeline_sim.study.diagnostics.engine_parity import log_of

TINY, COVID = str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml")
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(typed: Typed, tmp_path: Path) -> Typed:
    """Types `pipeline-sim parity ...`, which writes nothing."""

    def run(*words: str) -> tuple[int, str, str]:
        said = typed("parity", *words)
        assert list(tmp_path.iterdir()) == []
        return said

    return run


def engine_with(monkeypatch: pytest.MonkeyPatch, change: Callable[[Columns], Columns]) -> None:
    """Let the batch engine write what the reference engine writes, after a change of its rows."""

    def run(rulebook: Rulebook, seed: int, replication: int, log: EventLog, progress: object = None) -> None:
        log.append(change(log_of("reference", rulebook, seed, replication)))

    monkeypatch.setattr(room, "ENGINES", {"reference": ENGINES["reference"], "batch": run})


def later_review(columns: Columns) -> Columns:
    """The first review of all is a day late."""
    columns["amount"][int((columns["event"] == Event.REVIEWED).argmax())] += 1
    return columns


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.toml"], "nowhere.toml"),
        ([TINY, "--mix", "nowhere.toml"], "nowhere.toml"),
        ([TINY, "--scale", "0"], "scale is 0, should be above 0"),
        ([TINY, "--scale", "1e-9"], "scale 1e-09 is too small: tiny would have no post"),
        ([TINY, "--seeds", "0"], "--seeds"),
        ([TINY, "--seed", "-1"], "seed is -1"),
        ([TINY, "--seed", str((1 << 63) - 1), "--seeds", "2"], "go beyond 2**63 - 1"),
        ([TINY, COVID, "--without", "plague"], "known are supervision"),
        ([TINY, "--engine", "batch"], "no such option"),
    ],
)
def test_what_the_user_can_put_right_is_one_line_and_status_2(typed: Typed, words: list[str], says: str) -> None:
    status, out, err = typed(*words)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert says in err.lower()


@pytest.mark.slow
def test_all_rows_equal(typed: Typed) -> None:
    status, out, err = typed(TINY, COVID, "--scale", "0.1", "--seeds", "2", "--seed", "7")
    assert (status, err) == (0, "")
    head, titles, *seeds, last = out.splitlines()
    assert head == "Tiny, scale 0.1: tiny.toml, covid.toml"
    assert titles.split() == ["seed", "rows", "SHA-256", "of", "the", "log"]
    counts = [int(line.split()[1].replace(",", "")) for line in seeds]
    assert [line.split()[0] for line in seeds] == ["7", "8"]
    assert last.startswith(f"reference and batch: all rows are equal, {sum(counts):,} of 2 seeds, SHA-256 ")
    assert all(len(line.split()[-1]) == 64 for line in (*seeds, last))


@pytest.mark.slow
def test_one_number_is_wrong(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_with(monkeypatch, later_review)
    status, out, err = typed(TINY, "--scale", "0.1", "--seeds", "2", "--seed", "7")
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[2:14]] == ["both"] * 10 + ["reference", "batch"]
    for line in lines[12:14]:
        assert line.count("-> ") == 1
        assert "reviewed" in line
        assert line.rstrip().split()[-2] == "->"
    assert int(lines[13].split()[-1]) == int(lines[12].split()[-1]) + 1
    assert lines[14] == "amount of reviewed: days late"
    assert lines[15].startswith("seed 7: row ")
    assert lines[15].endswith("differs: reference and batch disagree on amount")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "stop", "ended"),
    [(0, -1, True), (1, None, False), (0, 0, True)],
    ids=["last", "first", "all"],
)
def test_rows_are_missing(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, start: int, stop: int | None, ended: bool
) -> None:
    engine_with(monkeypatch, lambda columns: {name: column[start:stop] for name, column in columns.items()})
    status, out, _ = typed(TINY, "--scale", "0.05", "--seeds", "1")
    assert status == 1
    assert out.rstrip().endswith("differs: reference has a row that batch does not have")
    assert any(line.startswith("batch") and "-> ended" in line for line in out.splitlines()) == ended


def test_without_a_world_it_is_the_one_that_ships() -> None:
    spec = parity.world_spec([], None, [], None)
    assert [Path(name).name for name in spec.layers] == list(parity.SHIPPED)
    assert Path(str(spec.mix)).name == "even_split.toml"
    assert spec.scale == parity.SMALL
    tiny = parity.world_spec([TINY], None, [], None)
    assert (tiny.mix, tiny.scale) == (None, 0.25)
    assert parity.world_spec([], None, [], 0.5).scale == 0.5


def test_a_program_without_its_folder_of_worlds_asks_for_one(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(default_paths, "CONFIGS", tmp_path)
    status, _, err = typed()
    assert status == 2
    assert "no world is named" in err


@pytest.mark.slow
def test_the_world_that_ships_agrees(typed: Typed) -> None:
    status, out, _ = typed("--seeds", "1")
    assert status == 0
    assert "all rows are equal" in out
