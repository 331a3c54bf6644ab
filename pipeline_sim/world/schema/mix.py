"""Mix of interventions, `[mix]`: a budget and the lines that share it.

Shares, sums, dates, lengths and targets of lines are decisions, not estimates, and so carry no source.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.rules.intervention_places import MOST_RANK
from pipeline_sim.world.schema.interventions import MOST_MONTHS, OrderName
from pipeline_sim.world.schema.sourced_value import MOST_GBP, Figure, Frozen, NameList, Names, unit

NEAR = 1e-9
HALF_A_PENNY = 0.005
Ranked = Annotated[NameList, Field(max_length=MOST_RANK), Names("served")]  # programmes, groups, stages or targets


class Line(Frozen):
    """Budget line: a share or sum for one intervention, perhaps for some groups, offices or regions alone."""

    intervention: Annotated[str, Names("interventions")]
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    gbp: Annotated[float, Field(ge=0, le=MOST_GBP)] | None = None
    split: Literal["by_trainees", "by_need"]  # over offices
    payer: Literal["offices", "national"] = "offices"  # in whose accounts it stands
    start: date
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)]  # of delivery, after the lead time
    groups: Annotated[NameList, Names("groups or targets")] = ()  # none named: all that the intervention is for
    offices: Annotated[NameList, Names("offices")] = ()  # none named: all
    regions: Annotated[NameList, Names("regions")] = ()  # none named: all; with offices, those of both
    first: Ranked = ()  # who is served first, in order
    order: OrderName | None = None  # within these; none: as the catalogue has it

    @model_validator(mode="after")
    def _makes_sense(self) -> "Line":
        if self.start.day != 1:
            raise PydanticCustomError("start", "{start} should be the first of a month", {"start": str(self.start)})
        if (self.share is None) == (self.gbp is None):
            raise PydanticCustomError("money", "should have a share of the budget or a sum in gbp, one of the two")
        return self


class MixSection(Frozen):
    """Mix: a budget and its lines, which start from `first` on and, with the lead time as stated, end by `last`."""

    name: Annotated[str, Field(min_length=1)]
    budget: Annotated[Figure, unit("GBP", least=0)]
    first: date | None = None
    last: date | None = None
    order: OrderName | None = None  # of all lines with places, instead of their own
    served_first: Ranked = ()  # as `first` of all lines with places
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _money_is_whole(self) -> "MixSection":
        if len({line.share is None for line in self.lines}) > 1:
            raise PydanticCustomError("shares", "lines should all have a share or all have gbp")
        if self.lines[0].gbp is None:
            self._check_shares()
        else:
            self._check_sums()
        if self.first and self.last and self.last < self.first:
            raise PydanticCustomError("last", "last should not be before first")
        return self

    def places_line(self, line: Line) -> Line:
        """Line with places, with what the mix says for all of them."""
        return line.model_copy(update={"order": self.order or line.order, "first": self.served_first or line.first})

    @property
    def weights(self) -> tuple[float, ...]:
        """Weights of the lines, as shares or in pounds."""
        return tuple(line.share if line.share is not None else line.gbp or 0.0 for line in self.lines)

    def _check_shares(self) -> None:
        total = sum(self.weights)
        if abs(total - 1) > NEAR:
            raise PydanticCustomError("shares", "shares of lines sum to {total}, not 1", {"total": round(total, 9)})

    def _check_sums(self) -> None:
        over = sum(self.weights) - self.budget.value
        if abs(over) > HALF_A_PENNY:
            side = "over" if over > 0 else "short of"
            values = {"total": f"{sum(self.weights):,.2f}", "over": f"{abs(over):,.2f}", "side": side}
            values["budget"] = f"{self.budget.value:,.2f}"
            raise PydanticCustomError("sums", "lines sum to £{total}, £{over} {side} the budget of £{budget}", values)
