"""What does each mix gain, and what does it cost?"""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, gained, money, priced, ratio, share
from pipeline_sim.report.text.headline import count, is_idle, of_mix, unspent
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.study.comparison.answer import Answer

GAINED = (
    ("extensions", "Extensions avoided", True),
    ("months_short", "Months of training recovered", True),
    ("mean_backlog", "Hidden backlog: months less, on average", True),
    ("ccts_on_time", "More CCTs on time", False),
)


def section(answer: Answer) -> Section:
    """All mixes, the one that gains most on average first."""
    order = answer.ranked()
    if not order:
        return Section("ranking", "What each mix gains and costs", ["This study has no programme that spends money."])
    says = [
        "Mixes stand in the order of what they gain on average. Neighbours often cannot be told apart: "
        "the next section says which can.",
        _settled(answer, order),
        unspent(answer),
    ]
    points = [of_mix(answer, world) for world in order]
    return Section("ranking", "What each mix gains and costs", says, points, [gains(answer), costs(answer)])


def gains(answer: Answer) -> Table:
    """What each mix gains."""
    head = ("Mix", *(label for _, label, _ in GAINED), "Gains most in")
    rows = []
    for world in answer.ranked():
        cells = [gained(answer.difference(world, name), minus) for name, _, minus in GAINED]
        rows.append(Row(answer.label(world), (*cells, Cell(share(answer.best[world]), "of draws"))))
    base = answer.label(answer.study.baseline)
    note = (
        f"All reported years together, against “{base}”. Below each number stands its 95 % interval. "
        "“Cannot tell”: the interval holds nothing gained. A number below nothing is harm."
    )
    return Table("ranking-gains", "What each mix gains", head, rows, note)


def costs(answer: Answer) -> Table:
    """What each mix costs."""
    head = (
        "Mix",
        "Spent",
        "Left unspent",
        "For one extension avoided",
        "For one month recovered",
        "Net cost to the training budget",
        "Net cost to the system",
    )
    rows = []
    for world in answer.ranked():
        price = answer.prices[world]
        cells = (
            Cell(money(price.spent_gbp)),
            Cell(money(price.unspent_gbp)),
            ratio(price.per_extension_avoided_gbp, answer.difference(world, "extensions")),
            ratio(price.per_month_recovered_gbp, answer.difference(world, "months_short")),
            priced(price.net_budget_gbp),
            priced(price.net_system_gbp),
        )
        rows.append(Row(answer.label(world), cells))
    note = (
        "Net cost to the training budget: pounds spent less what is saved on extensions. Net cost to the system: the "
        "same, less the worth of consultants and GPs who come sooner, discounted. Below nothing: the mix saves more "
        "than it costs. No price is given where nothing gained cannot be ruled out."
    )
    return Table("ranking-costs", "What each mix costs", head, rows, note)


def _settled(answer: Answer, order: list[str]) -> str:
    good = sum(answer.avoided(world).low > 0 for world in order)
    harm = sum(answer.avoided(world).high < 0 for world in order)
    what = "extensions" if answer.study.headline == "extensions" else "months of training short"
    text = f"Of {count(len(order))} {'mix' if len(order) == 1 else 'mixes'}, {count(good)} can be shown to lower {what}"
    idle = sum(is_idle(answer, world) for world in order)
    unsure = len(order) - good - harm - idle
    parts = [text, f"{count(harm)} to raise them"]
    parts += [f"for {count(unsure)} we cannot tell"] if unsure else []
    parts += [f"{count(idle)} {'changes' if idle == 1 else 'change'} nothing"] if idle else []
    return f"{listed(parts)}."
