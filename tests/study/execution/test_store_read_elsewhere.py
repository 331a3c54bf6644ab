"""Other programs open the store as docs/servers.md says, and find the counts that were kept."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.worlds.tiny_study import question

from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.files.storage import FolderStorage
from pipeline_sim.study.execution.fill_store import run_missing

pytestmark = pytest.mark.parity
PAGE = Path(__file__).parents[3] / "docs" / "servers.md"
STORE = "results/recovery_25m/recovery_25m.store"
COUNT = 3
Found = dict[tuple[str, int], int]  # extensions by world and replication


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Found]:
    """A folder with a store, and what is in it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    plan = question(folder, FolderStorage(folder / STORE), attribution=None).run_plan
    done = run_missing(plan, dict.fromkeys(plan.worlds, COUNT))
    place = measure_names().index("extensions")
    found: Found = {}
    for name, shelf in done.partitions.items():
        totals = done.sample(name, COUNT).counts[:, :, place].sum(axis=1)
        found |= {(shelf.folder.removeprefix("world="), number): int(total) for number, total in enumerate(totals)}
    return folder, found


def told(library: str) -> str:
    """The lines of the page that import a library."""
    blocks = re.findall(r"```(?:python|r)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = (block for block in blocks if re.match(rf"(?:import |library\(){library}\b", block))
    return str(block)


def run(library: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    pytest.importorskip(library)
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(told(library), names)
    return names["found"]


def test_pandas(kept: tuple[Path, Found], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, expected = kept
    found = run("pandas", folder, monkeypatch)
    assert {(world, number): int(value) for (_, world, number), value in found.items()} == expected


def test_duckdb(kept: tuple[Path, Found], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, expected = kept
    found = run("duckdb", folder, monkeypatch)
    assert {(world, number): int(value) for _, world, number, value in found} == expected


def test_polars(kept: tuple[Path, Found], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, expected = kept
    found = run("polars", folder, monkeypatch)
    rows = found.select("world", "replication", "value").iter_rows()
    assert {(world, number): int(value) for world, number, value in rows} == expected


def has_r() -> bool:
    """True if R and the packages of the page are here."""
    asked = ["Rscript", "-e", "library(arrow); library(dplyr)"]
    return (
        shutil.which("Rscript") is not None and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    )


def test_r(kept: tuple[Path, Found]) -> None:
    folder, expected = kept
    if not has_r():
        pytest.skip("there is no R with arrow and dplyr here")
    script = told("arrow") + "\nwrite.table(found[c('world', 'replication', 'extensions')], 'r.csv', quote = FALSE,"
    subprocess.run(["Rscript", "-e", f"{script} sep = ',', row.names = FALSE)"], cwd=folder, check=True)
    lines = [line.split(",") for line in (folder / "r.csv").read_text().splitlines()[1:]]
    assert {(world, int(number)): int(value) for world, number, value in lines} == expected
