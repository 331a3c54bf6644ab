"""What COVID and the backlog did, as tables of a world file: `[shocks]`.

Each shock has a switch, `enabled`, and where "stronger" means something a `scale` on what it takes.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema_base import Figure, FigureBy, Figures, Frozen, unit

DomainName = Literal["elective", "emergency", "outpatient", "knowledge"]
Multiplier = Annotated[Figure, unit("multiplier", least=0, most=1000)]
Share = Annotated[Figure, unit("share", least=0, most=1)]


def in_order(first: date, last: date) -> None:
    """Refuses a window that ends before it begins."""
    if last < first:
        raise PydanticCustomError("window", "{last} should not be before {first}", {"first": first, "last": last})


class IndexSeries(Frozen):
    """A monthly national index out of an evidence file, which is the source of `normal`, the index in normal times."""

    rows: str | None = None  # the word in the file's first column; none: every row belongs
    column: str
    first: date  # nothing is lost before this day; the loss of its month falls after it
    normal: Annotated[Figure, unit("index", least=0.01)]
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month of the file, linear to normal


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


class Backlog(Frozen):
    """Opportunity still lost after the last month of the series, on a straight line back to normal."""

    enabled: bool
    scale: Multiplier


class Supervision(Frozen):
    """Supervised slots lost while wards are full."""

    enabled: bool
    scale: Multiplier
    lost: Annotated[FigureBy, unit("share per 10,000 inpatients", least=0, most=0.3)]  # by specialty group


class Wave(Frozen):
    """A wave in which doctors were pulled to COVID wards."""

    name: str
    start: date
    end: date
    ratio: Multiplier  # of the shares of the first wave

    @model_validator(mode="after")
    def _in_order(self) -> "Wave":
        in_order(self.start, self.end)
        return self


class Redeployed(Frozen):
    """Part of a specialty group pulled at least once in the first wave, and for how long."""

    enabled: bool
    scale: Multiplier
    waves: tuple[Wave, ...]
    share: Annotated[FigureBy, unit("share of doctors", least=0, most=0.95)]
    own_ratio: Annotated[FigureBy, unit("multiplier", least=0)]  # later waves of groups whose skill was needed again
    weeks: Annotated[Figures, unit("weeks", least=1)]  # 16 equally likely lengths

    @model_validator(mode="after")
    def _sixteen(self) -> "Redeployed":
        if len(self.weeks.value) != 16:
            raise PydanticCustomError("weeks", "weeks should have 16 entries")
        return self


class Window(Frozen):
    """Something that holds from a day to a day, both included."""

    enabled: bool
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        in_order(self.first, self.last)
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
    """All shocks of a world, in the order in which they are applied."""

    series: dict[str, IndexSeries]
    regions: Regions
    learning_lost: Annotated[FigureBy, unit("share", least=0, most=1)]  # from a month (`2020-09`) on
    surge: Surge
    backlog: Backlog
    supervision: Supervision
    redeployment: Redeployed
    changeover: Window
    exams: Sittings
    courses: Sittings
    derogation: Derogation
    evidence: Evidence
    absence: Absence
    shielding: Shielding
    revalidation: Postponed

    @model_validator(mode="after")
    def _series_are_known(self) -> "ShocksSection":
        for group, loss in self.surge.groups.items():
            for name in loss.series.values():
                if name not in self.series:
                    raise PydanticCustomError(
                        "series", "surge.groups.{group}: unknown series {name}", {"group": group, "name": name}
                    )
        return self
