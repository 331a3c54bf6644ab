"""Options that are checked before anything heavy is imported."""

import math
from difflib import get_close_matches
from enum import StrEnum

import typer

FORMATS = ("table", "csv", "stress-des")  # of describe
MOST = 100_000  # replications
LARGEST_SCALE = 16  # as in world/lowering/lower, which is heavy


class Log(StrEnum):
    """What is kept of the event logs."""

    FULL = "full"
    NONE = "none"


class Parameters(StrEnum):
    """What figures in doubt are taken to be."""

    SAMPLED = "sampled"
    MODE = "mode"


def checked_engine(name: str) -> str:
    """An engine that exists; looked up only now, because engines are heavy."""
    from pipeline_sim.engines import ENGINES

    if name not in ENGINES:
        raise typer.BadParameter(f"no engine {name}; known are {', '.join(ENGINES)}")
    return name


def checked_engines(names: list[str] | None) -> list[str] | None:
    """Engines that exist; none means all."""
    return [checked_engine(name) for name in names] if names else None


def checked_format(name: str | None) -> str | None:
    """A format that describe can print; none: a table on a terminal, else CSV."""
    if name is None or name in FORMATS:
        return name
    close = get_close_matches(name, FORMATS, n=1, cutoff=0.5)
    hint = f"nearest is {close[0]}" if close else f"known are {', '.join(FORMATS)}"
    raise typer.BadParameter(f"no format {name}; {hint}")


def checked_scale(scale: float | None) -> float | None:
    """Above 0, at most 16: above 1 is of use only to measure speed."""
    if scale is not None and not (math.isfinite(scale) and 0 < scale <= LARGEST_SCALE):
        raise typer.BadParameter(f"scale is {scale:g}, should be above 0 and at most {LARGEST_SCALE}")
    return scale


def scales_of(text: str | None) -> tuple[float, ...] | None:
    """Scales between commas, each within range."""
    if text is None:
        return None
    try:
        scales = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"scales are '{text}', should be numbers with commas between, as 0.01,0.1,1") from None
    for scale in scales:
        checked_scale(scale)
    return scales


def checked_seed(seed: int | None) -> int | None:
    """A number that luck can be keyed with."""
    if seed is not None and not 0 <= seed < 1 << 63:
        raise typer.BadParameter(f"seed is {seed}, should be 0 to 2**63 - 1")
    return seed
