"""What a doctor wants from a recruitment round, how he scores, answers and turns up. Offers are made in `matching`.

A wish is keyed by year, an answer by round: a programme advertised again meets the same wishes and fresh answers.
Preferences never look at vacancies and never affect the order of offers (evidence: recruitment_rules_calendar.csv).
"""

from enum import IntEnum

import numpy as np

from pipeline_sim.base.jit import rule
from pipeline_sim.rules.codes import Purpose
from pipeline_sim.rules.luck import draw, happens, pick

CHOICE = int(Purpose.CHOICE)
OFFICES = int(Purpose.OFFICES)
SCORE = int(Purpose.SCORE)
OFFER = int(Purpose.OFFER)
START = int(Purpose.START)
AFTER_F2 = int(Purpose.AFTER_F2)

MOST_PROGRAMMES = 3
MOST_OFFICES = 4  # ranked in each programme
MOST_PREFERENCES = MOST_PROGRAMMES * MOST_OFFICES
BLOCKS_A_YEAR = 64  # of luck for wishes
BLOCKS_A_PROGRAMME = 16  # of those, for the offices of one programme
TRIES = 16  # words spent on distinct programmes, and again on distinct offices of each
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
def among(value: int, row: np.ndarray, count: int) -> bool:
    """True if one of the first `count` entries is the value."""
    found = 0  # looked for to the end: a jump that cannot be foreseen costs more
    for i in range(count):
        found |= int(row[i] == value)
    return found != 0


@rule
def fill_distinct(
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

    A word above the whole row is "none" and ends the list; after TRIES words what is missing stays missing. What is
    there already is written down again, and the next one in its place: nothing jumps on that.
    """
    count = held
    for block in range(TRIES // 4):
        for word in draw(seed, replication, trainee, purpose, first_block + block):
            found = pick(word, cumulative)
            if count >= wanted or found == cumulative.shape[0]:
                return count
            fresh = 1
            for earlier in range(wanted):
                fresh &= 1 - (int(earlier < count) & int(chosen[earlier] == found))
            chosen[count] = found
            count += fresh
    return count


@rule
def preferences(
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
    Both `out` arrays have 12 entries; those from the count on mean nothing. Allocates nothing.
    """
    words = draw(seed, replication, trainee, CHOICE, year * BLOCKS_A_YEAR)
    wanted = pick(words[0], applications) + 1
    if wanted > MOST_PROGRAMMES:
        return 0
    rooted = home_office >= 0 and happens(words[1], home_first)
    programmes = out_programme[MOST_PREFERENCES - MOST_PROGRAMMES :]  # read before it is written over
    block = year * BLOCKS_A_YEAR + 1
    chosen = fill_distinct(seed, replication, trainee, CHOICE, block, choice_row, programmes, 0, wanted)
    count = 0
    for place in range(chosen):
        programme = programmes[place]
        if takes_row[programme] == 0:
            continue
        offices = out_office[count : count + MOST_OFFICES]
        if rooted:
            offices[0] = home_office
        block = year * BLOCKS_A_YEAR + place * BLOCKS_A_PROGRAMME
        ranked = fill_distinct(
            seed, replication, trainee, OFFICES, block, office_pull, offices, int(rooted), MOST_OFFICES
        )
        out_programme[count : count + ranked] = programme
        count += ranked
    return count


@rule
def score(
    seed: int, replication: int, trainee: int, year: int, programme: int, ability: int, ability_share: int
) -> int:
    """Selection score 0 .. 65535: `ability_share` thousandths lasting ability, the rest luck, once a year."""
    words = draw(seed, replication, trainee, SCORE, year * PROGRAMMES_A_ROUND + programme)
    return (ability * ability_share + (words[0] >> 16) * (1000 - ability_share)) // 1000


@rule
def answer(
    seed: int,
    replication: int,
    trainee: int,
    round_index: int,
    programme: int,
    decline: int,
    expire: int,
    firm: int,
    hold: int,
) -> int:
    """Answer to any offer of a programme in a round.

    `decline` and `expire` are shares of all who are offered; `firm` of those who take it; `hold` of the others.
    """
    words = draw(seed, replication, trainee, OFFER, round_index * PROGRAMMES_A_ROUND + programme)
    if words[0] < decline:
        return DECLINES
    if words[0] < decline + expire:
        return EXPIRES
    if happens(words[1], firm):
        return FIRM
    return HOLDS if happens(words[2], hold) else UPGRADES


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
    return min(pick(words[0], cumulative_row), GONE_AFTER_F2)


@rule
def core_next(seed: int, replication: int, trainee: int, after_core: np.ndarray) -> int:
    """After core training: 0 applies at once, 1 after a year's gap, 2 gone."""
    words = draw(seed, replication, trainee, AFTER_F2, 1)
    return pick(words[0], after_core)
