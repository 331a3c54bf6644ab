"""Career of one doctor in plain English with dates, from the rows of a log."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from pipeline_sim.base.calendar import DAYS_PER_YEAR
from pipeline_sim.records.code_meanings import PLACES
from pipeline_sim.records.event_log import Columns
from pipeline_sim.rules.codes import Event, Origin, Outcome, Qualified, Reason, RoundKind, Stage, State
from pipeline_sim.rules.event_order import FIRST_TRAINEE, origin_of
from pipeline_sim.rules.people import BY_PLACE, BY_SEX
from pipeline_sim.world.schema.names import Names

ORIGINS = {
    Origin.STOCK: "Is in training when the run begins.",
    Origin.GRADUATE: "Leaves medical school.",
    Origin.EXTERNAL: "Qualified abroad, and applies for the first time.",
    Origin.QUALIFIED_HERE: "Qualified in the UK, is outside training and applies.",
    Origin.RETURNER: "Finished F2 before the run begins, is outside training and intends to apply.",
}
ROUNDS = {
    RoundKind.FIRST: "the first round",
    RoundKind.SECOND: "the ST3 and ST4 round",
    RoundKind.READVERT: "the re-advertised round",
    RoundKind.FEBRUARY: "the February round",
}
OUTCOMES = {
    Outcome.NOT_ASSESSED: "is not assessed",
    Outcome.O1: "on track (outcome 1)",
    Outcome.O2: "some competences outstanding, no extra time (outcome 2)",
    Outcome.O3: "competences not met: extra training time (outcome 3)",
    Outcome.O4: "released from the programme (outcome 4)",
    Outcome.O5: "evidence incomplete, decision pending (outcome 5)",
    Outcome.O6: "all competences gained (outcome 6)",
    Outcome.O8: "out of programme (outcome 8)",
    Outcome.O10_1: "competences delayed by COVID, progresses with the gap (outcome 10.1)",
    Outcome.O10_2: "competences delayed by COVID at a critical point: extra time (outcome 10.2)",
}
STATES = {
    State.TRAINING: "training",
    State.REDEPLOYED: "a COVID ward",
    State.SICK: "sick leave",
    State.PARENTAL: "parental leave",
    State.OOPT: "training out of programme",
    State.OOPR: "research out of programme",
    State.OOPE: "experience out of programme",
    State.OOPC: "a career break",
    State.OOPP: "an out-of-programme pause",
}
AFTERWARDS = {
    State.POOL: "and will apply again",
    State.GRACE: "and keeps the post for a while",
    State.COMPLETED: "and leaves as a consultant or GP",
    State.LEFT: "and leaves training",
}


class Row(NamedTuple):
    """Row of the event log."""

    day: int
    phase: int
    trainee: int
    event: int
    from_code: int
    to_code: int
    programme: int
    grade: int
    office: int
    wte: int
    amount: int


class StoryWriter:
    """Writer of sentences for log rows, with the names of one world."""

    def __init__(self, names: Names, first_day: date) -> None:
        self.names, self.first_day = names, first_day
        self.sentences: dict[Event, Callable[[Row], str]] = {
            Event.ENTERED: lambda row: f"{ORIGINS[Origin(row.from_code)]} {_attributes(row)}",
            Event.STARTED: self._started,
            Event.PLACED: lambda row: "" if row.to_code else "Is given no supervised slot: learns more slowly.",
            Event.WTE_CHANGED: lambda row: f"Now works {row.to_code} % of full time, previously {row.from_code} %.",
            Event.EXAM_PASSED: lambda row: f"Passes {self._exam(row)}{_attempt(row)}.",
            Event.EXAM_FAILED: lambda row: f"Fails {self._exam(row)}{_attempt(row)}.",
            Event.REVIEWED: lambda row: f"{self.names.review}: {_outcome(row)}",
            Event.EXTENDED: _extended,
            Event.SHORTENED: lambda row: f"Of the extension {row.amount} whole-time days are no longer needed.",
            Event.PROGRESSED: lambda row: f"Progresses to {self._grade(row)}.",
            Event.COMPLETED: self._completed,
            Event.RESIGNED: lambda row: f"Resigns {AFTERWARDS[State(row.to_code)]}.",
            Event.RELEASED: lambda row: "Is released from training.",
            Event.AWAY: lambda row: f"Goes on {STATES[State(row.to_code)]} for {_days(row.amount)}.",
            Event.RETURNED: _returned,
            Event.REDEPLOYED: lambda row: f"Is redeployed to a COVID ward for {row.amount} weeks.",
            Event.OFFERED: lambda row: f"Is offered {self._post(row)}, preference {row.amount + 1}.",
            Event.ACCEPTED: lambda row: f"Accepts {self._post(row)} in {ROUNDS[RoundKind(row.from_code)]}.",
            Event.WITHDREW: _withdrew,
            Event.UNPLACED: lambda row: f"Applies and is offered no post in {ROUNDS[RoundKind(row.from_code)]}.",
            Event.DEFERRED: lambda row: "Defers the start by a year on statutory grounds.",
            Event.TRANSFERRED: lambda row: f"Transfers to {self.names.office_names[row.to_code]}.",
            Event.REVALIDATED: _revalidated,
            Event.SEATED: self._seated,
            Event.CENSUS: _census,
            Event.LEFT_POOL: lambda row: "Stops applying.",
            Event.GRACE_ENDED: lambda row: "Leaves the post as a consultant or GP.",
        }

    def lines(self, rows: list[Row]) -> Iterator[str]:
        """Lines of the story, one for each day with an event that has a sentence."""
        day, text = -1, ""
        for row in rows:
            sentence = self.sentences[Event(row.event)](row) if row.event in self.sentences else ""
            if not sentence:
                continue
            if row.day != day and text:
                yield self._line(day, text)
            text = f"{text} {sentence}" if row.day == day else sentence
            day = row.day
        if text:
            yield self._line(day, text)

    def _line(self, day: int, text: str) -> str:
        date_ = self.first_day + timedelta(days=day)
        return f"{date_.day:>2} {date_:%B %Y}: {text}"

    def _grade(self, row: Row) -> str:
        return self.names.grades[row.programme][row.grade]

    def _post(self, row: Row) -> str:
        return f"{self.names.programme_names[row.programme]} in {self.names.office_names[row.office]}"

    def _exam(self, row: Row) -> str:
        return self.names.exams[row.from_code].replace("-", " ").upper()

    def _started(self, row: Row) -> str:
        over = f", {row.amount} above the number of posts" if row.amount else ""
        part_time = f", at {row.wte} % of full time" if row.wte < 100 else ""
        return f"Starts {self._post(row)} at {self._grade(row)}{part_time}{over}."

    def _completed(self, row: Row) -> str:
        what = "Completes the programme" if row.from_code in (Stage.FOUNDATION, Stage.CORE) else "Is awarded a CCT"
        return f"{what} after {row.amount / DAYS_PER_YEAR:.1f} years {AFTERWARDS[State(row.to_code)]}."

    def _seated(self, row: Row) -> str:
        kind = (
            self.names.place_kinds[row.from_code] if row.from_code < len(self.names.place_kinds) else "an intervention"
        )
        days = f"{row.amount / 1000:.1f} curriculum days"
        return (
            f"A gap of {days} is identified ({kind})." if row.to_code else f"Is given a place on {kind}, worth {days}."
        )


def doctor_rows(columns: Columns, trainee: int) -> list[Row]:
    """Log rows of one doctor, in order."""
    own = columns["trainee"] == trainee
    return [Row(*row) for row in zip(*(columns[name][own].tolist() for name in Row._fields), strict=True)]


def matching_doctors(columns: Columns, names: Names, words: str) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """Doctors [D] who at some time matched every word: of a programme, specialty group, stage, office or grade."""
    fits = columns["trainee"] >= FIRST_TRAINEE
    fits &= (columns["programme"] >= 0) & (columns["grade"] >= 0) & (columns["office"] >= 0)
    table = np.zeros((len(names.programmes), 8, len(names.offices)), bool)
    for programme, grades in enumerate(names.grades):
        for grade, grade_name in enumerate(grades):
            for office, office_name in enumerate(names.office_names):
                text = _about(names, programme, grade_name, office_name)
                table[programme, grade, office] = all(word in text for word in words.lower().split())
    index = tuple(np.maximum(columns[name], 0) for name in ("programme", "grade", "office"))
    fits &= table[index]
    return np.unique(columns["trainee"][fits])


def story_heading(trainee: int, rows: list[Row]) -> str:
    """Heading of a story: number, origin and log rows of the doctor."""
    origin = Origin(origin_of(trainee)).name.lower()
    return f"Doctor {trainee} ({origin}), {len(rows)} rows of the log"


def _about(names: Names, programme: int, grade: str, office: str) -> str:
    group = names.groups[names.programme_groups[programme]]
    parts = names.programmes[programme], names.programme_names[programme], group, names.programme_stages[programme]
    return " ".join((*parts, grade, office)).lower()


def _attributes(row: Row) -> str:
    place, rest = divmod(row.amount, BY_PLACE)
    woman, age = divmod(rest, BY_SEX)
    return f"Is a {'woman' if woman else 'man'} who {PLACES[Qualified(place)]} and began training here at {age}."


def _attempt(row: Row) -> str:
    return "" if row.to_code == 1 else f" at attempt {row.to_code}"


def _days(days: int) -> str:
    return f"{days} days" if days < 60 else f"{days / 30.4:.0f} months"


def _outcome(row: Row) -> str:
    reason = Reason(row.from_code)
    why = f", {reason.name}" if reason != Reason.NONE else ""
    late = f", {row.amount} days late" if row.amount > 0 else ""
    return f"{OUTCOMES[Outcome(row.to_code)]}{why}{late}."


def _extended(row: Row) -> str:
    reason = " because of COVID" if row.from_code == Outcome.O10_2 else ""
    return f"Training is extended by {row.amount} whole-time days{reason}."


def _returned(row: Row) -> str:
    support = " with return-to-training support" if row.to_code else ""
    return f"Comes back from {STATES[State(row.from_code)]} after {_days(row.amount)}{support}."


def _withdrew(row: Row) -> str:
    return "Withdraws before the start." if row.from_code == 1 else "Is not available in time: the post stays vacant."


def _revalidated(row: Row) -> str:
    if row.to_code:
        return "Revalidation is deferred."
    return f"Is recommended for revalidation{', late' if row.amount > 0 else ''}."


def _census(row: Row) -> str:
    return f"Ends the training year with a gap of {row.amount} curriculum days." if row.amount else ""
