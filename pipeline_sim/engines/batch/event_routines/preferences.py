"""Preferences of applicants, stored for a year; the twin of `Recruitment.rank` in engines/reference/recruitment.

Preferences are keyed by year, so a doctor who applies again in the year's next round has them still. They are four
int64 words: year and stream (0: none), then a word for each programme: itself, how many offices are ranked, and these.
Random words are drawn side by side: for a batch of those without preferences, and for all applications of a round.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import Pointer, array64_at, as_constant, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import (
    INDEX_BITS,
    INDEX_MASK,
    PREFETCH_ROW,
    fetch_row,
    packed,
    param,
    param_length,
    param_row,
    row_of,
    scratch_row,
    stream_of,
    table_value,
)
from pipeline_sim.engines.batch.memory.batched_draws import DRAW_BATCH, draw_batch
from pipeline_sim.engines.batch.memory.layout import BUSY_LINES, LINES, PREFERENCE_WORDS, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.rules import recruitment
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.people import KINDS_OF_PEOPLE, kind_of, qualified_in
from pipeline_sim.rules.random_numbers import draw_inlined

CLOSED = -1  # a score that is appointable nowhere: a programme without posts makes no offer
STREAM_BITS = 16
COUNT, OFFICES, OFFICE_BITS = 10, 13, 8  # where each begins in a word; the programme comes first
PROGRAMME_MASK, COUNT_MASK, OFFICE_MASK = (1 << 10) - 1, (1 << 3) - 1, (1 << 8) - 1


class Tables(NamedTuple):
    """Rows of tables that recruitment rules take whole."""

    choice: np.ndarray  # [S * 6 * P] of a year, a row for each stream and kind of people
    applications: np.ndarray  # [3]
    office_pull: np.ndarray  # [O]


class Market(NamedTuple):
    """Input of the matching: one entry for each preference."""

    programme: np.ndarray
    office: np.ndarray
    score: np.ndarray
    answer: np.ndarray


class Applications(NamedTuple):
    """Applications of a round: one entry for each programme that a doctor applies to."""

    begins: np.ndarray  # [N + 1] the first one of a doctor
    who: np.ndarray  # trainee number, then programme
    choice: np.ndarray  # a word of a doctor's preferences
    ability: np.ndarray
    scoring: np.ndarray  # [3, entries] random words; the first is for the score
    answering: np.ndarray  # [3, entries] random words for the answer


class Ranking(NamedTuple):
    """Buffers for the ranking of one doctor."""

    programme: np.ndarray
    office: np.ndarray
    takes: np.ndarray  # [P] all 1: the wish is the same whoever recruits this time


@allocating
def tables_of(m: Memory, year: int) -> Tables:
    """Rows of tables of a training year."""
    streams, programmes = param_length(m, Param.CHOICE, 1), param_length(m, Param.CHOICE, 2)
    return Tables(
        param_row(m, Param.CHOICE, year, streams * programmes),
        param_row(m, Param.APPLICATIONS, 0, param_length(m, Param.APPLICATIONS, 0)),
        param_row(m, Param.OFFICE_PULL, 0, param_length(m, Param.OFFICE_PULL, 0)),
    )


@allocating
def room_for_one(programmes: int) -> Ranking:
    """Empty buffers for the ranking of one doctor."""
    takes = np.empty(programmes, np.int32)
    for programme in range(programmes):
        takes[programme] = 1
    most = recruitment.MAX_PREFERENCES
    return Ranking(np.empty(most, np.int32), np.empty(most, np.int32), takes)


@kernel
def preferences_of(m: Memory, i: int) -> Pointer:
    """Preferences of a doctor, four words."""
    return int64_at(m[Header.PREFERENCES] + i * PREFERENCE_WORDS * 8)


@kernel
def fetch_preferences(m: Memory, i: int) -> None:
    """Prefetch a doctor's preferences."""
    prefetch(m[Header.PREFERENCES] + i * PREFERENCE_WORDS * 8)


@kernel
def key_of(year: int, stream: int) -> int:
    """Key of preferences: year and stream."""
    return (year << STREAM_BITS | stream) + 1


@kernel
def rank_all(m: Memory, count: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """Rank the preferences for a year of all on the scratch list who have none yet."""
    fresh, new = int64_at(m[Header.SPARE]), 0
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), LINES)
            fetch_preferences(m, scratch_row(m, place + PREFETCH_ROW))
        i = scratch_row(m, place)
        fresh[new] = packed(m, i)
        new += int(preferences_of(m, i)[0] != key_of(year, stream_of(m, i)))
        if new == DRAW_BATCH:
            rank_batch(m, new, year, tables, ranking)
            new = 0
    rank_batch(m, new, year, tables, ranking)


@kernel
def rank_batch(m: Memory, count: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """Rank the preferences of a batch of doctors on the spare list."""
    for number in range(recruitment.PREFERENCE_BLOCKS):
        purpose, index = recruitment.preference_block(number, year)
        draw_batch(m, Header.SPARE, 0, count, number, purpose, index)
    for place in range(count):
        rank_preferences(m, int64_at(m[Header.SPARE])[place] & INDEX_MASK, place, year, tables, ranking)


@kernel
def rank_preferences(m: Memory, i: int, place: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """Ranking of one doctor, keyed by year: it knows nothing of vacancies."""
    row, stream, programmes = row_of(m, i), stream_of(m, i), ranking.takes.shape[0]
    wish = stream * KINDS_OF_PEOPLE + kind_of(row[Row.PEOPLE])
    count = recruitment.preferences(
        array64_at(as_constant(m)[Header.DRAW_BUFFER], recruitment.PREFERENCE_WORDS * DRAW_BATCH),
        place,
        m[Header.SEED],
        m[Header.REPLICATION],
        row[Row.NUMBER],
        year,
        row[Row.HOME],
        tables.choice[wish * programmes : (wish + 1) * programmes],
        tables.applications,
        ranking.takes,
        tables.office_pull,
        param(m, Param.HOME_FIRST),
        ranking.programme,
        ranking.office,
    )
    words = preferences_of(m, i)
    words[0] = key_of(year, stream)
    store_preferences(words, ranking, count)


@kernel
def store_preferences(words: Pointer, ranking: Ranking, count: int) -> None:
    """Store a ranking as three words."""
    word, offices = 0, 0
    for place in range(1, PREFERENCE_WORDS):
        words[place] = 0
    for entry in range(count):
        if entry == 0 or ranking.programme[entry] != ranking.programme[entry - 1]:
            word, offices = word + 1, 0
            words[word] = ranking.programme[entry]
        words[word] += (1 << COUNT) + ranking.office[entry] * (1 << (OFFICES + OFFICE_BITS * offices))
        offices += 1


@allocating
def list_applications(m: Memory, count: int, index: int, year: int, takes: np.ndarray) -> Applications:
    """Applications of all on the scratch list to programmes that recruit in a round, with their random words."""
    most = count * recruitment.PROGRAMMES_RANKED
    begins, who, choice = np.empty(count + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    scoring, answering = np.empty((3, most), np.int64), np.empty((3, most), np.int64)
    applications = Applications(begins, who, choice, np.empty(most, np.int64), scoring, answering)
    entry = 0
    for place in range(count):
        if place + PREFETCH_ROW < count:
            fetch_row(m, scratch_row(m, place + PREFETCH_ROW), BUSY_LINES)
            fetch_preferences(m, scratch_row(m, place + PREFETCH_ROW))
        begins[place] = entry
        i = scratch_row(m, place)
        row, words = row_of(m, i), preferences_of(m, i)
        seen = row[Row.ABILITY] * table_value(m, Table.SELECTION_SHARE, qualified_in(row[Row.PEOPLE])) // 1000
        for listed in range(1, PREFERENCE_WORDS):
            programme = words[listed] & PROGRAMME_MASK
            who[entry] = row[Row.NUMBER] << INDEX_BITS | programme
            choice[entry], applications.ability[entry] = words[listed], seen
            entry += int(words[listed] >> COUNT & COUNT_MASK > 0) & int(takes[programme] != 0)
    begins[count] = entry
    draw_for_applications(m, who, entry, Purpose.SCORE, year, scoring)
    draw_for_applications(m, who, entry, Purpose.OFFER, index, answering)
    return applications


@kernel
def draw_for_applications(m: Memory, who: np.ndarray, count: int, purpose: int, when: int, words: np.ndarray) -> None:
    """Draw three random words for each application."""
    fixed, one, two, three = as_constant(m), words[0], words[1], words[2]
    seed, replication = fixed[Header.SEED], fixed[Header.REPLICATION]
    for entry in range(count):
        index = recruitment.index_of(when, who[entry] & PROGRAMME_MASK)
        drawn = draw_inlined(seed, replication, who[entry] >> INDEX_BITS, purpose, index)
        one[entry], two[entry], three[entry] = drawn[0], drawn[1], drawn[2]


@kernel
def build_market(m: Memory, applications: Applications, begins: np.ndarray, posts: np.ndarray, market: Market) -> None:
    """Market of a round: what all applicants want, best first, with score and answer, and where each one's begin."""
    entry, share = 0, param(m, Param.ABILITY_SHARE)
    decline, expire, firm, hold = (
        param(m, Param.DECLINE),
        param(m, Param.EXPIRE),
        param(m, Param.FIRM),
        param(m, Param.HOLD),
    )
    scoring, answering = applications.scoring[0], applications.answering
    for place in range(begins.shape[0] - 1):
        begins[place] = entry
        for n in range(applications.begins[place], applications.begins[place + 1]):
            choice = applications.choice[n]
            programme = choice & PROGRAMME_MASK
            score = recruitment.score(scoring[n], applications.ability[n], share)
            answer = recruitment.answer(answering[0, n], answering[1, n], answering[2, n], decline, expire, firm, hold)
            for rank in range(choice >> COUNT & COUNT_MASK):
                market.programme[entry] = programme
                market.office[entry] = choice >> (OFFICES + OFFICE_BITS * rank) & OFFICE_MASK
                market.score[entry] = score if posts[programme] > 0 else CLOSED
                market.answer[entry] = answer
                entry += 1
    begins[begins.shape[0] - 1] = entry
