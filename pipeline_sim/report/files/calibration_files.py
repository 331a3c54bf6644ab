"""Files of `calibrate`: the plausible set, its fit to each target, every design point."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.text.number_format import whole_or_rounded
from pipeline_sim.study.fit.history_matching import CalibrationProblem, DesignResults, reachable
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.plausible_set import Open, PlausibleSet, load_open_parameters

if TYPE_CHECKING:
    import pandas as pd

HEAD = """\
# The plausible set: positions of the calibrated parameters, 0 to 1 within their stated ranges, at which the model
# meets the records that it was fitted to, as far as it can. A comparison draws whole rows.
"""


def set_text(results: PlausibleSet) -> str:
    """Plausible set as the text of a TOML file."""
    made = results.made
    lines = [HEAD, "rows = ["]
    lines += [f"    [{', '.join(f'{part:.3f}' for part in row)}]," for row in results.rows]
    lines += ["]", "", "[made]"]
    lines += [f"{name} = {quoted(getattr(made, name))}" for name in ("command", "rules", "targets")]
    lines += [f"runs = {made.runs}", "", "[made.ranges]"]
    lines += [f"{quoted(name)} = {quoted(digest)}" for name, digest in sorted(made.ranges.items())]
    return "\n".join(lines) + "\n" + "".join(opened_text(each) for each in results.open)


def opened_text(each: Open) -> str:
    """Calibrated parameter as TOML."""
    entries = f"entries = [{', '.join(map(quoted, each.entries))}]\n" if each.entries else ""
    figures = ", ".join(map(quoted, each.figures))
    return f"\n[[open]]\nname = {quoted(each.name)}\nfigures = [{figures}]\n{entries}"


def quoted(text: str) -> str:
    """Text as a TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fit_table(targets: Sequence[Target], results: DesignResults) -> "pd.DataFrame":
    """Fit, a row a target: accepted range, quantiles over plausible points, whether any point is near."""
    import pandas as pd

    kept, near = results.plausible, reachable(targets, results)
    rows = []
    for place, target in enumerate(targets):
        values = results.values[kept, place] if kept.any() else np.array([np.nan])
        low, high = target.reach
        rows.append(
            {
                "id": target.id,
                "unit": target.unit,
                "record": target.value,
                "passes_from": low,
                "passes_to": high,
                "plausible_5": np.quantile(values, 0.05),
                "plausible_50": np.quantile(values, 0.5),
                "plausible_95": np.quantile(values, 0.95),
                "in_reach": bool(near[place]),
                "luck_sd_of_root": float(np.sqrt(results.noise_variance[place])),
            }
        )
    return pd.DataFrame(rows)


def fit_lines(targets: Sequence[Target], results: DesignResults) -> list[str]:
    """Lines on the targets that no values of the calibrated parameters reach; empty if all are reached."""
    near = reachable(targets, results)
    lines = []
    for place, target in enumerate(targets):
        if near[place]:
            continue
        low, high = target.reach
        span = np.quantile(results.values[:, place], (0.05, 0.95))
        lines.append(
            f"out of reach: {target.quantity}, {target.population}, {target.period}: target"
            f" {whole_or_rounded(low)} to {whole_or_rounded(high)} {target.unit}, runs give"
            f" {whole_or_rounded(float(span[0]))} to {whole_or_rounded(float(span[1]))}"
        )
    return lines


def points_table(question: CalibrationProblem, results: DesignResults) -> "pd.DataFrame":
    """Design points, a row a point: wave, plausibility, positions and outputs."""
    import pandas as pd

    names = [each.name for each in load_open_parameters(question.opened).open]
    columns: dict[str, object] = {"wave": results.wave, "plausible": results.plausible}
    columns |= {name: results.positions[:, place] for place, name in enumerate(names)}
    columns |= {target.id: results.values[:, place] for place, target in enumerate(question.targets)}
    return pd.DataFrame(columns)
