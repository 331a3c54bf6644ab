"""Sentences of the headline on levers of supply: posts, their price, doctors in training and extensions."""

from pipeline_sim.report.text.figure_clauses import clause_with_interval, effect_clause
from pipeline_sim.report.text.number_format import pounds, rounded, year_name
from pipeline_sim.study.comparison.answer import Answer


def supply_sentences(answer: Answer) -> list[str]:
    """A sentence for each world with levers of supply; none without."""
    worlds = answer.supply.costs.index.get_level_values("world").unique().drop(answer.study.baseline, errors="ignore")
    return [_sentence(answer, str(world)) for world in worlds]


def _sentence(answer: Answer, world: str) -> str:
    levers, last = answer.supply.costs.loc[world], year_name(answer.years[-1])
    gbp = float(levers["gbp"].sum(skipna=False))
    price = f", for {pounds(gbp)} in all years to then" if gbp > 0 else ""
    doctors = answer.difference(world, "headcount")
    if doctors.excludes_zero:
        change = f"changes doctors in training at its end by {clause_with_interval(doctors)}"
    else:
        change = f"has no clear effect on doctors in training at its end ({clause_with_interval(doctors)})"
    effect = effect_clause(answer.difference(world, "extensions").negated())
    posts = f"“{answer.label(world)}” adds {rounded(float(levers['posts'].sum()))} posts in {last}{price}"
    return f"{posts}; it {change}, and {effect}."
