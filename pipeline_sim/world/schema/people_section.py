"""People of a world: attributes of doctors, and what a group's odds are against those of a UK graduate."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from pipeline_sim.world.schema.sourced_value import Figure, FigureBy, Figures, FigureTable, Frozen, Names, refuse, unit

PLACES = ("uk", "eea", "international")  # of qualification, in the order of rules.codes.Qualified
ELSEWHERE = PLACES[1:]
ENTRANTS = ("graduates", "external", "returners")
DEFAULT = "default"
KINDS = ("written", "clinical")  # of parts of an exam; a course is passed as often by all


def shares_fit(figure: FigureTable) -> FigureTable:
    """Check that shares of places other than the UK leave room for it, at every end of the range."""
    for table in (figure.value, *(end for end in figure.bounds() or ())):
        for who, row in table.items():
            if sum(row.values()) > 1:
                refuse("shares", "shares of '{who}' sum to {given}, should be at most 1", who=who, given=sum_of(row))
    return figure


def sum_of(row: Mapping[str, float]) -> float:
    """Sum of a row, as shown in an error."""
    return round(sum(row.values()), 6)


PlacesBy = Annotated[  # ELSEWHERE; the rest UK
    FigureTable, unit("share", least=0, most=1), AfterValidator(shares_fit), Names("elsewhere", whole=True, at="rows")
]
OddsBy = Annotated[FigureBy, unit("odds ratio", least=0.01, most=100)]
OddsByExam = Annotated[OddsBy, Names("kinds or parts")]
OddsBySpecialty = Annotated[OddsBy, Names("groups or specialties")]
Odds = Annotated[Figure, unit("odds ratio", least=0.01, most=100)]


class ExamOdds(Frozen):
    """Odds of passing a part at the first attempt, by KINDS or by part; 1 where neither is named."""

    eea: OddsByExam  # against UK graduates
    international: OddsByExam  # against UK graduates
    women: OddsByExam  # against men
    mature: OddsByExam  # UK graduates of 29 and over at entry, against younger ones


class ReviewOdds(Frozen):
    """Odds of a less satisfactory review, exams left out: they move the pace of learning, see `pace_step`."""

    eea: Odds
    international: Odds
    women: Odds
    mature: Odds


class ChoiceOdds(Frozen):
    """Odds of choosing a programme, by specialty or specialty group; 1 where neither is named."""

    eea: OddsBySpecialty  # against UK graduates
    international: OddsBySpecialty  # against UK graduates
    women: OddsBySpecialty  # against men


class PeopleSection(Frozen):
    """Who there is: place of qualification, sex and age of doctors, and how these groups fare."""

    in_post: PlacesBy  # on the first day, by specialty group, or `default`
    trainees: PlacesBy  # of the reported years, likewise: the mix that has the stated pass rates and mean pace
    entrants: Annotated[PlacesBy, Names("entrants", whole=True)]
    women: Annotated[FigureBy, unit("share", least=0, most=1), Names("places", whole=True)]
    women_in_post: OddsBySpecialty  # of women in post on the first day, by specialty or specialty group; else 1
    ages: Annotated[Figures, unit("years", least=18, most=65, count=16)]  # at qualification, equally likely
    years_before: Annotated[Figures, unit("years", least=0, most=34, count=16)]  # of those from ELSEWHERE
    # Lasting ability that selection sees.
    selection: Annotated[FigureBy, unit("share", least=0, most=1), Names("elsewhere", whole=True)]
    choices: ChoiceOdds
    exams: ExamOdds
    reviews: ReviewOdds
    pace_step: Annotated[Figure, unit("share per unit of log odds", least=0, most=1)]  # from them to the pace
