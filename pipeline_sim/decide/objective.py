"""What a mix gains by the objective of a decision: by replication, and as one value under the attitude to risk."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipeline_sim.base.calendar import DAYS_PER_MONTH
from pipeline_sim.decide.decision_section import Decision
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.study.comparison.answer import costs_by_world
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.cost_effectiveness import ledgers, net_budget
from pipeline_sim.study.estimates.random_effects import Draws, effects
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of

Reals = npt.NDArray[np.float64]
UNITS = {
    "extensions_avoided": "extensions avoided",
    "months_recovered": "months of training recovered",
    "ccts_on_time": "CCTs on time",
    "net_saving": "pounds saved, net",
}
GAINED = {
    "extensions_avoided": "avoids {} extensions",
    "months_recovered": "recovers {} months of training",
    "ccts_on_time": "brings {} more CCTs on time",
    "net_saving": "saves {} pounds more than it costs",
}
LOWER_QUARTILE = 0.25


def unit_of(decision: Decision) -> str:
    """Unit of mean gains in words."""
    return UNITS[decision.objective] if isinstance(decision.objective, str) else "points of the weighted sum"


def sought(decision: Decision) -> str:
    """What is sought, in words: a mean, or what counts of the spread of single runs."""
    what = unit_of(decision)
    if decision.target is not None:
        what = f"probability of {decision.target:g} {what} or more"
    elif decision.risk == "lower_quartile":
        what = f"lower quartile of {what}"
    return f"{what} in the worst scenario" if decision.risk == "worst_scenario" else what


def gained(decision: Decision, amount: str) -> str:
    """Gain in words, by the objective: avoids 310 extensions."""
    if not isinstance(decision.objective, str):
        return f"gains {amount} {unit_of(decision)}"
    return GAINED[decision.objective].format(amount)


def measures(sample: WorldReplications) -> dict[str, Reals]:
    """Levels [R] of a world, more of which is better; of the model, not yet scaled up to England."""
    known = measure_names()

    def of(name: str) -> Reals:
        return np.asarray(sample.counts[:, :, known.index(name)], dtype=np.float64)

    short = (of("extension_days").sum(axis=1) + of("gap_carried_days")[:, -1]) / DAYS_PER_MONTH
    return {
        "extensions_avoided": -of("extensions").sum(axis=1),
        "months_recovered": -short,
        "ccts_on_time": (of("ccts") - of("ccts_extended")).sum(axis=1),
    }


def gains(
    wanted: Sequence[str],
    study: Study,
    specs: Mapping[str, WorldSpec],
    samples: Mapping[str, WorldReplications],
    draws: Draws,
) -> dict[str, Reals]:
    """Gains [R, measures] of every world over the baseline by the measures wanted, scaled up to England."""
    base = study.baseline
    scale = study.scale * world_of(specs[base]).size
    levels = {name: measures(sample) for name, sample in samples.items()}
    saved = _savings(study, specs, samples, draws) if "net_saving" in wanted else {}
    return {
        name: np.stack(
            [
                saved[name] if measure == "net_saving" else (own[measure] - levels[base][measure]) / scale
                for measure in wanted
            ],
            axis=-1,
        )
        for name, own in levels.items()
        if name != base
    }


def _savings(
    study: Study, specs: Mapping[str, WorldSpec], samples: Mapping[str, WorldReplications], draws: Draws
) -> dict[str, Reals]:
    """Net saving [R] of the training budget, pounds: what extensions cost less, minus what is spent."""
    names = names_of(world_of(specs[study.baseline]))
    spending = {name: ledgers(sample, world_of(specs[name]), draws) for name, sample in samples.items()}
    own = {name: specs[name] for name in samples}
    costs = costs_by_world(study, own, samples, spending, names.years[names.reported_from :], draws)
    base = costs[study.baseline]
    if base is None:
        raise StudyError("decision.objective: net_saving needs prices: add the layer configs/costs.toml to every world")
    return {
        name: -net_budget(each, base) for name, each in costs.items() if each is not None and name != study.baseline
    }


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
