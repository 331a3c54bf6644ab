"""Shocks of COVID and the backlog, `[shocks]`: each has a switch `enabled` and, where it applies, a `scale`."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline_sim.world.schema.elective_lists import Backlog, IndependentSector, Window, Winter
from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Figures, Frozen, Names, Span, Text, unit
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
)

NEAR = 1e-9
LostDays = Annotated[Figure, unit("days", least=0)]  # of a gap due to COVID that panels disregard


class IndexSeries(Frozen):
    """Monthly national index from the evidence file that is the source of `normal`, its normal value."""

    rows: str | None = None  # the word in the file's first column; none: every row belongs
    column: Text
    first: date  # nothing is lost before this day; the loss of its month falls after it
    normal: Annotated[Figure, unit("index", least=0.01)]
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month of the file, linear to normal
    response: Annotated[Figure, unit(PER_THOUSAND, least=0.8, most=1)]  # to inpatients more or fewer than recorded
    stream: Stream | None = None  # of the waiting list, if it belongs to one


class Regions(Frozen):
    """Regional variation of a national loss: COVID inpatients per bed of an NHS region over those of England."""

    row_days: Annotated[Figure, unit("days", least=1)]  # that a row stands for in the file of inpatients, its source
    beds: Annotated[FigureBy, unit("beds", least=1)]
    least_ratio: Multiplier
    most_ratio: Annotated[Figure, unit("multiplier", least=1)]
    carry_weeks: Annotated[Figure, unit("weeks", least=1)]  # last weeks observed by region, carried past their end


class GroupLoss(Frozen):
    """Losses of a specialty group by domain, as shares of the loss of a series; other domains lose nothing."""

    series: Annotated[dict[DomainName, str], Names("series", at="values")]
    share: Annotated[FigureBy, unit("part of the loss", least=0, most=1.5)]

    @model_validator(mode="after")
    def _same_domains(self) -> "GroupLoss":
        if self.series.keys() != self.share.value.keys():
            raise PydanticCustomError("domains", "series and share should name the same domains")
        return self


def most_in(part: FigureBy, domain: str) -> float:
    """Largest part of a domain's training, its range included."""
    return max(table.get(domain, 0.0) for table in (part.value, *(part.bounds() or ())))


class SpecialtyLoss(Frozen):
    """Losses of a specialty by domain where they differ from those of its group; the others are the group's.

    Loss of a domain = (1 - parts in `also`) x loss of the group's series, scaled to `ratio` if there is one, + each
    part x the whole loss of its series.
    """

    ratio: Annotated[FigureBy, unit("of 2019", least=0, most=1.5)] | None = None  # mean of the span in which it counts
    also: Annotated[dict[str, Annotated[FigureBy, unit("part of training", least=0, most=1)]], Names("series")] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _at_most_all(self) -> "SpecialtyLoss":
        for domain in {domain for part in self.also.values() for domain in part.value}:
            if sum(most_in(part, domain) for part in self.also.values()) > 1.0 + NEAR:
                raise PydanticCustomError("also", "the parts come to more than all of a domain")
        return self


class Surge(Span):
    """Surge: opportunity lost in the months of the series."""

    ordered: ClassVar[tuple[str, ...]] = ("ratio_first", "ratio_last")
    enabled: bool
    scale: Multiplier
    groups: Annotated[dict[str, GroupLoss], Names("groups")]
    ratio_first: date  # the ratios of specialties are means from this day
    ratio_last: date  # to this one
    specialties: Annotated[dict[str, SpecialtyLoss], Names("specialties")] = Field(default_factory=dict)


class Supervision(Frozen):
    """Supervision: educators' sessions, and so supervised slots, lost while wards are full and as educators leave."""

    enabled: bool
    scale: Multiplier
    leaving: Annotated[Figure, unit("share per year", least=0, most=0.2)]  # beyond those who come
    leaving_first: date
    leaving_last: date  # then made good on a straight line
    leaving_recovery: Annotated[Figure, unit("months", least=0)]
    lost: Annotated[FigureBy, unit("share per 10,000 inpatients", least=0, most=0.3)]  # by specialty group


class PullWave(Span):
    """Wave of redeployment to COVID wards."""

    ordered: ClassVar[tuple[str, ...]] = ("start", "end")
    start: date
    end: date
    ratio: Multiplier  # of the shares of the first wave
    own: Annotated[Annotated[FigureBy, unit("multiplier", least=0)] | None, Names("groups")] = (
        None  # by groups whose ratio was another
    )


class Redeployed(Frozen):
    """Redeployment: share of a specialty group redeployed in the first wave, and for how long."""

    enabled: bool
    scale: Multiplier
    waves: dict[str, PullWave]
    share: Annotated[FigureBy, unit("share of doctors", least=0, most=0.95), Names("groups")]
    driver: Annotated[
        dict[str, Measure], Names("groups")
    ]  # what pulls a specialty group; inpatients, if it is not named
    weeks: Annotated[Figures, unit("weeks", least=1, count=16)]  # equally likely lengths


class Closure(Span):
    """Sittings cancelled for a while, after which there are places for a part of the candidates."""

    ordered: ClassVar[tuple[str, ...]] = ("closed_from", "closed_to", "partial_to")
    closed_from: date
    closed_to: date
    partial_to: date
    open_share: Share


class CourseDates(Closure):
    """Cancelled dates of courses. The scale stretches both spans."""

    enabled: bool
    scale: Multiplier


class Sittings(Frozen):
    """Cancelled sittings of exams. The scale stretches both spans of every closure."""

    enabled: bool
    scale: Multiplier
    written: Closure
    clinical: Closure
    parts: Annotated[
        dict[str, Closure], Names("parts of exams")
    ]  # that were closed otherwise than others of their kind
    kept: Annotated[tuple[str, ...], Names("parts of exams")]  # parts of which no sitting was lost


class DerogationWindow(Window):
    """Period of a derogation, whose end is not published."""

    later: Annotated[Figure, unit("months", least=-12, most=36)]  # of the end


class Derogation(Frozen):
    """Derogations: periods in which outcomes 10.1 and 10.2 could be given and gates waived; lost days disregarded.

    A new curriculum asks for what a doctor can do, no longer for numbers of cases, so that more of a loss is let pass.
    """

    outcomes: DerogationWindow
    gates: DerogationWindow
    kept: Annotated[tuple[str, ...], Names("exams")]  # exams that were not waived
    waiver: LostDays  # while outcomes 10.1 and 10.2 can be given
    reformed: LostDays  # from a new curriculum on, if that is more
    reforms: Annotated[dict[str, date], Names("groups")]  # first day of the new curriculum
    reform_delay: Annotated[Figure, unit("months", least=-12, most=36)]  # until panels go by it


class Evidence(Span):
    """Evidence for reviews that COVID kept from being obtained, in the months within a period."""

    ordered: ClassVar[tuple[str, ...]] = ("first", "eased", "last")
    enabled: bool
    scale: Multiplier
    first: date
    eased: date
    last: date
    lost: Annotated[FigureBy, unit("share of reviews", least=0, most=1), Names("groups")]  # before `eased`
    later: Share  # of that, from `eased` on


class Absence(Frozen):
    """Absence: excess sickness and isolation by month, as published for all NHS staff in England."""

    enabled: bool
    scale: Multiplier
    first: date  # months that begin before this day are normal
    normal: Annotated[Figure, unit("per cent of time", least=0.1)]  # all staff; its source has the months published
    winter: Annotated[Figure, unit("percentage points", least=0)]  # January above the year's mean in normal times
    doctors: Multiplier  # percentage points of doctors in training for one of all staff
    recovery: Annotated[Figure, unit("months", least=0)]  # from the last month published, on a line to normal
    response: Annotated[Figure, unit("percentage points per 10,000 inpatients", least=0)]  # more or fewer than recorded


class Shielding(Frozen):
    """Shielding: share of doctors who begin in a month (`2020-04`); the length is `life.shield_months`."""

    enabled: bool
    scale: Multiplier
    share: Annotated[FigureBy, unit("share of doctors", least=0, most=1)]


class Postponed(Span):
    """Revalidation dates postponed."""

    enabled: bool
    first: date
    last: date
    months: Annotated[Figure, unit("months", least=0)]


class ShocksSection(Frozen):
    """Shocks of a world."""

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
    courses: CourseDates
    derogation: Derogation
    evidence: Evidence
    revalidation: Postponed
