"""Section on certainty: chance variation and parameter uncertainty, and what they mean for a choice."""

import math

import numpy as np

from pipeline_sim.report.page_model import Cell, Row, Section, Table, text_cells
from pipeline_sim.report.text.headline import GAIN_WORDS, has_no_effect, payment_notes, quoted
from pipeline_sim.report.text.number_format import format_money, format_number, listed, number_word, percent
from pipeline_sim.study.comparison.answer import Answer

TITLE = "How certain the results are"
WORTHS = 5  # rows of the table of choices, from zero to the highest value
SEEN = 0.005  # share of draws from which on a choice is shown
AS_SAID = 1e-9  # shares nearer than this are the same
ENOUGH = 20  # draws from which on nine in ten of them are shown


def section(answer: Answer) -> Section:
    """Sources of uncertainty, and which choice has the highest value."""
    if not answer.programmes:
        return Section("sure", TITLE, ["This study has no programme, so there is no choice to make."])
    paragraphs = [
        "The 95 % intervals are for a mean over draws. Each draw has its own random numbers and, where parameters are "
        "uncertain, its own parameter values. More draws make the intervals narrower; they do not reduce the "
        "uncertainty about the parameters. The table therefore also shows how far single draws differ: this is how "
        "far the answer depends on the parameter values that one assumes.",
        *variance_sentences(answer),
        *_worth(answer),
    ]
    tables = [draws_table(answer)]
    if not answer.acceptability_curve.empty:
        tables.append(worth_table(answer))
    return Section("sure", TITLE, paragraphs, (), tables)


def draws_table(answer: Answer) -> Table:
    """Table of the spread of single draws, and of the share of it that is due to parameters."""
    gain = GAIN_WORDS[answer.study.headline]
    rows = []
    for world in answer.ranked():
        made = by_draw(answer, world)
        low, high = np.percentile(made, [5, 95]) if len(made) >= ENOUGH else (made.min(), made.max())
        cells = text_cells(
            [
                f"{format_number(low)} to {format_number(high)}",
                percent(float((made > 0).mean())),
                *variance_cells(answer, world),
            ]
        )
        rows.append(Row(answer.label(world), cells))
    part = "Nine in ten draws" if len(by_draw(answer, answer.programmes[0])) >= ENOUGH else "All draws"
    head = (
        "Mix", f"{part} lie between", f"Draws in which it {gain.gains} any", "Spread due to uncertain parameters",
        "Spread due to chance variation", "Share of variance due to parameters",
    )  # fmt: skip
    note = (
        "Spread: standard deviation between single replications due to one source alone. The share of variance has a "
        "95 % interval. A dash: the study cannot separate the two."
    )
    return Table("sure-draws", f"{gain.what.capitalize()} that a mix {gain.gains}, draw by draw", head, rows, note)


def variance_cells(answer: Answer, world: str) -> list[str]:
    """Cells of the variance components of a mix."""
    if world not in answer.variance_components.index:
        return ["–"] * 3
    components = answer.variance_components.loc[world]
    sds = [format_number(components["parameters_sd"]), format_number(components["luck_sd"])]
    if math.isnan(components["parameters_share"]):
        return [*sds, "–"]
    parts = [percent(float(components[name])) for name in ("parameters_share", "share_low", "share_high")]
    return [*sds, f"{parts[0]} ({parts[1]} to {parts[2]})"]


def by_draw(answer: Answer, world: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Gain of a mix by the headline indicator [draws]."""
    name = answer.study.headline
    return (answer.draws[answer.study.baseline][name] - answer.draws[world][name]).to_numpy(np.float64)


def worth_table(answer: Answer) -> Table:
    """Table of the choice with the highest net benefit, by the value of a month of training."""
    table = answer.acceptability_curve
    shown = table.iloc[np.unique(np.linspace(0, len(table) - 1, WORTHS).round().astype(int))]
    base = answer.study.baseline
    choices = [base, *(world for world in answer.ranked() if world in table and shown[world].max() >= SEEN)]
    rows = [
        Row(format_money(float(at)), tuple(Cell(percent(float(shown.loc[at, world]))) for world in choices))
        for at in shown.index
    ]
    head = ("Value of a month", *(answer.label(world) for world in choices))
    caption = "Share of draws in which a choice has the highest net benefit, by the value of a month of training"
    note = (
        "Net benefit: months recovered times their value, less the net cost to the training budget. Choices that are "
        "equal share a draw; mixes that are best in none of those shown are left out."
    )
    note = " ".join([note, *payment_notes(answer)])
    return Table("sure-worth", caption, head, rows, note)


def variance_sentences(answer: Answer) -> list[str]:
    """Sentence on the variance components of all mixes."""
    if answer.variance_components.empty:
        return ["This study cannot separate chance variation from the effect of the uncertain parameters."]
    more = answer.variance_components[
        answer.variance_components["parameters_sd"] > answer.variance_components["luck_sd"]
    ]
    clear, mixes = int((more["share_low"] > 0.5).sum()), len(answer.variance_components)
    where = f"in {number_word(len(more))} of {number_word(mixes)} mixes"
    where += f" ({number_word(clear)} clearly)" if len(more) else ""
    if mixes == 1:
        where = f"with the only mix{' (clearly)' if clear else ''}"
    verb = "do not cause" if mixes == 1 and more.empty else "cause"
    return [
        f"Uncertain parameters {verb} more of the spread of single replications than chance {where}. More replications "
        "reduce random error; only better evidence on the effects of interventions reduces the rest."
    ]


def _worth(answer: Answer) -> list[str]:
    table, base = answer.acceptability_curve, answer.study.baseline
    if table.empty:
        return []
    idle = [world for world in answer.programmes if world in table and has_no_effect(answer, world)]
    nothing = table[[base, *idle]].sum(axis=1)  # a mix without effect is no better than spending nothing
    rather = table.index[nothing < 0.5]
    if not len(rather):
        return [
            f"Even if a month of training is valued at {format_money(float(table.index[-1]))}, spending nothing is "
            "the best choice in at least half of the draws."
        ]
    if rather[0] == table.index[0]:
        return ["In most draws some mix is a better choice than spending nothing, at every value of a month shown."]
    at = rather[0]
    shares = table.drop(columns=[base, *idle]).loc[at]
    best = [str(world) for world in shares.index[shares > shares.max() - AS_SAID]]
    return [
        f"Spending nothing is the best choice in at least half of the draws until a month of training is valued at "
        f"about {format_money(float(at))}; at that value {listed(quoted(answer, world) for world in best)} "
        f"{'is best most often, in' if len(best) == 1 else 'tie as best most often, each in'} "
        f"{percent(float(shares.max()))}."
    ]
