"""Section on service beside training: the waiting list with each mix, and the training that it recovers."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, change_cell, gain_cell
from pipeline_sim.report.text.number_format import format_level, month_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.waiting_lists import list_of, widest_month

TITLE = "Service and training"
DIFFERENCE = ["difference_mean", "difference_low", "difference_high"]
PATHWAYS = (
    "Pathways added and not done are counted from the first month to the last. Pathways added are below zero where "
    "trainees learn on lists that would be held anyway: such a list does fewer cases."
)
NOTE = (
    "Pathways of England that wait for consultant-led treatment, modelled from published referrals and activity. Lists "
    "and clinics that a mix adds take patients off it; doctors whom it releases leave some untreated. Part of "
    "what is done sooner is made up by less extra effort later."
)


def section(answer: Answer) -> Section:
    """List and training of every mix; no paragraphs, and so no section, where no list is modelled."""
    if not answer.programmes or answer.waiting.empty:
        return Section("service", TITLE, [])
    month = widest_month(answer.waiting)
    level = float(list_of(answer.waiting, answer.study.baseline).loc[month, "level_mean"])
    text = f"Without a programme {format_level(level)} pathways wait in {month_name(month)}. {NOTE}"
    return Section(
        "service", TITLE, [text], (), [side_by_side(answer, month)], [by_group(answer, month), by_month(answer)]
    )


def listed_mixes(answer: Answer) -> list[str]:
    """Programmes with a waiting list, the one that shortens it most first."""
    month, known = widest_month(answer.waiting), set(answer.waiting.index.get_level_values("world"))
    return sorted(
        (world for world in answer.programmes if world in known),
        key=lambda world: float(list_of(answer.waiting, world).loc[month, "difference_mean"]),
    )


def side_by_side(answer: Answer, month: str) -> Table:
    """Table of list and training, a row a mix."""
    last = answer.waiting.index.get_level_values("month")[-1]
    rows = []
    for world in listed_mixes(answer):
        own = list_of(answer.waiting, world)
        done = (Cell(format_level(float(own.loc[last, name]))) for name in ("pathways_added", "pathways_lost"))
        change = (change_cell(Estimate(*own.loc[each, DIFFERENCE])) for each in (month, last))
        training = (gain_cell(answer.difference(world, name)) for name in ("months_short", "extensions"))
        rows.append(Row(answer.label(world), (*done, *change, *training)))
    head = (
        *("Mix", "Pathways added", "Pathways not done", f"Waiting in {month_name(month)}: difference"),
        *(f"Waiting in {last}: difference", "Months recovered", "Extensions avoided"),
    )
    return Table("service-mixes", "The waiting list and training, mix by mix", head, rows, PATHWAYS)


def by_month(answer: Answer) -> Table:
    """Table of the difference by month, every third from the first in which a mix moves the list, a column a mix."""
    mixes = listed_mixes(answer)
    own = {world: list_of(answer.waiting, world) for world in mixes}
    moved = [month for month in next(iter(own.values())).index if any(own[w].loc[month, DIFFERENCE[0]] for w in mixes)]
    cells = ([change_cell(Estimate(*own[w].loc[month, DIFFERENCE])) for w in mixes] for month in moved[::3])
    rows = [Row(month, tuple(each)) for month, each in zip(moved[::3], cells, strict=True)]
    return Table("service-months", "Waiting: difference by month", ("Month", *map(answer.label, mixes)), rows)


def by_group(answer: Answer, month: str) -> Table:
    """Table of the list by specialty group, a column a mix."""
    mixes = listed_mixes(answer)
    rows = []
    for group in dict.fromkeys(answer.waiting.index.get_level_values("group")):
        own = (list_of(answer.waiting, world, group).loc[month, DIFFERENCE] for world in mixes)
        level = float(list_of(answer.waiting, answer.study.baseline, group).loc[month, "level_mean"])
        cells = (change_cell(Estimate(*each)) for each in own)
        rows.append(Row(group.capitalize(), (Cell(format_level(level)), *cells)))
    head = ("Specialty group", answer.label(answer.study.baseline), *(f"{answer.label(w)}: difference" for w in mixes))
    return Table("service-groups", f"Waiting at the end of {month_name(month)}, by specialty group", head, rows)
