"""What a doctor wants from a recruitment round, how he scores, answers and turns up. Offers are made in `matching`.

A wish is keyed by year, an answer by round: a programme advertised again meets the same wishes and fresh answers.
Preferences never look at vacancies and never affect the order of offers (evidence: recruitment_rules_calendar.csv).
"""

from enum import IntEnum

import numpy as np

from pipeline_sim.base.compiler.jit import rule
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.random_numbers import bernoulli, categorical, draw

CHOICE = int(Purpose.CHOICE)
OFFICES = int(Purpose.OFFICES)
START = int(Purpose.START)
AFTER_F2 = int(Purpose.AFTER_F2)

MOST_PROGRAMMES = 3
MOST_OFFICES = 4  # ranked in each programme
MOST_PREFERENCES = MOST_PROGRAMMES * MOST_OFFICES
BLOCKS_A_YEAR = 64  # of luck for wishes
BLOCKS_A_PROGRAMME = 16  # of those, for the offices of one programme
TRIES = 16  # words spent on distinct programmes, and again on distinct offices of each
WISH_BLOCKS = 2 + MOST_PROGRAMMES  # of luck that every wish begins with: how many, which programmes, offices of each
WISH_WORDS = 4 * WISH_BLOCKS
PROGRAMMES_A_ROUND = 1024  # more than there are
GONE_AFTER_F2 = 4


class Answer(IntEnum):
    """What is said within 48 hours to an offer; from DECLINES on the programme is lost for the round."""

    UPGRADES = 0  # accepts, asks for better
    FIRM = 1  # accepts, asks for nothing more
    HOLDS = 2  # holds, asks for better
    DECLINES = 3
    EXPIRES = 4  # says nothing


class Before(IntEnum):
    """What becomes of an accepted post before the start day."""

    STARTS = 0
    WITHDRAWS = 1
    DEFERS = 2


# Compiled rules return plain integers, not members.
UPGRADES, FIRM, HOLDS, DECLINES, EXPIRES = (int(code) for code in Answer)
STARTS, WITHDRAWS, DEFERS = (int(code) for code in Before)


@rule
def contains(value: int, row: np.ndarray, count: int) -> bool:
    """True if one of the first `count` entries is the value."""
    found = 0  # looked for to the end: a jump that cannot be foreseen costs more
    for i in range(count):
        found |= int(row[i] == value)
    return found != 0


@rule
def wish_block(number: int, year: int) -> tuple[int, int]:
    """Purpose and index of one of the blocks that a wish begins with."""
    if number < 2:
        return CHOICE, year * BLOCKS_A_YEAR + number
    return OFFICES, year * BLOCKS_A_YEAR + (number - 2) * BLOCKS_A_PROGRAMME


@rule
def begin_wish(seed: int, replication: int, trainee: int, year: int, luck: np.ndarray) -> None:
    """Draw the WISH_WORDS words that a wish begins with, block after block."""
    for number in range(WISH_BLOCKS):
        purpose, index = wish_block(number, year)
        words = draw(seed, replication, trainee, purpose, index)
        for word in range(4):
            luck[4 * number + word] = words[word]


@rule
def begun(luck: np.ndarray, number: int, place: int) -> tuple[int, int, int, int]:
    """The words of one of these blocks for one of the doctors whose words lie side by side."""
    width = luck.shape[0] // WISH_WORDS
    at = 4 * number * width + place
    return luck[at], luck[at + width], luck[at + 2 * width], luck[at + 3 * width]


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
    """Add distinct picks after the `held` first of `chosen` until `wanted`; the count reached.

    `first` are the words of the first block; more are drawn where these do not do. A word above the whole row is
    "none" and ends the list; after TRIES words what is missing stays missing. What is there already is written down
    again, and the next one in its place: nothing jumps on that.
    """
    count = held
    words = first
    for block in range(1, TRIES // 4 + 1):
        for word in words:
            found = categorical(word, cumulative)
            if count >= wanted or found == cumulative.shape[0]:
                return count
            fresh = 1
            for earlier in range(wanted):
                fresh &= 1 - (int(earlier < count) & int(chosen[earlier] == found))
            chosen[count] = found
            count += fresh
        if block < TRIES // 4:
            words = draw(seed, replication, trainee, purpose, first_block + block)
    return count


@rule
def preferences(
    luck: np.ndarray,
    place_in_luck: int,
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
    """Write a doctor's ranking of (programme, office), best first, and return its length, 0 to 12.

    First-choice programme at its offices, then the second, then the third; programmes that do not recruit in this
    kind of round are passed over. A doctor rooted at home ranks it first in all of them; home -1 is no home.
    `luck` holds the words of `begin_wish` for one doctor, or for several side by side. Both `out` arrays have 12
    entries; those from the count on mean nothing. Allocates nothing.
    """
    words = begun(luck, 0, place_in_luck)
    wanted = categorical(words[0], applications) + 1
    if wanted > MOST_PROGRAMMES:
        return 0
    rooted = home_office >= 0 and bernoulli(words[1], home_first)
    programmes = out_programme[MOST_PREFERENCES - MOST_PROGRAMMES :]  # read before it is written over
    block = year * BLOCKS_A_YEAR + 1
    first = begun(luck, 1, place_in_luck)
    chosen = fill_distinct(first, seed, replication, trainee, CHOICE, block, choice_row, programmes, 0, wanted)
    count = 0
    for place in range(chosen):
        programme = programmes[place]
        if takes_row[programme] == 0:
            continue
        offices = out_office[count : count + MOST_OFFICES]
        if rooted:
            offices[0] = home_office
        purpose, block = wish_block(2 + place, year)
        ranked = fill_distinct(
            begun(luck, 2 + place, place_in_luck),
            seed,
            replication,
            trainee,
            purpose,
            block,
            office_pull,
            offices,
            int(rooted),
            MOST_OFFICES,
        )
        out_programme[count : count + ranked] = programme
        count += ranked
    return count


@rule
def index_of(year_or_round: int, programme: int) -> int:
    """Index of the luck of a score in a year, or of an answer in a round, for a programme."""
    return year_or_round * PROGRAMMES_A_ROUND + programme


@rule
def score(word: int, ability: int, ability_share: int) -> int:
    """Selection score 0 .. 65535: `ability_share` thousandths lasting ability, the rest luck, once a year.

    The word is the first of SCORE at the year and programme, see `index_of`.
    """
    return (ability * ability_share + (word >> 16) * (1000 - ability_share)) // 1000


@rule
def answer(one: int, two: int, three: int, decline: int, expire: int, firm: int, hold: int) -> int:
    """Answer to any offer of a programme in a round: three words of OFFER at the round and programme, see `index_of`.

    `decline` and `expire` are shares of all who are offered; `firm` of those who take it; `hold` of the others.
    """
    if one < decline:
        return DECLINES
    if one < decline + expire:
        return EXPIRES
    if bernoulli(two, firm):
        return FIRM
    return HOLDS if bernoulli(three, hold) else UPGRADES


@rule
def outcome_before_start(seed: int, replication: int, trainee: int, round_index: int, defer: int, withdraw: int) -> int:
    """Before code of an accepted post: both thresholds are shares of all accepted posts."""
    words = draw(seed, replication, trainee, START, round_index)
    if words[0] < withdraw:
        return WITHDRAWS
    return DEFERS if words[0] < withdraw + defer else STARTS


@rule
def f2_next(seed: int, replication: int, trainee: int, cumulative_row: np.ndarray) -> int:
    """Years out before applying after F2: 0 at once, 1, 2, 3; 4 never."""
    words = draw(seed, replication, trainee, AFTER_F2, 0)
    return min(categorical(words[0], cumulative_row), GONE_AFTER_F2)


@rule
def core_next(seed: int, replication: int, trainee: int, after_core: np.ndarray) -> int:
    """After core training: 0 applies at once, 1 after a year's gap, 2 gone."""
    words = draw(seed, replication, trainee, AFTER_F2, 1)
    return categorical(words[0], after_core)
