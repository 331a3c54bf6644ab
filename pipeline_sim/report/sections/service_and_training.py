"""Section on service beside training: the waiting list with each mix, and the training that it recovers."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, change_cell, gain_cell
from pipeline_sim.report.text.number_format import format_level, month_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.waiting_lists import DIFFERENCE, change_of, list_of, widest_month

TITLE = "Service and training"
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
    month = widest_month(answer.waiting, answer.programmes)
    level = float(list_of(answer.waiting, answer.study.baseline).loc[month, "level_mean"])
    text = f"Without a programme {format_level(level)} pathways wait in {month_name(month)}. {NOTE}"
    return Section(
        "service", TITLE, [text], (), [side_by_side(answer, month)], [by_group(answer, month), by_month(answer, month)]
    )


def by_list(answer: Answer, month: str) -> list[str]:
    """Programmes, the one that shortens the list most in a month first."""
    return sorted(answer.programmes, key=lambda world: change_of(answer.waiting, world, month).mean)


def side_by_side(answer: Answer, month: str) -> Table:
    """Table of list and training, a row a mix."""
    last = answer.waiting.index.get_level_values("month")[-1]
    rows = []
    for world in by_list(answer, month):
        own = list_of(answer.waiting, world)
        done = (Cell(format_level(float(own.loc[last, name]))) for name in ("pathways_added", "pathways_lost"))
        change = (change_cell(change_of(answer.waiting, world, each)) for each in (month, last))
        training = (gain_cell(answer.difference(world, name)) for name in ("months_short", "extensions"))
        rows.append(Row(answer.label(world), (*done, *change, *training)))
    head = (
        *("Mix", "Pathways added", "Pathways not done", f"Waiting in {month_name(month)}: difference"),
        *(f"Waiting in {month_name(last)}: difference", "Months recovered", "Extensions avoided"),
    )
    return Table("service-mixes", "The waiting list and training, mix by mix", head, rows, PATHWAYS)


def by_month(answer: Answer, widest: str) -> Table:
    """Table of the difference by month, every third from the first in which a mix moves the list, a column a mix."""
    mixes, months = by_list(answer, widest), list_of(answer.waiting, answer.study.baseline).index
    lists = [list_of(answer.waiting, world)[DIFFERENCE].to_numpy() for world in mixes]
    changes = {month: [Estimate(*each) for each in rows] for month, *rows in zip(months, *lists, strict=True)}
    moved = [month for month, each in changes.items() if any(change.mean for change in each)]
    rows = [Row(month_name(month), tuple(map(change_cell, changes[month]))) for month in moved[::3]]
    return Table("service-months", "Waiting: difference by month", ("Month", *map(answer.label, mixes)), rows)


def by_group(answer: Answer, month: str) -> Table:
    """Table of the list by specialty group, a column a mix."""
    mixes, rows = by_list(answer, month), []
    for group in dict.fromkeys(answer.waiting.index.get_level_values("group")):
        level = float(list_of(answer.waiting, answer.study.baseline, group).loc[month, "level_mean"])
        cells = (change_cell(change_of(answer.waiting, world, month, group)) for world in mixes)
        rows.append(Row(group.capitalize(), (Cell(format_level(level)), *cells)))
    head = ("Specialty group", answer.label(answer.study.baseline), *(f"{answer.label(w)}: difference" for w in mixes))
    return Table("service-groups", f"Waiting at the end of {month_name(month)}, by specialty group", head, rows)
