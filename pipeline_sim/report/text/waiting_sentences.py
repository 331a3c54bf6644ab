"""Sentence of the headline on the waiting list: which mixes shorten it, and what the mix ahead does to it."""

from pipeline_sim.report.text.figure_clauses import interval_clause
from pipeline_sim.report.text.number_format import listed, month_name, number_word, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.waiting_lists import change_of, list_of, widest_month

NAMED = 3  # mixes named in one sentence; more are counted


def waiting_sentences(answer: Answer, ahead: str) -> list[str]:
    """Sentence on the waiting list; none where no list is modelled or no mix moves it."""
    mixes = [world for world in answer.programmes if world in answer.waiting.index.unique("world")]
    if not mixes:
        return []
    month = widest_month(answer.waiting, mixes)
    change = {world: change_of(answer.waiting, world, month) for world in mixes}
    if not any(each.mean for each in change.values()):
        return []
    shorter = [world for world, each in change.items() if each.high < 0]
    if len(shorter) > NAMED:
        first = f"clearly shortened by {number_word(len(shorter))} of {number_word(len(change))} mixes"
    elif shorter:
        names = listed(f"“{answer.label(world)}” by {_size(change[world].negated())}" for world in shorter)
        first = f"clearly shortened by {names}"
    else:
        first = "clearly shortened by no mix"
    own = _ahead_clause(answer, ahead, change[ahead], month)
    return [f"In {month_name(month)} the waiting list is {first}{own}."]


def _ahead_clause(answer: Answer, ahead: str, change: Estimate, month: str) -> str:
    if change.high < 0:
        return ""
    name, lost = f"“{answer.label(ahead)}”", float(list_of(answer.waiting, ahead).loc[month, "pathways_lost"])
    reason = ", because doctors whom it releases leave patients untreated" if lost > 0 else ""
    if not change.mean:
        return f"; {name} leaves it as it is"
    if change.low > 0:
        return f"; {name} lengthens it by {_size(change)}{reason}"
    return f"; {name} has no clear effect on it"


def _size(change: Estimate) -> str:
    return f"{rounded(change.mean)} pathways ({interval_clause(change, '')})"
