"""What a mix gains by the objective of a decision: by replication, and as one value under the attitude to risk."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.study.comparison.answer import costs_by_world
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import ledgers, net_budget
from pipeline_sim.study.estimates.indicators import headline
from pipeline_sim.study.estimates.random_effects import Draws, Reals, effects
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of


class Measure(NamedTuple):
    """What can be gained, in words, and the indicator of which more, or less, is better; none: it is money."""

    unit: str
    gained: str
    indicator: str = ""
    sign: int = -1


MEASURES = {
    "extensions_avoided": Measure("extensions avoided", "avoids {} extensions", "extensions"),
    "months_recovered": Measure("months of training recovered", "recovers {} months of training", "months_short"),
    "ccts_on_time": Measure("CCTs on time", "brings {} more CCTs on time", "ccts_on_time", 1),
    "net_saving": Measure("pounds saved, net", "saves {} pounds more than it costs"),
    "pounds": Measure("pounds of net benefit", "gains {} pounds of net benefit"),
}
WEIGHTED = Measure("points of the weighted sum", "gains {} points of the weighted sum")
LOWER_QUARTILE = 0.25


def words_of(decision: Decision) -> Measure:
    """Objective in words."""
    return MEASURES[decision.objective] if isinstance(decision.objective, str) else WEIGHTED


def unit_of(decision: Decision) -> str:
    """Unit of mean gains in words."""
    return words_of(decision).unit


def sought(decision: Decision) -> str:
    """What is sought, in words: a mean, or what counts of the spread of single runs."""
    what = unit_of(decision)
    if decision.target is not None:
        what = f"probability of {decision.target:g} {what} or more"
    elif decision.risk == "lower_quartile":
        what = f"lower quartile of {what}"
    return f"{what} in the worst scenario" if decision.risk == "worst_scenario" else what


def level(measure: str, sample: WorldReplications) -> Reals:
    """Level [R] of a world, more of which is better; of the model, not yet scaled up to England."""
    return MEASURES[measure].sign * headline(sample, MEASURES[measure].indicator)


def gains(
    wanted: Sequence[str],
    study: Study,
    specs: Mapping[str, WorldSpec],
    samples: Mapping[str, WorldReplications],
    draws: Draws,
) -> Reals:
    """Gains [N, R, measures] of all worlds but the baseline, by the measures wanted, scaled up to England."""
    base, others = study.baseline, [name for name in samples if name != study.baseline]
    scale = study.scale * world_of(specs[base]).size
    found = []
    for measure in wanted:
        if measure == "net_saving":
            saved = _savings(study, specs, samples, draws)
            found.append([saved[name] for name in others])
        else:
            without = level(measure, samples[base])
            found.append([(level(measure, samples[name]) - without) / scale for name in others])
    return np.stack(found, axis=-1)


def _savings(
    study: Study, specs: Mapping[str, WorldSpec], samples: Mapping[str, WorldReplications], draws: Draws
) -> dict[str, Reals]:
    """Net saving [R] of the training budget, pounds: what extensions cost less, minus what is spent."""
    names = names_of(world_of(specs[study.baseline]))
    spending = {name: ledgers(sample, world_of(specs[name]), draws) for name, sample in samples.items()}
    costs = costs_by_world(study, specs, samples, spending, names.years[names.reported_from :], draws)
    base = costs[study.baseline]
    if base is None:
        raise StudyError("decision.objective: net_saving needs prices: add the layer configs/costs.toml to every world")
    return {name: -net_budget(each, base) for name, each in costs.items() if each is not None}


def value_of(decision: Decision, gained: Sequence[Reals], draws: Draws) -> float:
    """Value of a choice from its gain [R] in each scenario: the attitude to risk decides what of the spread counts.

    A quantile or a probability is that of draws; where each has one replication, its chance variation is included.
    """
    if decision.target is None and decision.risk != "lower_quartile":
        return min(float(draws.weights @ draws.means(each)) for each in gained)
    found = [effects(each, draws) for each in gained]
    if decision.target is not None:
        return min(float(each.weights @ (each.drawn >= decision.target)) for each in found)
    return min(_quantile(each.drawn, each.weights, LOWER_QUARTILE) for each in found)


def _quantile(values: Reals, weights: Reals, part: float) -> float:
    order = np.argsort(values)
    places = weights[order].cumsum() - weights[order] / 2
    return float(np.interp(part, places, values[order]))
