"""Agenda: what happens on fixed days, namely arrivals and recruitment rounds."""

from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline_sim.rules.codes import Pattern, RoundKind
from pipeline_sim.rules.rulebook import Rulebook

FIRST_DAY, AUGUST, FEBRUARY, ABROAD, ROUND = range(5)  # those who come do so before the day begins
Item = tuple[int, int, int]  # day, what, of which year or which round


def agenda(rulebook: Rulebook) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Agenda of a run: [N, 2] what, and which year or round, by day; [T+1] the first item from a day on."""
    found = np.array(items(rulebook), np.int32).reshape(-1, 3)
    return found[:, 1:], np.searchsorted(found[:, 0], np.arange(last_day(rulebook) + 1))


def items(rulebook: Rulebook) -> list[Item]:
    """Items of the whole run in the order of days, arrivals before rounds."""
    found = [(0, FIRST_DAY, 0), *arrivals(rulebook), *rounds(rulebook)]
    within = (item for item in found if item[0] < last_day(rulebook))
    return sorted(within, key=lambda item: (item[0], item[1] == ROUND))


def last_day(rulebook: Rulebook) -> int:
    """Day after the last one of the run."""
    return int(rulebook.calendar.year_start[-1])


def rounds(rulebook: Rulebook) -> list[Item]:
    """Items of the recruitment rounds."""
    return [(day, ROUND, index) for index, day in enumerate(rulebook.recruitment.rounds[:, 0].tolist())]


def arrivals(rulebook: Rulebook) -> list[Item]:
    """Items of arrivals: F1 in August and February, and applicants from elsewhere with a year's first offers."""
    posts, held, found = rulebook.posts, rulebook.recruitment.rounds, []
    for year in range(posts.graduates.shape[0]):
        august = int(rulebook.calendar.year_start[year])
        found.append((august, AUGUST, year))
        found.append((int(rulebook.calendar.next_changeover[Pattern.SIX, august]), FEBRUARY, year))
    for year in range(posts.external.shape[0]):
        mine = held[(held[:, 3] == year) & (held[:, 2] != RoundKind.FEBRUARY), 0]
        found.append((max(0, int(mine.min()) if mine.size else 0), ABROAD, year))
    return found
