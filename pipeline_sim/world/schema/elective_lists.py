"""Elective work after the first waves: the waiting list, the independent sector, winters."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Frozen, Names, Span, Text, unit
from pipeline_sim.world.schema.waves import PER_THOUSAND, Multiplier, Share, both_streams

WINTER = r"^20[0-9][0-9]/[0-9][0-9]$"


class WaitingList(Frozen):
    """Waiting list by month, group and office: stock + kept referrals - activity; the data are the source of `kept`.

    Activity is that of the same month of 2019 x level x response to inpatients x what the shutdown left x service of
    doctors in training x (1 + effort). Referrals and activity of normal times grow after the last month published.
    """

    first: date  # the month before it is the normal stock
    parts: Annotated[FigureBy, unit("part of the list", least=0.001, most=1), Names("groups")]
    kept: Share  # of new pathways, those that end in a completed one; the rest are removed otherwise
    level: Annotated[FigureBy, unit("share of activity", least=0.1, most=1)]  # by stream, with no COVID inpatient
    level_until: date  # then on a straight line to normal
    level_recovery: Annotated[Figure, unit("months", least=0)]
    response: Annotated[FigureBy, unit(PER_THOUSAND, least=0.8, most=1)]  # by stream
    service: Annotated[FigureBy, unit("share of activity", least=0, most=1)]  # by stream, that needs a trainee there
    servers: Annotated[tuple[str, ...], Names("groups")]  # specialty groups whose absence counts
    effort: Annotated[Figure, unit("share of activity", least=0, most=1)]  # added at most, however long the list
    effort_half: Annotated[Figure, unit("stock above normal", least=0.5)]  # at which half of it is made
    crowding: Annotated[Figure, unit("share of teaching", least=0, most=0.5)]  # lost at most, however long the list
    growth: Annotated[Figure, unit("per year", least=-0.1, most=0.2)]

    @model_validator(mode="after")
    def _streams(self) -> "WaitingList":
        for figure in (self.level, self.response, self.service):
            both_streams(figure.value)
        return self


class Backlog(Frozen):
    """Backlog: opportunity still lost after the last month of the series.

    `recorded`: on a straight line to normal. `endogenous`: from the waiting list, where a series has a stream.
    """

    enabled: bool
    scale: Multiplier
    mode: Literal["recorded", "endogenous"]
    list: WaitingList


class SectorSeries(Frozen):
    """Monthly percentage of elective work done in the independent sector; the data are the source of `normal`."""

    month: Text  # column of months
    column: Text
    rows: dict[str, str] = Field(default_factory=dict)  # column and the word in it; none: every row belongs
    normal: Annotated[Figure, unit("per cent", least=0, most=99)]


class IndependentSector(Frozen):
    """Independent sector: an upper bound on elective opportunity while work is done there."""

    enabled: bool
    scale: Multiplier
    first: date
    usable: Share  # of its lists, on which doctors in training may learn
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month of a series, linear to normal
    series: dict[str, SectorSeries]
    parts: Annotated[  # by group, then series
        dict[str, Annotated[FigureBy, unit("part of elective training", least=0, most=1)]], Names("groups")
    ]


class Winter(Frozen):
    """Winter pressure: elective lists cancelled beyond those of normal winters."""

    enabled: bool
    scale: Multiplier
    first: date  # months that begin earlier are in the indices of lost opportunity
    december: Share
    january: Share
    part: Annotated[FigureBy, unit("part of the loss", least=0, most=1.5), Names("groups")]
    winters: dict[Annotated[str, Field(pattern=WINTER)], Multiplier]  # how bad; one not named is normal


class Window(Span):
    """Period with a switch, first and last day included."""

    enabled: bool
    first: date
    last: date
