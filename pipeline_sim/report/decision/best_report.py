"""Report on the best mix: what to buy, what it buys, how sure, other budgets, lines, fairness."""

import pandas as pd

from pipeline_sim.decide.objective import sought, unit_of, words_of
from pipeline_sim.decide.search.candidates import mix_text
from pipeline_sim.decide.search.report_best import BestReport, Shown
from pipeline_sim.report.decision.best_figures import frontier_figure, returns_figure, short, size_text, usual_size
from pipeline_sim.report.decision.write_findings import Findings
from pipeline_sim.report.page_model import (
    Cell,
    Row,
    Section,
    Table,
    chance_cell,
    change_cell,
    estimate_cell,
    runs_text,
)
from pipeline_sim.report.sections import mix_ranking, who_gains
from pipeline_sim.report.text.number_format import counted, format_money, format_number, in_words, listed, percent
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.random_effects import t_quantile
from pipeline_sim.study.replication.summary import GROUP, OFFICE, PATTERN, PLACE, SEX, STAGE
from pipeline_sim.world.interventions.spending import NATIONAL

NEAR_CEILING = 0.98
NATIONAL_ACCOUNTS = "national"
PROVISIONAL = "Provisional: a small search on few draws (--quick)."


def best_findings(report: BestReport, provisional: bool) -> Findings:
    """What is written of the best mix."""
    runs = f"{runs_text(report.answer)} at {size_text(report.answer.study)}; seed of the search {report.asked.seed}."
    drawn = [each for each in (frontier_figure(report), returns_figure(report)) if each is not None]
    files = {f"mixes/{one.name}.toml": mix_text(one.mix) for one in report.found.finalists if one.candidate is not None}
    sections = [buy(report), gains(report), sure(report), budgets(report), lines(report), fairness(report)]
    heading, said = ("What to buy", report.asked.study.question, runs), answer_sentences(report, provisional)
    return Findings(heading, said, tables_of(report), drawn, sections, files)


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
        f"On average it {words_of(decision).gained.format(ranged(winner.gain))}; {format_money(spent)} is spent.",
    ]
    if sought(decision) != unit_of(decision):
        others = [f"“{each.mix.label}” {of_value(each)}" for each in report.shown[1:3]]
        sentences.append(
            f"What is sought is the {sought(decision)}, over single runs, whose chance variation is included: "
            f"{'; '.join([of_value(winner), *others])}. All other gains on this page are means in the study's own "
            "scenario."
        )
    sentences.append(selection_sentence(report))
    sentences.extend(beside_shipped(report))
    if len(report.shown) > 1:
        sentences.append(f"The runner-up is “{report.shown[1].mix.label}”.")
    return [
        *sentences,
        "What to measure first, and what would change the choice: pipeline-sim value and pipeline-sim robust say so of "
        "the files in the folder mixes (--mix).",
    ]


def smaller(report: BestReport, table: str) -> list[str]:
    """Sentence on the size of a table beside that of the mixes compared, where it is another."""
    usual = usual_size(report)
    return [f"Gains in “{table}” are from {usual}, so they differ by chance."] if usual else []


def beside_shipped(report: BestReport) -> list[str]:
    """Sentence on the mix found beside the best of the study's own mixes, on fresh draws; none without such a mix."""
    if report.best_shipped is None:
        return []
    shipped = next((each for each in report.shown[1:] if each.mix is report.best_shipped), None)
    if shipped is None:
        return ["It is one of the study's own mixes: none that was found did better in the selection."]
    behind = shipped.gap.mean < 0
    gap = shipped.gap.negated() if behind else shipped.gap
    half = float(t_quantile(0.975, len(report.answer.sampling.weights) - 1)) * gap.error
    sure = Estimate(gap.mean, gap.mean - half, gap.mean + half)
    return [
        f"On fresh draws it is {'behind' if behind else 'ahead of'} “{shipped.mix.label}”, the best of the study's "
        f"own in the selection, by {format_number(gap.mean)} {unit_of(report.asked.decision)} on average (95 % "
        f"confidence interval of this mean {format_number(sure.low)} to {format_number(sure.high)}: "
        f"{'clearly so' if sure.excludes_zero else 'chance may have done it'}). In single draws of the uncertain "
        f"figures the difference lies between {format_number(gap.low)} and {format_number(gap.high)}; probability "
        f"that it is ahead: {percent(shipped.chance.probability)}, {shipped.chance.verdict}."
    ]


def of_value(shown: Shown) -> str:
    """What is sought, with its standard error."""
    return f"{shown.value:.3g} (standard error {shown.error:.2g})"


def selection_sentence(report: BestReport) -> str:
    """Sentence on the selection and its guarantee."""
    found, decision = report.found, report.asked.decision
    chosen, sure = found.selection, percent(decision.confidence)
    kept = {found.finalists[at].name for at in chosen.not_beaten}
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
        f"{guarantee}. Not beaten there: {listed(f'“{one.label}”' for one in found.ordered if one.name in kept)}."
    )


def ranged(estimate: Estimate) -> str:
    """Number with its interval: 310 (170 to 440)."""
    return f"{format_number(estimate.mean)} ({format_number(estimate.low)} to {format_number(estimate.high)})"


def tables_of(report: BestReport) -> dict[str, tuple[str, pd.DataFrame]]:
    """Tables as files: mixes shown, finalists (not what they gained on draws that chose them), budgets, lines alone."""
    chosen, ends = report.found.selection, Estimate._fields
    finalists = [
        (one.name, one.label, count, "no" if at in chosen.not_beaten else "yes", "yes" if at == chosen.best else "no")
        for at, (one, count) in enumerate(zip(report.found.finalists, chosen.replications, strict=True))
    ]
    shown = [
        (one.mix.name, one.mix.label, report.answer.prices[one.mix.name].spent_gbp, *one.gain, *one.gap,
         one.chance.probability, one.chance.verdict)
        for one in report.shown
    ]  # fmt: skip
    beside = [*(f"gain_{e}" for e in ends), *(f"behind_{e}" for e in ends), "probability_behind", "verdict"]
    budgets = [(row.pounds, row.mix.budget.value, *row.gain, *row.beside) for row in report.frontier]
    alone = [(name, pounds, *gain) for name, pounds, gain in report.alone]
    columns = ["budget_gbp", "mix_gbp", *(f"gain_{e}" for e in ends), *(f"next_million_{e}" for e in ends)]
    return {
        name: (title, pd.DataFrame(rows, columns=heads))
        for name, title, rows, heads in (
            ("shown", "Mixes shown, on fresh draws", shown, ["mix", "label", "spent_gbp", *beside]),
            (
                "finalists",
                "Finalists of the selection",
                finalists,
                ["mix", "label", "replications", "beaten", "selected"],
            ),
            ("budgets", "The best found for each budget", budgets, columns),
            ("alone", "Lines alone, on draws of the search", alone, ["intervention", "gbp", *ends]),
        )
    }


def row(head: str, *cells: Cell | Estimate | str) -> Row:
    """Row of a table: cells, numbers with their intervals, texts."""
    return Row(head, tuple(Cell(each) if isinstance(each, str) else each if isinstance(each, Cell)
                           else estimate_cell(each, format_number) for each in cells))  # fmt: skip


def buy(report: BestReport) -> Section:
    """Pounds by intervention and region, and how each line is given."""
    answer, winner, labels = report.answer, report.shown[0].mix, report.asked.space.labels
    regions = dict(zip(answer.names.offices, answer.names.office_regions, strict=True))
    spending = answer.spending.loc[winner.name].sum(axis=1).reset_index(name="gbp")
    spending["region"] = [regions.get(office, NATIONAL) for office in spending["office"]]
    sums = spending.groupby(["intervention", "region"], sort=False)["gbp"].sum().unstack(fill_value=0.0)
    kinds = [*dict.fromkeys(answer.names.office_regions), *([NATIONAL] if NATIONAL in sums else [])]
    sums = sums.reindex(list(dict.fromkeys(line.intervention for line in winner.mix.lines)), fill_value=0.0)
    sums = sums.reindex(columns=kinds, fill_value=0.0)
    sums.loc["All"] = sums.sum()
    heads = ("Intervention", *map(in_words, kinds), "All")
    rows = [row(short(labels.get(name, name)), *map(thousands, (*own, sum(own)))) for name, *own in sums.itertuples()]
    money = Table("buy-regions", f"“{winner.label}”: thousands of pounds by intervention and NHS region", heads, rows)
    ways, total = dict[tuple[str, ...], list[float]](), sum(winner.mix.weights)
    for line, weight in zip(winner.mix.lines, winner.mix.weights, strict=True):
        order = in_words(line.order.replace("_", " ")) if line.order else "no places"
        how = short(labels[line.intervention]), order, in_words(line.split.replace("_", " "))
        when = ", ".join((*line.groups, *line.offices)), f"{line.start:%B %Y}", counted(line.months, "month")
        paid = ways.setdefault((*how, *when), [0.0, 0.0])
        paid[line.payer == NATIONAL_ACCOUNTS] += weight / total * winner.mix.budget.value
    heads = (
        "Line",
        "£000",
        "Of it in national accounts",
        "Order of places",
        "Offices",
        "For whom",
        "Starts",
        "Delivers",
    )
    rows = [row(name, thousands(sum(paid)), thousands(paid[1]), *how) for (name, *how), paid in ways.items()]
    given = Table("buy-lines", "How each line is given", heads, rows)
    text = "Means over draws, in which ceilings may leave money unspent; least shares are parts of what is allotted."
    return Section("buy", "What to buy", [text], (), [money], [given])


def thousands(pounds: float) -> str:
    """Thousands of pounds: 1,234."""
    return f"{pounds / 1000:,.0f}"


def gains(report: BestReport) -> Section:
    """What the mixes that are compared gain and cost."""
    text = (
        "Means with 95 % credible intervals, on draws that neither search nor selection has seen. What the search saw "
        "is not reported: the best of many looks too good."
    )
    tables = [mix_ranking.gains_table(report.answer), mix_ranking.costs_table(report.answer)]
    return Section("buys", "What it buys", [text], (), tables)


def sure(report: BestReport) -> Section:
    """How far the mix selected is ahead of others."""
    rows = [
        row(each.mix.label, change_cell(each.gap), format_number(each.gap.error), chance_cell(each.chance))
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
    labels, rows = report.asked.space.labels, []
    for each in report.frontier:
        pounds: dict[str, float] = {}
        for line, weight in zip(each.mix.lines, each.mix.weights, strict=True):
            pounds[line.intervention] = pounds.get(line.intervention, 0.0) + weight
        top = sorted(pounds, key=lambda name: -pounds[name])[:4]
        bought = "; ".join(f"{short(labels[name])} {format_money(pounds[name])}" for name in top)
        spent = format_money(each.mix.budget.value)
        rows.append(row(format_money(each.pounds), spent, each.gain, change_cell(each.beside), bought))
    unit = unit_of(report.asked.decision)
    head = ("Budget", "Can be spent", f"Gain, {unit}", "Each million more than the budget above", "Most of it on")
    texts = [
        *smaller(report, "The best found for each budget"),
        "Mixes of other budgets are those that the search expects to gain most; the budget asked for has the mix "
        "selected. Their gains are measured on draws that chose none of them.",
    ]
    gained = [each.gain.mean for each in report.frontier]
    if gained != sorted(gained):
        texts.append(
            "Where a larger budget gains less than a smaller one, that is chance or a search too short: it could buy "
            "the mix of the smaller one."
        )
    table = Table("budgets", "The best found for each budget", head, rows)
    return Section("frontier", "Other budgets, and what the next million buys", texts, (), [table])


def lines(report: BestReport) -> Section:
    """What each line is worth, and ceilings that bind."""
    rows = [row(short(each.label), format_money(each.pounds), each.gain, each.beside) for each in report.lines]
    unit, winner, space = unit_of(report.asked.decision), report.shown[0].mix, report.asked.space
    head = ("Line", "Pounds", f"Alone, {unit}", f"Lost without it, {unit}")
    binding = [] if winner.candidate is None else [
        short(space.labels[name])
        for name, pounds, most in zip(
            space.names, winner.candidate.amounts, space.ceilings(winner.candidate.variants).tolist(), strict=True
        )
        if pounds >= NEAR_CEILING * most
    ]  # fmt: skip
    text = f"At their ceilings: {listed(binding)}." if binding else "No line is at its ceiling at stated figures."
    title = f"Lines of “{winner.label}”"
    table = Table("lines", title, head, rows)
    return Section("returns", "What each line is worth", [text, *smaller(report, title)], (), [table])


def fairness(report: BestReport) -> Section:
    """Who gains, and what a constraint of fairness costs."""
    rows = [row(each.label, each.gain, change_cell(each.beside)) for each in report.fairness]
    head = ("Constraint", f"Gain, {unit_of(report.asked.decision)}", "What it costs of the gain")
    text = (
        "The same lines and pounds under a constraint on who is served. A least share that the search itself is to "
        "keep is set in the study file (least_share)."
    )
    title = "The price of fairness"
    price = Table("fair-cost", title, head, rows)
    kinds, name = (GROUP, OFFICE, STAGE, PATTERN, SEX, PLACE), report.shown[0].mix.name
    who = [who_gains.mix_table(report.answer, name, by) for by in kinds]
    return Section("fairness", "Who gains, and what fairness costs", [text, *smaller(report, title)], (), [price], who)
