"""The command `run`: one world, its indicators by training year, its counts and its event logs."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipeline_sim.cli.terminal.command_line import command_of
from pipeline_sim.cli.terminal.console import (
    StoppedEarlyError,
    console,
    print_if_compiling,
    print_written,
    progress_bar,
)
from pipeline_sim.cli.terminal.default_paths import RESULTS, shipped
from pipeline_sim.cli.terminal.edited_inputs import note_edited
from pipeline_sim.cli.terminal.options import Engine, Mix, Out, Replications, Scale, Seed, Without, Workers, WorldFiles
from pipeline_sim.records.files.saving import saving
from pipeline_sim.records.provenance.identifiers import TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, catalogue_items
from pipeline_sim.records.provenance.machine import cores
from pipeline_sim.study.study_error import InterruptedRunError, StudyError

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline_sim.records.event_log import Columns
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.study.execution.run_replications import Job, Replication
    from pipeline_sim.study.replication.prepare import WorldSpec

ITEMS = (
    Item(TABLE_FILE, "by_year", "Indicators by training year", ("by_year.csv",)),
    Item(TABLE_FILE, "measures", "Counts of every replication, as simulated", ("measures.parquet",)),
)
BY_YEAR = (
    "year", "training_year", "indicator", "indicator_label", "unit",
    "level_mean", "level_low", "level_high", "level_error",
)  # fmt: skip
GAIN = ("indicator", "indicator_label", "gain_mean", "gain_low", "gain_high", "gain_error")
SPENDING = ("intervention", "unit", "units", "spent_gbp", "unspent_gbp")
MIX_ITEMS = (
    *ITEMS,
    Item(TABLE_FILE, "gains", "Gain of the mix beside the same world without it", ("gains.csv",)),
    Item(TABLE_FILE, "spending", "What the mix buys", ("spending.csv",)),
)


class Log(StrEnum):
    """Event logs in the result: all or none."""

    FULL = "full"
    NONE = "none"


class RunSpec(NamedTuple):
    """Specification of a run: everything that determines its result."""

    world: WorldSpec
    engine: str
    seed: int
    replications: int
    keep_logs: bool

    @property
    def digest(self) -> str:
        """Seven letters that name the result."""
        from pipeline_sim.study.comparison.study_manifest import result_digest, world_spec_key

        return result_digest((*world_spec_key(self.world), *self[1:]))

    @property
    def folder(self) -> Path:
        """Default result folder: results/<files>/<digest>."""
        from pipeline_sim.world.loading.load_world import mix_and_budget

        mix, _ = mix_and_budget(self.world.mix)
        files = [self.world.layers[-1], *([mix] if mix is not None else [])]
        return RESULTS / "-".join(Path(name).stem for name in files) / self.digest

    def jobs(self, draft: Path, check: bool = False) -> list[Job]:
        """Jobs, one a replication; event logs go to the draft folder, if they are kept."""
        from pipeline_sim.study.execution.run_replications import Job

        logs = [str(draft / f"events-{number:03d}.parquet") for number in range(self.replications)]
        return [
            Job(self.world, self.engine, self.seed, number, log if self.keep_logs else None, check)
            for number, log in enumerate(logs)
        ]


def run(
    context: typer.Context,
    world: WorldFiles,
    mix: Mix = None,
    engine: Engine = "batch",
    scale: Scale = 1.0,
    replications: Replications = 1,
    seed: Seed = 2021,
    log: Annotated[Log, typer.Option(help="Keep the event logs or not.")] = Log.FULL,
    out: Out = None,
    without: Without = None,
    workers: Workers = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check every log against the invariants of the model.")
    ] = False,
) -> None:
    """Run one world and print indicators by training year.

    With --mix, what the mix buys and gains as well: the same world is also run without it.
    """
    from pipeline_sim.records.provenance.environment import Stopwatch
    from pipeline_sim.records.provenance.result_folder import result_folder
    from pipeline_sim.study.replication.prepare import WorldSpec, world_of
    from pipeline_sim.world.lowering.build_timeline import check_names

    layers = (*map(str, world), *(catalogue_layers(world) if mix else ()))
    spec = WorldSpec(layers, str(mix) if mix else None, frozenset(without or ()), scale)
    plan = RunSpec(spec, engine, seed, replications, log == Log.FULL)
    check_names(world_of(spec), spec.without)
    note_edited([world_of(spec)])
    folder = out or plan.folder
    with result_folder(folder) as draft:
        watch = Stopwatch(time.monotonic(), workers or cores())
        runs = run_jobs(plan.jobs(draft, check), workers)
        if len(runs) < replications:
            save_finished(context, plan, runs, draft, watch)
        tables = write_result(context, plan, runs, draft, watch)
    print_result(tables, folder, plan.digest)


def catalogue_layers(world: list[Path]) -> list[str]:
    """Shipped catalogue and prices, as far as the files of a world have none: a mix needs no more words."""
    from pipeline_sim.world.reading.layers import layer_stack

    trees = [layer.tree for layer in layer_stack(tuple(world))]
    wanted = ("costs", "interventions")
    return [shipped(f"{key}.toml") for key in wanted if not any(key in tree for tree in trees)]


def save_finished(
    context: typer.Context, plan: RunSpec, runs: tuple[Replication, ...], draft: Path, watch: Stopwatch
) -> None:
    """Result of the replications that were finished at Ctrl-C, in a folder of its own; raises StoppedEarlyError."""
    from pipeline_sim.records.provenance.result_folder import result_folder

    done = plan._replace(replications=len(runs))
    out = context.params["out"]
    folder = done.folder if out is None else Path(f"{out}-first-{len(runs)}")
    with saving(), result_folder(folder) as other:
        for name in (Path(job.events).name for job in done.jobs(draft) if job.events):
            (draft / name).rename(other / name)
        tables = write_result(context, done, runs, other, watch)
    print_result(tables, folder, done.digest)
    raise StoppedEarlyError(f"stopped; the first {len(runs)} of {plan.replications} replications are kept")


def run_jobs(jobs: list[Job], workers: int | None) -> tuple[Replication, ...]:
    """Replications, or the first of them at Ctrl-C; StudyError if an invariant that was checked is broken."""
    from pipeline_sim.study.execution.run_replications import replicate

    print_if_compiling()
    try:
        with progress_bar("running") as report:
            runs = tuple(replicate(jobs, workers, report))
    except InterruptedRunError as stopped:
        runs = tuple(stopped.finished)
        if not runs:
            raise KeyboardInterrupt from None
    broken = [sentence for run in runs for sentence in run.broken]
    if broken:
        raise StudyError(f"the program is at fault, an invariant is broken: {broken[0]} ({len(broken)} in all)")
    return runs


def write_result(
    context: typer.Context, plan: RunSpec, runs: tuple[Replication, ...], draft: Path, watch: Stopwatch
) -> list[Table]:
    """Tables to print; all files of the result are written to the draft folder."""
    from pipeline_sim.records.files.result_files import write_manifest, write_measures
    from pipeline_sim.report.files.csv_files import write_rows
    from pipeline_sim.report.terminal.run_table import years_table
    from pipeline_sim.report.text.number_format import year_name
    from pipeline_sim.study.comparison.study_manifest import manifest_base, manifest_of
    from pipeline_sim.study.estimates.indicators import LABELS, estimates_by_year
    from pipeline_sim.study.execution.run_replications import all_measures
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.study.replication.summary import labels_of_codes
    from pipeline_sim.world.schema.names import names_of

    spec, world, measures = plan.world, world_of(plan.world), all_measures(runs)
    yearly = estimates_by_year(measures, spec.scale * world.size)
    write_measures(draft / "measures.parquet", measures, labels_of_codes(names_of(world)))
    rows = ((year, year_name(year), name, *LABELS[name], *found) for (year, name), found in yearly.items())
    write_rows(draft / "by_year.csv", BY_YEAR, rows)
    more, items = ([], ITEMS) if spec.mix is None else (write_mix(plan, measures, draft, context), MIX_ITEMS)
    command = command_of(context, replications=plan.replications, without=sorted(spec.without))
    manifest = {
        **manifest_base(plan.digest, command, [spec]),
        **manifest_of(plan.engine, plan.seed, {world.name: (spec, runs)}),
        "made_in": watch.read(),
        "items": catalogue_items(plan.digest, items).entries(draft),
    }
    write_manifest(draft, manifest)
    return [years_table(yearly), *more]


def write_mix(plan: RunSpec, measures: Columns, draft: Path, context: typer.Context) -> list[Table]:
    """Tables of what a mix buys and gains, from runs of the same world without it; both are written as well."""
    from pipeline_sim.report.files.csv_files import write_rows
    from pipeline_sim.report.terminal.run_table import GAINS, gain_table, spending_table
    from pipeline_sim.study.estimates.run_gain import run_gains
    from pipeline_sim.study.execution.run_replications import all_measures
    from pipeline_sim.study.replication.prepare import world_of
    from pipeline_sim.world.interventions.apply_mix import purchases
    from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, unit_rows

    world, plain = world_of(plan.world), plan._replace(world=plan.world._replace(mix=None), keep_logs=False)
    without = all_measures(run_jobs(plain.jobs(draft), context.params["workers"]))
    gains, paid = run_gains(without, measures, plan.world.scale * world.size), purchases(world)
    bought = [] if paid is None else unit_rows(paid.catalogue, paid.lines)
    write_rows(draft / "gains.csv", GAIN, ((name, GAINS[name], *gain) for name, gain in gains.items()))
    rows = ((*row[:3], row.spent_pence / PENCE_PER_GBP, row.unspent_pence / PENCE_PER_GBP) for row in bought)
    write_rows(draft / "spending.csv", SPENDING, rows)
    return [spending_table(bought), gain_table(gains)]


def print_result(tables: list[Table], folder: Path, result: str) -> None:
    """Print the tables of a result and its folder."""
    for table in tables:
        console().print(table)
    print_written(folder, result)
