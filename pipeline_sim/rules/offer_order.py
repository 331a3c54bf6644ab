"""Order of offers: who is shortlisted by each programme of a round, and in what order.

A programme assesses the best of its appointable applications, so many for each post (evidence:
applicants_pipeline_by_year.csv), in strict score order; whoever comes later then stands behind all others.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, rule
from pipeline_sim.base.radix_sort import fill, sort_keys
from pipeline_sim.rules.recruitment import contains

TOP_SCORE = 65535
SCORE_BITS = 16
INDEX_BITS = 30
INDEX_MASK = (1 << INDEX_BITS) - 1


class Rankings(NamedTuple):
    """Rankings of N candidates: entries start[c] .. start[c+1] - 1 are those of candidate c, best first."""

    start: np.ndarray  # [N+1]
    programme: np.ndarray
    office: np.ndarray
    answer: np.ndarray  # Answer to any offer of that entry's programme


class Queues(NamedTuple):
    """Queues of the A applications, one a programme, in the order of offers; linked, so that applications drop out."""

    candidate: np.ndarray  # [A] row of the candidate; -1 once the programme was declined
    following: np.ndarray  # [A] next in the same programme, -1 at the end
    first: np.ndarray  # [P] head of a programme's queue, -1 when empty


@allocating
def rows_by_id(applicant_id: np.ndarray) -> np.ndarray:
    """Rows of the candidates, [N], in the order of their ids."""
    rows = np.empty(applicant_id.shape[0], np.int64)
    for row in range(rows.shape[0]):
        rows[row] = applicant_id[row] << INDEX_BITS | row
    sort_keys(rows, INDEX_BITS)
    for row in range(rows.shape[0]):
        rows[row] &= INDEX_MASK
    return rows


@rule
def mentioned_before(rankings: Rankings, first: int, entry: int) -> bool:
    """Whether the programme of an entry is ranked earlier by the same candidate; most often just before."""
    if entry > first and rankings.programme[entry - 1] == rankings.programme[entry]:
        return True
    return contains(rankings.programme[entry], rankings.programme[first:entry], entry - first)


@allocating
def sorted_applications(
    rankings: Rankings, by_id: np.ndarray, pref_score: np.ndarray, appointable: np.ndarray
) -> np.ndarray:
    """Sorted keys, [A], one for each appointable (candidate, programme): programme, score from the top, id order."""
    keys = np.empty(rankings.programme.shape[0], np.int64)
    count = 0
    for place in range(by_id.shape[0]):
        first = rankings.start[by_id[place]]
        for entry in range(first, rankings.start[by_id[place] + 1]):
            programme, from_top = rankings.programme[entry], TOP_SCORE - pref_score[entry]
            keys[count] = (programme << SCORE_BITS | from_top) << INDEX_BITS | place
            wanted = int(pref_score[entry] >= appointable[programme])
            count += wanted & int(not mentioned_before(rankings, first, entry))
    keys = keys[:count]
    sort_keys(keys, INDEX_BITS)  # indices are in order already
    return keys


@allocating
def queues_of(keys: np.ndarray, by_id: np.ndarray, later: np.ndarray, most: np.ndarray) -> Queues:
    """Queues of the sorted applications: the best `most` of each programme, those who come later behind the others."""
    candidate, following = np.empty(keys.shape[0], np.int64), np.empty(keys.shape[0], np.int64)
    first, ends = np.empty(most.shape[0], np.int64), np.empty(3, np.int64)
    fill(first, -1)
    last, listed = -1, 0
    for place in range(keys.shape[0]):
        candidate[place], following[place] = by_id[keys[place] & INDEX_MASK], -1
        programme = keys[place] >> (INDEX_BITS + SCORE_BITS)
        if programme != last:
            join_later(following, first, ends, last)
            fill(ends, -1)
            last, listed = programme, 0
        if listed < most[programme]:
            append(following, first, ends, programme, place, later[candidate[place]])
            listed += 1
    join_later(following, first, ends, last)
    return Queues(candidate, following, first)


@rule
def append(following: np.ndarray, first: np.ndarray, ends: np.ndarray, programme: int, place: int, late: int) -> None:
    """Append an application to the first or the later part of a queue; `ends` are both tails, and the later head."""
    if ends[late] >= 0:
        following[ends[late]] = place
    elif late:
        ends[2] = place
    else:
        first[programme] = place
    ends[late] = place


@rule
def join_later(following: np.ndarray, first: np.ndarray, ends: np.ndarray, programme: int) -> None:
    """Put the later part of a programme's queue behind the first; programme -1 is none."""
    if programme < 0 or ends[2] < 0:
        return
    if ends[0] >= 0:
        following[ends[0]] = ends[2]
    else:
        first[programme] = ends[2]
