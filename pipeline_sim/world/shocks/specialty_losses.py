"""Loss of a specialty group, or of a specialty of its own, as parts of the losses of the series."""

from typing import NamedTuple

import numpy as np

from pipeline_sim.base.calendar import Dates
from pipeline_sim.world.reading.remembered import remembered
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.shocks.activity_series import national_losses
from pipeline_sim.world.shocks.inpatients import occupancy, regional_ratio
from pipeline_sim.world.timeline.tables import Axes, Reals
from pipeline_sim.world.world_error import WorldError


class Term(NamedTuple):
    """Part of a domain's training that loses so many times what a series loses, at most all."""

    series: str
    times: float
    part: float


Terms = tuple[Term, ...]


@remembered
def loss_terms(axes: Axes, shocks: ShocksSection) -> list[dict[str, Terms]]:
    """Terms of each row of opportunity by domain; raises WorldError for a ratio that its series cannot reach."""

    recorded = recorded_losses(axes, shocks) if axes.specialties else {}
    found = []
    for group, specialty in axes.learning_rows:
        lost, own = shocks.surge.groups[group], shocks.surge.specialties.get(specialty or "")
        ratios = own.ratio.value if own is not None and own.ratio is not None else {}
        row: dict[str, Terms] = {}
        for domain, series in lost.series.items():
            times = lost.share.value[domain]
            if domain in ratios:
                times = times_for(recorded[series], axes.trainee_share, ratios[domain], f"{specialty}.ratio: {domain}")
            also = own.also.items() if own is not None else ()
            others = [Term(name, 1.0, part.value[domain]) for name, part in also if domain in part.value]
            row[domain] = (Term(series, times, max(0.0, 1.0 - sum(term.part for term in others))), *others)
        found.append(row)
    return found


def recorded_losses(axes: Axes, shocks: ShocksSection) -> dict[str, Reals]:
    """Losses of each series by office and day [O, days] of the span of the ratios, with waves as recorded."""
    first, last = shocks.surge.ratio_first, shocks.surge.ratio_last
    whole = axes._replace(dates=Dates(first.year - 1, last.year - first.year + 2))  # whatever years the run has
    days = whole.span(first, last)
    ratio = regional_ratio(whole, occupancy(whole, shocks.regions), shocks.regions)[:, days]
    return {name: national_losses(whole, each)[0][days] * ratio for name, each in shocks.series.items()}


def times_for(losses: Reals, weight: Reals, ratio: float, what: str) -> float:
    """Factor on losses [O, days], at most 1 each, whose weighted mean is 1 - ratio; 0 for a ratio from 1 on."""
    lost = 1.0 - ratio
    if lost <= 0.0:
        return 0.0
    if lost >= (weight @ (losses > 0.0)).mean():
        raise WorldError(f"shocks.surge.specialties.{what}: {ratio} is below what the series can lose in this time")
    loss, whole, rest, total = largest_first(losses, weight)
    times = (lost * total - whole) / rest
    return float(times[np.argmax(times * loss <= 1.0)])  # the first that is not all itself


@remembered
def largest_first(losses: Reals, weight: Reals) -> tuple[Reals, Reals, Reals, float]:
    """Losses above nothing, weight of those before each, of each and those after it in proportion, and of all."""
    order = np.argsort(-losses, axis=None, kind="stable")
    loss, share = losses.ravel()[order], np.repeat(weight, losses.shape[1])[order]
    rest = np.cumsum((share * loss)[::-1])[::-1]
    known = rest > 0.0
    return loss[known], (np.cumsum(share) - share)[known], rest[known], share.sum()
