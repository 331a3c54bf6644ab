"""What a doctor has earned since last looked at, and when the grade will end; compare engines/reference/learning."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, constant_int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import chance, number, number_at, place_of, row_of
from pipeline_sim.engines.batch.memory.layout import (
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
    SERVED,
    SINCE,
    STATE,
    SUPERVISED,
    TRAINING_DAYS,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.memory.table_index import (
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
from pipeline_sim.rules import competence, extension, working_life
from pipeline_sim.rules.codes import NEVER, State

DOMAINS = 4
LARGEST = 1 << 31
# places of the sums on the day and at the last settlement, of the weights; standard, WTE, pace, post's pace, quality
Post = tuple[int, int, int, int, int, int, int, int]
WEIGHTS, ASKED_STANDARD = 2, 3


@kernel
def counted_days(m: Memory, i: int, day: int) -> int:
    """Calendar days since the last settlement that count as training time."""
    state, days = row_of(m, i)[STATE], day - row_of(m, i)[SINCE]
    if state == State.SICK:
        return working_life.counted_absence(days, row_of(m, i)[ABSENT_DAYS], chance(m, ABSENCE_LIMIT))
    if state in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        return days
    return 0


@kernel
def in_post(m: Memory, i: int, day: int) -> Post:
    """What a doctor in post learns from since the last settlement, looked up once for all domains."""
    row = row_of(m, i)
    programme, office = row[PROGRAMME], row[OFFICE]
    group = number(m, GROUP, programme)
    quality = 1000 if row[SUPERVISED] else number(m, UNSUPERVISED_SHARE, group)
    now, before = place_of(m, LEARNING, group, office, day), place_of(m, LEARNING, group, office, row[SINCE])
    weights, standard = place_of(m, WEIGHT, programme), number(m, STANDARD, programme)
    return now, before, weights, standard, row[WTE], row[PACE], row[POST_PACE], quality


@kernel
def fetch_learning(m: Memory, i: int, day: int) -> None:
    """Ask for what there is to learn today, and was when a doctor, whose row is there already, was last settled.

    All days and offices together are far more than a cache holds.
    """
    row = row_of(m, i)
    group, at = number(m, GROUP, row[PROGRAMME]), as_constant(m)[NUMBERS]
    prefetch(at + 4 * place_of(m, LEARNING, group, row[OFFICE], day))
    prefetch(at + 4 * place_of(m, LEARNING, group, row[OFFICE], row[SINCE]))


@kernel
def earned_in_post(m: Memory, post: Post, domain: int) -> int:
    """Earned in one domain."""
    now, before, weights, _, wte, pace, post_pace, quality = post
    offered = number_at(m, now + domain) - number_at(m, before + domain)
    return competence.earned(offered, number_at(m, weights + domain), wte, pace, post_pace, quality)


@kernel
def taken_in_post(m: Memory, post: Post, domain: int) -> int:
    """What shocks took in one domain."""
    now, before, weights, _, wte, _, _, _ = post
    lost = number_at(m, now + DOMAINS + domain) - number_at(m, before + DOMAINS + domain)
    return competence.lost(lost, number_at(m, weights + domain), wte)


@kernel
def earned(m: Memory, i: int, day: int, domain: int) -> int:
    """Earned in one domain since the last settlement."""
    row = row_of(m, i)
    state, wte = row[STATE], row[WTE]
    weight, days = number(m, WEIGHT, row[PROGRAMME], domain), day - row[SINCE]
    if state == State.REDEPLOYED:
        return competence.ward_learning(days, weight, wte, number(m, WARD_SHARE, domain))
    if state == State.OOPT:
        return competence.earned(1000 * days, weight, wte, row[PACE], 1000, 1000)
    return earned_in_post(m, in_post(m, i, day), domain) if state == State.TRAINING else 0


@kernel
def taken_elsewhere(m: Memory, i: int, day: int, domain: int, counted: int) -> int:
    """What shocks took in one domain since the last settlement from a doctor who is not in post."""
    row = row_of(m, i)
    state, wte = row[STATE], row[WTE]
    weight, days = number(m, WEIGHT, row[PROGRAMME], domain), day - row[SINCE]
    if state == State.REDEPLOYED:
        taught = competence.ward_learning(days, weight, wte, number(m, WARD_SHARE, domain))
        return max(0, competence.lost(1000 * days, weight, wte) - taught)
    if state == State.SICK:
        return competence.lost(1000 * counted, weight, wte) if row[ISOLATING] else 0
    return 0


@kernel
def asked_days(m: Memory, i: int, counted: int) -> int:
    """WTE-centidays since the last settlement for which the curriculum asks something."""
    row = row_of(m, i)
    limit = 100 * number(m, GRADE_DAYS, row[PROGRAMME], row[GRADE])
    before = row[TRAINING_DAYS]
    return competence.required_days(before, before + row[WTE] * counted, limit)


@kernel
def balance_on(m: Memory, i: int, day: int, domain: int, asked: int) -> int:
    """Earned less required in one domain on a day, nothing written down."""
    row = row_of(m, i)
    weight = number(m, WEIGHT, row[PROGRAMME], domain)
    standard = number(m, STANDARD, row[PROGRAMME])
    return row[BALANCE + domain] + earned(m, i, day, domain) - competence.required(weight, standard, asked)


@kernel
def keep_balance(m: Memory, i: int, domain: int, balance: int) -> None:
    """Write a balance down; one that its column cannot hold ends the run."""
    if not -LARGEST < balance < LARGEST:
        m[FAULT] = RANGE
    row_of(m, i)[BALANCE + domain] = balance


@kernel
def settle(m: Memory, i: int, day: int) -> None:
    """Write down what has been earned up to a day."""
    row = row_of(m, i)
    if day == row[SINCE]:
        return
    counted = counted_days(m, i, day)
    state = row[STATE]
    if state == State.TRAINING:
        settle_in_post(m, i, day, asked_days(m, i, counted))
    elif state in (State.REDEPLOYED, State.SICK, State.OOPT):
        asked = asked_days(m, i, counted)
        for domain in range(DOMAINS):
            balance = balance_on(m, i, day, domain, asked)
            row[COVID + domain] += taken_elsewhere(m, i, day, domain, counted)
            keep_balance(m, i, domain, balance)
    days = day - row[SINCE]
    row[TRAINING_DAYS] += row[WTE] * counted
    if state == State.SICK:
        row[ABSENT_DAYS] += days
        row[ISOLATION_DAYS] += days * row[ISOLATING]
    elif state == State.REDEPLOYED:
        row[REDEPLOYED_DAYS] += days
    row[SINCE] = day


@kernel
def settle_in_post(m: Memory, i: int, day: int, asked: int) -> None:
    """The same domain by domain for a doctor in post."""
    row, post = row_of(m, i), in_post(m, i, day)
    if anything_taken(m, post):
        for domain in range(DOMAINS):
            row[COVID + domain] += taken_in_post(m, post, domain)
    for domain in range(DOMAINS):
        keep_balance(m, i, domain, balance_in_post(m, i, post, domain, asked))


@kernel
def anything_taken(m: Memory, post: Post) -> bool:
    """True if shocks took something in any domain: as a rule nothing. Sums are looked at in pairs."""
    pairs, now, before = constant_int64_at(as_constant(m)[NUMBERS]), post[0] + DOMAINS >> 1, post[1] + DOMAINS >> 1
    return (pairs[now] ^ pairs[before]) | (pairs[now + 1] ^ pairs[before + 1]) != 0


@kernel
def balance_in_post(m: Memory, i: int, post: Post, domain: int, asked: int) -> int:
    """Earned less required in one domain for a doctor in post, nothing written down."""
    asked_for = competence.required(number_at(m, post[WEIGHTS] + domain), post[ASKED_STANDARD], asked)
    return row_of(m, i)[BALANCE + domain] + earned_in_post(m, post, domain) - asked_for


@kernel
def behind_on(m: Memory, i: int, day: int) -> int:
    """Whole curriculum days behind in all domains on a day, nothing written down."""
    asked = asked_days(m, i, counted_days(m, i, day))
    behind = 0
    if row_of(m, i)[STATE] == State.TRAINING:
        post = in_post(m, i, day)
        for domain in range(DOMAINS):
            behind += competence.gap_of(balance_in_post(m, i, post, domain, asked))
    else:
        for domain in range(DOMAINS):
            behind += competence.gap_of(balance_on(m, i, day, domain, asked))
    return behind // 1000


@kernel
def behind_now(m: Memory, i: int) -> int:
    """The same for a doctor who is settled."""
    behind = 0
    for domain in range(4):
        behind += competence.gap_of(row_of(m, i)[BALANCE + domain])
    return behind // 1000


@kernel
def owed_now(m: Memory, i: int) -> int:
    """Whole curriculum days of the gap that are owed to shocks, for a doctor who is settled."""
    owed = 0
    for domain in range(4):
        gap = competence.gap_of(row_of(m, i)[BALANCE + domain])
        owed += competence.due_to_covid(gap, row_of(m, i)[COVID + domain])
    return owed // 1000


@kernel
def reckon(m: Memory, i: int, day: int) -> None:
    """Put the end of the grade and the next review in the diary. The doctor must be settled to this day."""
    row = row_of(m, i)
    if row[STATE] not in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        row[PROGRESS] = row[SERVED] = NEVER
        return
    programme = row[PROGRAMME]
    target = number(m, GRADE_DAYS, programme, row[GRADE]) + row[EXTENSION_DAYS]
    end = extension.grade_end(day, row[TRAINING_DAYS], target, row[WTE])
    if end <= m[LAST_DAY]:
        pattern = number(m, PATTERN, programme)
        end = extension.snapped(end, number(m, NEXT_CHANGEOVER, pattern, max(0, end - 1)))
    row[PROGRESS] = row[SERVED] = end
    if row[QUEUED] or row[SECOND_LOOK]:
        return
    row[REVIEW] = NEVER if row[OUTCOME] else extension.review_due(day, end, row[LAST_REVIEW], row[LEAD])
