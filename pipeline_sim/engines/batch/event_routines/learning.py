"""What a doctor has earned since last looked at, and when the grade will end; compare engines/reference/learning."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import as_constant, constant_int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import offset_of, param, row_of, table_value, value_at
from pipeline_sim.engines.batch.memory.layout import Fault, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
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
    state, days = row_of(m, i)[Row.STATE], day - row_of(m, i)[Row.SINCE]
    if state == State.SICK:
        return working_life.counted_absence(days, row_of(m, i)[Row.ABSENT_DAYS], param(m, Param.ABSENCE_LIMIT))
    if state in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        return days
    return 0


@kernel
def in_post(m: Memory, i: int, day: int) -> Post:
    """What a doctor in post learns from since the last settlement, looked up once for all domains."""
    row = row_of(m, i)
    programme, office = row[Row.PROGRAMME], row[Row.OFFICE]
    group = table_value(m, Table.GROUP, programme)
    quality = 1000 if row[Row.SUPERVISED] else table_value(m, Table.UNSUPERVISED_SHARE, group)
    now, before = (
        offset_of(m, Table.LEARNING, group, office, day),
        offset_of(m, Table.LEARNING, group, office, row[Row.SINCE]),
    )
    weights, standard = offset_of(m, Table.WEIGHT, programme), table_value(m, Table.STANDARD, programme)
    return now, before, weights, standard, row[Row.WTE], row[Row.PACE], row[Row.POST_PACE], quality


@kernel
def fetch_learning(m: Memory, i: int, day: int) -> None:
    """Ask for what there is to learn today, and was when a doctor, whose row is there already, was last settled.

    All days and offices together are far more than a cache holds.
    """
    row = row_of(m, i)
    group, at = table_value(m, Table.GROUP, row[Row.PROGRAMME]), as_constant(m)[Header.TABLES]
    prefetch(at + 4 * offset_of(m, Table.LEARNING, group, row[Row.OFFICE], day))
    prefetch(at + 4 * offset_of(m, Table.LEARNING, group, row[Row.OFFICE], row[Row.SINCE]))


@kernel
def earned_in_post(m: Memory, post: Post, domain: int) -> int:
    """Earned in one domain."""
    now, before, weights, _, wte, pace, post_pace, quality = post
    offered = value_at(m, now + domain) - value_at(m, before + domain)
    return competence.earned(offered, value_at(m, weights + domain), wte, pace, post_pace, quality)


@kernel
def taken_in_post(m: Memory, post: Post, domain: int) -> int:
    """What shocks took in one domain."""
    now, before, weights, _, wte, _, _, _ = post
    lost = value_at(m, now + DOMAINS + domain) - value_at(m, before + DOMAINS + domain)
    return competence.taken(lost, value_at(m, weights + domain), wte)


@kernel
def earned(m: Memory, i: int, day: int, domain: int) -> int:
    """Earned in one domain since the last settlement."""
    row = row_of(m, i)
    state, wte = row[Row.STATE], row[Row.WTE]
    weight, days = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain), day - row[Row.SINCE]
    if state == State.REDEPLOYED:
        return competence.ward(days, weight, wte, table_value(m, Table.WARD_SHARE, domain))
    if state == State.OOPT:
        return competence.earned(1000 * days, weight, wte, row[Row.PACE], 1000, 1000)
    return earned_in_post(m, in_post(m, i, day), domain) if state == State.TRAINING else 0


@kernel
def taken_elsewhere(m: Memory, i: int, day: int, domain: int, counted: int) -> int:
    """What shocks took in one domain since the last settlement from a doctor who is not in post."""
    row = row_of(m, i)
    state, wte = row[Row.STATE], row[Row.WTE]
    weight, days = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain), day - row[Row.SINCE]
    if state == State.REDEPLOYED:
        taught = competence.ward(days, weight, wte, table_value(m, Table.WARD_SHARE, domain))
        return max(0, competence.taken(1000 * days, weight, wte) - taught)
    if state == State.SICK:
        return competence.taken(1000 * counted, weight, wte) if row[Row.ISOLATING] else 0
    return 0


@kernel
def asked_days(m: Memory, i: int, counted: int) -> int:
    """WTE-centidays since the last settlement for which the curriculum asks something."""
    row = row_of(m, i)
    limit = 100 * table_value(m, Table.GRADE_DAYS, row[Row.PROGRAMME], row[Row.GRADE])
    before = row[Row.TRAINING_DAYS]
    return competence.required_days(before, before + row[Row.WTE] * counted, limit)


@kernel
def balance_on(m: Memory, i: int, day: int, domain: int, asked: int) -> int:
    """Earned less required in one domain on a day, nothing written down."""
    row = row_of(m, i)
    weight = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain)
    standard = table_value(m, Table.STANDARD, row[Row.PROGRAMME])
    return row[Row.BALANCE + domain] + earned(m, i, day, domain) - competence.required(weight, standard, asked)


@kernel
def store_balance(m: Memory, i: int, domain: int, balance: int) -> None:
    """Write a balance down; one that its column cannot hold ends the run."""
    if not -LARGEST < balance < LARGEST:
        m[Header.FAULT] = Fault.RANGE
    row_of(m, i)[Row.BALANCE + domain] = balance


@kernel
def accrue_learning(m: Memory, i: int, day: int) -> None:
    """Write down what has been earned up to a day."""
    row = row_of(m, i)
    if day == row[Row.SINCE]:
        return
    counted = counted_days(m, i, day)
    state = row[Row.STATE]
    if state == State.TRAINING:
        accrue_in_post(m, i, day, asked_days(m, i, counted))
    elif state in (State.REDEPLOYED, State.SICK, State.OOPT):
        asked = asked_days(m, i, counted)
        for domain in range(DOMAINS):
            balance = balance_on(m, i, day, domain, asked)
            row[Row.COVID + domain] += taken_elsewhere(m, i, day, domain, counted)
            store_balance(m, i, domain, balance)
    days = day - row[Row.SINCE]
    row[Row.TRAINING_DAYS] += row[Row.WTE] * counted
    if state == State.SICK:
        row[Row.ABSENT_DAYS] += days
        row[Row.ISOLATION_DAYS] += days * row[Row.ISOLATING]
    elif state == State.REDEPLOYED:
        row[Row.REDEPLOYED_DAYS] += days
    row[Row.SINCE] = day


@kernel
def accrue_in_post(m: Memory, i: int, day: int, asked: int) -> None:
    """The same domain by domain for a doctor in post."""
    row, post = row_of(m, i), in_post(m, i, day)
    if anything_taken(m, post):
        for domain in range(DOMAINS):
            row[Row.COVID + domain] += taken_in_post(m, post, domain)
    for domain in range(DOMAINS):
        store_balance(m, i, domain, balance_in_post(m, i, post, domain, asked))


@kernel
def anything_taken(m: Memory, post: Post) -> bool:
    """True if shocks took something in any domain: as a rule nothing. Sums are looked at in pairs."""
    pairs, now, before = (
        constant_int64_at(as_constant(m)[Header.TABLES]),
        post[0] + DOMAINS >> 1,
        post[1] + DOMAINS >> 1,
    )
    return (pairs[now] ^ pairs[before]) | (pairs[now + 1] ^ pairs[before + 1]) != 0


@kernel
def balance_in_post(m: Memory, i: int, post: Post, domain: int, asked: int) -> int:
    """Earned less required in one domain for a doctor in post, nothing written down."""
    asked_for = competence.required(value_at(m, post[WEIGHTS] + domain), post[ASKED_STANDARD], asked)
    return row_of(m, i)[Row.BALANCE + domain] + earned_in_post(m, post, domain) - asked_for


@kernel
def behind_on(m: Memory, i: int, day: int) -> int:
    """Whole curriculum days behind in all domains on a day, nothing written down."""
    asked = asked_days(m, i, counted_days(m, i, day))
    behind = 0
    if row_of(m, i)[Row.STATE] == State.TRAINING:
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
        behind += competence.gap_of(row_of(m, i)[Row.BALANCE + domain])
    return behind // 1000


@kernel
def due_to_covid_now(m: Memory, i: int) -> int:
    """Whole curriculum days of the gap that are owed to shocks, for a doctor who is settled."""
    owed = 0
    for domain in range(4):
        gap = competence.gap_of(row_of(m, i)[Row.BALANCE + domain])
        owed += competence.due_to_covid(gap, row_of(m, i)[Row.COVID + domain])
    return owed // 1000


@kernel
def schedule_grade_end_and_review(m: Memory, i: int, day: int) -> None:
    """Put the end of the grade and the next review in the diary. The doctor must be settled to this day."""
    row = row_of(m, i)
    if row[Row.STATE] not in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        row[Row.PROGRESS] = row[Row.SERVED] = NEVER
        return
    programme = row[Row.PROGRAMME]
    target = table_value(m, Table.GRADE_DAYS, programme, row[Row.GRADE]) + row[Row.EXTENSION_DAYS]
    end = extension.grade_end(day, row[Row.TRAINING_DAYS], target, row[Row.WTE])
    if end <= m[Header.LAST_DAY]:
        pattern = table_value(m, Table.PATTERN, programme)
        end = extension.snapped(end, table_value(m, Table.NEXT_CHANGEOVER, pattern, max(0, end - 1)))
    row[Row.PROGRESS] = row[Row.SERVED] = end
    if row[Row.QUEUED] or row[Row.SECOND_LOOK]:
        return
    row[Row.REVIEW] = NEVER if row[Row.OUTCOME] else extension.review_due(day, end, row[Row.LAST_REVIEW], row[Row.LEAD])
