"""Section on gains by subgroup of doctors."""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, gain_cell
from pipeline_sim.report.text.figure_clauses import interval_clause
from pipeline_sim.report.text.number_format import format_level, format_number, in_words, listed, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import AGE, GROUP, OFFICE, PATTERN, PLACE, REGION, SEX, STAGE

TITLE = "Who gains"
OPEN = (GROUP, PATTERN, SEX, AGE, PLACE)
FOLDED = (STAGE, REGION, OFFICE)
NAMED = 4


def section(answer: Answer) -> Section:
    """Gains of the leading mix by subgroup; of the others by all but stage and region."""
    order = answer.ranked()
    if not order:
        return Section("who", TITLE, ["This study has no programme, so there is no gain to show."])
    top = order[0]
    paragraphs = [
        f"The tables show “{answer.label(top)}”, the mix with the largest mean gain. Those of the other mixes are in "
        "who_gains.csv, and by specialty group and office together in places.csv.",
        *(_clear_gains(answer, top, by) for by in OPEN),
        "Subgroups are small, so many differences are not clear; of twenty subgroups without any gain, about one would "
        "appear to gain by chance.",
    ]
    if answer.study.scale < 1:
        paragraphs.append(
            "At less than the full size of England, small specialties in small offices may have no doctors."
        )
    tables = [mix_table(answer, top, by) for by in OPEN]
    folded = [mix_table(answer, top, by) for by in FOLDED]
    if len(order) > 1:
        folded += [all_mixes_table(answer, by) for by in (GROUP, OFFICE, PATTERN, SEX, AGE, PLACE)]
    return Section("who", TITLE, paragraphs, (), tables, folded)


def mix_table(answer: Answer, world: str, by: str) -> Table:
    """Table of the gains of one mix by subgroup."""
    rows = []
    for who in kinds(answer, by):
        doctors = float(answer.subgroup_levels.loc[(by, who, "headcount"), "mean"])
        avoided = difference(answer, world, by, who, "extensions")
        part = 1000 / doctors if doctors > 0 else float("nan")
        per = Estimate(*(value * part for value in avoided))
        cells = (
            Cell(format_level(doctors)),
            gain_cell(avoided),
            gain_cell(per),
            gain_cell(difference(answer, world, by, who, "mean_backlog")),
            gain_cell(difference(answer, world, by, who, "ccts_on_time"), less_is_better=False),
        )
        rows.append(Row(in_words(who), cells))
    head = (
        by.capitalize(), "Doctors in training, yearly average without the mix", "Extensions avoided",
        "Extensions avoided per 1,000 doctors", "Hidden backlog: fewer months, yearly average", "More CCTs on time",
    )  # fmt: skip
    return Table(f"who-{by.replace(' ', '-')}", f"“{answer.label(world)}” by {by}", head, rows)


def all_mixes_table(answer: Answer, by: str) -> Table:
    """Table of extensions avoided by every mix, in brackets where the interval includes zero."""
    order = answer.ranked()
    rows = []
    for who in kinds(answer, by):
        differences = [difference(answer, world, by, who, "extensions") for world in order]
        rows.append(Row(in_words(who), tuple(Cell(_bracketed(each)) for each in differences)))
    head = (by.capitalize(), *map(answer.label, order))
    note = "In brackets: the interval includes zero. Intervals are in who_gains.csv."
    return Table(f"who-all-{by.replace(' ', '-')}", f"Extensions avoided by every mix, by {by}", head, rows, note)


def kinds(answer: Answer, by: str) -> list[str]:
    """Subgroups that have any doctors, in the order of the model."""
    doctors_in = answer.subgroup_levels.xs((by, "headcount"), level=("by", "indicator"))["mean"]
    return [str(who) for who, doctors in doctors_in.items() if doctors > 0]


def difference(answer: Answer, world: str, by: str, who: str, indicator: str) -> Estimate:
    """Difference of a world from the baseline in one subgroup."""
    return Estimate(*answer.subgroup_differences.loc[(world, by, who, indicator)])


def _clear_gains(answer: Answer, world: str, by: str) -> str:
    differences = {who: difference(answer, world, by, who, "extensions") for who in kinds(answer, by)}
    better = sorted((who for who, each in differences.items() if each.high < 0), key=lambda who: differences[who].mean)
    worse = [who for who, each in differences.items() if each.low > 0]
    name = by.capitalize()
    if not better and not worse:
        return f"{name}: no clear difference in extensions for any of the {len(differences)} subgroups."
    parts = []
    if better:
        shown = listed(
            f"{in_words(who)} ({rounded(-differences[who].mean)}, {interval_clause(differences[who].negated(), '')})"
            for who in better[:NAMED]
        )
        more = f" and {len(better) - NAMED} more" if len(better) > NAMED else ""
        parts.append(f"clearly fewer extensions for {shown}{more}")
    if worse:
        parts.append(f"clearly more extensions for {listed(map(in_words, worse))}")
    rest = len(differences) - len(better) - len(worse)
    others = f"; no clear difference for the other {rest if rest > 1 else 'one'}" if rest else ""
    return f"{name}: {'; '.join(parts)}{others}."


def _bracketed(differences: Estimate) -> str:
    text = format_number(-differences.mean + 0.0)
    return text if differences.excludes_zero or differences.low == differences.high == 0 else f"({text})"
