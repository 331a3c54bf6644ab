"""Sections of the page of a decision: what to buy, what it buys, how sure, other budgets, lines, fairness."""

from collections.abc import Sequence

from pipeline_sim.decide.objective import unit_of
from pipeline_sim.decide.search.report_best import BestReport, catalogue_of
from pipeline_sim.report.page_model import (
    Cell,
    Row,
    Section,
    Table,
    chance_cell,
    estimate_cell,
    gain_cell,
    price_cell,
    runs_text,
    text_cells,
)
from pipeline_sim.report.text.number_format import (
    counted,
    format_change,
    format_money,
    format_number,
    in_words,
    listed,
    percent,
)
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import GROUP, OFFICE, PATTERN, PLACE, SEX, STAGE
from pipeline_sim.world.interventions.spending import NATIONAL
from pipeline_sim.world.schema.interventions import labels_of

NEAR_CEILING = 0.98
GAINERS = (GROUP, OFFICE, STAGE, PATTERN, SEX, PLACE)
MILLION = 1e6


def sections_of(report: BestReport) -> list[Section]:
    """Sections that have something to say, in order."""
    made = (buy(report), buys(report), sure(report), budgets(report), lines(report), fairness(report))
    return [section for section in made if section.paragraphs]


def answer_sentences(report: BestReport) -> list[str]:
    """Answer in a few sentences."""
    winner, decision = report.shown[0], report.asked.decision
    parts = [
        f"{each.label.partition(':')[0]} {format_money(each.pounds)}"
        for each in sorted(report.lines, key=lambda one: -one.pounds)
    ]
    gain, price = report.answer.avoided(winner.name), report.answer.prices[winner.name]
    what = {"extensions": "extensions", "months_short": "months of training short"}[report.answer.study.headline]
    sentences = [
        f"Of what was searched, buy “{winner.label}”: {'; '.join(parts)}.",
        f"It avoids {ranged(gain)} {what} and costs {format_money(price.spent_gbp)}.",
        selection_sentence(report),
    ]
    shipped = next((each for each in report.ahead if each.other is report.best_shipped), None)
    if shipped is not None:
        behind = shipped.gap.mean < 0
        gap = shipped.gap.negated() if behind else shipped.gap
        sentences.append(
            f"It is {'behind' if behind else 'ahead of'} “{shipped.other.label}”, the best of the study's own in the "
            f"selection, by {ranged(gap)} {unit_of(decision, False)}"
            f"{'' if gap.excludes_zero else ', no clear difference'}; Monte Carlo error of the mean "
            f"{format_number(gap.error)}; probability that it is ahead: {percent(shipped.chance.probability)}, "
            f"{shipped.chance.verdict}."
        )
    if report.ahead:
        sentences.append(f"The runner-up is “{report.ahead[0].other.label}”.")
    return sentences


def selection_sentence(report: BestReport) -> str:
    """Sentence on the selection and its guarantee."""
    found, decision = report.found, report.asked.decision
    chosen = found.selection
    held = percent(decision.confidence)
    zone = f"{decision.indifference:g} {unit_of(decision)}"
    names = [f"“{found.finalists[at].label}”" for at in chosen.not_beaten]
    guarantee = (
        f"with a confidence of {held} no finalist is better by more than {zone}"
        if chosen.settled
        else f"the replications allowed were used up before a confidence of {held} and a zone of {zone} were reached"
    )
    return (
        f"It was selected among {counted(len(found.finalists), 'finalist')} on draws that the search had not seen: "
        f"{guarantee}. Not beaten there: {listed(names)}."
    )


def ranged(estimate: Estimate) -> str:
    """Number with its interval: 310 (170 to 440)."""
    return f"{format_number(estimate.mean)} ({format_number(estimate.low)} to {format_number(estimate.high)})"


def buy(report: BestReport) -> Section:
    """Pounds by intervention and region, and how each line is given."""
    answer, winner = report.answer, report.shown[0]
    spending = answer.spending.loc[winner.name].sum(axis=1).reset_index(name="gbp")
    regions = dict(zip(answer.names.offices, answer.names.office_regions, strict=True))
    spending["region"] = [regions.get(office, NATIONAL) for office in spending["office"]]
    sums = spending.groupby(["intervention", "region"], sort=False)["gbp"].sum()
    names = list(dict.fromkeys(line.intervention for line in winner.mix.lines))
    kinds = [*dict.fromkeys(answer.names.office_regions), *([NATIONAL] if NATIONAL in set(spending["region"]) else [])]
    labels = labels_of_mix(report)
    rows = []
    for head, own in [*((labels[name], [name]) for name in names), ("All", names)]:
        pounds = [sum(float(sums.get((name, kind), 0.0)) for name in own) for kind in kinds]
        rows.append(Row(head, text_cells([*map(thousands, pounds), thousands(sum(pounds))])))
    heads = ("Intervention", *map(in_words, kinds), "All")
    money = Table("buy-regions", f"“{winner.label}”: pounds by intervention and NHS region", heads, rows)
    ways = []
    for line in winner.mix.lines:
        order = in_words(line.order.replace("_", " ")) if line.order else "no places"
        cells = (thousands(line.gbp or 0.0), order, in_words(line.split.replace("_", " ")), ", ".join(line.groups))
        more = (f"{line.start:%B %Y}", counted(line.months, "month"), line.payer)
        ways.append(Row(labels[line.intervention], text_cells([*cells, *more])))
    heads = ("Line", "Pounds", "Order of places", "Offices", "For whom", "Starts", "Delivers", "Accounts")
    how = Table("buy-lines", "How each line is given", heads, ways if winner.mix.lines[0].gbp is not None else [])
    text = "What ceilings leave unspent in a draw of the uncertain figures is in these sums. The mix is in mixes/."
    return Section("buy", "What to buy", [text], (), [money], [how])


def labels_of_mix(report: BestReport) -> dict[str, str]:
    """Short labels of interventions."""
    labels = labels_of(catalogue_of(report.asked))
    return {name: label.partition(":")[0].partition(",")[0] for name, label in labels.items()}


def thousands(pounds: float) -> str:
    """Pounds to the nearest thousand: £1,234,000."""
    return f"£{round(pounds, -3):,.0f}"


def buys(report: BestReport) -> Section:
    """What each mix that is compared gains and costs."""
    answer, rows = report.answer, []
    for one in report.shown:
        extensions, months, on_time = (
            answer.difference(one.name, name) for name in ("extensions", "months_short", "ccts_on_time")
        )
        price = answer.prices[one.name]
        cells = [gain_cell(extensions), gain_cell(months), gain_cell(on_time, less_is_better=False)]
        cells += [
            Cell(format_money(price.spent_gbp)),
            price_cell(price.per_extension_avoided_gbp, extensions.negated()),
        ]
        rows.append(Row(one.label, tuple(cells)))
    head = ("Mix", "Extensions avoided", "Months recovered", "More CCTs on time", "Spent", "Cost per extension avoided")
    table = Table("buys", "What the mixes gain, on draws that neither search nor selection has seen", head, rows)
    text = "Means with 95 % credible intervals. What the search saw is not reported: the best of many looks too good."
    return Section("buys", "What it buys", [text], (), [table])


def sure(report: BestReport) -> Section:
    """How far the mix selected is ahead of others."""
    rows = [
        Row(
            each.other.label,
            (estimate_cell(each.gap, format_change), Cell(format_number(each.gap.error)), chance_cell(each.chance)),
        )
        for each in report.ahead
    ]
    unit = unit_of(report.asked.decision, False)
    head = ("Ahead of", f"By, {unit}", "Monte Carlo error of the mean", "Probability that it is ahead")
    searched = report.found.searched
    texts = [
        f"{searched.runs:,} mixes and lines were run in the search. {selection_sentence(report)}",
        "A negative number says that the mix selected is behind on the draws of this report.",
    ]
    return Section("sure", "How sure", texts, (), [Table("sure", "The mix selected beside others", head, rows)])


def budgets(report: BestReport) -> Section:
    """Frontier: best mixes of other budgets."""
    if not report.frontier:
        return Section("budgets", "Other budgets", [])
    labels, rows = labels_of_mix(report), []
    for row in report.frontier:
        pounds: dict[str, float] = {}
        for line in row.mix.lines:
            pounds[line.intervention] = pounds.get(line.intervention, 0.0) + (line.gbp or 0.0)
        top = sorted(pounds, key=lambda name: -pounds[name])[:4]
        cells = (estimate_cell(row.gain, format_number), estimate_cell(row.next_million, format_change))
        bought = "; ".join(f"{labels[name]} {format_money(pounds[name])}" for name in top)
        rows.append(Row(format_money(row.budget), (Cell(format_money(row.mix.budget.value)), *cells, Cell(bought))))
    unit = unit_of(report.asked.decision, False)
    head = ("Budget", "Can be spent", f"Gain, {unit}", "Each million more than the budget above", "Most of it on")
    table = Table("budgets", "The best found for each budget", head, rows)
    text = (
        "Mixes of other budgets are those that the surrogate expects to gain most. Their gains are measured on the "
        "report's own draws, which chose none of them."
    )
    return Section("budgets", "Other budgets, and what the next million buys", [text], (), [table])


def lines(report: BestReport) -> Section:
    """What each line is worth, and ceilings that bind."""
    rows = [
        Row(
            each.label,
            (
                Cell(format_money(each.pounds)),
                estimate_cell(each.alone, format_number),
                estimate_cell(each.lost, format_number),
            ),
        )
        for each in report.lines
    ]
    unit = unit_of(report.asked.decision, False)
    head = ("Line", "Pounds", f"Alone, {unit}", f"Lost without it, {unit}")
    table = Table("lines", f"Lines of “{report.shown[0].label}”", head, rows)
    candidate, space, labels = report.shown[0].candidate, report.asked.space, labels_of_mix(report)
    binding = [] if candidate is None else [
        labels[name]
        for name, pounds, way, most in zip(space.names, candidate.amounts, candidate.variants, space.most, strict=True)
        if pounds >= NEAR_CEILING * most[way]
    ]  # fmt: skip
    texts = [f"At their ceilings: {listed(binding)}." if binding else "No line is at its ceiling at stated figures."]
    return Section("lines", "What each line is worth", texts, (), [table])


def fairness(report: BestReport) -> Section:
    """Who gains, and what a constraint of fairness costs."""
    answer, winner = report.answer, report.shown[0].name
    rows = []
    for by in GAINERS:
        rows.append(Row(by.capitalize()))
        for who in dict.fromkeys(answer.subgroup_levels.loc[by].index.get_level_values("who")):
            doctors = float(answer.subgroup_levels.loc[(by, who, "headcount"), "mean"])
            if doctors > 0:
                avoided = Estimate(*answer.subgroup_differences.loc[(winner, by, who, "extensions")]).times(
                    100 / doctors
                )
                rows.append(Row(in_words(who), (Cell(format_number(doctors)), estimate_cell(avoided.negated(), small))))
    head = ("Doctors", "In training, yearly average", "Extensions avoided per 100 doctors")
    who = Table("fair-who", f"Who gains from “{report.shown[0].label}”", head, rows)
    cost = [
        Row(each.label, (estimate_cell(each.gain, format_number), estimate_cell(each.cost, format_change)))
        for each in report.fairness
    ]
    unit = unit_of(report.asked.decision, False)
    price = Table(
        "fair-cost", "The price of fairness", ("Constraint", f"Gain, {unit}", "What it costs of the gain"), cost
    )
    text = (
        "The same lines and pounds under a constraint on who is served. A least share that the search itself is to "
        "keep is set in the study file (least_share)."
    )
    return Section("fairness", "Who gains, and what fairness costs", [text], (), [price], [who])


def small(value: float) -> str:
    """Number with two decimals."""
    return f"{value:.2f}"


def runs_line(report: BestReport) -> str:
    """Runs behind the numbers."""
    study = report.answer.study
    size = f"{study.scale:g} of England's size, scaled up"
    return f"{runs_text(report.answer)} at {size}; seed of the search {report.asked.seed}."


def tables_shown(sections: Sequence[Section]) -> list[Table]:
    """Tables of the page."""
    return [table for section in sections for table in section.shown]
