"""Catalogue of interventions, `[interventions]`: unit cost, effect, target groups, lead time and ceiling of each.

How much of each is bought is in `[mix]`.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, Figures, Frozen, NameList, Names, Sourced, leaves, unit
from pipeline_sim.world.schema.waves import DomainName

OrderName = Literal["largest_gap", "critical_first", "first_come", "nearest_to_line"]
MoveName = Literal["opportunity", "slots", "evidence", "support", "pull"]
FALLS = ("evidence", "support", "pull")  # moves whose effect cannot exceed 1
LARGEST_GAP = "largest_gap"
ANY_EXAM = "any_exam"
MOST_MONTHS = 1200
MOST_DAYS, MOST_INTENSITY = 1000, 100  # of a place: thousandths of curriculum days have 32 bits
Months = Annotated[Figure, unit("months", least=0, most=MOST_MONTHS)]
Price = Annotated[Figure, unit("GBP per unit", least=1)]
POSTGRADUATE_YEARS = 12


def most_of(figure: Sourced[Any]) -> float:
    """Largest number of a figure, its range included."""
    return max(leaves((figure.value, figure.bounds() or ())))


class Target(Frozen):
    """Named set of groups, which may stand wherever groups are listed; one of programmes or stages only in `first`."""

    label: str
    groups: Annotated[NameList, Names("groups")] = ()
    programmes: Annotated[NameList, Names("programmes")] = ()
    stages: Annotated[NameList, Names("stages")] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """Groups, programmes and stages."""
        return (*self.groups, *self.programmes, *self.stages)

    @model_validator(mode="after")
    def _has_members(self) -> "Target":
        if not self.members:
            raise PydanticCustomError("target", "a target should have groups, programmes or stages")
        return self


class Entry(Frozen):
    """Common fields of interventions. `evidence` names rows of evidence/intervention_evidence.csv."""

    label: Annotated[str, Field(min_length=1)]
    note: str | None = None
    evidence: tuple[str, ...] = ()
    groups: Annotated[NameList, Names("groups or targets")]
    unit: Annotated[str, Field(min_length=1)]  # what is priced, in the singular
    lead: Months

    @property
    def bought_unit(self) -> str:
        """Unit in which it is bought."""
        return self.unit


class Serving(Entry):
    """Intervention that may add lists and clinics, release doctors from service, and use sessions of educators."""

    operations: Annotated[Figure, unit("pathways per unit", least=-100, most=1000)] | None = None  # off the list
    released: Annotated[Figure, unit("days of service per unit", least=0, most=MOST_DAYS)] | None = None  # not given
    educators: Annotated[Figure, unit("sessions per unit", least=0, most=MOST_DAYS)] | None = None


class BroadEffect(Serving):
    """Intervention with an effect on all doctors of its groups, saturating in the units bought.

    A unit frees (or gives) `frees` of a resource of which a doctor `takes` so much a year for the full effect; the
    share reached is 1 - exp(-doctors served / doctors), by group and office, over all lines together. Opportunity and
    slots rise by the effect; incomplete evidence and redeployment fall by it; that share of unsupported returners is
    supported.
    """

    moves: MoveName
    domains: tuple[DomainName, ...] = ()
    effect: Annotated[Figure, unit("part where reached", least=0)]
    unit_cost: Price
    frees: Annotated[Figure, unit("per unit", least=0)]
    takes: Annotated[Figure, unit("per doctor and year", least=0.001)]
    ceiling: Annotated[Figure, unit("units per 100 doctors per year", least=0)] | None = None  # none: educators alone

    @model_validator(mode="after")
    def _fits_its_move(self) -> "BroadEffect":
        if (self.moves == "opportunity") != bool(self.domains):
            raise PydanticCustomError("domains", "domains should be named if, and only if, opportunity moves")
        if self.ceiling is None and (self.educators is None or self.educators.value == 0):
            raise PydanticCustomError("ceiling", "should have a ceiling, or ask for sessions of educators")
        most = max(self.effect.value, self.effect.high or 0.0)
        if self.moves in FALLS and most > 1:
            raise PydanticCustomError("effect", "effect should be at most 1, a part of what there is to move")
        return self


class Places(Serving):
    """Intervention of places given to individuals: a place teaches, is for an exam or course, or finds the gap.

    `domain` may be `largest_gap`, that of the doctor's largest gap as the office reads it. `dose` is by postgraduate
    year: 0 is F1, 2 CT1 or ST1, 4 the ST3 that follows two years of core training. It is at most one curriculum day for
    a day attended, or `intensity`. A day attended `displaces` a part of a day's learning in post. A place for a `gate`
    clears it, raises the chance to pass its next part, or is an extra sitting of that part.
    """

    domain: DomainName | Literal["largest_gap"] | None = None
    days: Annotated[Figure, unit("days per unit", least=0, most=MOST_DAYS)] | None = None
    dose: Annotated[Figures, unit("curriculum days per day", least=0, count=POSTGRADUATE_YEARS)] | None = None
    intensity: Annotated[Figure, unit("curriculum days per day", least=0, most=MOST_INTENSITY)] | None = None  # none: 1
    displaces: Annotated[Figure, unit("curriculum days per day", least=0, most=1)] | None = None  # none: 0
    gate: Annotated[str | None, Names("exams or any")] = None  # an exam or course, or `any_exam`
    clears: Annotated[Figure, unit("chance", least=0, most=1)] | None = None
    raises: Annotated[Figure, unit("chance", least=0, most=1)] | None = None
    extra_sitting: bool = False
    failed_before: bool = False  # only for those who have failed the part
    finds: bool = False
    order: OrderName
    least_gap: Annotated[Figure, unit("curriculum days", least=0, most=1000)] | None = None
    unit_cost: Price
    units_per_place: Annotated[Figure, unit("units per place", least=0.1)] | None = None  # none: 1
    ceiling: Annotated[Figure, unit("places per 100 doctors per year", least=0)]

    @property
    def bought_unit(self) -> str:
        """Unit in which it is bought: of places that take several units, the place."""
        each = self.units_per_place
        return self.unit if each is None else f"place of about {each.value:g} {self.unit}s"

    def _takes_its_time(self) -> None:
        if self.days is None and (self.dose or self.intensity or self.displaces):
            raise PydanticCustomError("days", "a place with a dose, intensity or displaces should have days")
        units = 1.0 if self.units_per_place is None else most_of(self.units_per_place)
        if self.days is not None and most_of(self.days) * units > MOST_DAYS:
            raise PydanticCustomError(
                "days",
                "a place takes up to {days} days, should be at most {most}",
                {"days": f"{most_of(self.days) * units:g}", "most": MOST_DAYS},
            )
        most = 1.0 if self.intensity is None else most_of(self.intensity)
        given = 0.0 if self.dose is None else most_of(self.dose)
        if given > most:
            raise PydanticCustomError(
                "dose",
                "dose is up to {given} curriculum days for a day attended, should be at most {most}; more should "
                "be declared as intensity, with its range and source",
                {"given": f"{given:g}", "most": f"{most:g}"},
            )

    @model_validator(mode="after")
    def _holds_together(self) -> "Places":
        helps = (self.clears is not None) + (self.raises is not None) + self.extra_sitting
        if helps != (self.gate is not None) or (self.failed_before and self.gate is None):
            raise PydanticCustomError(
                "gate", "a place for a gate, and no other, should have one of clears, raises and extra_sitting"
            )
        if self.gate == ANY_EXAM and self.clears is not None:
            raise PydanticCustomError("gate", "a place should clear one exam or course, not any_exam")
        self._takes_its_time()
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
    """Payment without effect on the log; without a `unit_cost` a unit costs a month of extension, `[costs]`.

    What it does is counted elsewhere, or nowhere, for the reason given in `note`.
    """

    note: Annotated[str, Field(min_length=1)]
    unit_cost: Price | None = None
    ceiling: Annotated[Figure, unit("units per 100 doctors per year", least=0)] | None = None  # none: no ceiling


AnyEntry = BroadEffect | Places | Payment


class Educators(Frozen):
    """Educators as a stock of sessions that money can buy beyond those that supervised slots take."""

    bought: Annotated[Figure, unit("sessions per doctor and year", least=0)]  # at most, while none is lost


class InterventionsSection(Frozen):
    """Catalogue by kind and name, and the error with which offices read gaps before a conversation finds them."""

    educators: Educators | None = None  # none: as many as are asked for
    reading_error: Annotated[Figure, unit("curriculum days", least=0, most=1000)] | None = None  # none: exact
    targets: dict[str, Target] = Field(default_factory=dict)
    weather: dict[str, BroadEffect] = Field(default_factory=dict)
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
        """Interventions by name."""
        return {**self.weather, **self.places, **self.payments}

    def members(self, name: str) -> tuple[str, ...]:
        """Groups, programmes and stages of a target; any other name alone."""
        return self.targets[name].members if name in self.targets else (name,)

    def group_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Groups of a list of groups and targets, each once."""
        expanded = [self.targets[name].groups if name in self.targets else (name,) for name in names]
        return tuple(dict.fromkeys(group for groups in expanded for group in groups))


def labels_of(catalogue: InterventionsSection) -> dict[str, str]:
    """Labels of all interventions, by name."""
    return {name: entry.label for name, entry in catalogue.entries.items()}
