"""What pooled judgements become: a layer that replaces ranges, and sentences on what they imply; the empty form."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline_sim.study.own.expert_panel import TIMES, Panel, askable
from pipeline_sim.study.own.pooled_judgement import Pooled
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.layers import file_with
from pipeline_sim.world.register.assumption_register import Register
from pipeline_sim.world.register.recorded_influence import ENTRY, InfluenceTable, drawn_by_entry
from pipeline_sim.world.schema.sourced_value import JUDGEMENT
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, shown_path

HEADER = "# Written by `pipeline-sim elicit`"
BOUGHT = "interventions"
FAR_OFF = 0.05  # difference of probability beyond which a fit is named as poor
ROW_STEP = 5  # of a figure that is a row of numbers, every fifth quantile
FORM = ("expert", "figure", "question", "unit", "lowest", "p25", "p50", "p75", "highest", "reason")
PANEL_FORM = """# A panel of experts, for `pipeline-sim elicit {file}`.
# Rows of {judgements} without numbers are left out.
panel = "name of the panel"
date = 2026-01-01
judgements = "{judgements}"

[experts]
A = {{ who = "role of the expert" }}
B = {{ who = "role of the expert" }}  # with weight = 0.5 each, or unequal weights that sum to 1; none: equal
"""


def layer_text(panel: Panel, pools: Sequence[Pooled], world: World, folder: Path) -> str:
    """Layer (TOML) for a folder, in which the pooled judgements are the ranges of their figures."""
    title = f"{panel.panel}, {panel.date}"
    source = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    below = {file_with(world.layers, each.asked.path) for each in pools if each.asked.path[0] == BOUGHT}
    members = "; ".join(f"{name}: {expert.who}" for name, expert in panel.experts.items())
    lines = [f"{HEADER}: the judgement of {title}, in place of our ranges. It goes over the other layers."]
    if below:
        lines.append(f"extends = {json.dumps(sorted(os.path.relpath(file, folder) for file in below))}")
    lines += ["", f"[sources.{source}]", f"title = {quoted(JUDGEMENT + title)}", f"note = {quoted(members)}"]
    for each in pools:
        *tables, key = each.asked.path
        lines += ["", f"[{'.'.join(map(key_text, tables))}]", f"{key_text(key)} = {{ {figure_text(each, source)} }}"]
    return "\n".join([*lines, ""])


def figure_text(pooled: Pooled, source: str) -> str:
    """Parts of the pooled figure in TOML."""
    one, low, high = pooled.triangle, pooled.values[0], pooled.values[-1]
    middle = pooled.at(0.5) if one is None else one.mode
    parts: dict[str, Any] = {
        name: rounded(pooled.asked.value_of(number))
        for name, number in (("value", middle), ("low", low), ("high", high))
    }
    if one is None:
        values = pooled.values[:: ROW_STEP if pooled.asked.unit == TIMES else 1]
        parts["quantiles"] = [rounded(pooled.asked.value_of(value)) for value in values]
    names = ", ".join(each.judgement.expert for each in pooled.fitted)
    parts |= {"unit": pooled.asked.figure.unit, "source": source, "grade": "C", "note": f"pooled from {names}"}
    return ", ".join(f"{name} = {quoted(part)}" for name, part in parts.items())


def rounded(value: Any) -> Any:
    """Number, or row of numbers, with seven significant digits."""
    return [rounded(part) for part in value] if isinstance(value, tuple) else float(f"{value:.7g}")


def quoted(value: Any) -> str:
    """Value in TOML: a text, a number or a list."""
    return json.dumps(value, ensure_ascii=False)


def key_text(key: str | int) -> str:
    """Key in TOML."""
    return str(key) if re.fullmatch(r"[A-Za-z0-9_-]+", str(key)) else quoted(str(key))


def feedback(pooled: Pooled) -> Iterator[str]:
    """Lines on how well each expert's distribution fits, and on what the pool implies, in the unit of the figure."""
    yield f"{shown_path(pooled.asked.path)} ({pooled.asked.unit})"
    for weight, each in zip(pooled.weights, pooled.fitted, strict=True):
        poor = ": no family comes near, ask again" if each.off > FAR_OFF else ""
        near = f"at most {100 * each.off:.1f} percentage points off{poor}"
        yield f"  {each.judgement.expert}, weight {weight:.3g}: {each.family}, {near}"
    unit = pooled.asked.unit
    q05, q25, q50, q75, q95 = (f"{pooled.at(part):.3g}" for part in (0.05, 0.25, 0.5, 0.75, 0.95))
    likely = f"one chance in two from {q25} to {q75}, nine in ten from {q05} to {q95}"
    yield f"  as likely above as below {q50} {unit}; {likely}"
    if isinstance(pooled.asked.figure.value, tuple):
        yield f"  chance {1 - pooled.below(1.0):.0%} of more than stated so far"
    else:
        low, high = pooled.asked.figure.bounds() or (0, 0)
        stated = pooled.asked.figure.value
        beyond = f"{pooled.below(low):.0%} below and {1 - pooled.below(high):.0%} above its range, {low:g} to {high:g}"
        yield f"  chance {1 - pooled.below(stated):.0%} of more than {stated:g}, the value so far; {beyond}"


def form_texts(
    file: Path, world: World, register: Register, influence: InfluenceTable | None, entries: int
) -> list[str]:
    """Empty form: a panel (TOML), and judgements (CSV) of what influences the answer most of what interventions do."""
    known, drawn = askable(world), drawn_by_entry(register, world)
    names = {entry: [name for name in drawn[entry] if name in known and name.startswith(BOUGHT)] for entry in drawn}
    sizes = {entry: size_of(influence, entry) for entry in names if names[entry]}
    if not any(sizes.values()):
        raise StudyError(f"{world.name}: no influence of its interventions is recorded: name other files with --world")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(FORM)
    for entry in sorted(sizes, key=lambda each: -sizes[each])[:entries]:
        for name in names[entry]:
            question = f"{register.entries[entry].title}: {name_of(world, known[name].path)}"
            writer.writerow(["", name, question, known[name].unit, *[""] * 6])
    judgements = file.with_suffix(".csv").name
    return [PANEL_FORM.format(file=file.name, judgements=judgements), text.getvalue()]


def size_of(influence: InfluenceTable | None, entry: str) -> float:
    """Recorded influence of an entry of the register; zero where none is."""
    found = influence.influences.get((ENTRY, entry, influence.outcomes[0])) if influence is not None else None
    return 0.0 if found is None else found.size


def name_of(world: World, path: KeyPath) -> str:
    """Plain name of what a figure is about: the label of its intervention, else its key."""
    entry = world.interventions.entries.get(str(path[2])) if world.interventions and len(path) > 2 else None
    return f"{entry.label}, {path[-1]}" if entry is not None else str(path[-1])
