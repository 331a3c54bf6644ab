"""Sentences on information: the orders of places under which better readings of gaps may lower what a mix gains."""

from typing import TYPE_CHECKING

from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.headline import GAIN_WORDS
from pipeline_sim.report.text.number_format import listed
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.scenario_gains import NONE

if TYPE_CHECKING:
    import pandas as pd

TOLERATED = 0.02  # part of the gain by which better readings may lower it


def reading_sentences(answer: Answer) -> list[str]:
    """A sentence for each scenario in which offices read gaps otherwise than in the scenario of the baseline."""
    if answer.scenarios.empty:
        return []
    scenarios = answer.scenarios.index.unique("scenario")
    first = answer.scenarios.loc[scenarios[0]]
    pairs = ((name, first.join(answer.scenarios.loc[name].add_suffix("_there"), how="inner")) for name in scenarios[1:])
    return [text for name, both in pairs for text in _sentence(answer, name, _of_readings(both))]


def _of_readings(both: "pd.DataFrame") -> "pd.DataFrame":
    days, there = both["reading_error_days"], both["reading_error_days_there"]
    return both[(both["orders"] != NONE) & (days - there).abs().gt(0)]


def _sentence(answer: Answer, scenario: str, both: "pd.DataFrame") -> list[str]:
    lower, kept = list[str](), list[str]()
    for world, row in both.iterrows():
        change = Estimate(*(float(row[f"change_{end}_there"]) for end in Estimate._fields))
        gain, better = row["gain_mean"], row["reading_error_days_there"] < row["reading_error_days"]
        if not better:
            gain, change = row["gain_mean_there"], change.negated()
        clause = f"{row['orders']} (“{answer.label(str(world))}”: {clause_with_interval(change, '')})"
        (kept if change.low >= -TOLERATED * gain else lower).append(clause)
    if not lower and not kept:
        return []
    days = sorted({*both["reading_error_days"], *both["reading_error_days_there"]})
    what = GAIN_WORDS[answer.study.headline]
    text = (
        f"In “{scenario}” offices read gaps otherwise. What better readings ({days[0]:g} days off, not up to "
        f"{days[-1]:g}) change in the {what.what} that a mix {what.gains}, by the order of its places: "
    )
    verdicts = [f"they may lower the gain under {listed(lower)}"] if lower else []
    verdicts += [f"they do not lower it by more than 2 % under {listed(kept)}"] if kept else []
    return [f"{text}{'; '.join(verdicts)}. Intervals are 95 %."]
