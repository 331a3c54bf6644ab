"""Prices of a world, `[costs]`. Read by economics; the engines do not see them."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, FiguresBy, Frozen, Text, unit


class Pay(Frozen):
    """Basic pay of doctors in training by year (`2021/22`) and nodal point 1 to 5."""

    basic: Annotated[FiguresBy, unit("GBP per year", least=1)]
    rise: Annotated[FigureBy, unit("share per year", least=-0.5, most=0.5)]  # from the year before to the year named
    typical_nodal: dict[str, int]  # nodal point taken for a doctor of whom only the stage is known

    @model_validator(mode="after")
    def _five_points(self) -> "Pay":
        points = self.typical_nodal.values()
        if any(len(row) != 5 for row in self.basic.value.values()) or not all(1 <= point <= 5 for point in points):
            raise PydanticCustomError("nodal", "there should be five nodal points, 1 to 5")
        return self


class Extension(Frozen):
    """Price of a month of extension to the training budget, at a reference year and nodal point."""

    month: Annotated[Figure, unit("GBP per WTE-month", least=0)]
    reference_year: Text
    reference_nodal: Annotated[int, Field(ge=1, le=5)]
    perspective: Text  # whose money or gain it is
    cash_releasing: bool  # whether a budget spends less


class Completed(Frozen):
    """Value of a year of a consultant or GP, taken to be the employment cost."""

    consultant_year: Annotated[Figure, unit("GBP per WTE-year", least=0)]
    gp_year: Annotated[Figure, unit("GBP per WTE-year", least=0)]
    price_year: Text
    perspective: Text
    cash_releasing: bool


class CostsSection(Frozen):
    """Prices and the discount rate of a world."""

    discount_rate: Annotated[Figure, unit("share per year", least=0, most=0.2)]
    base_year: Text
    pay: Pay
    extension: Extension
    completed: Completed
