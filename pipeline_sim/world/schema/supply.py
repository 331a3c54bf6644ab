"""Levers of supply, `[supply]`: changes of posts and of time out of programme from a training year on.

A lever is beside what the tables of posts say. Its figures by year are 0 (a multiplier 1) before the first year named,
straight lines between, and constant after the last.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Frozen, NameList, Names, leaves, unit

MOST_POSTS = 20_000
Recruiting = Annotated[NameList, Names("recruiting programmes")]


class SupplyLever(Frozen):
    """Posts more, or fewer, than the tables say, of England."""

    label: Annotated[str, Field(min_length=1)]
    note: str | None = None
    programmes: Recruiting = ()  # none: all but foundation
    besides: Recruiting = ()  # programmes left out
    offices: Annotated[NameList, Names("offices")] = ()  # none: as the posts of the programme lie
    entrants: Annotated[FigureBy, unit("entrants per year", least=-MOST_POSTS, most=MOST_POSTS)] | None = None
    growth: Annotated[FigureBy, unit("share per year", least=-0.5, most=0.5)] | None = None  # of posts for entrants
    posts: Annotated[FigureBy, unit("posts", least=-MOST_POSTS, most=MOST_POSTS)] | None = None  # no yearly entry
    cost: Annotated[Figure, unit("GBP per post and year", least=0)] | None = None  # of the posts it adds

    @model_validator(mode="after")
    def _moves_something(self) -> "SupplyLever":
        if sum(each is not None for each in (self.entrants, self.growth, self.posts)) != 1:
            raise PydanticCustomError("lever", "should have one of entrants, growth and posts")
        ends = (self.by_year.value, self.by_year.low or {}, self.by_year.high or {})
        if not any(leaves(ends)):
            raise PydanticCustomError(
                "lever", "moves nothing: {what} should not be 0 in all years", {"what": self.moves}
            )
        return self

    @property
    def moves(self) -> Literal["entrants", "growth", "posts"]:
        """Key of what it moves."""
        return "entrants" if self.entrants is not None else "growth" if self.growth is not None else "posts"

    @property
    def by_year(self) -> FigureBy:
        """What it moves, by year."""
        figure: FigureBy = getattr(self, self.moves)
        return figure


class SupplySection(Frozen):
    """Levers by name, and multipliers by year of the shares out of programme."""

    levers: dict[str, SupplyLever] = Field(default_factory=dict)
    out_of_programme: dict[
        Literal["oopt", "oopr", "oope", "oopc", "oopp"], Annotated[FigureBy, unit("multiplier", least=0, most=100)]
    ] = Field(default_factory=dict)
