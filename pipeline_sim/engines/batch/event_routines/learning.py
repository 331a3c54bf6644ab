"""Learning since the last settlement, and when the grade will end; the twin of engines/reference/learning."""

from pipeline_sim.base.compiler.jit import kernel
from pipeline_sim.base.compiler.pointers import constant_int32_at, constant_int64_at, prefetch
from pipeline_sim.engines.batch.memory.access import offset_of, param, row_of, table_value, value_at
from pipeline_sim.engines.batch.memory.layout import Fault, Header, Memory, Row
from pipeline_sim.engines.batch.memory.table_index import Param, Table
from pipeline_sim.rules import competence, extension, working_life
from pipeline_sim.rules.codes import NEVER, State

DOMAINS = 4
LARGEST = 1 << 31
DAY_BYTES = 32  # of the sums of a day
# addresses of sums on the day and at the last settlement, place of weights; standard, WTE, pace, post's pace, quality
Post = tuple[int, int, int, int, int, int, int, int]
WEIGHTS, ASKED_STANDARD = 2, 3


@kernel
def counted_days(m: Memory, i: int, day: int) -> int:
    """Calendar days since the last settlement that count as training time."""
    row = row_of(m, i)
    state, days = row[Row.STATE], day - row[Row.SINCE]
    if state == State.SICK:
        limit = param(m, Param.ABSENCE_LIMIT, table_value(m, Table.STAGE, row[Row.PROGRAMME]))
        return working_life.counted_absence(days, row[Row.ABSENT_DAYS], limit, row[Row.WTE])
    if state in (State.TRAINING, State.REDEPLOYED, State.OOPT):
        return days
    return 0


@kernel
def in_post(m: Memory, i: int, day: int) -> Post:
    """Offsets and factors of what a doctor in post learns, looked up once for all domains."""
    row = row_of(m, i)
    programme, office = row[Row.PROGRAMME], row[Row.OFFICE]
    group, learns = table_value(m, Table.GROUP, programme), table_value(m, Table.LEARNING_ROW, programme)
    quality = 1000 if row[Row.SUPERVISED] else table_value(m, Table.UNSUPERVISED_SHARE, group)
    plane = param(m, Param.LEARNING, learns, office)
    now, before = plane + DAY_BYTES * day, plane + DAY_BYTES * row[Row.SINCE]
    weights, standard = offset_of(m, Table.WEIGHT, programme), table_value(m, Table.STANDARD, programme)
    return now, before, weights, standard, row[Row.WTE], row[Row.PACE], row[Row.POST_PACE], quality


@kernel
def fetch_learning(m: Memory, i: int, day: int) -> None:
    """Prefetch the learning sums of today and of a doctor's last settlement.

    All days and offices together are far more than a cache holds. Who is in no programme has none, and need not.
    """
    row = row_of(m, i)
    programme, office = max(0, row[Row.PROGRAMME]), max(0, row[Row.OFFICE])
    plane = param(m, Param.LEARNING, table_value(m, Table.LEARNING_ROW, programme), office)
    prefetch(plane + DAY_BYTES * day)
    prefetch(plane + DAY_BYTES * row[Row.SINCE])


@kernel
def earned_in_post(m: Memory, post: Post, domain: int) -> int:
    """Learning earned in one domain by a doctor in post."""
    now, before, weights, _, wte, pace, post_pace, quality = post
    offered = constant_int32_at(now)[domain] - constant_int32_at(before)[domain]
    return competence.earned(offered, value_at(m, weights + domain), wte, pace, post_pace, quality)


@kernel
def taken_in_post(m: Memory, post: Post, domain: int) -> int:
    """Learning that shocks took in one domain from a doctor in post."""
    now, before, weights, _, wte, _, _, _ = post
    lost = constant_int32_at(now)[DOMAINS + domain] - constant_int32_at(before)[DOMAINS + domain]
    return competence.lost(lost, value_at(m, weights + domain), wte)


@kernel
def ward_taught(m: Memory, i: int, days: int, weight: int, domain: int) -> int:
    """Learning earned in one domain by a number of days on a COVID ward."""
    row = row_of(m, i)
    share = table_value(m, Table.WARD_SHARE, row[Row.PROGRAMME], domain)
    return competence.ward_learning(days, weight, row[Row.WTE], share)


@kernel
def earned(m: Memory, i: int, day: int, domain: int) -> int:
    """Learning earned in one domain since the last settlement."""
    row = row_of(m, i)
    state, wte = row[Row.STATE], row[Row.WTE]
    weight, days = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain), day - row[Row.SINCE]
    if state == State.REDEPLOYED:
        return ward_taught(m, i, days, weight, domain)
    if state == State.OOPT:
        return competence.earned(1000 * days, weight, wte, row[Row.PACE], 1000, 1000)
    return earned_in_post(m, in_post(m, i, day), domain) if state == State.TRAINING else 0


@kernel
def taken_elsewhere(m: Memory, i: int, day: int, domain: int, counted: int) -> int:
    """Learning that shocks took in one domain since the last settlement from a doctor who is not in post."""
    row = row_of(m, i)
    state, wte = row[Row.STATE], row[Row.WTE]
    weight, days = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain), day - row[Row.SINCE]
    if state == State.REDEPLOYED:
        return max(0, competence.lost(1000 * days, weight, wte) - ward_taught(m, i, days, weight, domain))
    if state == State.SICK:
        return competence.lost(1000 * counted, weight, wte) if row[Row.ISOLATING] else 0
    return 0


@kernel
def asked_days(m: Memory, i: int, counted: int) -> int:
    """Required time since the last settlement, in WTE-centidays for which the curriculum asks something."""
    row = row_of(m, i)
    limit = 100 * table_value(m, Table.GRADE_DAYS, row[Row.PROGRAMME], row[Row.GRADE])
    before = row[Row.TRAINING_DAYS]
    return competence.required_days(before, before + row[Row.WTE] * counted, limit)


@kernel
def balance_on(m: Memory, i: int, day: int, domain: int, asked: int) -> int:
    """Balance, earned less required, in one domain on a day; nothing is written."""
    row = row_of(m, i)
    weight = table_value(m, Table.WEIGHT, row[Row.PROGRAMME], domain)
    standard = table_value(m, Table.STANDARD, row[Row.PROGRAMME])
    return row[Row.BALANCE + domain] + earned(m, i, day, domain) - competence.required(weight, standard, asked)


@kernel
def store_balance(m: Memory, i: int, domain: int, balance: int) -> None:
    """Store a balance; one that its column cannot hold ends the run."""
    if not -LARGEST < balance < LARGEST:
        m[Header.FAULT] = Fault.RANGE
    row_of(m, i)[Row.BALANCE + domain] = balance


@kernel
def accrue_learning(m: Memory, i: int, day: int) -> None:
    """Accrue learning up to a day."""
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
    """Accrue learning domain by domain for a doctor in post."""
    row, post = row_of(m, i), in_post(m, i, day)
    if anything_taken(post):
        for domain in range(DOMAINS):
            row[Row.COVID + domain] += taken_in_post(m, post, domain)
    for domain in range(DOMAINS):
        store_balance(m, i, domain, balance_in_post(m, i, post, domain, asked))


@kernel
def anything_taken(post: Post) -> bool:
    """True if shocks took something in any domain, which is rare. Sums are compared in pairs."""
    now, before = constant_int64_at(post[0]), constant_int64_at(post[1])
    return (now[2] ^ before[2]) | (now[3] ^ before[3]) != 0


@kernel
def balance_in_post(m: Memory, i: int, post: Post, domain: int, asked: int) -> int:
    """Balance, earned less required, in one domain for a doctor in post; nothing is written."""
    asked_for = competence.required(value_at(m, post[WEIGHTS] + domain), post[ASKED_STANDARD], asked)
    return row_of(m, i)[Row.BALANCE + domain] + earned_in_post(m, post, domain) - asked_for


@kernel
def behind_on(m: Memory, i: int, day: int) -> int:
    """Gap in all domains on a day, in whole curriculum days; nothing is written."""
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
    """Gap in all domains of a doctor whose learning is accrued, in whole curriculum days."""
    behind = 0
    for domain in range(4):
        behind += competence.gap_of(row_of(m, i)[Row.BALANCE + domain])
    return behind // 1000


@kernel
def due_to_covid_now(m: Memory, i: int) -> int:
    """Part of the gap that is due to shocks, in whole curriculum days, for a doctor whose learning is accrued."""
    covid_gap = 0
    for domain in range(4):
        gap = competence.gap_of(row_of(m, i)[Row.BALANCE + domain])
        covid_gap += competence.due_to_covid(gap, row_of(m, i)[Row.COVID + domain])
    return covid_gap // 1000


@kernel
def schedule_grade_end_and_review(m: Memory, i: int, day: int) -> None:
    """Put the end of the grade and the next review in the diary. Learning must be accrued up to this day."""
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
    last_review, first = row[Row.LAST_REVIEW], param(m, Param.LEAD_FIRST)
    critical = table_value(m, Table.CRITICAL, programme, row[Row.GRADE])
    season, extended = season_review(m, i, last_review), row[Row.EXTENSION_DAYS]
    sooner, asked = param(m, Param.SOONER_DAYS), row[Row.ASKED]
    annual = extension.annual_due(season, last_review, row[Row.LAST_OUTCOME], sooner, asked)
    own = extension.grade_review_due(end, last_review, asked, row[Row.LEAD], first, extended)
    until = extension.one_review_until(annual, season, row[Row.LEAD], first, extended)
    window = extension.decides_within(first, param(m, Param.LEAD_SPREAD), extended)
    own = extension.in_season(own, end, annual, until, window, first)
    decides = extension.has_to_decide(critical, row[Row.LAST_OUTCOME], extended)
    settled = int(row[Row.OUTCOME] > 0)
    row[Row.REVIEW] = extension.review_due(day, end, own, annual, window, until, decides, settled)


@kernel
def season_review(m: Memory, i: int, last_review: int) -> int:
    """Day of the season's review of a doctor that follows a review; NEVER once the run is over."""
    row = row_of(m, i)
    opens = extension.season_after(last_review, row[Row.LEAD])
    if opens > m[Header.LAST_DAY]:
        return NEVER
    return table_value(m, Table.YEAR_START, table_value(m, Table.YEAR_OF, opens - 1) + 1) - row[Row.LEAD]
