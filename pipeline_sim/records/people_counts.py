"""Counts by group of people, made of a log: the attributes of a doctor stand in the row of the arrival."""

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.count_measures import MeasureAxes, measures_of_rows, year_index
from pipeline_sim.records.event_log import Columns, PeopleCounts
from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.people import AGE_BANDS, BY_PLACE, BY_SEX, GROUPS_OF_PEOPLE, LAST_BAND, SECOND_BAND, SEXES

Ints = npt.NDArray[np.int64]


def people_counts_of_log(columns: Columns, axes: MeasureAxes) -> PeopleCounts:
    """Counts of one replication by group of people, the warm-up included; cells of value 0 are left out."""
    years, groups = year_index(columns["day"], axes), people_of_rows(columns)
    shape = len(axes.year_start) - 1, GROUPS_OF_PEOPLE
    wanted = (years >= 0) & (years < shape[0]) & (groups >= 0)
    parts = []
    for code, (_, mask, weights) in enumerate(measures_of_rows(columns)):
        rows = mask & wanted
        sums = np.zeros(shape, np.int64)
        np.add.at(sums, (years[rows], groups[rows]), 1 if weights is None else weights[rows].astype(np.int64))
        year, people = np.nonzero(sums)
        parts.append((year, people, np.full(len(year), code), sums[year, people]))
    return PeopleCounts(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def people_of_rows(columns: Columns) -> Ints:
    """Group of people [N] of the doctor of each row; -1 in a row about no doctor, or about one who never arrived."""
    entered = np.flatnonzero(columns["event"] == Event.ENTERED)
    who = columns["trainee"][entered].astype(np.int64)
    order = np.argsort(who, kind="stable")
    known, groups = np.append(who[order], -1), np.append(group_of(columns["amount"][entered][order]), -1)
    place = np.searchsorted(known[:-1], columns["trainee"])
    return np.where(known[place] == columns["trainee"], groups[place], -1)


def group_of(attributes: npt.NDArray[np.integer]) -> Ints:
    """Group of people [N] of attributes as the log holds them, see rules/people."""
    place, rest = np.divmod(attributes.astype(np.int64), BY_PLACE)
    woman, age = np.divmod(rest, BY_SEX)
    return (place * SEXES + woman) * AGE_BANDS + (age >= SECOND_BAND) + (age >= LAST_BAND)
