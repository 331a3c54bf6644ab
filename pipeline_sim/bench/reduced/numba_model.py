"""The reduced pipeline in the manner of the batch engine: a loop over rows of integers, compiled by Numba.

One 64-byte row for each trainee, reused when the trainee leaves. What is due next is in the bucket of its day and
phase: chunks of fifteen 64-bit words, trainee number above row number, linked, with a free list. Nothing is
allocated or checked in the loop. `cpp_twin.cpp` is the same program in C++, on the same memory.
"""

from pipeline_sim.base.compiler.jit import entry, kernel
from pipeline_sim.base.compiler.pointers import Pointer, int32_at, int64_at
from pipeline_sim.base.philox import philox4x32
from pipeline_sim.bench.reduced import numba_books as books
from pipeline_sim.bench.reduced import reduced_spec
from pipeline_sim.bench.reduced import work_arrays as at
from pipeline_sim.bench.reduced.reduced_spec import YEAR_DAYS, Kind, Phase, Purpose
from pipeline_sim.bench.reduced.work_arrays import CHUNK, DUE_PHASES

AHEAD = 16  # requests between prefetching a row and using it

uniform_index = kernel(reduced_spec.uniform_index)
working_days = kernel(reduced_spec.working_days)
planned_days = kernel(reduced_spec.planned_days)
day_points = kernel(reduced_spec.day_points)
required_points = kernel(reduced_spec.required_points)
next_changeover = kernel(reduced_spec.next_changeover)
next_review = kernel(reduced_spec.next_review)


@kernel
def random_words(m: Pointer, number: int, purpose: int, day: int) -> tuple[int, int, int, int]:
    """Random words for one decision."""
    return philox4x32(number, purpose, day, m[at.SEED] >> 32, m[at.SEED], m[at.REPLICATION])


@kernel
def schedule(m: Pointer, row: Pointer, day: int, phase: int, turn: int) -> None:
    """Schedule the first event due after a turn, unless it is beyond the run."""
    review = row[at.REVIEW] * DUE_PHASES
    first = min(row[at.FINISH] * DUE_PHASES + 1, row[at.ROTATE] * DUE_PHASES + 2)
    if day * DUE_PHASES + phase - 1 < review < first:
        first = review
    if first < m[at.YEARS] * YEAR_DAYS * DUE_PHASES:
        books.push_event(m, first, turn)


# ---- one trainee ---------------------------------------------------------------------------------------------------


@kernel
def accrue_learning(row: Pointer, day: int) -> None:
    """Accrue learning up to a day."""
    row[at.EARNED] += (day - row[at.SINCE]) * day_points(row[at.WORKING], row[at.SLOT], row[at.PACE])
    row[at.SINCE] = day


@kernel
def release_slot(m: Pointer, row: Pointer) -> None:
    """Release the slot, if there is one."""
    m[at.HELD + row[at.OFFICE]] -= row[at.SLOT]
    row[at.SLOT] = 0


@kernel
def begin_grade(m: Pointer, row: Pointer, day: int) -> None:
    """Begin a grade: nothing learnt, nothing decided."""
    finish = day + row[at.PLANNED]
    row[at.BEGAN], row[at.SINCE], row[at.EARNED], row[at.EXTENSIONS] = day, day, 0, 0
    row[at.FINISH] = finish
    row[at.REVIEW] = next_review(day, m[at.REVIEW_DAYS], finish, row[at.LEAD])


@kernel
def enter(m: Pointer, number: int, grade: int, day: int) -> None:
    """Enter one trainee."""
    turn = number << 32 | books.new_row(m)
    row = books.row_of(m, turn)
    words = random_words(m, number, Purpose.ENTRY, day)
    working, rotation = working_days(words[1], m[at.PART_TIME]), m[at.ROTATION_DAYS] * (1 + uniform_index(words[2], 2))
    row[at.GRADE], row[at.ENTERED], row[at.SLOT], row[at.PACE] = grade, day, 0, 10
    row[at.OFFICE] = uniform_index(words[0], m[at.OFFICES])
    row[at.WORKING], row[at.PLANNED] = working, planned_days(m[at.GRADE_DAYS], working)
    row[at.ROTATION], row[at.ROTATE] = rotation, next_changeover(day, rotation)
    row[at.LEAD] = m[at.LEAD_DAYS] + uniform_index(words[3], m[at.LEAD_SPAN])
    begin_grade(m, row, day)
    books.emit(m, day, Phase.ENTER, number, Kind.ENTERED, grade)
    books.request_slot(m, turn)
    schedule(m, row, day, Phase.ENTER, turn)


@kernel
def review(m: Pointer, turn: int, day: int) -> None:
    """Review: pass or extend."""
    row, number = books.row_of(m, turn), turn >> 32
    word = random_words(m, number, Purpose.REVIEW, day)[0]
    accrue_learning(row, day)
    gap = required_points(row[at.WORKING], row[at.PLANNED], day - row[at.BEGAN]) - row[at.EARNED]
    chance = m[at.PASS_IF_BEHIND] if gap > 100 * m[at.TOLERANCE_DAYS] else m[at.PASS_IF_LEVEL]
    kind = Kind.PASSED
    if word >= chance and row[at.EXTENSIONS] < m[at.MOST_EXTENSIONS]:
        kind = Kind.EXTENDED
        row[at.EXTENSIONS] += 1
        row[at.FINISH] += m[at.EXTENSION_DAYS]
    books.emit(m, day, Phase.REVIEW, number, kind, gap)
    row[at.REVIEW] = next_review(day, m[at.REVIEW_DAYS], row[at.FINISH], row[at.LEAD])
    schedule(m, row, day, Phase.REVIEW, turn)


@kernel
def finish(m: Pointer, turn: int, day: int) -> None:
    """Finish a grade: progress to the next, or leave."""
    row, number = books.row_of(m, turn), turn >> 32
    grade = row[at.GRADE] + 1
    if grade < m[at.GRADES]:
        row[at.GRADE] = grade
        begin_grade(m, row, day)
        books.emit(m, day, Phase.FINISH, number, Kind.PROGRESSED, grade)
        schedule(m, row, day, Phase.FINISH, turn)
        return
    release_slot(m, row)
    books.emit(m, day, Phase.FINISH, number, Kind.LEFT, day - row[at.ENTERED])
    books.free_row(m, turn)


@kernel
def rotate(m: Pointer, turn: int, day: int) -> None:
    """Rotate: release the slot, change placement, request a slot."""
    row, number = books.row_of(m, turn), turn >> 32
    word = random_words(m, number, Purpose.PLACE, day)[0]
    accrue_learning(row, day)
    release_slot(m, row)
    pace = m[at.SLOWEST] + uniform_index(word, m[at.PACES])
    row[at.PACE] = pace
    row[at.ROTATE] = next_changeover(day, row[at.ROTATION])
    books.emit(m, day, Phase.ROTATE, number, Kind.ROTATED, pace)
    books.request_slot(m, turn)
    schedule(m, row, day, Phase.ROTATE, turn)


# ---- the day -------------------------------------------------------------------------------------------------------


@kernel
def admit(m: Pointer, day: int) -> None:
    """Enter the year's entrants; on the first day also those in post."""
    stock, year = m[at.ENTRANTS] * m[at.GRADES], day // YEAR_DAYS
    first = stock + m[at.ENTRANTS] * year if year > 0 else 0
    for number in range(first, stock + m[at.ENTRANTS] * (year + 1)):
        enter(m, number, number % m[at.GRADES] if number < stock else 0, day)


@kernel
def run_turn(m: Pointer, turn: int, day: int, phase: int) -> None:
    """Run the turn of a trainee: what is due."""
    if phase == Phase.REVIEW:
        review(m, turn, day)
    elif phase == Phase.FINISH:
        finish(m, turn, day)
    else:
        rotate(m, turn, day)


@kernel
def drain_bucket(m: Pointer, day: int, phase: int) -> None:
    """Drain the bucket of a day and phase; rows are prefetched a chunk ahead."""
    heads = int32_at(m[at.HEADS])
    bucket = day * DUE_PHASES + phase - 1
    chunk = heads[bucket]
    heads[bucket] = -1
    if chunk >= 0:
        books.fetch_rows(m, books.chunk_of(m, chunk))
    while chunk >= 0:
        words = books.chunk_of(m, chunk)
        link = words[CHUNK]
        following = books.chunk_of(m, max(link >> 4, 0))
        for place in range(link & 15):
            books.fetch_row(m, following[place])
            run_turn(m, words[place], day, phase)
        words[CHUNK] = m[at.FREE_CHUNK]
        m[at.FREE_CHUNK] = chunk
        chunk = link >> 4


@kernel
def allocate_slots(m: Pointer, day: int) -> None:
    """Allocate slots to those who requested one today, in trainee order."""
    count = m[at.REQUESTS]
    requests = books.sort_requests(m, count)
    for place in range(count):
        if place + AHEAD < count:
            books.fetch_row(m, requests[place + AHEAD])
        turn = requests[place]
        row = books.row_of(m, turn)
        office = row[at.OFFICE]
        kind = Kind.REFUSED
        if m[at.HELD + office] < m[at.SLOTS]:
            m[at.HELD + office] += 1
            row[at.SLOT] = 1
            kind = Kind.GIVEN
        books.emit(m, day, Phase.PLACE, turn >> 32, kind, office)
    m[at.REQUESTS] = 0


@entry
def play(desk: int) -> int:
    """One run on the desk at an address; returns the number of events."""
    m = int64_at(desk)
    books.clear(m)
    for day in range(m[at.YEARS] * YEAR_DAYS):
        if day % YEAR_DAYS == 0:
            admit(m, day)
        for phase in range(Phase.REVIEW, Phase.ROTATE + 1):
            drain_bucket(m, day, phase)
        if m[at.REQUESTS] > 0:
            allocate_slots(m, day)
    return m[at.LOGGED]
