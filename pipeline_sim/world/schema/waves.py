"""Waves of COVID inpatients: the spans of those recorded, which may be weakened, moved or left out, and copies of them.

A wave is a span of the weekly inpatients. Whatever follows inpatients follows them where they are put: lists lost,
supervision, redeployment, absence. Moves are by whole weeks.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Frozen, unit

DomainName = Literal["elective", "emergency", "outpatient", "knowledge"]
Stream = Literal["admitted", "non_admitted"]
Measure = Literal["inpatients", "ventilated"]
Multiplier = Annotated[Figure, unit("multiplier", least=0, most=1000)]
Share = Annotated[Figure, unit("share", least=0, most=1)]
PER_THOUSAND = "kept per 1,000 inpatients"
STREAMS: tuple[Stream, ...] = ("admitted", "non_admitted")


def in_order(first: date, last: date) -> None:
    """Refuses a window that ends before it begins."""
    if last < first:
        raise PydanticCustomError("window", "{last} should not be before {first}", {"first": first, "last": last})


def both_streams(value: dict[str, float]) -> None:
    """Refuses a table that does not name each stream of the waiting list, or names something else."""
    if set(value) != set(STREAMS):
        raise PydanticCustomError("streams", "should name {streams}", {"streams": " and ".join(STREAMS)})


class WaveSpan(Frozen):
    """A wave as recorded, from a day to a day, both included."""

    start: date
    end: date
    enabled: bool = True  # False: as if it had not been
    scale: Multiplier  # of its inpatients
    moved_to: date | None = None  # its first day, if it had come at another time

    @model_validator(mode="after")
    def _in_order(self) -> "WaveSpan":
        in_order(self.start, self.end)
        return self


class WaveCopy(Frozen):
    """One more wave: the inpatients of a recorded one, put at another date and scaled."""

    copies: str
    start: date
    scale: Multiplier


class Shutdown(Frozen):
    """Lists closed by order in the first wave, beyond what full wards closed; it goes where its wave goes."""

    scale: Multiplier
    wave: str
    first: date
    eases: date  # in full until this day, then on a straight line
    over: date  # to nothing on this day
    depth: Annotated[FigureBy, unit("share of lists", least=0, most=0.95)]  # by stream

    @model_validator(mode="after")
    def _in_order(self) -> "Shutdown":
        in_order(self.first, self.eases)
        in_order(self.eases, self.over)
        both_streams(self.depth.value)
        return self
