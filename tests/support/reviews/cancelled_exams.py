"""Who failed a part of an exam and then had only cancelled sittings, read from the rows of a log alone."""

from collections.abc import Iterator

import numpy as np

from pipeline_sim.rules.codes import GATES, NEVER, OUTCOMES_DEROGATED, Event, Outcome
from pipeline_sim.rules.exams import may_sit_from
from pipeline_sim.rules.rulebook import Rulebook
from support.run_and_read import Row

ENDS = (Outcome.O3, Outcome.O4, Outcome.O10_1, Outcome.O10_2)
RESULTS = (Event.EXAM_PASSED, Event.EXAM_FAILED)


def only_cancelled_since(book: Rulebook, career: list[Row]) -> Iterator[tuple[int, int]]:
    """Decisions at the end of a grade on a doctor, never away, who lacks one gate and failed it before its closure."""
    passed: set[int] = set()
    failed: dict[int, int] = {}
    began = extended = away = 0
    for row in career:
        if row.event == Event.STARTED:
            passed, failed = set(), {}
        if row.event in (Event.STARTED, Event.PROGRESSED):
            began, extended, away = row.day, row.day, 0
        if row.event == Event.EXTENDED:
            extended = row.day
        away |= row.event in (Event.AWAY, Event.SEATED)
        if row.event in RESULTS:
            failed[row.from_code] = row.day
            passed |= {row.from_code} if row.event == Event.EXAM_PASSED else set()
        derogated = book.panels.derogation[row.day] & OUTCOMES_DEROGATED
        if row.event == Event.REVIEWED and row.to_code in ENDS and derogated and not away and began > 0:
            lacks = list(failed_last(book, row, passed, failed))
            if len(lacks) == 1 and all(cancelled(book, row, part, began, extended, failed) for part in lacks):
                yield row.to_code, row.from_code


def failed_last(book: Rulebook, row: Row, passed: set[int], failed: dict[int, int]) -> Iterator[int]:
    """Parts of the gates that are due, of each the first not known to be passed; those never sat too."""
    for gate in range(GATES):
        first, count = book.exams.gate[row.programme, gate], book.exams.parts[row.programme, gate]
        if first >= 0 and book.exams.gate_by[row.programme, gate] <= row.grade and first + count - 1 not in passed:
            sat = [part for part in range(first, first + count) if part in failed]
            yield next((part for part in sat if part not in passed), sat[-1] + 1 if sat else first)


def cancelled(book: Rulebook, row: Row, part: int, began: int, extended: int, failed: dict[int, int]) -> bool:
    """Failed, and since then, in this grade and since its last extension, some sittings, all of them cancelled."""
    exams = book.exams
    if part not in failed or failed[part] >= row.day or exams.is_course[part]:
        return False
    gate = int(np.flatnonzero((exams.gate[row.programme] <= part) & (exams.gate[row.programme] >= 0)).max(initial=-1))
    places = (exams.gate_from[row.programme, gate], exams.gate_by[row.programme, gate])
    opens = may_sit_from(row.grade, began, *places, exams.after_grades[part], exams.after_days[part])
    day, held = max(opens, extended + 1, failed[part] + exams.entry_days[part]), []
    while day < row.day and (sitting := int(exams.next_sitting[part, day])) < min(row.day, NEVER):
        held.append(exams.places[part, book.calendar.month_of[sitting]])
        day = sitting + 1
    return bool(held) and not any(held)
