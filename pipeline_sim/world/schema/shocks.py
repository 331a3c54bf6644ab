"""What COVID and the backlog did, as tables of a world file: `[shocks]`.

Each shock has a switch, `enabled`, and where "stronger" means something a `scale` on what it takes.
"""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.elective_lists import Backlog, IndependentSector, Window, Winter
from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Figures, Frozen, unit
from pipeline_sim.world.schema.waves import (
    PER_THOUSAND,
    DomainName,
    Measure,
    Multiplier,
    Share,
    Shutdown,
    Stream,
    WaveCopy,
    WaveSpan,
    in_order,
)


class IndexSeries(Frozen):
    """A monthly national index out of an evidence file, which is the source of `normal`, the index in normal times."""

    rows: str | None = None  # the word in the file's first column; none: every row belongs
    column: str
    first: date  # nothing is lost before this day; the loss of its month falls after it
    normal: Annotated[Figure, unit("index", least=0.01)]
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month of the file, linear to normal
    response: Annotated[Figure, unit(PER_THOUSAND, least=0.8, most=1)]  # to inpatients more or fewer than recorded
    stream: Stream | None = None  # of the waiting list, if it belongs to one


class Regions(Frozen):
    """How unevenly a national loss fell: COVID inpatients per bed of an NHS region over those of England."""

    row_days: Annotated[Figure, unit("days", least=1)]  # that a row stands for in the file of inpatients, its source
    beds: Annotated[FigureBy, unit("beds", least=1)]
    least_ratio: Multiplier
    most_ratio: Annotated[Figure, unit("multiplier", least=1)]
    carry_weeks: Annotated[Figure, unit("weeks", least=1)]  # last weeks observed by region, carried past their end


class GroupLoss(Frozen):
    """What a specialty group loses, by domain, as a part of the loss of a series. A domain not named loses nothing."""

    series: dict[DomainName, str]
    share: Annotated[FigureBy, unit("part of the loss", least=0, most=1.5)]

    @model_validator(mode="after")
    def _same_domains(self) -> "GroupLoss":
        if self.series.keys() != self.share.value.keys():
            raise PydanticCustomError("domains", "series and share should name the same domains")
        return self


class Surge(Frozen):
    """Opportunity lost in the months of the series."""

    enabled: bool
    scale: Multiplier
    groups: dict[str, GroupLoss]


class Supervision(Frozen):
    """Supervised slots lost while wards are full."""

    enabled: bool
    scale: Multiplier
    lost: Annotated[FigureBy, unit("share per 10,000 inpatients", least=0, most=0.3)]  # by specialty group


class PullWave(Frozen):
    """A wave in which doctors were pulled to COVID wards."""

    start: date
    end: date
    ratio: Multiplier  # of the shares of the first wave
    own: Annotated[FigureBy, unit("multiplier", least=0)] | None = None  # by groups whose ratio was another

    @model_validator(mode="after")
    def _in_order(self) -> "PullWave":
        in_order(self.start, self.end)
        return self


class Redeployed(Frozen):
    """Part of a specialty group pulled at least once in the first wave, and for how long."""

    enabled: bool
    scale: Multiplier
    waves: dict[str, PullWave]
    share: Annotated[FigureBy, unit("share of doctors", least=0, most=0.95)]
    driver: dict[str, Measure]  # what pulls a specialty group; inpatients, if it is not named
    weeks: Annotated[Figures, unit("weeks", least=1)]  # 16 equally likely lengths

    @model_validator(mode="after")
    def _sixteen(self) -> "Redeployed":
        if len(self.weeks.value) != 16:
            raise PydanticCustomError("weeks", "weeks should have 16 entries")
        return self


class Sittings(Frozen):
    """Sittings cancelled outright, then some months open and some not. The scale stretches both spans."""

    enabled: bool
    scale: Multiplier
    closed_from: date
    closed_to: date
    partial_to: date
    open_share: Share

    @model_validator(mode="after")
    def _in_order(self) -> "Sittings":
        in_order(self.closed_from, self.closed_to)
        in_order(self.closed_to, self.partial_to)
        return self


class Derogation(Frozen):
    """When outcomes 10.1 and 10.2 could be given, and when an exam or course could be forgone."""

    outcomes: Window
    gates: Window


class Evidence(Frozen):
    """Portfolios less complete than usual, in the months that lie in a window."""

    enabled: bool
    scale: Multiplier
    first: date
    last: date
    more: Annotated[Figure, unit("part more", least=0)]

    @model_validator(mode="after")
    def _in_order(self) -> "Evidence":
        in_order(self.first, self.last)
        return self


class Absence(Frozen):
    """Sickness and isolation beyond normal, by month, as published for all staff of the NHS in England."""

    enabled: bool
    scale: Multiplier
    first: date  # months that begin before this day are normal
    normal: Annotated[Figure, unit("per cent of time", least=0.1)]  # all staff; its source has the months published
    winter: Annotated[Figure, unit("percentage points", least=0)]  # January above the year's mean in normal times
    doctors: Multiplier  # percentage points of doctors in training for one of all staff
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month published, on a line to normal
    response: Annotated[Figure, unit("percentage points per 10,000 inpatients", least=0)]  # more or fewer than recorded


class Shielding(Frozen):
    """Part of doctors who begin to shield in a month (`2020-04`); for how long is `life.shield_months`."""

    enabled: bool
    scale: Multiplier
    share: Annotated[FigureBy, unit("share of doctors", least=0, most=1)]


class Postponed(Frozen):
    """Revalidation dates put back."""

    enabled: bool
    first: date
    last: date
    months: Annotated[Figure, unit("months", least=0)]

    @model_validator(mode="after")
    def _in_order(self) -> "Postponed":
        in_order(self.first, self.last)
        return self


class ShocksSection(Frozen):
    """All shocks of a world."""

    waves: dict[str, WaveSpan]
    more_waves: dict[str, WaveCopy] = Field(default_factory=dict)
    shutdown: Shutdown
    series: dict[str, IndexSeries]
    regions: Regions
    learning_lost: Annotated[FigureBy, unit("share", least=0, most=1)]  # from a month (`2020-09`) on
    supervision: Supervision
    redeployment: Redeployed
    absence: Absence
    shielding: Shielding
    surge: Surge
    backlog: Backlog
    independent_sector: IndependentSector
    winter: Winter
    changeover: Window
    exams: Sittings
    courses: Sittings
    derogation: Derogation
    evidence: Evidence
    revalidation: Postponed
