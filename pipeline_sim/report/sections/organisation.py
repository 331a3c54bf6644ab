"""The organisation's own indicators."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, changed, level
from pipeline_sim.report.text.number_format import year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate

TITLE = "Indicators of the organisation"
SHOWN = (
    "outcome_10_share", "outcome_2_3_share", "cct_share", "on_time_share", "revalidations_late", "late_share",
    "fill_share", "rerun_share", "gp_accepted", "ltft_share", "supported_share", "headcount",
)  # fmt: skip
CALM = 2018  # the training year that ended before COVID


def section(answer: Answer) -> Section:
    """Year by year without a programme, and what changes it."""
    base = answer.label(answer.study.baseline)
    says = [
        *_outcomes(answer),
        "Shares are of reviews, of doctors in training, of revalidations, of posts, of offers and of returners. Rounds "
        "for starts after the last day are not held, so the last year's recruitment is part of one.",
        f"Every world year by year is in by_year.csv; here stands “{base}”.",
    ]
    return Section("organisation", TITLE, says, (), [by_year(answer)], [differences(answer)])


def by_year(answer: Answer) -> Table:
    """The baseline by training year."""
    table = answer.yearly.xs(answer.study.baseline, level="world")["mean"]
    rows = [
        Row(label(name), tuple(Cell(level(float(table.loc[(year, name)]))) for year in answer.years)) for name in SHOWN
    ]
    caption = f"“{answer.label(answer.study.baseline)}” by training year"
    return Table("organisation-years", caption, ("Indicator", *map(year_name, answer.years)), rows)


def differences(answer: Answer) -> Table:
    """What the other worlds change, all years together: those for context, and the leading mix."""
    context = [w for w in answer.worlds if w not in answer.programmes and w != answer.study.baseline]
    worlds = [*context, *answer.ranked()[:1]]
    rows = []
    for name in SHOWN:
        base = Cell(level(float(answer.totals.loc[(answer.study.baseline, name), "mean"])))
        found = (Estimate(*answer.differences.loc[(world, name)]) for world in worlds)
        rows.append(Row(label(name), (base, *map(changed, found))))
    head = (
        "Indicator",
        answer.label(answer.study.baseline),
        *(f"{answer.label(world)}: more or less" for world in worlds),
    )
    return Table("organisation-change", "All reported years together, and what changes them", head, rows)


def label(indicator: str) -> str:
    """What it is called, with its unit."""
    name, unit = LABELS[indicator]
    return name if unit in name.lower() else f"{name}, {unit}"


def _outcomes(answer: Answer) -> list[str]:
    table = answer.yearly.xs(answer.study.baseline, level="world")["mean"].unstack("indicator")
    if answer.years[0] > CALM or not table["outcome_10_share"].max() > 0:
        return []
    worst = int(table["outcome_10_share"].idxmax())
    calm, then = float(table.loc[CALM, "outcome_2_3_share"]), float(table.loc[worst, "outcome_10_share"])
    return [
        f"In {year_name(CALM)}, before COVID, {level(calm)} % of reviews ended in outcome 2 or 3. Outcomes 10.1 and "
        f"10.2, which stand for training missed because of COVID, were at most {level(then)} %, in {year_name(worst)}."
    ]
