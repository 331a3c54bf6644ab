"""What applicants want this year, kept from round to round; compare engines/reference/recruitment.

A wish is keyed by year, so a doctor who applies again in the year's next round has it still. A doctor's wishes are four
int64 words: for which year and stream (0: none), then a word for each programme: itself, how many offices are ranked,
and these. Luck is worked out side by side for many: for a stretch of those who have no wishes yet, and for all
applications of a round.
"""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.compiler.jit import allocating, kernel
from pipeline_sim.base.compiler.pointers import Pointer, array64_at, as_constant, int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import (
    AHEAD,
    NUMBER_BITS,
    PLACE_MASK,
    aside,
    chance,
    chance_length,
    chance_row,
    fetch_row,
    packed,
    row_of,
    stream_of,
)
from pipeline_sim.engines.batch.memory.batched_draws import draw_stretch
from pipeline_sim.engines.batch.memory.layout import (
    ABILITY,
    HOME,
    LINES,
    LOTS,
    NUMBER,
    REPLICATION,
    SEED,
    SPARE,
    STRETCH,
    WISH_WORDS,
    WISHES,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
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
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import draw_inlined

CLOSED = -1  # a score that is appointable nowhere: a programme without posts makes no offer
STREAM_BITS = 16
COUNT, OFFICES, OFFICE_BITS = 10, 13, 8  # where each begins in a word; the programme comes first
PROGRAMME_MASK, COUNT_MASK, OFFICE_MASK = (1 << 10) - 1, (1 << 3) - 1, (1 << 8) - 1


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


class Applications(NamedTuple):
    """A round's applications: one entry for each programme that a doctor applies to."""

    begins: np.ndarray  # [N + 1] the first one of a doctor
    who: np.ndarray  # trainee number, then programme
    wish: np.ndarray  # as a doctor's wishes keep it
    ability: np.ndarray
    scoring: np.ndarray  # [3, entries] words of luck; the first is for the score
    answering: np.ndarray  # [3, entries] words of luck for the answer


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
    most = recruitment.MAX_PREFERENCES
    return Ranking(np.empty(most, np.int32), np.empty(most, np.int32), takes)


@kernel
def wishes_of_row(m: Memory, i: int) -> Pointer:
    """A doctor's wishes."""
    return int64_at(m[WISHES] + i * WISH_WORDS * 8)


@kernel
def fetch_wishes(m: Memory, i: int) -> None:
    """Ask for a doctor's wishes, to be there when the turn comes."""
    prefetch(m[WISHES] + i * WISH_WORDS * 8)


@kernel
def key_of(year: int, stream: int) -> int:
    """What wishes are for."""
    return (year << STREAM_BITS | stream) + 1


@kernel
def wish_all(m: Memory, count: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """Have the wishes of all on the scratch list for a year."""
    fresh, new = int64_at(m[SPARE]), 0
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, aside(m, place + AHEAD), LINES)
            fetch_wishes(m, aside(m, place + AHEAD))
        i = aside(m, place)
        fresh[new] = packed(m, i)
        new += int(wishes_of_row(m, i)[0] != key_of(year, stream_of(m, i)))
        if new == STRETCH:
            wish_stretch(m, new, year, tables, ranking)
            new = 0
    wish_stretch(m, new, year, tables, ranking)


@kernel
def wish_stretch(m: Memory, count: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """So many of the spare list make their wishes."""
    for number in range(recruitment.PREFERENCE_BLOCKS):
        purpose, index = recruitment.preference_block(number, year)
        draw_stretch(m, SPARE, 0, count, number, purpose, index)
    for place in range(count):
        wish(m, int64_at(m[SPARE])[place] & PLACE_MASK, place, year, tables, ranking)


@kernel
def wish(m: Memory, i: int, place: int, year: int, tables: Tables, ranking: Ranking) -> None:
    """The doctor's own ranking, keyed by year: it knows nothing of vacancies."""
    row, stream, programmes = row_of(m, i), stream_of(m, i), ranking.takes.shape[0]
    count = recruitment.preferences(
        array64_at(as_constant(m)[LOTS], recruitment.PREFERENCE_WORDS * STRETCH),
        place,
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
    words = wishes_of_row(m, i)
    words[0] = key_of(year, stream)
    keep_wishes(words, ranking, count)


@kernel
def keep_wishes(words: Pointer, ranking: Ranking, count: int) -> None:
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


@allocating
def apply_all(m: Memory, count: int, index: int, year: int, takes: np.ndarray) -> Applications:
    """The applications of all on the scratch list to programmes that recruit in a round, with their luck."""
    most = count * recruitment.PROGRAMMES_RANKED
    begins, who, wish = np.empty(count + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    scoring, answering = np.empty((3, most), np.int64), np.empty((3, most), np.int64)
    applications = Applications(begins, who, wish, np.empty(most, np.int64), scoring, answering)
    entry = 0
    for place in range(count):
        begins[place] = entry
        i = aside(m, place)
        row, words = row_of(m, i), wishes_of_row(m, i)
        for wished in range(1, WISH_WORDS):
            programme = words[wished] & PROGRAMME_MASK
            who[entry] = row[NUMBER] << NUMBER_BITS | programme
            wish[entry], applications.ability[entry] = words[wished], row[ABILITY]
            entry += int(words[wished] >> COUNT & COUNT_MASK > 0) & int(takes[programme] != 0)
    begins[count] = entry
    draw_each(m, who, entry, Purpose.SCORE, year, scoring)
    draw_each(m, who, entry, Purpose.OFFER, index, answering)
    return applications


@kernel
def draw_each(m: Memory, who: np.ndarray, count: int, purpose: int, when: int, words: np.ndarray) -> None:
    """Three words of luck for each application."""
    fixed, one, two, three = as_constant(m), words[0], words[1], words[2]
    seed, replication = fixed[SEED], fixed[REPLICATION]
    for entry in range(count):
        index = recruitment.index_of(when, who[entry] & PROGRAMME_MASK)
        drawn = draw_inlined(seed, replication, who[entry] >> NUMBER_BITS, purpose, index)
        one[entry], two[entry], three[entry] = drawn[0], drawn[1], drawn[2]


@kernel
def enter(m: Memory, applications: Applications, begins: np.ndarray, posts: np.ndarray, market: Market) -> None:
    """Write what all applicants want, best first, with score and answer, and where each one's begin."""
    entry, share = 0, chance(m, ABILITY_SHARE)
    decline, expire, firm, hold = chance(m, DECLINE), chance(m, EXPIRE), chance(m, FIRM), chance(m, HOLD)
    scoring, answering = applications.scoring[0], applications.answering
    for place in range(begins.shape[0] - 1):
        begins[place] = entry
        for n in range(applications.begins[place], applications.begins[place + 1]):
            wish = applications.wish[n]
            programme = wish & PROGRAMME_MASK
            score = recruitment.score(scoring[n], applications.ability[n], share)
            answer = recruitment.answer(answering[0, n], answering[1, n], answering[2, n], decline, expire, firm, hold)
            for rank in range(wish >> COUNT & COUNT_MASK):
                market.programme[entry] = programme
                market.office[entry] = wish >> (OFFICES + OFFICE_BITS * rank) & OFFICE_MASK
                market.score[entry] = score if posts[programme] > 0 else CLOSED
                market.answer[entry] = answer
                entry += 1
    begins[begins.shape[0] - 1] = entry
