"""Sections of the page of a decision: what to buy, what it buys, how sure, other budgets, lines, fairness."""

from collections.abc import Callable

from pipeline_sim.decide.objective import gained, sought, unit_of
from pipeline_sim.decide.search.report_best import BestReport, Shown, catalogue_of
from pipeline_sim.report.page_model import Cell, Row, Section, Table, chance_cell, estimate_cell, runs_text, text_cells
from pipeline_sim.report.sections import mix_ranking, who_gains
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
PROVISIONAL = "Provisional: a small search on few draws (--quick)."


def sections_of(report: BestReport) -> list[Section]:
    """Sections of the page in order."""
    answer = report.answer
    gains = Section(
        "buys",
        "What it buys",
        ["Means with 95 % credible intervals, on draws that neither search nor selection has seen. What the search saw "
         "is not reported: the best of many looks too good."],
        (),
        [mix_ranking.gains_table(answer), mix_ranking.costs_table(answer)],
    )  # fmt: skip
    return [buy(report), gains, sure(report), budgets(report), lines(report), fairness(report)]


def answer_sentences(report: BestReport, quick: bool = False) -> list[str]:
    """Answer in a few sentences."""
    winner, decision = report.shown[0], report.asked.decision
    parts = [
        f"{short(each.label)} {format_money(each.pounds)}" for each in sorted(report.lines, key=lambda one: -one.pounds)
    ]
    spent = report.answer.prices[winner.mix.name].spent_gbp
    sentences = [PROVISIONAL] * quick + [
        f"{'Buy' if report.found.selection.settled else 'Not settled, but selected:'} “{winner.mix.label}”: "
        f"{'; '.join(parts)}.",
        f"On average it {gained(decision, ranged(winner.gain))}; {format_money(spent)} is spent.",
    ]
    if sought(decision) != unit_of(decision):
        others = [f"“{each.mix.label}” {of_value(each)}" for each in report.shown[1:3]]
        sentences.append(
            f"What is sought is the {sought(decision)}, over single runs, whose chance variation is included: "
            f"{'; '.join([of_value(winner), *others])}. All other gains on this page are means in the study's own "
            "scenario."
        )
    sentences.append(selection_sentence(report))
    shipped = next((each for each in report.shown[1:] if each.mix is report.best_shipped), None)
    if shipped is not None:
        behind = shipped.gap.mean < 0
        gap = shipped.gap.negated() if behind else shipped.gap
        sentences.append(
            f"On fresh draws it is {'behind' if behind else 'ahead of'} “{shipped.mix.label}”, the best of the study's "
            f"own in the selection, by {ranged(gap)} {unit_of(decision)}"
            f"{'' if gap.excludes_zero else ', no clear difference'}; Monte Carlo error of the mean "
            f"{format_number(gap.error)}; probability that it is ahead: {percent(shipped.chance.probability)}, "
            f"{shipped.chance.verdict}."
        )
    elif report.best_shipped is not None:
        sentences.append("It is one of the study's own mixes: none that was found did better in the selection.")
    if len(report.shown) > 1:
        sentences.append(f"The runner-up is “{report.shown[1].mix.label}”.")
    return [
        *sentences,
        "What to measure first, and what would change the choice: pipeline-sim value and pipeline-sim robust say so of "
        "the files in the folder mixes (--mix).",
    ]


def of_value(shown: Shown) -> str:
    """What is sought, with its standard error."""
    return f"{shown.value:.3g} (standard error {shown.error:.2g})"


def selection_sentence(report: BestReport) -> str:
    """Sentence on the selection and its guarantee."""
    found, decision = report.found, report.asked.decision
    chosen, sure = found.selection, percent(decision.confidence)
    zone = f"{decision.indifference:g} {unit_of(decision)}"
    if sought(decision) != unit_of(decision):
        zone = f"{decision.indifference:g} ({sought(decision)})"
    guarantee = (
        f"with a confidence of {sure} no finalist is better by more than {zone}"
        if chosen.settled
        else f"the replications allowed were used up before a confidence of {sure} and a zone of {zone} were reached"
    )
    return (
        f"It was selected among {counted(len(found.finalists), 'finalist')} on draws that the search had not seen: "
        f"{guarantee}. Not beaten there: {listed(f'“{found.finalists[at].label}”' for at in chosen.not_beaten)}."
    )


def ranged(estimate: Estimate) -> str:
    """Number with its interval: 310 (170 to 440)."""
    return f"{format_number(estimate.mean)} ({format_number(estimate.low)} to {format_number(estimate.high)})"


def buy(report: BestReport) -> Section:
    """Pounds by intervention and region, and how each line is given."""
    answer, winner = report.answer, report.shown[0].mix
    spending = answer.spending.loc[winner.name].sum(axis=1).reset_index(name="gbp")
    regions = dict(zip(answer.names.offices, answer.names.office_regions, strict=True))
    spending["region"] = [regions.get(office, NATIONAL) for office in spending["office"]]
    sums = spending.groupby(["intervention", "region"], sort=False)["gbp"].sum()
    names = list(dict.fromkeys(line.intervention for line in winner.mix.lines))
    kinds = [*dict.fromkeys(answer.names.office_regions), *([NATIONAL] if NATIONAL in set(spending["region"]) else [])]
    labels, rows = labels_of(catalogue_of(report.asked)), []
    for head, own in [*((short(labels[name]), [name]) for name in names), ("All", names)]:
        by_kind = [sum(float(sums.get((name, kind), 0.0)) for name in own) for kind in kinds]
        rows.append(Row(head, text_cells([*map(thousands, by_kind), thousands(sum(by_kind))])))
    heads = ("Intervention", *map(in_words, kinds), "All")
    money = Table("buy-regions", f"“{winner.label}”: thousands of pounds by intervention and NHS region", heads, rows)
    ways, total = [], sum(winner.mix.weights)
    for line, weight in zip(winner.mix.lines, winner.mix.weights, strict=True):
        order = in_words(line.order.replace("_", " ")) if line.order else "no places"
        whom = ", ".join((*line.groups, *line.offices))
        cells = (
            thousands(weight / total * winner.mix.budget.value),
            order,
            in_words(line.split.replace("_", " ")),
            whom,
        )
        more = (f"{line.start:%B %Y}", counted(line.months, "month"), line.payer)
        ways.append(Row(short(labels[line.intervention]), text_cells([*cells, *more])))
    heads = ("Line", "£000", "Order of places", "Offices", "For whom", "Starts", "Delivers", "Accounts")
    how = Table("buy-lines", "How each line is given", heads, ways)
    text = "Means over draws, in which ceilings may leave money unspent; least shares are parts of what is allotted."
    return Section("buy", "What to buy", [text], (), [money], [how])


def short(label: str) -> str:
    """Label of an intervention, without what explains it."""
    return label.partition(":")[0].partition(",")[0]


def thousands(pounds: float) -> str:
    """Thousands of pounds: 1,234."""
    return f"{pounds / 1000:,.0f}"


def sure(report: BestReport) -> Section:
    """How far the mix selected is ahead of others."""
    rows = [
        Row(
            each.mix.label,
            (estimate_cell(each.gap, format_change), Cell(format_number(each.gap.error)), chance_cell(each.chance)),
        )
        for each in report.shown[1:]
    ]
    unit = unit_of(report.asked.decision)
    head = ("Ahead of", f"By, {unit}", "Monte Carlo error of the mean", "Probability that it is ahead")
    text = (
        f"{report.found.searched.runs:,} mixes and lines were run in the search. A negative number says that the mix "
        "selected is behind on the draws of this report."
    )
    return Section("sure", "How sure", [text], (), [Table("sure", "The mix selected beside others", head, rows)])


def budgets(report: BestReport) -> Section:
    """Frontier: best mixes of other budgets."""
    labels, rows = labels_of(catalogue_of(report.asked)), []
    for row in report.frontier:
        pounds: dict[str, float] = {}
        for line, weight in zip(row.mix.lines, row.mix.weights, strict=True):
            pounds[line.intervention] = pounds.get(line.intervention, 0.0) + weight
        top = sorted(pounds, key=lambda name: -pounds[name])[:4]
        bought = "; ".join(f"{short(labels[name])} {format_money(pounds[name])}" for name in top)
        cells = (estimate_cell(row.gain, format_number), estimate_cell(row.beside, format_change), Cell(bought))
        rows.append(Row(format_money(row.pounds), (Cell(format_money(row.mix.budget.value)), *cells)))
    unit = unit_of(report.asked.decision)
    head = ("Budget", "Can be spent", f"Gain, {unit}", "Each million more than the budget above", "Most of it on")
    texts = [
        "Mixes of other budgets are those that the search expects to gain most; the budget asked for has the mix "
        "selected. Their gains are measured on draws that chose none of them."
    ]
    gains = [row.gain.mean for row in report.frontier]
    if gains != sorted(gains):
        texts.append(
            "Where a larger budget gains less than a smaller one, that is chance or a search too short: it could buy "
            "the mix of the smaller one."
        )
    return Section(
        "frontier",
        "Other budgets, and what the next million buys",
        texts,
        (),
        [Table("budgets", "The best found for each budget", head, rows)],
    )


def lines(report: BestReport) -> Section:
    """What each line is worth, and ceilings that bind."""
    rows = [
        Row(short(each.label), (Cell(format_money(each.pounds)), *pair(each.gain, each.beside, format_number)))
        for each in report.lines
    ]
    unit, winner = unit_of(report.asked.decision), report.shown[0].mix
    head = ("Line", "Pounds", f"Alone, {unit}", f"Lost without it, {unit}")
    table = Table("lines", f"Lines of “{winner.label}”", head, rows)
    candidate, space, labels = winner.candidate, report.asked.space, labels_of(catalogue_of(report.asked))
    binding = [] if candidate is None else [
        short(labels[name])
        for name, pounds, way, most in zip(space.names, candidate.amounts, candidate.variants, space.most, strict=True)
        if pounds >= NEAR_CEILING * most[way]
    ]  # fmt: skip
    text = f"At their ceilings: {listed(binding)}." if binding else "No line is at its ceiling at stated figures."
    return Section("returns", "What each line is worth", [text], (), [table])


def fairness(report: BestReport) -> Section:
    """Who gains, and what a constraint of fairness costs."""
    rows = [Row(each.label, pair(each.gain, each.beside, format_change)) for each in report.fairness]
    head = ("Constraint", f"Gain, {unit_of(report.asked.decision)}", "What it costs of the gain")
    text = (
        "The same lines and pounds under a constraint on who is served. A least share that the search itself is to "
        "keep is set in the study file (least_share)."
    )
    tables = [
        who_gains.mix_table(report.answer, report.shown[0].mix.name, by)
        for by in (GROUP, OFFICE, STAGE, PATTERN, SEX, PLACE)
    ]
    price = Table("fair-cost", "The price of fairness", head, rows)
    return Section("fairness", "Who gains, and what fairness costs", [text], (), [price], tables)


def pair(one: Estimate, other: Estimate, write: Callable[[float], str]) -> tuple[Cell, Cell]:
    """Cells of a gain and of a number beside it."""
    return estimate_cell(one, format_number), estimate_cell(other, write)


def runs_line(report: BestReport) -> str:
    """Runs behind the numbers."""
    size = f"{report.answer.study.scale:g} of England's size, scaled up"
    return f"{runs_text(report.answer)} at {size}; seed of the search {report.asked.seed}."
