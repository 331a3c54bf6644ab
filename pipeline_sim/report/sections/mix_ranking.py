"""Section on gains and costs: a row a mix, ranked by mean gain."""

from pipeline_sim.report.page_model import (
    Cell,
    Row,
    Section,
    Table,
    chance_cell,
    cost_cell,
    gain_cell,
    price_cell,
    text_cells,
)
from pipeline_sim.report.text.figure_clauses import interval_name
from pipeline_sim.report.text.headline import chance_of, has_no_effect, mix_sentence, payment_notes, unspent_sentence
from pipeline_sim.report.text.number_format import format_money, listed, number_word, percent, verb
from pipeline_sim.study.comparison.answer import GAIN, Answer
from pipeline_sim.study.estimates.ranking import BANDS

GAINED = (
    ("extensions", "Extensions avoided", True),
    ("months_short", "Months of training recovered", True),
    ("mean_backlog", "Hidden backlog: fewer months, yearly average", True),
    ("ccts_on_time", "More CCTs on time", False),
)


def section(answer: Answer) -> Section:
    """Ranking of all mixes by mean gain, with their costs."""
    order = answer.ranked()
    if not order:
        return Section("ranking", "What each mix gains and costs", ["This study has no programme that spends money."])
    paragraphs = [
        "Mixes are ranked by their mean gain. Neighbours in the ranking often differ by little: the section on "
        "which mix gains most shows how surely.",
        _clear_effects(answer, order),
        unspent_sentence(answer),
    ]
    points = [mix_sentence(answer, world) for world in order]
    tables = [composition_table(answer), gains_table(answer), costs_table(answer)]
    return Section("ranking", "What each mix gains and costs", paragraphs, points, tables)


def composition_table(answer: Answer) -> Table:
    """Table of what each mix is made of: shares of its spending, the largest first."""
    rows = []
    for world in answer.ranked():
        own = answer.spending[answer.spending.index.get_level_values("world") == world]
        spent = own["spent_gbp"].groupby(level="intervention").sum()
        parts = spent[spent > 0].sort_values(ascending=False, kind="stable")
        labels = answer.units_bought.loc[world]["label"]
        text = "; ".join(
            f"{str(labels[name]).split(':')[0]} {percent(float(gbp / parts.sum()))}" for name, gbp in parts.items()
        )
        rows.append(Row(answer.label(world), text_cells([format_money(float(parts.sum())), text or "nothing"])))
    note = "The names of mixes are short; this is what they buy."
    return Table("ranking-composition", "What each mix is made of", ("Mix", "Spent", "On what"), rows, note)


def gains_table(answer: Answer) -> Table:
    """Table of gains by mix."""
    head = ("Mix", *(label for _, label, _ in GAINED), "Gains something: probability")
    rows = []
    for world in answer.ranked():
        cells = [gain_cell(answer.difference(world, name), minus) for name, _, minus in GAINED]
        rows.append(Row(answer.label(world), (*cells, chance_cell(chance_of(answer, world, GAIN)))))
    base = answer.label(answer.study.baseline)
    note = (
        f"All reported years together, against “{base}”. Below each number is its {interval_name(answer)}. "
        "“No clear difference”: the interval includes zero. A negative number means harm. "
        "The yearly average of the backlog is not what is left at the end, which other tables show."
    )
    return Table("ranking-gains", "What each mix gains", head, rows, note)


def costs_table(answer: Answer) -> Table:
    """Table of costs by mix."""
    head = (
        "Mix", "Spent", "Left unspent", "Cost per extension avoided, gross", "Cost per month recovered, gross",
        "Net cost to the training budget", "Net cost to the system",
    )  # fmt: skip
    rows = []
    for world in answer.ranked():
        price = answer.prices[world]
        cells = (
            Cell(format_money(price.spent_gbp)),
            Cell(format_money(price.unspent_gbp)),
            price_cell(price.per_extension_avoided_gbp, answer.difference(world, "extensions")),
            price_cell(price.per_month_recovered_gbp, answer.difference(world, "months_short")),
            cost_cell(price.net_budget_gbp),
            cost_cell(price.net_system_gbp),
        )
        rows.append(Row(answer.label(world), cells))
    note = (
        "Gross: all that is spent, with no savings taken off. "
        "Net cost to the training budget: spending less savings on extensions. Net cost to the system: the net cost to "
        "the training budget less the value of earlier qualification as a consultant or GP, discounted. Negative: the "
        "mix saves more than it costs. “No clear gain”: the interval of the gain includes zero."
    )
    note = " ".join([note, *payment_notes(answer)])
    return Table("ranking-costs", "What each mix costs", head, rows, note)


def _clear_effects(answer: Answer, order: list[str]) -> str:
    verdicts = [chance_of(answer, world, GAIN).verdict for world in order]
    sure = verdicts.count(BANDS[0][1])
    what = "extensions" if answer.study.headline == "extensions" else "months of lost training"
    mixes = "mix" if len(order) == 1 else "mixes"
    idle = sum(has_no_effect(answer, world) for world in order)
    parts = [
        f"Of {number_word(len(order))} {mixes}, {number_word(sure)} {verb('reduce', sure)} {what} with a "
        f"probability of {100 * BANDS[0][0]:.0f} % or more"
    ]
    parts += [f"{number_word(idle)} {verb('change', idle)} nothing"] if idle else []
    return f"{listed(parts)}."
