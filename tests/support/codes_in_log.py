"""Which codes of the model a log has in it, and which no log can have."""

from enum import IntEnum

import numpy as np

from pipeline_sim.records.columns import MEANINGS
from pipeline_sim.records.event_log import Columns
from pipeline_sim.report.text.log_row import ANSWERS, CODES
from pipeline_sim.rules.codes import Event, Phase

NEVER_SAID = {
    "State.NOT_YET": "before arrival there is no doctor to write about",
    "Phase.YEAR": "a training year is planned in silence; what is planned shows when it falls due",
    "Reason.U1": "reasons of one's own are an exam (U5), attempts used up (U6) or experience (U10): rules/arcp",
    "Reason.U2": "as U1",
    "Reason.U3": "as U1",
    "Reason.U4": "as U1",
    "Reason.U7": "as U1",
    "Reason.U8": "as U1",
    "Reason.U9": "as U1",
}
EVERY: dict[str, type[IntEnum]] = {**CODES, "Event": Event, "Phase": Phase}


def codes() -> set[str]:
    """Everything that a row could say: `Outcome.O10_1`, and `1 supported, 0 not: 1` for answers."""
    listed = {meaning: enumerate(words) for meaning, words in ANSWERS.items()}
    answers = {f"{meaning}: {code}" for meaning, words in listed.items() for code, word in words if word != str(code)}
    return {f"{name}.{code.name}" for name, kind in EVERY.items() for code in kind} | answers


def met(columns: Columns) -> set[str]:
    """What the rows of a log do say."""
    seen = {f"Event.{Event(code).name}" for code in np.unique(columns["event"])}
    seen |= {f"Phase.{Phase(code).name}" for code in np.unique(columns["phase"])}
    for event, meaning in MEANINGS.items():
        of_event = columns["event"] == event
        for column, says in (("from_code", meaning.from_code), ("to_code", meaning.to_code)):
            seen |= {named(says, int(code)) for code in np.unique(columns[column][of_event])}
    return seen - {""}


def named(says: str, code: int) -> str:
    """One code in the way of `codes`; nothing where the meaning is not a list of codes."""
    if says in ANSWERS:
        return f"{says}: {code}"
    kind = says.replace(",", " ").split(" ")[0]
    return f"{kind}.{CODES[kind](code).name}" if kind in CODES and code >= 0 else ""
