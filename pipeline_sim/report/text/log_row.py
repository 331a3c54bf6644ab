"""Rows of the event log in words: every code by its name, as the schema says what it means."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import IntEnum

from pipeline_sim.records.columns import MEANINGS, Meaning
from pipeline_sim.records.count_measures import FIRST_TRAINEE
from pipeline_sim.records.event_log import Columns
from pipeline_sim.report.text.doctor_story import Row
from pipeline_sim.rules.codes import Critical, Event, Origin, Outcome, Pattern, Phase, Reason, RoundKind, Stage, State
from pipeline_sim.world.schema.names import Names

HEADS = ("day", "date", "phase", "trainee", "event", "from", "to", "programme", "grade", "office", "wte", "amount")
HEAD_OF = {"from_code": "from", "to_code": "to"}  # columns of the log that have another head
CODES: dict[str, type[IntEnum]] = {
    codes.__name__: codes for codes in (Origin, RoundKind, Stage, State, Pattern, Critical, Reason, Outcome)
}
ANSWERS = {
    "1 supervised, 0 not": ("not supervised", "supervised"),
    "1 supported, 0 not": ("not supported", "supported"),
    "0 recommended, 1 deferred": ("recommended", "deferred"),
    "0 given, 1 found": ("given", "found"),
    "1 withdrew, 2 not free in time": ("0", "withdrew", "not free in time"),
}
NUMBERS = ("", "attempt", "offer run of the final post", "offer runs", "per cent before", "per cent after")


class LogWords:
    """The words of one world. A code without a name is shown as it stands: a wrong engine may write anything."""

    def __init__(self, names: Names, first_day: date) -> None:
        self.names, self.first_day = names, first_day

    def cells(self, row: Row) -> dict[str, str]:
        """One row, by the heads of a table."""
        said = meaning_of(row.event)
        when = self.first_day + timedelta(days=row.day)
        texts = (
            str(row.day),
            f"{when.day} {when:%b %Y}",
            code_name(Phase, row.phase),
            str(row.trainee) if row.trainee >= FIRST_TRAINEE else f"office {row.trainee}",
            code_name(Event, row.event),
            self.meant(said.from_code, row.from_code, row.programme),
            self.meant(said.to_code, row.to_code, row.programme),
            named(self.names.programme_names, row.programme),
            named(self.grades(row.programme), row.grade),
            named(self.names.office_names, row.office),
            str(row.wte),
            f"{row.amount:,}",
        )
        return dict(zip(HEADS, texts, strict=True))

    def meant(self, meaning: str, code: int, programme: int) -> str:
        """A code in the words that its meaning asks for."""
        codes = CODES.get(meaning.replace(",", " ").split(" ")[0])
        if codes is not None:
            return code_name(codes, code)
        if meaning in NUMBERS:
            return str(code) if meaning or code else ""
        return named(self.names_for(meaning, programme), code)

    def names_for(self, meaning: str, programme: int) -> tuple[str, ...]:
        """The list that a code with this meaning is an index of."""
        lists: dict[str, tuple[str, ...]] = {
            **ANSWERS,
            "exam": self.names.exams,
            "stream of applicants, -1 none": self.names.streams,
            "kind of seat": self.names.seats,
            "old office": self.names.office_names,
            "new office": self.names.office_names,
            "old grade": self.grades(programme),
            "new grade": self.grades(programme),
        }
        return lists[meaning]

    def grades(self, programme: int) -> tuple[str, ...]:
        """Names of a programme's grades; none if there is no such programme."""
        return self.names.grades[programme] if 0 <= programme < len(self.names.grades) else ()


def meaning_of(event: int) -> Meaning:
    """What the codes and the amount of an event say; nothing if there is no such event."""
    return MEANINGS[Event(event)] if event in MEANINGS else Meaning()


def code_name(codes: type[IntEnum], code: int) -> str:
    """A code as a word: `10.2` for an outcome, `C5` for a reason, `left pool` for an event."""
    if code not in set(codes):
        return named((), code)
    name = codes(code).name
    if codes is Outcome:
        return name.removeprefix("O").replace("_", ".") if code else "not assessed"
    return name if codes is Reason and code else name.lower().replace("_", " ")


def named(names: tuple[str, ...], index: int) -> str:
    """The name of an index, a dash for -1, else the number itself."""
    if index == -1:
        return "-"
    return names[index] if 0 <= index < len(names) else str(index)


def rows_in(columns: Columns) -> Iterator[Row]:
    """The rows of a stretch of a log."""
    return (Row(*row) for row in zip(*(columns[name].tolist() for name in Row._fields), strict=True))
