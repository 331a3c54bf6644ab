"""Output of the kernel: rows of the log, and the counts that are made of them."""

from pipeline_sim.base.compiler.jit import inlined_kernel, kernel
from pipeline_sim.base.compiler.pointers import as_constant, int8_at, int16_at, int32_at
from pipeline_sim.engines.batch.memory.access import row_of
from pipeline_sim.engines.batch.memory.layout import Fault, Header, Memory, Row
from pipeline_sim.engines.batch.output.count_event import tally_event

TINY, SHORT, LONG = 1 << 7, 1 << 15, 1 << 31  # what columns of 8, 16 and 32 bits hold


@kernel
def fits(limit: int, value: int) -> bool:
    """True if a column can hold a value."""
    return -limit <= value < limit


@inlined_kernel
def emit(
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
    people: int,
) -> None:
    """Emit one row: append it to the log, if rows are kept, and count it, if counts are made.

    `people` is the group of the doctor, NOBODY in a row about an office or the nation.
    """
    m[Header.LOG_TOTAL] += 1
    if m[Header.COUNTING]:
        tally_event(m, day, trainee, event, was, now, programme, office, wte, amount, people)
    if m[Header.LOGGING]:
        append_row(m, day, phase, trainee, event, was, now, programme, grade, office, wte, amount)


@kernel
def append_row(
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
    """Append one row to the log."""
    place = m[Header.LOG_USED]
    if place >= m[Header.MOST_LOG]:
        m[Header.FAULT] = Fault.LOG_FULL
        return
    if not (fits(SHORT, was) and fits(SHORT, now) and fits(SHORT, programme) and fits(LONG, amount)):
        m[Header.FAULT] = Fault.RANGE
        return
    if not (fits(TINY, grade) and fits(TINY, office) and fits(TINY, wte)):
        m[Header.FAULT] = Fault.RANGE
        return
    at = as_constant(m)
    int32_at(at[Header.LOG_COLUMNS])[place] = day
    int8_at(at[Header.LOG_COLUMNS + 1])[place] = phase
    int32_at(at[Header.LOG_COLUMNS + 2])[place] = trainee
    int8_at(at[Header.LOG_COLUMNS + 3])[place] = event
    int16_at(at[Header.LOG_COLUMNS + 4])[place] = was
    int16_at(at[Header.LOG_COLUMNS + 5])[place] = now
    int16_at(at[Header.LOG_COLUMNS + 6])[place] = programme
    int8_at(at[Header.LOG_COLUMNS + 7])[place] = grade
    int8_at(at[Header.LOG_COLUMNS + 8])[place] = office
    int8_at(at[Header.LOG_COLUMNS + 9])[place] = wte
    int32_at(at[Header.LOG_COLUMNS + 10])[place] = amount
    m[Header.LOG_USED] = place + 1


@inlined_kernel
def emit_for_doctor(m: Memory, day: int, phase: int, i: int, event: int, was: int, now: int, amount: int) -> None:
    """Emit one row about a doctor."""
    row = row_of(m, i)
    who, programme, grade = row[Row.NUMBER], row[Row.PROGRAMME], row[Row.GRADE]
    office, wte, people = row[Row.OFFICE], row[Row.WTE], row[Row.PEOPLE]
    emit(m, day, phase, who, event, was, now, programme, grade, office, wte, amount, people)
