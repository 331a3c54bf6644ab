"""Training in normal times, from recruitment rounds to revalidation, as tables of a world file.

Names, and keys of tables that are names, are marked with what they name; `loading.check_references` checks them.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline_sim.rules.codes import Origin
from pipeline_sim.world.schema.sourced_value import (
    Figure,
    FigureBy,
    Figures,
    FiguresBy,
    FigureTable,
    Frozen,
    Names,
    Text,
    unit,
)

DOMAINS = ("elective", "emergency", "outpatient", "knowledge")
STAGES = ("foundation", "core", "run-through", "higher", "gp")
CCT_STAGES = ("run-through", "higher", "gp")
PATTERNS = ("four", "six", "twelve", "six-spring")
ROUND_KINDS = ("first", "second", "readvert", "february")
OOP_KINDS = ("oopt", "oopr", "oope", "oopc", "oopp")
ORIGINS = tuple(origin.name.lower().replace("_", "-") for origin in Origin)
MONTHS_OUT = ("at_once", "one_year", "two_years", "three_years")

EACH_GROUP, EACH_STAGE = Names("groups", whole=True), Names("stages", whole=True)
Month = Annotated[int, Field(ge=1, le=12)]
MostOfThem = Annotated[Figure, unit("share", least=0.1, most=1)]
Share = Annotated[Figure, unit("share", least=0, most=1)]
SharesBy = Annotated[FigureBy, unit("share", least=0, most=1)]
ByStream = Annotated[SharesBy, Names("streams", whole=True)]
ByDomain = Annotated[SharesBy, Names("domains", whole=True)]
Programmes = Annotated[tuple[str, ...], Names("programmes")]
PerYearBy = Annotated[FigureBy, unit("per year", least=0, most=1)]
Days = Annotated[Figure, unit("days", least=0)]
WorkingDays = Annotated[Figure, unit("working days", least=0)]
DaysByStage = Annotated[FigureBy, unit("days", least=0), EACH_STAGE]
MonthsFigure = Annotated[Figure, unit("months", least=0)]
MonthsByStage = Annotated[FigureBy, unit("months", least=0), EACH_STAGE]


class Round(Frozen):
    """Yearly recruitment round: offers on a day, posts from a first Wednesday."""

    kind: Literal["first", "second", "readvert", "february"]
    offer_month: Month
    offer_day: Annotated[int, Field(ge=1, le=28)]
    start_month: Literal[2, 8]
    streams: Annotated[tuple[str, ...], Names("streams")]


class Priority(Frozen):
    """Order of offers by origin: some are offered posts before all others, from a day on."""

    first: date  # day of offers from which the order holds
    share: Annotated[
        SharesBy, Names("origins", whole=True)
    ]  # by origin, of applicants who are among the first; who finishes a programme here always is


class RecruitmentSection(Frozen):
    """Recruitment: who applies, and how offers are answered."""

    rounds: tuple[Round, ...]
    applications: Annotated[Figures, unit("share", least=0, most=1, count=3, total=1)]  # to 1, 2, 3 programmes
    office_pull: Annotated[FigureBy, unit("relative to posts", least=0.01), Names("offices", whole=True)]
    home_first: Share
    ability_share: Share
    appointable: Annotated[
        FigureBy, unit("part of applicants below the line", least=0, most=1), Names("programmes or default")
    ]
    shortlist: Annotated[Figure, unit("applications per post", least=1, most=1000)]  # assessed; the best ones
    decline: Share
    expire: Share
    firm: Share
    hold: Share
    defer: Share
    withdraw: Share
    max_runs: Annotated[Figure, unit("offer runs", least=1)]
    ahead: MonthsFigure  # after the start, within which a post must fall empty to be offered in the first two rounds
    priority: Priority | None = None  # none: all are offered posts in one order, by score
    again: ByStream  # by stream, of UK graduates who got no post
    again_abroad: ByStream  # by stream, of those who qualified abroad
    uk_applicants: SharesBy  # by year, of applicants of the first round: UK graduates
    uk_accepted: SharesBy  # by year, of those who get its posts
    uk_second: Share  # UK graduates, of applicants of the second round who come from outside
    posts_held: MostOfThem  # part of posts outside foundation that have a doctor in them; the rest are rota gaps
    reapply: Annotated[Figure, unit("years", least=1)]  # before a higher trainee who resigned may apply again
    after_foundation: Annotated[  # by year, of MONTHS_OUT; the rest is gone
        FigureTable, unit("share", least=0, most=1), Names("months out", whole=True, at="rows")
    ]
    after_core: Annotated[Figures, unit("share", least=0, most=1, count=2)]  # at once, after a year; the rest is gone


class PlacementsSection(Frozen):
    """Placements: supervised slots."""

    coverage: Annotated[FigureBy, unit("slots per post", least=0), EACH_GROUP]
    unsupervised: Annotated[SharesBy, EACH_GROUP]  # speed of learning without a slot


class OwnWard(Frozen):
    """Programmes for which work on a COVID ward is, in part, what the doctor is training for."""

    programmes: Programmes
    teaches: ByDomain  # in place of `competence.ward`


class Specialty(Frozen):
    """Specialty whose opportunity to learn may differ from that of its group."""

    id: Text
    group: Annotated[str, Names("groups")]
    programmes: Programmes


class CompetenceSection(Frozen):
    """Competence: requirements of the curriculum and the pace of learning."""

    weights: Annotated[FiguresBy, unit("share", least=0, most=1), EACH_GROUP]  # of DOMAINS
    standard: Annotated[FigureBy, unit("share", least=0, most=2), EACH_STAGE]  # of a normal full-time day
    pace_mean: Annotated[Figure, unit("share", least=0.1, most=2)]
    pace_sd: Annotated[Figure, unit("share", least=0, most=1)]
    post_pace_sd: Annotated[Figure, unit("share", least=0, most=1)]
    ward: ByDomain  # what a redeployed day teaches
    own_wards: tuple[OwnWard, ...] = ()  # programmes that learn more of their own work there
    specialties: tuple[Specialty, ...] = ()  # the others have the opportunity of their group
    surplus: Days
    ramp: Days
    ramp_supported: Days
    supported: Share


class Exam(Frozen):
    """Examination or a part of one, or a course that must be held."""

    id: Text
    exam: str | None = None  # of which this is a part; parts stand below each other, in their order
    needs: tuple[str, ...] = ()  # exams above that must be held before, where a programme asks for them too
    name: Text
    kind: Literal["written", "clinical", "course"]
    months: tuple[Month, ...]  # of sittings
    after: Annotated[Figure, unit("months", least=0)] | None = None  # first sat so long after its gate opens
    spread: Annotated[Figure, unit("months", least=0)] | None = None  # over which doctors spread it from then on
    result_weeks: Annotated[Figure, unit("weeks", least=0, most=26)] | None = None  # none: on the day
    pass_first: Annotated[Figure, unit("chance", least=0.01, most=1)]
    max_attempts: Annotated[Figure, unit("attempts", least=1, most=20)]
    held: Annotated[Figure, unit("share", least=0, most=1)] | None = None  # on entry, of those with the parts before

    @property
    def gate(self) -> str:
        """Exam of which this is a part, or the whole of it."""
        return self.exam or self.id


class ExamRulesSection(Frozen):
    """Rules for the chance of passing an exam."""

    sitting_day: Annotated[int, Field(ge=1, le=28)]
    entry: Annotated[Figure, unit("weeks", least=0, most=26)]  # before a sitting, when entry to it closes
    valid: Annotated[Figure, unit("years", least=0, most=20)]  # of the certificate of a course, in a next programme too
    attempt_step: Annotated[Figure, unit("chance", least=0, most=1)]
    ability_step: Annotated[Figure, unit("chance", least=0, most=1)]
    gap_step: Annotated[Figure, unit("chance per 10 days", least=0, most=1)]


class PanelWindow(Frozen):
    """Season of ARCP panels, first and last day included, and its share of a year's reviews."""

    name: Text
    from_month: Month
    from_day: Annotated[int, Field(ge=1, le=31)]
    to_month: Month
    to_day: Annotated[int, Field(ge=1, le=31)]
    share: Share


class PanelsSection(Frozen):
    """ARCP panels: when they sit and what they require."""

    windows: tuple[PanelWindow, ...]
    out_of_phase: Share  # of a year's reviews, spread over all weeks
    reviews: Annotated[Figure, unit("reviews per post and year", least=0)]
    headroom: Annotated[Figure, unit("capacity per expected review", least=0)]
    incomplete: Annotated[SharesBy, EACH_STAGE]
    minor: DaysByStage
    major: DaysByStage
    lead_first: Days
    lead_spread: Days
    resolve: Days
    sooner: Days
    foundation_has_outcome_2: bool


class ExtensionsSection(Frozen):
    """Extensions of training time."""

    step: MonthsFigure
    gap_steps: Annotated[Figures, unit("days", least=0, count=4)]  # largest gap served by 1, 2, 3 and 4 steps
    allowance: MonthsByStage  # exceptional part included
    exam_only: MonthsByStage


class OutOfProgramme(Frozen):
    """Kind of time out of programme."""

    kind: Literal["oopt", "oopr", "oope", "oopc", "oopp"]
    prevalence: Share  # of doctors of those stages, at a point in time
    by_group: Annotated[SharesBy | None, Names("groups")] = None  # for specialty groups that differ from it
    months: Annotated[Figures, unit("months", least=1, most=48, count=8)]  # eight equally likely lengths
    stages: Annotated[tuple[str, ...], Field(min_length=1), Names("stages")]

    def share(self, stage: str, group: str) -> float:
        """Share of the doctors of a stage and group who are away so at a point in time."""
        own = self.by_group.value if self.by_group is not None else {}
        return own.get(group, self.prevalence.value) if stage in self.stages else 0.0


class LifeSection(Frozen):
    """Working life: pattern, absence, transfer and resignation."""

    ltft: SharesBy  # all doctors in training, by year
    ltft_by_group: Annotated[SharesBy, EACH_GROUP]  # how groups differ; scaled so that all together give `ltft`
    ltft_by_stage: Annotated[SharesBy, Names("stages")]  # for stages that differ from their group
    ltft_women: Annotated[Figure, unit("odds ratio", least=0.01, most=100)]  # of women against men
    ltft_later: Annotated[Figure, unit("odds ratio", least=1, most=3)]  # of a year of training, against the one before
    wte: Annotated[FigureBy, unit("share", least=0, most=1, total=1)]  # by WTE per cent, of those less than full time
    parental: Annotated[FigureBy, unit("per woman and year", least=0, most=1), EACH_STAGE]
    parental_months: Annotated[Figures, unit("months", least=1, count=8)]  # eight equally likely lengths
    sickness: Annotated[Figure, unit("share of days", least=0, most=1)]
    sick_days: Annotated[Figures, unit("days", least=1, count=16)]  # sixteen equally likely lengths
    shield_months: MonthsFigure
    absence_limit: WorkingDays  # away in a year that count as training, after foundation
    absence_limit_foundation: WorkingDays  # the same in foundation
    long_absence: MonthsFigure  # a return after more than this is a return to training
    oop: tuple[OutOfProgramme, ...]
    oop_may_go: Share  # of doctors after their first year who are not out of programme: at work, and reviewed so
    transfers: Annotated[Figure, unit("doctors per year", least=0)]
    transfer_left: MonthsFigure  # of the programme, at least, for a transfer
    resign_by_group: Annotated[PerYearBy, EACH_GROUP]
    resign_by_stage: Annotated[PerYearBy, Names("stages")]  # for stages that differ from their group
    resign_by_programme: Annotated[PerYearBy, Names("programmes")]
    strain: Annotated[Figure, unit("part more for each sign", least=0)]
    grace_by_stage: Annotated[SharesBy, Names("CCT stages", whole=True)]  # of those who complete: keep the post a while
    grace_days: Annotated[Figures, unit("days", least=1, most=182, count=8)]  # eight equally likely lengths


class RevalidationSection(Frozen):
    """Revalidation: recommendations to the GMC."""

    interval: Annotated[Figure, unit("years", least=1, most=1e6)]  # a million: never
    defer: Share
    defer_days: Annotated[Figures, unit("days", least=60, most=365, count=8)]  # eight equally likely lengths
    stale: Days
