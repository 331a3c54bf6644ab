"""Who gains?"""

from pipeline_sim.report.page_model import Cell, Row, Section, Table, gained, level, number
from pipeline_sim.report.text.number_format import in_words, listed, rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.summary import GROUP, OFFICE, PATTERN, REGION, STAGE

TITLE = "Who gains"
OPEN = (GROUP, PATTERN)
FOLDED = (STAGE, REGION, OFFICE)
NAMED = 4


def section(answer: Answer) -> Section:
    """The leading mix by kind of doctor; the others by specialty group, office and working pattern."""
    order = answer.ranked()
    if not order:
        return Section("who", TITLE, ["There is no programme from which anybody could gain."])
    top = order[0]
    says = [
        f"The tables show “{answer.label(top)}”, the mix that gains most on average. Those of the other mixes are in "
        "who_gains.csv, and by specialty group and office together in places.csv.",
        *(_told(answer, top, by) for by in OPEN),
        "Parts are small, so much here cannot be told; among twenty kinds of doctor who gain nothing, about one would "
        "seem to.",
    ]
    if answer.study.scale < 1:
        says.append(
            "At less than the full size of England small specialties in small offices may have no doctor at all."
        )
    tables = [of_mix(answer, top, by) for by in OPEN]
    folded = [of_mix(answer, top, by) for by in FOLDED]
    if len(order) > 1:
        folded += [all_mixes(answer, by) for by in (GROUP, OFFICE, PATTERN)]
    return Section("who", TITLE, says, (), tables, folded)


def of_mix(answer: Answer, world: str, by: str) -> Table:
    """One mix by one thing that doctors are told apart by."""
    rows = []
    for who in kinds(answer, by):
        doctors = float(answer.who.loc[(by, who, "headcount"), "mean"])
        avoided = difference(answer, world, by, who, "extensions")
        part = 1000 / doctors if doctors > 0 else float("nan")
        per = Estimate(*(value * part for value in avoided))
        cells = (
            Cell(level(doctors)),
            gained(avoided),
            gained(per),
            gained(difference(answer, world, by, who, "mean_backlog")),
            gained(difference(answer, world, by, who, "ccts_on_time"), minus=False),
        )
        rows.append(Row(in_words(who), cells))
    head = (
        by.capitalize(),
        "Doctors in training, without the mix",
        "Extensions avoided",
        "The same for every 1,000 doctors",
        "Hidden backlog: months less",
        "More CCTs on time",
    )
    return Table(f"who-{by.replace(' ', '-')}", f"“{answer.label(world)}” by {by}", head, rows)


def all_mixes(answer: Answer, by: str) -> Table:
    """Extensions avoided by every mix; what cannot be told is in brackets."""
    order = answer.ranked()
    rows = []
    for who in kinds(answer, by):
        found = [difference(answer, world, by, who, "extensions") for world in order]
        rows.append(Row(in_words(who), tuple(Cell(_bracketed(each)) for each in found)))
    head = (by.capitalize(), *map(answer.label, order))
    note = "In brackets: cannot be told from nothing. Intervals are in who_gains.csv."
    return Table(f"who-all-{by.replace(' ', '-')}", f"Extensions avoided by every mix, by {by}", head, rows, note)


def kinds(answer: Answer, by: str) -> list[str]:
    """Kinds of doctors of which there are any, in the order of the model."""
    held = answer.who.xs((by, "headcount"), level=("by", "indicator"))["mean"]
    return [str(who) for who, doctors in held.items() if doctors > 0]


def difference(answer: Answer, world: str, by: str, who: str, indicator: str) -> Estimate:
    """A world less the baseline for one kind of doctor."""
    return Estimate(*answer.gains.loc[(world, by, who, indicator)])


def _told(answer: Answer, world: str, by: str) -> str:
    found = {who: difference(answer, world, by, who, "extensions") for who in kinds(answer, by)}
    better = sorted((who for who, each in found.items() if each.high < 0), key=lambda who: found[who].mean)
    worse = [who for who, each in found.items() if each.low > 0]
    name = by.capitalize()
    if not better and not worse:
        return f"{name}: for none of the {len(found)} can we tell whether extensions are avoided."
    parts = []
    if better:
        shown = listed(
            f"{in_words(who)} ({rounded(-found[who].mean)}, {rounded(-found[who].high)} to {rounded(-found[who].low)})"
            for who in better[:NAMED]
        )
        more = f" and {len(better) - NAMED} more" if len(better) > NAMED else ""
        parts.append(f"extensions avoided can be told for {shown}{more}")
    if worse:
        parts.append(f"more extensions for {listed(map(in_words, worse))}")
    rest = len(found) - len(better) - len(worse)
    return f"{name}: {'; '.join(parts)}{f'; for the other {rest} we cannot tell' if rest else ''}."


def _bracketed(found: Estimate) -> str:
    text = number(-found.mean + 0.0)
    return text if found.can_tell or found.low == found.high == 0 else f"({text})"
