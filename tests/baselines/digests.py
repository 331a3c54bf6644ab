"""SHA-256 of the event logs of a few worlds and of the tables of a small study."""

import csv
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.typed_command import run_command

from pipeline_sim.engines import ENGINES
from pipeline_sim.records.event_log import EventLog, columns_digest
from pipeline_sim.study.replication.prepare import WorldSpec, prepare

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
LOGS, TABLES = HERE / "logs.csv", HERE / "tables.csv"
COVID = ("england", "covid")
BOUGHT = ("england", "costs", "covid", "interventions")
SEEDS = (1, 2021)
SCALE, STUDY_SCALE, STUDY_REPLICATIONS = 0.01, 0.02, 4
TABLE_FILES = ("comparison.csv", "prices.csv", "draws.csv")


class World(NamedTuple):
    """A world whose logs are kept as digests."""

    name: str
    layers: tuple[str, ...]
    mix: str | None
    scale: float

    def spec(self) -> WorldSpec:
        """The world as `prepare` takes it."""
        layers = tuple(str(ROOT / "configs" / f"{layer}.toml") for layer in self.layers)
        mix = None if self.mix is None else str(ROOT / "configs" / "mixes" / f"{self.mix}.toml")
        return WorldSpec(layers, mix, scale=self.scale)


WORLDS = (
    World("tiny", ("tiny",), None, 0.5),
    World("england with COVID", COVID, None, SCALE),
    *(World(mix, BOUGHT, mix, SCALE) for mix in ("as_spent", "conversations_then_courses", "even_split")),
)


def log_digest(world: World, engine: str, seed: int) -> str:
    """SHA-256 of the event log of one replication."""
    log = EventLog(keep_counts=False)
    ENGINES[engine](prepare(world.spec()).rulebook, seed, 0, log, None)
    return columns_digest(log.columns())


def table_digests() -> dict[str, str]:
    """SHA-256 of the tables that `compare` writes for the question of the README, small."""
    study = str(ROOT / "experiments" / "recovery_25m")
    with tempfile.TemporaryDirectory() as folder:
        out, store = Path(folder) / "answer", Path(folder) / "store"
        size = ["--scale", str(STUDY_SCALE), "--replications", str(STUDY_REPLICATIONS)]
        done = run_command(ROOT, "compare", study, *size, "--out", str(out), "--store", str(store))
        assert done.returncode == 0, done.stderr
        return {name: table_digest(out / name) for name in TABLE_FILES}


def table_digest(path: Path) -> str:
    """SHA-256 of a CSV file without its columns of labels: words may change, codes and numbers may not."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            {name: cell for name, cell in row.items() if not name.endswith("_label")} for row in csv.DictReader(file)
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def log_rows() -> Iterator[tuple[str, int, str]]:
    """World, seed and digest of the reference engine's log, which the batch engine's must equal."""
    for world in WORLDS:
        for seed in SEEDS:
            yield world.name, seed, log_digest(world, "reference", seed)
