"""What the kernel says: rows of the log, and the counts that are made of them."""

from pipeline_sim.base.compiler.jit import inlined_kernel, kernel
from pipeline_sim.base.compiler.pointers import as_constant, int8_at, int16_at, int32_at
from pipeline_sim.engines.batch.memory.access import row_of
from pipeline_sim.engines.batch.memory.layout import (
    COUNTING,
    FAULT,
    GRADE,
    LOG_COLUMNS,
    LOG_FULL,
    LOG_TOLD,
    LOG_USED,
    LOGGING,
    MOST_LOG,
    NUMBER,
    OFFICE,
    PROGRAMME,
    RANGE,
    WTE,
    Memory,
)
from pipeline_sim.engines.batch.output.count_event import count

TINY, SHORT, LONG = 1 << 7, 1 << 15, 1 << 31  # what columns of 8, 16 and 32 bits hold


@kernel
def fits(limit: int, value: int) -> bool:
    """True if a column can hold a value."""
    return -limit <= value < limit


@inlined_kernel
def write(
    m: Memory,
    day: int,
    phase: int,
    trainee: int,
    event: int,
    was: int,
    now: int,
    programme: int,
    grade: int,
    office: int,
    wte: int,
    amount: int,
) -> None:
    """One row of the log, if it is kept, and what it adds to the counts, if these are made."""
    m[LOG_TOLD] += 1
    if m[COUNTING]:
        count(m, day, trainee, event, was, now, programme, office, wte, amount)
    if m[LOGGING]:
        keep(m, day, phase, trainee, event, was, now, programme, grade, office, wte, amount)


@kernel
def keep(
    m: Memory,
    day: int,
    phase: int,
    trainee: int,
    event: int,
    was: int,
    now: int,
    programme: int,
    grade: int,
    office: int,
    wte: int,
    amount: int,
) -> None:
    """One row of the log."""
    place = m[LOG_USED]
    if place >= m[MOST_LOG]:
        m[FAULT] = LOG_FULL
        return
    if not (fits(SHORT, was) and fits(SHORT, now) and fits(SHORT, programme) and fits(LONG, amount)):
        m[FAULT] = RANGE
        return
    if not (fits(TINY, grade) and fits(TINY, office) and fits(TINY, wte)):
        m[FAULT] = RANGE
        return
    at = as_constant(m)
    int32_at(at[LOG_COLUMNS])[place] = day
    int8_at(at[LOG_COLUMNS + 1])[place] = phase
    int32_at(at[LOG_COLUMNS + 2])[place] = trainee
    int8_at(at[LOG_COLUMNS + 3])[place] = event
    int16_at(at[LOG_COLUMNS + 4])[place] = was
    int16_at(at[LOG_COLUMNS + 5])[place] = now
    int16_at(at[LOG_COLUMNS + 6])[place] = programme
    int8_at(at[LOG_COLUMNS + 7])[place] = grade
    int8_at(at[LOG_COLUMNS + 8])[place] = office
    int8_at(at[LOG_COLUMNS + 9])[place] = wte
    int32_at(at[LOG_COLUMNS + 10])[place] = amount
    m[LOG_USED] = place + 1


@inlined_kernel
def say(m: Memory, day: int, phase: int, i: int, event: int, was: int, now: int, amount: int) -> None:
    """One row about a doctor."""
    row = row_of(m, i)
    write(
        m, day, phase, row[NUMBER], event, was, now, row[PROGRAMME], row[GRADE], row[OFFICE], row[WTE], amount
    )  # fmt: skip
