"""Sentences on the part of COVID's harm that a mix makes good, and on what it would gain without COVID."""

import math

from pipeline_sim.report.text.figure_clauses import interval_clause
from pipeline_sim.report.text.number_format import DASH, format_number, listed, rounded, year_name
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.harm_undone import ALL_YEARS
from pipeline_sim.study.estimates.intervals import Estimate

EXTENSIONS, MONTHS = "extensions", "months_short"
UNCLEAR = "no clear difference"
NOT_RUN = "How much of that it would gain without COVID is not known, as it was not run so."


def estimate_of(answer: Answer, world: str, indicator: str, part: str, year: int = ALL_YEARS) -> Estimate:
    """Estimate of a part of the harm table; unknown where it has none."""
    if (world, year, indicator) not in answer.harm.index:
        return Estimate(math.nan, math.nan, math.nan)
    row = answer.harm.loc[(world, year, indicator)]
    return Estimate(*(float(row[f"{part}_{end}"]) for end in Estimate._fields))


def share_text(answer: Answer, world: str, indicator: str, year: int = ALL_YEARS) -> tuple[str, str]:
    """Share of the harm of COVID that a mix makes good in per cent, and its interval; a dash where it is not known."""
    mean, low, high = map(signed_percent, estimate_of(answer, world, indicator, "share", year)[:3])
    return (mean, "") if mean == DASH else (mean, f"{low} to {high}")


def share_mark(answer: Answer, world: str, indicator: str, year: int = ALL_YEARS) -> str:
    """Mark of a share whose interval is known and includes zero."""
    share = estimate_of(answer, world, indicator, "share", year)
    return UNCLEAR if share.low <= 0 <= share.high and share.low < share.high else ""


def signed_percent(share: float) -> str:
    """Share in per cent, with a true minus where it is negative."""
    text = format_number(100 * share)
    return text if text == DASH else f"{text} %"


def harm_sentences(answer: Answer, world: str) -> list[str]:
    """Sentence on the share of COVID's harm that a mix makes good, and in which year it gains most."""
    shares = {name: share_text(answer, world, name) for name in (EXTENSIONS, MONTHS)}
    if answer.harm.empty or DASH in {mean for mean, _ in shares.values()}:
        return []
    (extensions, e_span), (months, m_span) = shares.values()
    return [
        f"That equals {extensions} ({e_span}) of the extensions that COVID caused and {months} ({m_span}) of the "
        f"months of training that it cost{_best_year(answer, world)}."
    ]


def _best_year(answer: Answer, world: str) -> str:
    gains = {year: estimate_of(answer, world, EXTENSIONS, "gain", year).mean for year in answer.years}
    most = max(gains, key=lambda year: gains[year])
    whole = estimate_of(answer, world, EXTENSIONS, "gain").mean
    if not 0 < gains[most] <= whole:
        return ""
    return f"; {rounded(gains[most])} of {rounded(whole)} extensions are avoided in {year_name(most)}"


def ordinary_sentence(answer: Answer, world: str) -> str:
    """Sentence on what a mix would gain had there been no COVID, and whether it gains clearly more with it."""
    usual = {name: estimate_of(answer, world, name, "ordinary") for name in (EXTENSIONS, MONTHS)}
    more = {name: estimate_of(answer, world, name, "beyond") for name in usual}
    if any(math.isnan(each.low) for each in usual.values()):
        return NOT_RUN
    avoided, recovered = (f"{rounded(each.mean)} ({interval_clause(each, '')})" for each in usual.values())
    spent = f" in {year_name(answer.study.year)}" if answer.study.year else ""
    start = f"Had there been no COVID, the same money{spent} would avoid {avoided} and recover {recovered}"
    clear = {name: each for name, each in more.items() if each.low > 0}
    if not clear:
        return f"{start}: no clear part of the gain is recovery of what COVID took."
    words = {EXTENSIONS: "extensions", MONTHS: "months"}
    parts = (f"{rounded(each.mean)} {words[name]} ({interval_clause(each, '')})" for name, each in clear.items())
    return f"{start}; beyond that it gains {listed(parts)}."
