"""What recovery money can buy, `[interventions]`. How much of it is bought stands in `schema_mix`.

A catalogue entry says what a unit costs and does, for whom, how soon and how much of it there can be.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, Figures, Frozen, unit
from pipeline_sim.world.schema.waves import DomainName

OrderName = Literal["largest_gap", "critical_first", "first_come"]
MoveName = Literal["opportunity", "slots", "evidence", "support", "pull"]
FALLS = ("evidence", "support", "pull")  # moves that can take away no more than there is
LARGEST_GAP = "largest_gap"
MOST_MONTHS = 1200
Months = Annotated[Figure, unit("months", least=0, most=MOST_MONTHS)]
Price = Annotated[Figure, unit("GBP per unit", least=1)]
POSTGRADUATE_YEARS = 12


class Target(Frozen):
    """Groups under one name, which may stand wherever groups are listed."""

    label: str
    groups: Annotated[tuple[str, ...], Field(min_length=1)]


class Entry(Frozen):
    """What every intervention has. `evidence` names rows of evidence/intervention_evidence.csv; none: nothing found."""

    label: Annotated[str, Field(min_length=1)]
    note: str | None = None
    evidence: tuple[str, ...] = ()
    groups: Annotated[tuple[str, ...], Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]  # what is bought, in the singular
    lead: Months


class Weather(Entry):
    """Moves a table for every doctor of the groups: the more units, the nearer to the full effect.

    A unit frees (or gives) so much of what a doctor takes so much of in a year for the full effect; reach is
    1 - exp(-doctors served / doctors), by group and office, over all lines together. What the effect is a part of:
    opportunity and slots rise by it; evidence that is incomplete, and pull to COVID wards, fall by it; of returners
    without support so many more have it.
    """

    moves: MoveName
    domains: tuple[DomainName, ...] = ()
    effect: Annotated[Figure, unit("part where reached", least=0)]
    unit_cost: Price
    frees: Annotated[Figure, unit("per unit", least=0)]
    takes: Annotated[Figure, unit("per doctor and year", least=0.001)]
    ceiling: Annotated[Figure, unit("units per 100 doctors per year", least=0)]

    @model_validator(mode="after")
    def _fits_its_move(self) -> "Weather":
        if (self.moves == "opportunity") != bool(self.domains):
            raise PydanticCustomError("domains", "domains should be named if, and only if, opportunity moves")
        most = max(self.effect.value, self.effect.high or 0.0)
        if self.moves in FALLS and most > 1:
            raise PydanticCustomError("effect", "effect should be at most 1, a part of what there is to move")
        return self


class Places(Entry):
    """Seats given to individuals: each teaches (a domain), clears a gate, or finds the gap.

    `domain` may be `largest_gap`: the one in which the doctor is furthest behind as the office reads it. `dose` is by
    postgraduate year: 0 is F1, 2 CT1 or ST1, 4 the ST3 that follows two years of core training.
    """

    domain: DomainName | Literal["largest_gap"] | None = None
    dose: Annotated[Figures, unit("part of need", least=0, most=1, count=POSTGRADUATE_YEARS)] | None = None
    need: Annotated[Figure, unit("curriculum days", least=0, most=1000)] | None = None
    gate: str | None = None
    clears: Annotated[Figure, unit("chance", least=0, most=1)] | None = None
    finds: bool = False
    order: OrderName
    least_gap: Annotated[Figure, unit("curriculum days", least=0, most=1000)] | None = None
    unit_cost: Price
    units_per_place: Annotated[Figure, unit("units per place", least=0.1)] | None = None  # none: 1
    ceiling: Annotated[Figure, unit("places per 100 doctors per year", least=0)]

    @model_validator(mode="after")
    def _holds_together(self) -> "Places":
        if (self.gate is None) != (self.clears is None):
            raise PydanticCustomError("gate", "gate and clears should be given together")
        if (self.dose is None) != (self.need is None):
            raise PydanticCustomError("dose", "dose and need should be given together")
        if self.finds and (self.dose is not None or self.gate is not None):
            raise PydanticCustomError("finds", "a place that finds the gap should have no dose and no gate")
        if not (self.finds or self.gate or self.dose):
            raise PydanticCustomError("place", "a place should teach (dose), clear a gate or find the gap (finds)")
        taught = self.finds or self.dose is not None
        if taught != (self.domain is not None) or taught != (self.least_gap is not None):
            raise PydanticCustomError(
                "domain", "domain and least_gap should be given if, and only if, the place teaches or finds"
            )
        return self


class Payment(Entry):
    """Money that moves no row of the log. Without a price of its own a unit is a month of extension, `[costs]`."""

    unit_cost: Price | None = None
    ceiling: Annotated[Figure, unit("units per 100 doctors per year", least=0)] | None = None  # none: no ceiling


AnyEntry = Weather | Places | Payment


class InterventionsSection(Frozen):
    """The catalogue, by kind and name; and how far off offices read gaps until a conversation has found them."""

    reading_error: Annotated[Figure, unit("curriculum days", least=0, most=1000)] | None = None  # none: exact
    targets: dict[str, Target] = Field(default_factory=dict)
    weather: dict[str, Weather] = Field(default_factory=dict)
    places: dict[str, Places] = Field(default_factory=dict)
    payments: dict[str, Payment] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_differ(self) -> "InterventionsSection":
        names = [*self.weather, *self.places, *self.payments]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise PydanticCustomError("names", "{names} should stand in one kind only", {"names": twice})
        return self

    @property
    def entries(self) -> dict[str, AnyEntry]:
        """All interventions by name."""
        return {**self.weather, **self.places, **self.payments}

    def group_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Groups of a list in which targets may stand, each once."""
        spelled = [self.targets[name].groups if name in self.targets else (name,) for name in names]
        return tuple(dict.fromkeys(group for groups in spelled for group in groups))
