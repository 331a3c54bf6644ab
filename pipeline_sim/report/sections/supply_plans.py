"""Section on levers of supply: posts, starts against plan, completions and shortfall, and what levers cost."""

import math

from pipeline_sim.report.page_model import Row, Section, Table, estimate_cell, text_cells
from pipeline_sim.report.supply_view import mean, most_moved, programme_label, worlds_compared
from pipeline_sim.report.text.number_format import format_money, format_number, year_name
from pipeline_sim.study.comparison.answer import Answer

TITLE = "Posts, starts against plan, and doctors who finish"
RECENT = 5  # years at the end of the run over which starts are averaged
Years = tuple[int, ...]


def section(answer: Answer) -> Section:
    """Supply under each world's levers; nothing to say where no world has any."""
    if answer.supply.costs.empty:
        return Section("supply", TITLE, [])
    last, recent = answer.years[-1:], answer.years[-RECENT:]
    paragraphs = [
        "Levers of supply are layers of a world: posts, not recovery money. They stand beside it and are not ranked. A "
        "post costs its price in every year that it stands.",
        "Posts for entrants are as published or as the lever says. More doctors may start than there are posts for "
        "entrants: posts given up by who resigns are filled too. What is short is posts without a doctor on 31 March.",
    ]
    spans = [
        ("posts", last, f"Posts in {year_name(last[0])}"),
        ("completed", answer.years, f"Doctors who complete, {year_name(answer.years[0])} to {year_name(last[0])}"),
        ("shortfall", last, f"Shortfall: posts without a doctor in {year_name(last[0])}"),
    ]
    tables = [table(answer, *span) for span in spans]
    tables.insert(1, against_plan(answer, recent))
    return Section("supply", TITLE, paragraphs, (), [*tables, costs(answer)])


def against_plan(answer: Answer, years: Years) -> Table:
    """Table of doctors who start a year, against the posts for entrants."""
    rows = []
    for programme in most_moved(answer):
        texts = []
        for world in worlds_compared(answer):
            started, planned = (
                over(answer, world, programme, what, years) / len(years) for what in ("started", "planned_starts")
            )
            texts.append(f"{format_number(started)} of {format_number(planned)}")
        rows.append(Row(programme_label(answer, programme), text_cells(texts)))
    head = ("Programme", *(answer.label(world) for world in worlds_compared(answer)))
    caption = f"Doctors who start a year, of posts for entrants, {year_name(years[0])} to {year_name(years[-1])}"
    return Table("supply-against-plan", caption, head, rows)


def over(answer: Answer, world: str, programme: str, indicator: str, years: Years) -> float:
    """Sum over years of the means of an indicator."""
    return sum(mean(answer, world, programme, year, indicator) for year in years)


def table(answer: Answer, indicator: str, years: Years, caption: str) -> Table:
    """Table of one indicator: a row a programme, a column a world."""
    rows = []
    for programme in most_moved(answer):
        means = [over(answer, world, programme, indicator, years) for world in worlds_compared(answer)]
        rows.append(Row(programme_label(answer, programme), text_cells(format_number(mean) for mean in means)))
    head = ("Programme", *(answer.label(world) for world in worlds_compared(answer)))
    note = "Programmes whose posts differ most; means. All programmes and years, with intervals: table “supply”."
    return Table(f"supply-{indicator.replace('_', '-')}", caption, head, rows, note)


def costs(answer: Answer) -> Table:
    """Table of what levers cost, and how many more doctors finish in a world with them."""
    rows, base = [], answer.study.baseline
    for world in worlds_compared(answer):
        if world == base:
            continue
        ccts = estimate_cell(answer.difference(world, "ccts"), format_number)
        rows.append(Row(answer.label(world), (*text_cells(["", "", ""]), ccts)))
        for _, lever in answer.supply.costs.loc[[world]].iterrows():
            price = "no price" if math.isnan(lever["gbp"]) else format_money(lever["gbp"])
            numbers = format_number(lever["posts"]), format_number(lever["post_years"]), price
            rows.append(Row(f"– {lever['label']}", text_cells([*numbers, ""])))
    head = ("World and its levers", f"Posts more in {year_name(answer.years[-1])}", "Post-years", "Cost", "More CCTs")
    return Table("supply-costs", f"What the levers cost to the end of {year_name(answer.years[-1])}", head, rows)
