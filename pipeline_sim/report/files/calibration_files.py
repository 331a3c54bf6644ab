"""What `calibrate` leaves: the plausible set as a file, how well it meets each target, every point that was run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline_sim.report.terminal.run_table import rounded_or_dash
from pipeline_sim.study.fit.history_matching import Found, Question, reachable
from pipeline_sim.study.fit.targets import Target
from pipeline_sim.study.replication.plausible_set import Open, PlausibleSet, load_opened

if TYPE_CHECKING:
    import pandas as pd

HEAD = """\
# The plausible set: positions of the open parameters, 0 to 1 in the ranges that their figures state, at which the
# model meets the records that it was fitted to, as far as it can. A comparison draws whole rows.
"""


def set_text(found: PlausibleSet) -> str:
    """The set as a TOML file."""
    made = found.made
    lines = [HEAD, "rows = ["]
    lines += [f"    [{', '.join(f'{part:.3f}' for part in row)}]," for row in found.rows]
    lines += ["]", "", "[made]"]
    lines += [f"{name} = {quoted(getattr(made, name))}" for name in ("command", "rules", "targets")]
    lines += [f"runs = {made.runs}", "", "[made.ranges]"]
    lines += [f"{quoted(name)} = {quoted(digest)}" for name, digest in sorted(made.ranges.items())]
    return "\n".join(lines) + "\n" + "".join(opened_text(each) for each in found.open)


def opened_text(each: Open) -> str:
    """One open parameter."""
    entries = f"entries = [{', '.join(map(quoted, each.entries))}]\n" if each.entries else ""
    figures = ", ".join(map(quoted, each.figures))
    return f"\n[[open]]\nname = {quoted(each.name)}\nfigures = [{figures}]\n{entries}"


def quoted(text: str) -> str:
    """A text as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fit_table(targets: Sequence[Target], found: Found) -> "pd.DataFrame":
    """One row a target: what is wanted, what plausible points give, and whether any point comes near."""
    import pandas as pd

    kept, near = found.plausible, reachable(targets, found)
    rows = []
    for place, target in enumerate(targets):
        values = found.values[kept, place] if kept.any() else np.array([np.nan])
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
                "luck_sd_of_root": float(np.sqrt(found.luck[place])),
            }
        )
    return pd.DataFrame(rows)


def fit_lines(targets: Sequence[Target], found: Found) -> list[str]:
    """Targets that the model cannot reach with what is open, in words; nothing if it reaches all."""
    near = reachable(targets, found)
    said = []
    for place, target in enumerate(targets):
        if near[place]:
            continue
        low, high = target.reach
        span = np.quantile(found.values[:, place], (0.05, 0.95))
        said.append(
            f"out of reach: {target.quantity}, {target.population}, {target.period}: wanted"
            f" {rounded_or_dash(low)} to {rounded_or_dash(high)} {target.unit}, runs give"
            f" {rounded_or_dash(float(span[0]))} to {rounded_or_dash(float(span[1]))}"
        )
    return said


def points_table(question: Question, found: Found) -> "pd.DataFrame":
    """One row a point that was run: its wave, whether it is plausible, its positions and what it gave."""
    import pandas as pd

    names = [each.name for each in load_opened(question.opened).open]
    columns: dict[str, object] = {"wave": found.wave, "plausible": found.plausible}
    columns |= {name: found.positions[:, place] for place, name in enumerate(names)}
    columns |= {target.id: found.values[:, place] for place, target in enumerate(question.targets)}
    return pd.DataFrame(columns)
