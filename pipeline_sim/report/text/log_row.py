"""Rows of the event log in words, every code by the name that the schema gives it."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import IntEnum

from pipeline_sim.records.columns import MEANINGS, Meaning
from pipeline_sim.records.event_log import Columns
from pipeline_sim.report.text.doctor_story import Row
from pipeline_sim.rules.codes import Critical, Event, Origin, Outcome, Pattern, Phase, Reason, RoundKind, Stage, State
from pipeline_sim.rules.event_order import FIRST_TRAINEE
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
    """Formatter of log rows with the names of one world; a code without a name is shown as it is."""

    def __init__(self, names: Names, first_day: date) -> None:
        self.names, self.first_day = names, first_day

    def cells(self, row: Row) -> dict[str, str]:
        """Row as cells, by column heading."""
        meaning = meaning_of(row.event)
        date_ = self.first_day + timedelta(days=row.day)
        texts = (
            str(row.day),
            f"{date_.day} {date_:%b %Y}",
            code_name(Phase, row.phase),
            str(row.trainee) if row.trainee >= FIRST_TRAINEE else f"office {row.trainee}",
            code_name(Event, row.event),
            self.code_text(meaning.from_code, row.from_code, row.programme),
            self.code_text(meaning.to_code, row.to_code, row.programme),
            name_or_number(self.names.programme_names, row.programme),
            name_or_number(self.grades(row.programme), row.grade),
            name_or_number(self.names.office_names, row.office),
            str(row.wte),
            f"{row.amount:,}",
        )
        return dict(zip(HEADS, texts, strict=True))

    def code_text(self, meaning: str, code: int, programme: int) -> str:
        """Code as text, by its meaning in the schema."""
        codes = CODES.get(meaning.replace(",", " ").split(" ")[0])
        if codes is not None:
            return code_name(codes, code)
        if meaning in NUMBERS:
            return str(code) if meaning or code else ""
        return name_or_number(self.names_for(meaning, programme), code)

    def names_for(self, meaning: str, programme: int) -> tuple[str, ...]:
        """Names that a code with this meaning is an index of."""
        lists: dict[str, tuple[str, ...]] = {
            **ANSWERS,
            "exam": self.names.exams,
            "stream of applicants, -1 none": self.names.streams,
            "kind of place": self.names.place_kinds,
            "old office": self.names.office_names,
            "new office": self.names.office_names,
            "old grade": self.grades(programme),
            "new grade": self.grades(programme),
        }
        return lists[meaning]

    def grades(self, programme: int) -> tuple[str, ...]:
        """Names of the grades of a programme; empty for an unknown programme."""
        return self.names.grades[programme] if 0 <= programme < len(self.names.grades) else ()


def meaning_of(event: int) -> Meaning:
    """Meaning of the codes and the amount of an event; empty for an unknown event."""
    return MEANINGS[Event(event)] if event in MEANINGS else Meaning()


def code_name(codes: type[IntEnum], code: int) -> str:
    """Code as text: `10.2` for an outcome, `C5` for a reason, `left pool` for an event."""
    if code not in set(codes):
        return name_or_number((), code)
    name = codes(code).name
    if codes is Outcome:
        return name.removeprefix("O").replace("_", ".") if code else "not assessed"
    return name if codes is Reason and code else name.lower().replace("_", " ")


def name_or_number(names: tuple[str, ...], index: int) -> str:
    """Name at an index, a dash for -1, else the number itself."""
    if index == -1:
        return "-"
    return names[index] if 0 <= index < len(names) else str(index)


def log_rows(columns: Columns) -> Iterator[Row]:
    """Rows of a part of a log."""
    return (Row(*row) for row in zip(*(columns[name].tolist() for name in Row._fields), strict=True))
