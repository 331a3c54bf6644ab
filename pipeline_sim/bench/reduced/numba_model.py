"""The reduced pipeline the way the batch engine tells it: a loop over rows of integers, compiled by Numba.

One 64-byte row for each trainee, given to another when its trainee leaves. What is due next stands in the bucket of
its day and phase: chunks of fifteen 64-bit words, trainee number above row number, linked, with a free list. Nothing
is allocated, counted or checked in the loop. `twin.cpp` is the same text in C++, on the same memory.
"""

from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import Pointer, int32_at, int64_at
from pipeline_sim.base.philox import philox4x32
from pipeline_sim.bench.reduced import reduced_spec
from pipeline_sim.bench.reduced import work_arrays as at
from pipeline_sim.bench.reduced.numba_books import (
    ask,
    chunk_of,
    clear,
    fetch_row,
    fetch_rows,
    free_row,
    new_row,
    put,
    row_of,
    say,
    sort_requests,
)
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Purpose
from pipeline_sim.bench.reduced.work_arrays import CHUNK, DUE_PHASES

AHEAD = 16  # requests between asking for a row and using it

one_of = kernel(reduced_spec.one_of)
working_days = kernel(reduced_spec.working_days)
planned_days = kernel(reduced_spec.planned_days)
day_points = kernel(reduced_spec.day_points)
asked_points = kernel(reduced_spec.asked_points)
next_changeover = kernel(reduced_spec.next_changeover)
next_review = kernel(reduced_spec.next_review)


@kernel
def luck(m: Pointer, number: int, purpose: int, day: int) -> tuple[int, int, int, int]:
    """Four words for one decision."""
    return philox4x32(number, purpose, day, m[at.SEED] >> 32, m[at.SEED], m[at.REPLICATION])


@kernel
def schedule(m: Pointer, row: Pointer, day: int, phase: int, turn: int) -> None:
    """The first of what is due after a turn into its bucket; what lies beyond the run into none."""
    review = row[at.REVIEW] * DUE_PHASES
    first = min(row[at.FINISH] * DUE_PHASES + 1, row[at.ROTATE] * DUE_PHASES + 2)
    if day * DUE_PHASES + phase - 1 < review < first:
        first = review
    if first < m[at.YEARS] * YEAR_DAYS * DUE_PHASES:
        put(m, first, turn)


# ---- one trainee ---------------------------------------------------------------------------------------------------


@kernel
def settle(row: Pointer, day: int) -> None:
    """Learn up to a day."""
    row[at.EARNED] += (day - row[at.SINCE]) * day_points(row[at.WORKING], row[at.SLOT], row[at.PACE])
    row[at.SINCE] = day


@kernel
def release(m: Pointer, row: Pointer) -> None:
    """Give back the slot, if one is held."""
    m[at.HELD + row[at.OFFICE]] -= row[at.SLOT]
    row[at.SLOT] = 0


@kernel
def begin_grade(m: Pointer, row: Pointer, day: int) -> None:
    """Nothing learnt, nothing decided."""
    finish = day + row[at.PLANNED]
    row[at.BEGAN], row[at.SINCE], row[at.EARNED], row[at.EXTENSIONS] = day, day, 0, 0
    row[at.FINISH] = finish
    row[at.REVIEW] = next_review(day, m[at.REVIEW_DAYS], finish, row[at.LEAD])


@kernel
def enter(m: Pointer, number: int, grade: int, day: int) -> None:
    """One trainee begins."""
    turn = number << 32 | new_row(m)
    row = row_of(m, turn)
    words = luck(m, number, Purpose.ENTRY, day)
    working, rotation = working_days(words[1], m[at.PART_TIME]), m[at.ROTATION_DAYS] * (1 + one_of(words[2], 2))
    row[at.GRADE], row[at.ENTERED], row[at.SLOT], row[at.PACE] = grade, day, 0, 10
    row[at.OFFICE] = one_of(words[0], m[at.OFFICES])
    row[at.WORKING], row[at.PLANNED] = working, planned_days(m[at.GRADE_DAYS], working)
    row[at.ROTATION], row[at.ROTATE] = rotation, next_changeover(day, rotation)
    row[at.LEAD] = m[at.LEAD_DAYS] + one_of(words[3], m[at.LEAD_SPAN])
    begin_grade(m, row, day)
    say(m, day, Phase.ENTER, number, Kind.ENTERED, grade)
    ask(m, turn)
    schedule(m, row, day, Phase.ENTER, turn)


@kernel
def review(m: Pointer, turn: int, day: int) -> None:
    """Pass or extend."""
    row, number = row_of(m, turn), turn >> 32
    word = luck(m, number, Purpose.REVIEW, day)[0]
    settle(row, day)
    gap = asked_points(row[at.WORKING], row[at.PLANNED], day - row[at.BEGAN]) - row[at.EARNED]
    chance = m[at.PASS_IF_BEHIND] if gap > 100 * m[at.TOLERANCE_DAYS] else m[at.PASS_IF_LEVEL]
    kind = Kind.PASSED
    if word >= chance and row[at.EXTENSIONS] < m[at.MOST_EXTENSIONS]:
        kind = Kind.EXTENDED
        row[at.EXTENSIONS] += 1
        row[at.FINISH] += m[at.EXTENSION_DAYS]
    say(m, day, Phase.REVIEW, number, kind, gap)
    row[at.REVIEW] = next_review(day, m[at.REVIEW_DAYS], row[at.FINISH], row[at.LEAD])
    schedule(m, row, day, Phase.REVIEW, turn)


@kernel
def finish(m: Pointer, turn: int, day: int) -> None:
    """On to the next grade, or away."""
    row, number = row_of(m, turn), turn >> 32
    grade = row[at.GRADE] + 1
    if grade < m[at.GRADES]:
        row[at.GRADE] = grade
        begin_grade(m, row, day)
        say(m, day, Phase.FINISH, number, Kind.PROGRESSED, grade)
        schedule(m, row, day, Phase.FINISH, turn)
        return
    release(m, row)
    say(m, day, Phase.FINISH, number, Kind.LEFT, day - row[at.ENTERED])
    free_row(m, turn)


@kernel
def rotate(m: Pointer, turn: int, day: int) -> None:
    """Give back the slot, go to another placement, ask again."""
    row, number = row_of(m, turn), turn >> 32
    word = luck(m, number, Purpose.PLACE, day)[0]
    settle(row, day)
    release(m, row)
    pace = m[at.SLOWEST] + one_of(word, m[at.PACES])
    row[at.PACE] = pace
    row[at.ROTATE] = next_changeover(day, row[at.ROTATION])
    say(m, day, Phase.ROTATE, number, Kind.ROTATED, pace)
    ask(m, turn)
    schedule(m, row, day, Phase.ROTATE, turn)


# ---- the day -------------------------------------------------------------------------------------------------------


@kernel
def admit(m: Pointer, day: int) -> None:
    """The year's entrants; on the first day those who are there already, too."""
    stock, year = m[at.ENTRANTS] * m[at.GRADES], day // YEAR_DAYS
    first = stock + m[at.ENTRANTS] * year if year > 0 else 0
    for number in range(first, stock + m[at.ENTRANTS] * (year + 1)):
        enter(m, number, number % m[at.GRADES] if number < stock else 0, day)


@kernel
def act(m: Pointer, turn: int, day: int, phase: int) -> None:
    """What is due."""
    if phase == Phase.REVIEW:
        review(m, turn, day)
    elif phase == Phase.FINISH:
        finish(m, turn, day)
    else:
        rotate(m, turn, day)


@kernel
def empty_bucket(m: Pointer, day: int, phase: int) -> None:
    """Everyone whose turn this is; rows are asked for a chunk ahead."""
    heads = int32_at(m[at.HEADS])
    bucket = day * DUE_PHASES + phase - 1
    chunk = heads[bucket]
    heads[bucket] = -1
    if chunk >= 0:
        fetch_rows(m, chunk_of(m, chunk))
    while chunk >= 0:
        words = chunk_of(m, chunk)
        link = words[CHUNK]
        following = chunk_of(m, max(link >> 4, 0))
        for place in range(link & 15):
            fetch_row(m, following[place])
            act(m, words[place], day, phase)
        words[CHUNK] = m[at.FREE_CHUNK]
        m[at.FREE_CHUNK] = chunk
        chunk = link >> 4


@kernel
def hand_out(m: Pointer, day: int) -> None:
    """Slots to those who asked today, in trainee order."""
    count = m[at.REQUESTS]
    requests = sort_requests(m, count)
    for place in range(count):
        if place + AHEAD < count:
            fetch_row(m, requests[place + AHEAD])
        turn = requests[place]
        row = row_of(m, turn)
        office = row[at.OFFICE]
        kind = Kind.REFUSED
        if m[at.HELD + office] < m[at.SLOTS]:
            m[at.HELD + office] += 1
            row[at.SLOT] = 1
            kind = Kind.GIVEN
        say(m, day, Phase.PLACE, turn >> 32, kind, office)
    m[at.REQUESTS] = 0


@entry
def play(desk: int) -> int:
    """One run on the desk at an address; returns how many events there were."""
    m = int64_at(desk)
    clear(m)
    for day in range(m[at.YEARS] * YEAR_DAYS):
        if day % YEAR_DAYS == 0:
            admit(m, day)
        for phase in range(Phase.REVIEW, Phase.ROTATE + 1):
            empty_bucket(m, day, phase)
        if m[at.REQUESTS] > 0:
            hand_out(m, day)
    return m[at.TOLD]
