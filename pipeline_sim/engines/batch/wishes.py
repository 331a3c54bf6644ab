"""What applicants want this year, kept from round to round; compare engines/reference/rounds.

A wish and a score are keyed by year, so a doctor who applies again in the year's next round has them still. A doctor's
wishes are four int64 words: for which year and stream (0: none), then a word for each programme: itself, the score
less the lowest (0: not drawn yet), how many offices are ranked, and these.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.cells import Cells, fetch, int64_at
from pipeline_sim.base.jit import allocating, kernel
from pipeline_sim.engines.batch.layout import ABILITY, HOME, NUMBER, REPLICATION, SEED, WISH_WORDS, WISHES, Memory
from pipeline_sim.engines.batch.look import chance, chance_length, chance_row, row_of
from pipeline_sim.engines.batch.tables import (
    ABILITY_SHARE,
    APPLICATIONS,
    CHOICE,
    DECLINE,
    EXPIRE,
    FIRM,
    HOLD,
    HOME_FIRST,
    OFFICE_PULL,
)
from pipeline_sim.rules import recruitment

CLOSED = -1  # a score that is appointable nowhere: a programme without posts makes no offer, so none is drawn
STREAM_BITS = 16
SCORE, COUNT, OFFICES, OFFICE_BITS = 10, 27, 30, 8  # where each begins in a word; the programme comes first
PROGRAMME_MASK, SCORE_MASK, OFFICE_MASK = (1 << 10) - 1, (1 << 17) - 1, (1 << 8) - 1


class Tables(NamedTuple):
    """What recruitment rules take as whole rows."""

    choice: np.ndarray  # [S * P] of a year, a row for each stream
    applications: np.ndarray  # [3]
    office_pull: np.ndarray  # [O]


class Market(NamedTuple):
    """What the matching works on: one row an applicant, one entry a preference."""

    programme: np.ndarray
    office: np.ndarray
    score: np.ndarray
    answer: np.ndarray


class Ranking(NamedTuple):
    """Room for one doctor's ranking."""

    programme: np.ndarray
    office: np.ndarray
    takes: np.ndarray  # [P] all 1: the wish is the same whoever recruits this time


@allocating
def tables_of(m: Memory, year: int) -> Tables:
    """The rows of a year."""
    streams, programmes = chance_length(m, CHOICE, 1), chance_length(m, CHOICE, 2)
    return Tables(
        chance_row(m, CHOICE, year, streams * programmes),
        chance_row(m, APPLICATIONS, 0, chance_length(m, APPLICATIONS, 0)),
        chance_row(m, OFFICE_PULL, 0, chance_length(m, OFFICE_PULL, 0)),
    )


@allocating
def room_for_one(programmes: int) -> Ranking:
    """Nothing ranked yet."""
    takes = np.empty(programmes, np.int32)
    for programme in range(programmes):
        takes[programme] = 1
    most = recruitment.MOST_PREFERENCES
    return Ranking(np.empty(most, np.int32), np.empty(most, np.int32), takes)


@kernel
def wishes_of_row(m: Memory, i: int) -> Cells:
    """A doctor's wishes."""
    return int64_at(m[WISHES] + i * WISH_WORDS * 8)


@kernel
def fetch_wishes(m: Memory, i: int) -> None:
    """Ask for a doctor's wishes, to be there when the turn comes."""
    fetch(m[WISHES] + i * WISH_WORDS * 8)


@kernel
def wish(m: Memory, i: int, year: int, stream: int, tables: Tables, ranking: Ranking) -> None:
    """The doctor's own ranking, keyed by year: it knows nothing of vacancies."""
    words, key = wishes_of_row(m, i), (year << STREAM_BITS | stream) + 1
    if words[0] == key:
        return
    row, programmes = row_of(m, i), ranking.takes.shape[0]
    count = recruitment.preferences(
        m[SEED],
        m[REPLICATION],
        row[NUMBER],
        year,
        row[HOME],
        tables.choice[stream * programmes : (stream + 1) * programmes],
        tables.applications,
        ranking.takes,
        tables.office_pull,
        chance(m, HOME_FIRST),
        ranking.programme,
        ranking.office,
    )
    words[0] = key
    keep_wishes(words, ranking, count)


@kernel
def keep_wishes(words: Cells, ranking: Ranking, count: int) -> None:
    """A ranking as three words."""
    word, offices = 0, 0
    for place in range(1, WISH_WORDS):
        words[place] = 0
    for entry in range(count):
        if entry == 0 or ranking.programme[entry] != ranking.programme[entry - 1]:
            word, offices = word + 1, 0
            words[word] = ranking.programme[entry]
        words[word] += (1 << COUNT) + ranking.office[entry] * (1 << (OFFICES + OFFICE_BITS * offices))
        offices += 1


@kernel
def enter(
    m: Memory, i: int, index: int, year: int, takes: np.ndarray, posts: np.ndarray, market: Market, entry: int
) -> int:
    """Write the wishes that this round is about, with score and answer, from an entry on; where they end."""
    words = wishes_of_row(m, i)
    for place in range(1, WISH_WORDS):
        programme, count = words[place] & PROGRAMME_MASK, words[place] >> COUNT & 7
        if count == 0 or takes[programme] == 0:
            continue
        score, answer = CLOSED, 0
        if posts[programme] > 0:
            score, answer = score_of(m, i, year, place), answer_of(m, i, index, programme)
        for rank in range(count):
            market.programme[entry] = programme
            market.office[entry] = words[place] >> (OFFICES + OFFICE_BITS * rank) & OFFICE_MASK
            market.score[entry], market.answer[entry] = score, answer
            entry += 1
    return entry


@kernel
def score_of(m: Memory, i: int, year: int, place: int) -> int:
    """Score in a programme that is wished for, drawn once a year."""
    words, row = wishes_of_row(m, i), row_of(m, i)
    kept = words[place] >> SCORE & SCORE_MASK
    if kept == 0:
        share, programme = chance(m, ABILITY_SHARE), words[place] & PROGRAMME_MASK
        kept = 1 + recruitment.score(m[SEED], m[REPLICATION], row[NUMBER], year, programme, row[ABILITY], share)
        words[place] += kept << SCORE
    return kept - 1


@kernel
def answer_of(m: Memory, i: int, index: int, programme: int) -> int:
    """The answer that an offer of a programme would get."""
    return recruitment.answer(
        m[SEED],
        m[REPLICATION],
        row_of(m, i)[NUMBER],
        index,
        programme,
        chance(m, DECLINE),
        chance(m, EXPIRE),
        chance(m, FIRM),
        chance(m, HOLD),
    )
