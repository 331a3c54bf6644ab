"""The command `parity`: whether the engines produce identical event logs, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline_sim.cli.terminal.console import console, print_if_compiling, progress_bar
from pipeline_sim.cli.terminal.default_paths import shipped
from pipeline_sim.cli.terminal.options import MAX_RUNS, Mix, Seed, Without, checked_scale, world_paths
from pipeline_sim.study.study_error import StudyError

if TYPE_CHECKING:
    from pipeline_sim.report.text.log_row import LogWords
    from pipeline_sim.study.diagnostics.engine_parity import Disagreement, Parity
    from pipeline_sim.study.replication.prepare import WorldSpec

EQUAL, DIFFERENT = 0, 1
SHIPPED = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
SHIPPED_MIX = "mixes/even_split.toml"
SMALL = 0.005  # of England: a few hundred doctors, some seconds a seed
MAX_SEED = (1 << 63) - 1


def parity(
    world: Annotated[
        list[Path] | None,
        typer.Argument(help="World files; by default England with COVID and a mix.", callback=world_paths),
    ] = None,
    mix: Mix = None,
    scale: Annotated[
        float | None, typer.Option(help="Size of the model; small by default.", callback=checked_scale)
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=MAX_RUNS, help="Number of seeds, from --seed on.")] = 3,
    seed: Seed = 2021,
    without: Without = None,
) -> None:
    """Check that the engines produce identical event logs.

    Status 0 if all rows are equal, 1 if not.
    """
    spec = world_spec([str(path) for path in world or ()], str(mix) if mix else None, without or [], scale)
    raise typer.Exit(check_parity(spec, seed, seeds))


def world_spec(layers: list[str], mix: str | None, without: list[str], scale: float | None) -> WorldSpec:
    """World of the options: England with COVID and a mix if none is named, and small if no scale is."""
    from pipeline_sim.study.replication.prepare import WorldSpec, world_of

    if not layers:
        layers, mix = [shipped(name) for name in SHIPPED], mix or shipped(SHIPPED_MIX)
    spec = WorldSpec(tuple(layers), mix, frozenset(without))
    return spec._replace(scale=scale or min(1.0, SMALL / world_of(spec).size))


def check_parity(spec: WorldSpec, seed: int, seeds: int) -> int:
    """Exit status after every engine has run with every seed and the comparison is printed."""
    from pipeline_sim.report.text.log_row import LogWords
    from pipeline_sim.study.diagnostics.engine_parity import parity as compare_engines
    from pipeline_sim.study.replication.memory_check import check_memory
    from pipeline_sim.study.replication.prepare import prepare, world_of

    if seed + seeds - 1 > MAX_SEED:
        raise StudyError(f"{seeds} seeds from {seed} on go beyond 2**63 - 1")
    prepared = prepare(spec)
    check_memory(prepared.rulebook, 1)
    print_if_compiling()
    with progress_bar("comparing") as report:
        result = compare_engines(prepared.rulebook, range(seed, seed + seeds), report)
    console().print(heading(spec), style="bold", soft_wrap=True)
    if result.disagreement is None:
        return print_equal(result)
    return print_divergence(result.disagreement, LogWords(prepared.names, world_of(spec).dates.day_zero))


def heading(spec: WorldSpec) -> str:
    """Name, scale and files of a world."""
    from pipeline_sim.study.replication.prepare import world_of

    files = [Path(name).name for name in (*spec.layers, spec.mix) if name is not None]
    left_out = f", without {', '.join(sorted(spec.without))}" if spec.without else ""
    return f"{world_of(spec).name}, scale {spec.scale:g}: {', '.join(files)}{left_out}"


def print_equal(result: Parity) -> int:
    """Print rows and digests by seed and in all; status 0."""
    from pipeline_sim.report.terminal.parity_text import agreement_sentence, agreement_table

    console().print(agreement_table(result))
    console().print(agreement_sentence(result), soft_wrap=True)
    return EQUAL


def print_divergence(result: Disagreement, words: LogWords) -> int:
    """Print the first row in which two engines differ, after the rows before it; status 1."""
    from pipeline_sim.report.terminal.parity_text import amount_lines, divergence_sentence, divergence_table

    console().print(divergence_table(result, words))
    for line in (*amount_lines(result), divergence_sentence(result)):
        console().print(line, soft_wrap=True)
    return DIFFERENT
