"""What recovery money can buy, `[interventions]`, and one way of spending it, `[mix]`.

A catalogue entry says what a unit costs and does; a mix says how much of the budget goes where and when.
Shares, dates and lengths of a mix are decisions, not estimates, and so carry no source.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema_base import Figure, Figures, Frozen, unit
from pipeline_sim.world.schema_waves import DomainName

OrderName = Literal["largest_gap", "critical_first", "first_come"]
MOST_MONTHS = 1200
Months = Annotated[Figure, unit("months", least=0, most=MOST_MONTHS)]
POSTGRADUATE_YEARS = 12


class Weather(Frozen):
    """Moves a table for every doctor of the groups: the more units, the nearer to the full effect.

    A unit is one WTE for a year. Reach is 1 - exp(-doctors served / doctors in the groups), office by office.
    """

    label: str
    moves: Literal["opportunity", "slots"]
    groups: tuple[str, ...]
    domains: tuple[DomainName, ...] = ()
    effect: Annotated[Figure, unit("part more where reached", least=0)]
    unit_cost: Annotated[Figure, unit("GBP per WTE-year", least=1)]
    sessions_freed: Annotated[Figure, unit("sessions per WTE-week", least=0)]
    sessions_each: Annotated[Figure, unit("sessions per doctor-week", least=0.01)]  # for the full effect
    lead: Months
    ceiling: Annotated[Figure, unit("WTE per 100 doctors", least=0)]

    @model_validator(mode="after")
    def _has_domains(self) -> "Weather":
        if (self.moves == "opportunity") != bool(self.domains):
            raise PydanticCustomError("domains", "domains should be named if, and only if, opportunity moves")
        return self


class Places(Frozen):
    """Seats given to individuals, each worth curriculum days in a domain and perhaps the clearing of a gate.

    `dose` is by postgraduate year: 0 is F1, 2 CT1 or ST1, 4 the ST3 that follows two years of core training.
    """

    label: str
    groups: tuple[str, ...]
    domain: DomainName
    dose: Annotated[Figures, unit("part of a year's need", least=0, most=1, count=POSTGRADUATE_YEARS)]
    need: Annotated[Figure, unit("curriculum days per year", least=0)]
    gate: str | None = None
    clears: Annotated[Figure, unit("chance", least=0, most=1)] | None = None
    order: OrderName
    least_gap: Annotated[Figure, unit("curriculum days", least=0)]
    unit_cost: Annotated[Figure, unit("GBP per day", least=1)]
    days_per_place: Annotated[Figure, unit("days", least=0.1)]
    lead: Months
    ceiling: Annotated[Figure, unit("places per 100 doctors per year", least=0)]

    @model_validator(mode="after")
    def _gate_has_a_chance(self) -> "Places":
        if (self.gate is None) != (self.clears is None):
            raise PydanticCustomError("gate", "gate and clears should be given together")
        return self


class InterventionsSection(Frozen):
    """The catalogue, by kind and name."""

    weather: dict[str, Weather] = Field(default_factory=dict)
    places: dict[str, Places] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_differ(self) -> "InterventionsSection":
        both = self.weather.keys() & self.places.keys()
        if both:
            raise PydanticCustomError("names", "{names} should stand in one kind only", {"names": sorted(both)})
        return self


class Line(Frozen):
    """A part of the budget given to one intervention."""

    intervention: str
    share: Annotated[float, Field(ge=0, le=1)]
    split: Literal["by_trainees", "national"]
    start: date
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]  # of delivery, after the lead time

    @model_validator(mode="after")
    def _starts_a_month(self) -> "Line":
        if self.start.day != 1:
            raise PydanticCustomError("start", "{start} should be the first of a month", {"start": str(self.start)})
        return self


class MixSection(Frozen):
    """A budget and its lines."""

    name: str
    budget: Annotated[Figure, unit("GBP", least=0)]
    lines: tuple[Line, ...]

    @model_validator(mode="after")
    def _shares_are_whole(self) -> "MixSection":
        total = sum(line.share for line in self.lines)
        if abs(total - 1) > 1e-9:
            raise PydanticCustomError("shares", "shares of lines sum to {total}, not 1", {"total": round(total, 9)})
        return self
