"""Results as reviewed: logs of both engines and tables of a small study, bit for bit."""

import csv
from pathlib import Path

import pytest

from baselines.digests import LOGS, SEEDS, TABLES, WORLDS, World, log_digest, table_digests

pytestmark = pytest.mark.slow


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a table of digests."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("engine", ["batch", pytest.param("reference", marks=pytest.mark.full)])
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_logs_are_those_reviewed(world: World, engine: str) -> None:
    reviewed = {int(row["seed"]): row["sha256"] for row in rows(LOGS) if row["world"] == world.name}
    assert {seed: log_digest(world, engine, seed) for seed in SEEDS} == reviewed


@pytest.mark.full
def test_tables_of_a_study_are_those_reviewed() -> None:
    assert table_digests() == {row["table"]: row["sha256"] for row in rows(TABLES)}


def test_a_reviewed_digest_is_of_one_seed_and_world_alone() -> None:
    """No two digests agree, so a test that compared the wrong pair would fail."""
    digests = [row["sha256"] for row in (*rows(LOGS), *rows(TABLES))]
    assert len(digests) == len(set(digests)) == len(WORLDS) * len(SEEDS) + 3
