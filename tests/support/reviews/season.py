"""Reviews as rows of a log tell them: which were held and settled something, and when in the year."""

from collections.abc import Iterator

from pipeline_sim.rules.codes import Event, Outcome, Phase
from pipeline_sim.rules.rulebook import Rulebook
from support.log_laws import UNDECIDED
from support.run_and_read import Row

MAY_TO_JULY = (9, 10, 11)  # months since August
WARM_UP = 4  # years before the first reported one
LONG = 91  # days away after which a return is a return to training


def decided(row: Row) -> bool:
    """A review that a panel held."""
    return row.event == Event.REVIEWED and row.phase == Phase.PANEL and row.to_code != Outcome.NOT_ASSESSED


def in_season(book: Rulebook, day: int) -> bool:
    """May, June or July."""
    return int(book.calendar.month_of[day]) % 12 in MAY_TO_JULY


def settled_reviews(career: list[Row]) -> Iterator[tuple[Row, bool]]:
    """Reviews that settled an outcome, and whether the doctor had been on long leave since the programme began."""
    after_leave = False
    for row in career:
        back = row.event == Event.RETURNED and row.amount > LONG
        after_leave = row.event != Event.STARTED and (after_leave or back)
        if decided(row) and row.to_code not in UNDECIDED:
            yield row, after_leave
