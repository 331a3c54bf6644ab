"""Codes of the model that a log contains, and those that no log can contain."""

from enum import IntEnum

import numpy as np

from pipeline_sim.records.columns import MEANINGS
from pipeline_sim.records.event_log import Columns
from pipeline_sim.report.text.log_row import ANSWERS, CODES
from pipeline_sim.rules.codes import Event, Phase

NEVER_LOGGED = {
    "State.NOT_YET": "a doctor has no rows before arrival",
    "Phase.YEAR": "planning a training year writes no row; what is planned does when it falls due",
    "Reason.U1": "rules/arcp gives only U5 (an exam), U6 (attempts used up) and U10 (experience)",
    "Reason.U2": "as U1",
    "Reason.U3": "as U1",
    "Reason.U4": "as U1",
    "Reason.U7": "as U1",
    "Reason.U8": "as U1",
    "Reason.U9": "as U1",
}
CODE_LISTS: dict[str, type[IntEnum]] = {**CODES, "Event": Event, "Phase": Phase}


def all_codes() -> set[str]:
    """Names of all codes that a row could contain: `Outcome.O10_1`, and `1 supported, 0 not: 1` for answers."""
    listed = {meaning: enumerate(words) for meaning, words in ANSWERS.items()}
    answers = {f"{meaning}: {code}" for meaning, words in listed.items() for code, word in words if word != str(code)}
    return {f"{name}.{code.name}" for name, kind in CODE_LISTS.items() for code in kind} | answers


def codes_in(columns: Columns) -> set[str]:
    """Names of the codes in the rows of a log."""
    seen = {f"Event.{Event(code).name}" for code in np.unique(columns["event"])}
    seen |= {f"Phase.{Phase(code).name}" for code in np.unique(columns["phase"])}
    for event, meaning in MEANINGS.items():
        of_event = columns["event"] == event
        for column, says in (("from_code", meaning.from_code), ("to_code", meaning.to_code)):
            seen |= {code_name(says, int(code)) for code in np.unique(columns[column][of_event])}
    return seen - {""}


def code_name(says: str, code: int) -> str:
    """Name of a code as in `all_codes`; empty where the meaning of the column is not a list of codes."""
    if says in ANSWERS:
        return f"{says}: {code}"
    kind = says.replace(",", " ").split(" ")[0]
    return f"{kind}.{CODES[kind](code).name}" if kind in CODES and code >= 0 else ""
