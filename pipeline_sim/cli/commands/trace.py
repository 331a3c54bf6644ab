"""The command trace: one doctor's story."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline_sim.cli.terminal.console import console, progress_bar, say_if_compiling
from pipeline_sim.engines import ENGINES
from pipeline_sim.records.count_measures import FIRST_TRAINEE
from pipeline_sim.records.event_log import Columns, EventLog
from pipeline_sim.records.files.result_files import MANIFEST, file_digest, read_events, read_manifest
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.text.doctor_story import Teller, doctors_like, headline, rows_of
from pipeline_sim.study.replication.prepare import Assumed, prepare, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import world_digest
from pipeline_sim.world.schema.names import Names


class TraceRequest(NamedTuple):
    """Which doctor of which run."""

    assumed: Assumed
    engine: str
    seed: int
    replication: int
    trainee: int | None
    like: str


def tell_story(request: TraceRequest) -> None:
    """Print the story of one doctor."""
    assumed, columns = _log(request)
    prepared = prepare(assumed)
    trainee = _chosen(request, columns, prepared.names)
    rows = rows_of(columns, trainee) if trainee >= FIRST_TRAINEE else []  # smaller numbers are offices
    if not rows:
        raise StudyError(f"there is no doctor {trainee} in this run; leave --trainee out to meet one")
    screen = console()
    screen.print(headline(trainee, rows), style="bold")
    for line in Teller(prepared.names, world_of(assumed).dates.day_zero).tell(rows):
        screen.print(line, soft_wrap=True)


def _log(request: TraceRequest) -> tuple[Assumed, Columns]:
    folder = Path(request.assumed.layers[0])
    if (folder / MANIFEST).is_file():
        return _kept(folder, request.replication)
    say_if_compiling()
    prepared, log = prepare(request.assumed), EventLog(counted=False)
    with progress_bar("running") as report:
        ENGINES[request.engine](
            prepared.rulebook, request.seed, request.replication, log, lambda day, total: report(day / total)
        )
    return request.assumed, log.columns()


def _kept(folder: Path, replication: int) -> tuple[Assumed, Columns]:
    """The log of a result folder and the world it was made in."""
    manifest = read_manifest(folder)
    try:
        worlds = list(manifest["worlds"].values())
        made = worlds[0]
        mix = None if made["mix"] is None else str(made["mix"])
        assumed = Assumed(tuple(map(str, made["layers"])), mix, frozenset(made["without"]), float(made["scale"]))
        digest = made["world_digest"]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise RecordsError(f"{folder / MANIFEST} is not the manifest of a result") from None
    if len(worlds) > 1:
        raise StudyError(f"{folder} is a comparison, which keeps no event logs: trace needs a result of run")
    away = [name for name in (*assumed.layers, assumed.mix) if name is not None and not Path(name).is_file()]
    if away:
        raise StudyError(f"{folder} was made from {away[0]}, which is not there: type trace where run was typed")
    if world_digest(world_of(assumed)) != digest:
        raise StudyError(f"the world files have changed since {folder} was made: run it again")
    return assumed, _events(folder, f"events-{replication:03d}.parquet", manifest["files"])


def _events(folder: Path, name: str, sums: dict[str, str]) -> Columns:
    """A log that is still what the run wrote."""
    kept = [each for each in sums if each.startswith("events-")]
    if not kept:
        raise StudyError(f"{folder} keeps no event logs: run it again without --log none")
    if name not in sums:
        raise StudyError(f"{folder} has no {name}: its replications are 0 to {len(kept) - 1}")
    columns = read_events(folder / name)
    if file_digest(folder / name) != sums[name]:
        raise RecordsError(f"{folder / name} is not what the run wrote: it was edited, damaged or replaced")
    return columns


def _chosen(request: TraceRequest, columns: Columns, names: Names) -> int:
    """The doctor asked for by number, else one of those who fit, by the luck of the seed."""
    if request.trainee is not None:
        return request.trainee
    fitting = doctors_like(columns, names, request.like)
    if not len(fitting):
        raise StudyError(f"no doctor of this run fits '{request.like}'")
    return int(fitting[np.random.default_rng(request.seed).integers(len(fitting))])
