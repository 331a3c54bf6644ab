"""Waves of COVID inpatients: recorded spans, which may be scaled, moved or left out, and copies of them.

Lost lists, supervision, redeployment and absence follow the inpatients of a moved wave. Moves are by whole weeks.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Frozen, Names, Span, unit

DomainName = Literal["elective", "emergency", "outpatient", "knowledge"]
Stream = Literal["admitted", "non_admitted"]
Measure = Literal["inpatients", "ventilated"]
Multiplier = Annotated[Figure, unit("multiplier", least=0)]
Share = Annotated[Figure, unit("share", least=0, most=1)]
PER_THOUSAND = "kept per 1,000 inpatients"
STREAMS: tuple[Stream, ...] = ("admitted", "non_admitted")


def both_streams(value: dict[str, float]) -> None:
    """Check that a table names the streams of the waiting list and no other; raises PydanticCustomError."""
    if set(value) != set(STREAMS):
        raise PydanticCustomError("streams", "should name {streams}", {"streams": " and ".join(STREAMS)})


class WaveSpan(Span):
    """Recorded wave, first and last day included."""

    ordered: ClassVar[tuple[str, ...]] = ("start", "end")
    start: date
    end: date
    enabled: bool = True  # False: as if it had not been
    scale: Multiplier  # of its inpatients
    moved_to: date | None = None  # its first day, if it had come at another time


class WaveCopy(Frozen):
    """Additional wave: the inpatients of a recorded one at another date, scaled."""

    copies: Annotated[str, Names("waves")]
    start: date
    scale: Multiplier


class Shutdown(Span):
    """National shutdown of lists in the first wave, beyond the effect of full wards; it moves with its wave."""

    ordered: ClassVar[tuple[str, ...]] = ("first", "eases", "over")
    scale: Multiplier
    wave: Annotated[str, Names("waves")]
    first: date
    eases: date  # in full until this day, then on a straight line
    over: date  # to nothing on this day
    depth: Annotated[FigureBy, unit("share of lists", least=0, most=0.95)]  # by stream

    @model_validator(mode="after")
    def _names_both_streams(self) -> "Shutdown":
        both_streams(self.depth.value)
        return self
