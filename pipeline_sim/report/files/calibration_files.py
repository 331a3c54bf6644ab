"""Files of `calibrate`: how the sample meets each target, and what the record says of each uncertain figure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline_sim.report.text.number_format import whole_or_rounded
from pipeline_sim.study.fit.calibrate_model import Fit
from pipeline_sim.study.fit.posterior import PILED, piled_up
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.posterior_sample import PosteriorSample

if TYPE_CHECKING:
    import pandas as pd

Reals = npt.NDArray[np.float64]
QUANTILES = (0.05, 0.5, 0.95)
RUNS = [f"run_{100 * part:.0f}" for part in QUANTILES]


def fit_table(targets: Sequence[Target], fit: Fit) -> "pd.DataFrame":
    """Fit, a row a target: accepted range, quantiles over the runs of the sample, how good its emulator is."""
    import pandas as pd

    last = fit.runs.values[fit.runs.wave == fit.runs.wave.max()]
    rows, place = [], -1
    for index, target in enumerate(targets):
        place += int(fit.reached[index])
        emulator = fit.emulators[place] if fit.reached[index] else None
        low, high = target.reach
        rows.append(
            {
                "id": target.id,
                "unit": target.unit,
                "record": target.value,
                "passes_from": low,
                "passes_to": high,
                **dict(zip(RUNS, weighted_quantiles(last[:, index], fit.weights), strict=True)),
                "in_reach": emulator is not None,
                "figures": "" if emulator is None else ", ".join(fit.sample.names[each] for each in emulator.active),
                "explained": np.nan if emulator is None else emulator.explained,
                "error_sd_of_root": np.nan if emulator is None else np.sqrt(emulator.error),
                "chance_sd_of_root": float(np.sqrt(fit.runs.noise_variance[index])),
                "unseen_over_expected": np.nan if emulator is None else fit.unseen[-1][place],
            }
        )
    return pd.DataFrame(rows)


def parameters_table(fit: Fit) -> "pd.DataFrame":
    """Uncertain figures, a row each: quantiles of its position, weight at either end, targets that depend on it."""
    import pandas as pd

    sample = fit.sample
    quantiles = np.array([weighted_quantiles(column, sample.weights) for column in sample.positions.T])
    ends = piled_up(sample.positions, sample.weights)
    moved = [sum(place in emulator.active for emulator in fit.emulators) for place in range(len(sample.names))]
    columns: dict[str, object] = {"parameter": sample.names, "unit": sample.units, "targets": moved}
    columns |= {f"position_{100 * part:.0f}": quantiles[:, index] for index, part in enumerate(QUANTILES)}
    columns |= {"in_lowest_tenth": ends[:, 0], "in_highest_tenth": ends[:, 1], "piled_up": (ends > PILED).any(axis=1)}
    return pd.DataFrame(columns)


def weighted_quantiles(values: Reals, weights: Reals) -> Reals:
    """Quantiles of weighted values."""
    order = np.argsort(values, kind="stable")
    places = np.searchsorted(np.cumsum(weights[order]), QUANTILES)
    return np.asarray(values[order][np.minimum(places, len(values) - 1)])


def piled_up_sentences(sample: PosteriorSample) -> list[str]:
    """A sentence on each figure that the fit pushes to an end of its range: evidence against the model's structure."""
    ends = piled_up(sample.positions, sample.weights)
    found = sorted(zip(ends.max(axis=1), ends.argmax(axis=1), sample.names, strict=True), reverse=True)
    return [
        f"evidence against its range, or against the rules around it: {name}, {100 * part:.0f} % of the weight in the "
        f"{('lowest', 'highest')[end]} tenth of the range"
        for part, end, name in found
        if part > PILED
    ]


def fit_lines(targets: Sequence[Target], fit: Fit) -> list[str]:
    """Lines on the sample, on figures piled up at an end of their range, and on targets out of reach."""
    sample = fit.sample
    lines = [
        f"{len(sample.weights)} rows from {sample.made.runs:,} runs, worth {sample.effective_size:.0f} of equal weight;"
        f" {100 * fit.passing:.0f} % of the last wave met all figures fitted to, "
        f"{100 * fit.expected:.0f} % of draws are expected to, "
        f"weights to the power {fit.power:.2f}"
    ]
    lines += piled_up_sentences(sample)
    for index, target in enumerate(targets):
        if not fit.reached[index]:
            low, high = target.reach
            span = np.quantile(fit.runs.values[:, index], (0.05, 0.95))
            lines.append(
                f"out of reach: {target.quantity}, {target.population}, {target.period}: target"
                f" {whole_or_rounded(low)} to {whole_or_rounded(high)} {target.unit}, runs give"
                f" {whole_or_rounded(float(span[0]))} to {whole_or_rounded(float(span[1]))}"
            )
    return lines
