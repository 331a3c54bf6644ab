"""What a doctor has earned since last looked at, and when the grade will end; compare engines/reference/learning."""

from pipeline_sim.base.cells import Cells, fetch, unchanging
from pipeline_sim.base.jit import kernel
from pipeline_sim.base.quads import Quad, all_within, keep_quad, quad_at, sum_of
from pipeline_sim.engines.batch.layout import (
    ABSENT_DAYS,
    BALANCE,
    COVID,
    EXTENSION_DAYS,
    FAULT,
    GRADE,
    ISOLATING,
    ISOLATION_DAYS,
    LAST_DAY,
    LAST_REVIEW,
    LEAD,
    NUMBERS,
    OFFICE,
    OUTCOME,
    PACE,
    POST_PACE,
    PROGRAMME,
    PROGRESS,
    QUEUED,
    RANGE,
    REDEPLOYED_DAYS,
    REVIEW,
    SECOND_LOOK,
    SINCE,
    STATE,
    SUPERVISED,
    TRAINING_DAYS,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.look import chance, number, numbers_at, place_of, row_of
from pipeline_sim.engines.batch.tables import (
    ABSENCE_LIMIT,
    GRADE_DAYS,
    GROUP,
    LEARNING,
    NEXT_CHANGEOVER,
    PATTERN,
    STANDARD,
    UNSUPERVISED_SHARE,
    WARD_SHARE,
    WEIGHT,
)
from pipeline_sim.rules import competence, extension, life
from pipeline_sim.rules.codes import NEVER, State

DOMAINS = 4  # reckoned side by side: a Quad holds a number for each
LARGEST = 1 << 31


@kernel
def counted_days(m: Memory, i: int, day: int) -> int:
    """Calendar days since the last settlement that count as training time."""
    state, days = row_of(m, i)[STATE], day - row_of(m, i)[SINCE]
    if state == State.SICK:
        return life.counted_absence(days, row_of(m, i)[ABSENT_DAYS], chance(m, ABSENCE_LIMIT))
    if state in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        return days
    return 0


@kernel
def place_in_post(m: Memory, i: int, day: int) -> int:
    """Where the sums of what there is to learn in a doctor's post stand on a day; those of what shocks took follow."""
    row = row_of(m, i)
    return place_of(m, LEARNING, number(m, GROUP, row[PROGRAMME]), row[OFFICE], day)


@kernel
def fetch_learning(m: Memory, i: int, day: int) -> None:
    """Ask for what there is to learn today, and was when a doctor, whose row is there already, was last settled.

    All days and offices together are far more than a cache holds.
    """
    fetch(unchanging(m)[NUMBERS] + 4 * place_in_post(m, i, day))
    fetch(unchanging(m)[NUMBERS] + 4 * place_in_post(m, i, row_of(m, i)[SINCE]))


@kernel
def earned_in_post(m: Memory, i: int, day: int, weight: Quad) -> Quad:
    """Earned since the last settlement by a doctor in post."""
    row = row_of(m, i)
    offered = numbers_at(m, place_in_post(m, i, day)) - numbers_at(m, place_in_post(m, i, row[SINCE]))
    quality = 1000 if row[SUPERVISED] else number(m, UNSUPERVISED_SHARE, number(m, GROUP, row[PROGRAMME]))
    return competence.earned(offered, weight, row[WTE], row[PACE], row[POST_PACE], quality)


@kernel
def taken_in_post(m: Memory, i: int, day: int, weight: Quad) -> Quad:
    """What shocks took since the last settlement from a doctor in post."""
    now, before = place_in_post(m, i, day) + DOMAINS, place_in_post(m, i, row_of(m, i)[SINCE]) + DOMAINS
    return competence.taken(numbers_at(m, now) - numbers_at(m, before), weight, row_of(m, i)[WTE])


@kernel
def earned_elsewhere(m: Memory, i: int, day: int, weight: Quad) -> Quad:
    """Earned since the last settlement by a doctor who is not in post."""
    row = row_of(m, i)
    days = day - row[SINCE]
    if row[STATE] == State.REDEPLOYED:
        return competence.ward(days, weight, row[WTE], numbers_at(m, place_of(m, WARD_SHARE)))
    if row[STATE] == State.OOPT:
        return competence.earned(1000 * days, weight, row[WTE], row[PACE], 1000, 1000)
    return weight * 0


@kernel
def taken_elsewhere(m: Memory, i: int, day: int, counted: int, weight: Quad) -> Quad:
    """What shocks took since the last settlement from a doctor who is not in post."""
    row = row_of(m, i)
    if row[STATE] == State.REDEPLOYED:
        days = day - row[SINCE]
        taught = competence.ward(days, weight, row[WTE], numbers_at(m, place_of(m, WARD_SHARE)))
        return max(0, competence.taken(1000 * days, weight, row[WTE]) - taught)
    if row[STATE] == State.SICK and row[ISOLATING]:
        return competence.taken(1000 * counted, weight, row[WTE])
    return weight * 0


@kernel
def asked_for(m: Memory, i: int, counted: int, weight: Quad) -> Quad:
    """What the curriculum asks for over the days since the last settlement that count."""
    row = row_of(m, i)
    limit = 100 * number(m, GRADE_DAYS, row[PROGRAMME], row[GRADE])
    before = row[TRAINING_DAYS]
    asked = competence.required_days(before, before + row[WTE] * counted, limit)
    return competence.required(weight, number(m, STANDARD, row[PROGRAMME]), asked)


@kernel
def weights(m: Memory, i: int) -> Quad:
    """The shares of the curriculum in a doctor's programme."""
    return numbers_at(m, place_of(m, WEIGHT, row_of(m, i)[PROGRAMME]))


@kernel
def balance(m: Memory, i: int) -> Quad:
    """Earned less required at the last settlement."""
    return quad_at(row_of(m, i), BALANCE)


@kernel
def balance_on(m: Memory, i: int, day: int) -> Quad:
    """Earned less required on a day, nothing written down."""
    weight = weights(m, i)
    asked = asked_for(m, i, counted_days(m, i, day), weight)
    if row_of(m, i)[STATE] == State.TRAINING:
        return balance(m, i) + earned_in_post(m, i, day, weight) - asked
    return balance(m, i) + earned_elsewhere(m, i, day, weight) - asked


@kernel
def keep(m: Memory, cells: Cells, place: int, amounts: Quad) -> None:
    """Write amounts down; those that cells cannot hold end the run."""
    if not all_within(amounts, LARGEST):
        m[FAULT] = RANGE
    keep_quad(cells, place, amounts)


@kernel
def add_to_balance(m: Memory, i: int, domain: int, amount: int) -> None:
    """More in one domain, the same way."""
    row = row_of(m, i)
    held = row[BALANCE + domain] + amount
    if not -LARGEST < held < LARGEST:
        m[FAULT] = RANGE
    row[BALANCE + domain] = held


@kernel
def settle(m: Memory, i: int, day: int) -> None:
    """Write down what has been earned up to a day."""
    row = row_of(m, i)
    if day == row[SINCE]:
        return
    counted, state, weight = counted_days(m, i, day), row[STATE], weights(m, i)
    covid = quad_at(row, COVID)
    if state == State.TRAINING:
        taken = taken_in_post(m, i, day, weight)
    else:
        taken = taken_elsewhere(m, i, day, counted, weight)
    keep(m, row, BALANCE, balance_on(m, i, day))
    keep_quad(row, COVID, covid + taken)
    days = day - row[SINCE]
    row[TRAINING_DAYS] += row[WTE] * counted
    if state == State.SICK:
        row[ABSENT_DAYS] += days
        row[ISOLATION_DAYS] += days * row[ISOLATING]
    elif state == State.REDEPLOYED:
        row[REDEPLOYED_DAYS] += days
    row[SINCE] = day


@kernel
def behind_on(m: Memory, i: int, day: int) -> int:
    """Whole curriculum days behind in all domains on a day, nothing written down."""
    return sum_of(competence.gap_of(balance_on(m, i, day))) // 1000


@kernel
def behind_now(m: Memory, i: int) -> int:
    """The same for a doctor who is settled."""
    return sum_of(competence.gap_of(balance(m, i))) // 1000


@kernel
def owed_now(m: Memory, i: int) -> int:
    """Whole curriculum days of the gap that are owed to shocks, for a doctor who is settled."""
    return sum_of(competence.owed_to_covid(competence.gap_of(balance(m, i)), quad_at(row_of(m, i), COVID))) // 1000


@kernel
def reckon(m: Memory, i: int, day: int) -> None:
    """Put the end of the grade and the next review in the diary. The doctor must be settled to this day."""
    row = row_of(m, i)
    if row[STATE] not in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        row[PROGRESS] = NEVER
        return
    programme = row[PROGRAMME]
    target = number(m, GRADE_DAYS, programme, row[GRADE]) + row[EXTENSION_DAYS]
    end = extension.grade_end(day, row[TRAINING_DAYS], target, row[WTE])
    if end <= m[LAST_DAY]:
        pattern = number(m, PATTERN, programme)
        end = extension.snapped(end, number(m, NEXT_CHANGEOVER, pattern, max(0, end - 1)))
    row[PROGRESS] = end
    if row[QUEUED] or row[SECOND_LOOK]:
        return
    row[REVIEW] = NEVER if row[OUTCOME] else extension.review_due(day, end, row[LAST_REVIEW], row[LEAD])
