"""Recruitment behaviour: preferences, selection score, answer to an offer, withdrawal. `matching` makes the offers.

Preferences are keyed by year, answers by round: a programme advertised again meets the same preferences and new
answers. Preferences depend on no vacancy and do not affect the order of offers (recruitment_rules_calendar.csv).
"""

from enum import IntEnum

import numpy as np

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import CERTAIN, Purpose
from pipeline_sim.rules.random_numbers import bernoulli, categorical, draw

CHOICE = int(Purpose.CHOICE)
OFFICES = int(Purpose.OFFICES)
START = int(Purpose.START)
AFTER_F2 = int(Purpose.AFTER_F2)
PRIORITY = int(Purpose.PRIORITY)

PROGRAMMES_RANKED = 3
OFFICES_RANKED = 4  # ranked in each programme
MAX_PREFERENCES = PROGRAMMES_RANKED * OFFICES_RANKED
BLOCKS_PER_YEAR = 64  # of random words for preferences
BLOCKS_PER_PROGRAMME = 16  # of those, for the offices of one programme
TRIES = 16  # words spent on distinct programmes, and again on distinct offices of each
PREFERENCE_BLOCKS = 2 + PROGRAMMES_RANKED  # always drawn: how many, which programmes, offices of each
PREFERENCE_WORDS = 4 * PREFERENCE_BLOCKS
INDEX_PROGRAMMES = 1024  # more than MAX_PROGRAMMES
GONE_AFTER_F2 = 4


class Answer(IntEnum):
    """Answer to an offer within 48 hours; from DECLINES on the programme is lost for the round."""

    UPGRADES = 0  # accepts, asks for better
    FIRM = 1  # accepts, asks for nothing more
    HOLDS = 2  # holds, asks for better
    DECLINES = 3
    EXPIRES = 4  # says nothing


class Before(IntEnum):
    """Outcome of an accepted post before the start day."""

    STARTS = 0
    WITHDRAWS = 1
    DEFERS = 2


# Compiled rules return plain integers, not members.
UPGRADES, FIRM, HOLDS, DECLINES, EXPIRES = (int(code) for code in Answer)
STARTS, WITHDRAWS, DEFERS = (int(code) for code in Before)


@rule
def contains(value: int, row: np.ndarray, count: int) -> bool:
    """Whether one of the first `count` entries of a row is the value."""
    matches = 0  # searched to the end: a mispredicted branch costs more
    for i in range(count):
        matches |= int(row[i] == value)
    return matches != 0


@rule
def preference_block(number: int, year: int) -> tuple[int, int]:
    """Purpose and index of one of the PREFERENCE_BLOCKS of a doctor's year."""
    if number < 2:
        return CHOICE, year * BLOCKS_PER_YEAR + number
    return OFFICES, year * BLOCKS_PER_YEAR + (number - 2) * BLOCKS_PER_PROGRAMME


@rule
def draw_preference_words(seed: int, replication: int, trainee: int, year: int, words: np.ndarray) -> None:
    """Random words of a doctor's preferences in a year: fills `words`, [PREFERENCE_WORDS], block after block."""
    for number in range(PREFERENCE_BLOCKS):
        purpose, index = preference_block(number, year)
        block = draw(seed, replication, trainee, purpose, index)
        for word in range(4):
            words[4 * number + word] = block[word]


@rule
def block_words(words: np.ndarray, number: int, column: int) -> tuple[int, int, int, int]:
    """Words of one preference block of one doctor, where several doctors' words are side by side in columns."""
    width = words.shape[0] // PREFERENCE_WORDS
    at = 4 * number * width + column
    return words[at], words[at + width], words[at + 2 * width], words[at + 3 * width]


@rule
def fill_distinct(
    first: tuple[int, int, int, int],
    seed: int,
    replication: int,
    trainee: int,
    purpose: int,
    first_block: int,
    cumulative: np.ndarray,
    chosen: np.ndarray,
    held: int,
    wanted: int,
) -> int:
    """Distinct categorical draws added to `chosen` after its first `held` until `wanted`; returns the count reached.

    `first` are the words of the first block; more are drawn where these do not suffice. A word above the whole row is
    "none" and ends the list; after TRIES words what is missing stays missing. A repeated draw is written and then
    overwritten by the next one, which needs no branch.
    """
    count = held
    words = first
    for block in range(1, TRIES // 4 + 1):
        for word in words:
            choice = categorical(word, cumulative)
            if count >= wanted or choice == cumulative.shape[0]:
                return count
            fresh = 1
            for earlier in range(wanted):
                fresh &= 1 - (int(earlier < count) & int(chosen[earlier] == choice))
            chosen[count] = choice
            count += fresh
        if block < TRIES // 4:
            words = draw(seed, replication, trainee, purpose, first_block + block)
    return count


@rule
def preferences(
    drawn: np.ndarray,
    column: int,
    seed: int,
    replication: int,
    trainee: int,
    year: int,
    home_office: int,
    choice_row: np.ndarray,
    applications: np.ndarray,
    takes_row: np.ndarray,
    office_pull: np.ndarray,
    home_first: int,
    out_programme: np.ndarray,
    out_office: np.ndarray,
) -> int:
    """Preferences of a doctor: writes a ranking of (programme, office), best first, and returns its length, 0 to 12.

    First-choice programme at its offices, then the second, then the third; programmes that do not recruit in this
    kind of round are skipped. A doctor rooted at home ranks it first in all of them; home -1 is no home.
    `drawn` has the words of `draw_preference_words` for one doctor, or for several side by side in columns. Both `out`
    arrays have 12 entries; those from the count on mean nothing. Allocates nothing.
    """
    words = block_words(drawn, 0, column)
    wanted = categorical(words[0], applications) + 1
    if wanted > PROGRAMMES_RANKED:
        return 0
    rooted = home_office >= 0 and bernoulli(words[1], home_first)
    programmes = out_programme[MAX_PREFERENCES - PROGRAMMES_RANKED :]  # read before it is written over
    block = year * BLOCKS_PER_YEAR + 1
    first = block_words(drawn, 1, column)
    chosen = fill_distinct(first, seed, replication, trainee, CHOICE, block, choice_row, programmes, 0, wanted)
    count = 0
    for place in range(chosen):
        programme = programmes[place]
        if takes_row[programme] == 0:
            continue
        offices = out_office[count : count + OFFICES_RANKED]
        if rooted:
            offices[0] = home_office
        purpose, block = preference_block(2 + place, year)
        ranked = fill_distinct(
            block_words(drawn, 2 + place, column),
            seed,
            replication,
            trainee,
            purpose,
            block,
            office_pull,
            offices,
            int(rooted),
            OFFICES_RANKED,
        )
        out_programme[count : count + ranked] = programme
        count += ranked
    return count


@rule
def index_of(year_or_round: int, programme: int) -> int:
    """Random-number index of a score in a year, or of an answer in a round, for a programme."""
    return year_or_round * INDEX_PROGRAMMES + programme


@rule
def score(word: int, ability: int, ability_share: int) -> int:
    """Selection score, 0 .. 65535: `ability_share` thousandths lasting ability, the rest random, once a year.

    The word is the first of SCORE at the year and programme, see `index_of`.
    """
    return (ability * ability_share + (word >> 16) * (1000 - ability_share)) // 1000


@rule
def answer(one: int, two: int, three: int, decline: int, expire: int, firm: int, hold: int) -> int:
    """Answer to any offer of a programme in a round, from three words of OFFER at the round and programme (`index_of`).

    `decline` and `expire` are shares of all offers; `firm` of those accepted; `hold` of the others.
    """
    if one < decline:
        return DECLINES
    if one < decline + expire:
        return EXPIRES
    if bernoulli(two, firm):
        return FIRM
    return HOLDS if bernoulli(three, hold) else UPGRADES


@rule
def comes_later(seed: int, replication: int, trainee: int, first: int) -> int:
    """Applicant from the pool who is offered posts after others: 1, else 0; `first` is the threshold not to be."""
    if first >= CERTAIN:
        return 0
    return int(not bernoulli(draw(seed, replication, trainee, PRIORITY, 0)[0], first))


@rule
def outcome_before_start(seed: int, replication: int, trainee: int, round_index: int, defer: int, withdraw: int) -> int:
    """Before code of an accepted post; both thresholds are shares of all accepted posts."""
    words = draw(seed, replication, trainee, START, round_index)
    if words[0] < withdraw:
        return WITHDRAWS
    return DEFERS if words[0] < withdraw + defer else STARTS


@rule
def years_out_after_f2(seed: int, replication: int, trainee: int, cumulative_row: np.ndarray) -> int:
    """Years out before applying after F2: 0 at once, 1, 2, 3; 4 never."""
    words = draw(seed, replication, trainee, AFTER_F2, 0)
    return min(categorical(words[0], cumulative_row), GONE_AFTER_F2)


@rule
def choice_after_core(seed: int, replication: int, trainee: int, after_core: np.ndarray) -> int:
    """Choice after core training: 0 applies at once, 1 after a year's gap, 2 gone."""
    words = draw(seed, replication, trainee, AFTER_F2, 1)
    return categorical(words[0], after_core)
