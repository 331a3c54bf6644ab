"""The command parity: do the engines tell the same story?"""

from pathlib import Path
from typing import NamedTuple

from pipeline_sim.cli.terminal.console import console, progress_bar
from pipeline_sim.cli.terminal.shipped_files import shipped
from pipeline_sim.report.terminal.parity_text import agreement, agreement_table, amounts, parting, parting_table
from pipeline_sim.report.text.log_row import LogWords
from pipeline_sim.study.diagnostics.engine_parity import Disagreement, Parity, parity
from pipeline_sim.study.replication.memory_check import check_memory
from pipeline_sim.study.replication.prepare import Assumed, prepare, world_of
from pipeline_sim.study.study_error import StudyError

EQUAL, DIFFERENT = 0, 1
SHIPPED = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
SHIPPED_MIX = "mixes/led_and_simulation.toml"
SMALL = 0.005  # of England: a few hundred doctors, some seconds a seed
MOST_SEED = (1 << 63) - 1


class ParityRequest(NamedTuple):
    """What was asked for."""

    layers: tuple[str, ...]  # none: the world that ships
    mix: str | None
    without: frozenset[str]
    scale: float | None  # none: as many doctors as England has at SMALL
    seed: int
    seeds: int


def hold_against(request: ParityRequest) -> int:
    """Run every engine on every seed, say what came of it; the exit status."""
    if request.seed + request.seeds - 1 > MOST_SEED:
        raise StudyError(f"{request.seeds} seeds from {request.seed} on go beyond 2**63 - 1")
    assumed = assumed_of(request)
    prepared = prepare(assumed)
    check_memory(prepared.rulebook, 1)
    with progress_bar("comparing") as report:
        found = parity(prepared.rulebook, range(request.seed, request.seed + request.seeds), report)
    console().print(headline(assumed), style="bold", soft_wrap=True)
    if found.parted is None:
        return say_equal(found)
    return say_different(found.parted, LogWords(prepared.names, world_of(assumed).dates.day_zero))


def assumed_of(request: ParityRequest) -> Assumed:
    """The world asked for, or the one that ships, at the scale asked for, or a small one."""
    layers, mix = request.layers, request.mix
    if not layers:
        layers, mix = tuple(map(shipped, SHIPPED)), mix or shipped(SHIPPED_MIX)
    whole = Assumed(layers, mix, request.without)
    return whole._replace(scale=request.scale or min(1.0, SMALL / world_of(whole).size))


def headline(assumed: Assumed) -> str:
    """Which world."""
    files = [Path(name).name for name in (*assumed.layers, assumed.mix) if name is not None]
    left_out = f", without {', '.join(sorted(assumed.without))}" if assumed.without else ""
    return f"{world_of(assumed).name}, scale {assumed.scale:g}: {', '.join(files)}{left_out}"


def say_equal(found: Parity) -> int:
    """Rows and sums, seed by seed and in all."""
    console().print(agreement_table(found))
    console().print(agreement(found), soft_wrap=True)
    return EQUAL


def say_different(found: Disagreement, words: LogWords) -> int:
    """The row at which two engines part, and those before it."""
    console().print(parting_table(found, words))
    for line in (*amounts(found), parting(found)):
        console().print(line, soft_wrap=True)
    return DIFFERENT
