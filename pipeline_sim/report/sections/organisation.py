"""Section on workforce indicators, by year and by world."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, change_cell, text_cells
from pipeline_sim.report.text.number_format import format_level, percent, with_unit, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.indicators import LABELS
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.world.population.office_shares import redistributed_posts
from pipeline_sim.world.reading.csv_tables import read_rows
from pipeline_sim.world.world_error import WorldError

TITLE = "Workforce indicators"
SHOWN = (
    "outcome_10_share", "outcome_2_3_share", "cct_share", "on_time_share", "revalidations_late", "late_share",
    "fill_share", "rerun_share", "gp_accepted", "ltft_share", "returners_supported",
    "supported_share", "headcount",
)  # fmt: skip
GP_PLAN = "evidence/applicants_pipeline_by_year.csv", "GP acceptance target"
TOGETHER = (
    "Counts of what happens (extensions, CCTs, reviews, weeks) and their lengths are sums over the years; doctors in "
    "training, working time, backlog and less than full time are those of the last year; a yearly average says so; "
    "other shares and years to CCT are of all years together."
)
BEFORE_COVID = 2018  # the training year that ended before COVID


def section(answer: Answer) -> Section:
    """Indicators of the baseline by year, and their differences in other worlds."""
    base = answer.label(answer.study.baseline)
    paragraphs = [
        *_outcomes(answer),
        "Shares are of reviews, of doctors in training, of revalidations, of posts, of offers and of returners. Rounds "
        "for starts after the last day do not take place, so recruitment in the last year is incomplete.",
        f"Every world year by year is in by_year.csv; this section shows “{base}”.",
    ]
    return Section("organisation", TITLE, paragraphs, (), [yearly_table(answer)], [differences_table(answer)])


def gp_plan(answer: Answer) -> dict[int, float]:
    """Official target of GP acceptances, by the training year that ends before the starts; empty if none is known."""
    file, measure = GP_PLAN
    try:
        rows = read_rows(world_of(answer.specs[answer.study.baseline]).evidence(file))
    except WorldError:
        return {}
    return {row.whole("year") - 1: row.number("value", least=1) for row in rows if row["measure"] == measure}


def posts_moved(answer: Answer) -> list[str]:
    """Posts redistributed between offices up to each reported year: an assumption of the world."""
    world = world_of(answer.specs[answer.study.baseline])
    moved = redistributed_posts(world).clip(min=0).sum(axis=(1, 2))[-len(answer.years) :]
    return [format_level(float(posts)) for posts in moved]


def yearly_table(answer: Answer) -> Table:
    """Table of the baseline by training year."""
    table = answer.yearly.xs(answer.study.baseline, level="world")["mean"]
    plan = gp_plan(answer)

    def gp_cell(year: int) -> Cell:
        accepted = float(table.loc[(year, "gp_accepted")])
        return Cell(percent(accepted / plan[year])) if year in plan else Cell("–")

    rows = [
        Row(
            with_unit(*LABELS[name]), tuple(Cell(format_level(float(table.loc[(year, name)]))) for year in answer.years)
        )
        for name in SHOWN
    ]
    rows += [Row("GP acceptances, % of the official target", tuple(map(gp_cell, answer.years)))] if plan else []
    rows.append(Row("Posts moved between offices so far, as assumed", text_cells(posts_moved(answer))))
    caption = f"“{answer.label(answer.study.baseline)}” by training year"
    return Table("organisation-years", caption, ("Indicator", *map(year_name, answer.years)), rows)


def differences_table(answer: Answer) -> Table:
    """Table of differences over all years: worlds without a programme, and the leading mix."""
    context = [w for w in answer.worlds if w not in answer.programmes and w != answer.study.baseline]
    worlds = [*context, *answer.ranked()[:1]]
    rows = []
    for name in SHOWN:
        base = Cell(format_level(float(answer.totals.loc[(answer.study.baseline, name), "mean"])))
        estimates = (Estimate(*answer.differences.loc[(world, name)]) for world in worlds)
        rows.append(Row(with_unit(*LABELS[name]), (base, *map(change_cell, estimates))))
    head = (
        "Indicator",
        answer.label(answer.study.baseline),
        *(f"{answer.label(world)}: difference" for world in worlds),
    )
    caption = "All reported years together, and differences between worlds"
    return Table("organisation-change", caption, head, rows, TOGETHER)


def _outcomes(answer: Answer) -> list[str]:
    table = answer.yearly.xs(answer.study.baseline, level="world")["mean"].unstack("indicator")
    if answer.years[0] > BEFORE_COVID or not table["outcome_10_share"].max() > 0:
        return []
    worst = int(table["outcome_10_share"].idxmax())
    calm, then = float(table.loc[BEFORE_COVID, "outcome_2_3_share"]), float(table.loc[worst, "outcome_10_share"])
    return [
        f"In {year_name(BEFORE_COVID)}, before COVID, {format_level(calm)} % of reviews ended in outcome 2 or 3. "
        f"Outcomes 10.1 and 10.2, which record training missed because of COVID, were at most {format_level(then)} %, "
        f"in {year_name(worst)}."
    ]
