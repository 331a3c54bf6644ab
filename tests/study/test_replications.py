"""Finished replications are kept and read again; what is damaged or foreign is computed again."""

from pathlib import Path

import numpy as np
import pytest
from tiny_study import question

from pipeline_sim.study import replications as room
from pipeline_sim.study.family import Family
from pipeline_sim.study.replications import Summaries, run_block

pytestmark = pytest.mark.unit


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replications that were computed."""
    numbers: list[int] = []
    run = room.run_family

    def counted(family: Family, *rest: object) -> Summaries:
        numbers.append(family.replication)
        return run(family, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "run_family", counted)
    return numbers


def same(one: list[Summaries], other: list[Summaries]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(
        np.array_equal(a, b)
        for mine, theirs in pairs
        for x, y in zip(mine, theirs, strict=True)
        for a, b in zip(x, y, strict=True)
    )


def test_what_is_finished_is_not_computed_again(tmp_path: Path, ran: list[int]) -> None:
    plan = question(tmp_path, tmp_path / "kept").plan
    first = run_block(plan, [0, 1])
    assert same(run_block(plan, [0, 1, 2])[:2], first)
    assert ran == [0, 1, 2]


def test_more_worlds_kept_than_asked_for_will_do(tmp_path: Path, ran: list[int]) -> None:
    asked = question(tmp_path, tmp_path / "kept")
    whole = run_block(asked.whole_plan, [0])
    assert same(run_block(asked.plan, [0]), [whole[0][: len(asked.worlds)]])
    assert ran == [0]


@pytest.mark.parametrize("harm", ["cut", "flip", "foreign", "empty", "gone"])
def test_a_damaged_file_is_computed_again(tmp_path: Path, ran: list[int], harm: str) -> None:
    plan = question(tmp_path, tmp_path / "kept").plan
    first = run_block(plan, [0])
    (file,) = (tmp_path / "kept").iterdir()
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        file.write_bytes({"cut": content[:-100], "flip": flipped, "foreign": b"PK\3\4 no", "empty": b""}[harm])
    assert same(run_block(plan, [0]), first)
    assert ran == [0, 0]
    assert same(run_block(plan, [0]), first)
    assert ran == [0, 0]


def test_threads_cannot_be_seen(tmp_path: Path) -> None:
    plan = question(tmp_path).plan
    assert same(run_block(plan._replace(workers=3), range(4)), run_block(plan, range(4)))
