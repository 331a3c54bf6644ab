"""Attribution of losses to shocks and of gains to interventions: worlds that add them one after another.

A share depends on the order, for losses and gains do not simply add up; the order is the study's and is stated with it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline_sim.study.comparison.scenarios import programmes_of, scenario_differences
from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.estimates.intervals import Estimate, mean_and_interval
from pipeline_sim.study.estimates.random_effects import Draws
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import entry_of
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, switched_on
from pipeline_sim.world.world_error import hint

if TYPE_CHECKING:
    import pandas as pd

SHOCK, INTERVENTION, OTHERS = "shock", "intervention", "Everything else"
ALONE, LEFT_OUT = "alone", "left out"  # a part of a mix bought by itself, and all of the mix but that part


class AttributionStep(NamedTuple):
    """One more shock or intervention, and the worlds without it and with it."""

    label: str
    kind: str
    before: str  # name of the world without it
    after: str


def attribution_plan(
    study: Study, worlds: Mapping[str, WorldSpec]
) -> tuple[dict[str, WorldSpec], list[AttributionStep]]:
    """Worlds to run besides the study's own, by name, and the steps that lead from no shock to the programme."""
    added: dict[str, WorldSpec] = {}
    mixes = programmes_of(study, worlds) if study.parts else ()
    parts = [step for mix in mixes for step in part_steps(added, study, mix, worlds)]
    if study.attribution is None:
        return added, parts
    base, programme = study.baseline, study.attribution.programme
    shocks = shock_groups(study, worlds[base])
    interventions = [(label, frozenset([name])) for name, label in mix_interventions(worlds[programme])]
    others = scenario_differences(worlds[programme], worlds[base])
    if others:
        what = f"differs from {base} in {', '.join(others)}, not in its mix alone"
        raise StudyError(f"attribution.programme: {programme} {what}: nothing of that can be attributed to a mix")
    steps = cumulative_steps(added, "shocks", worlds[base], shocks, SHOCK, base)
    steps += cumulative_steps(added, "money", worlds[programme], interventions, INTERVENTION, programme, first=base)
    return added, [*steps, *parts]


def part_steps(
    added: dict[str, WorldSpec], study: Study, mix: str, worlds: Mapping[str, WorldSpec]
) -> list[AttributionStep]:
    """Steps of every intervention of a mix alone, beside the baseline, and of the mix beside itself without it."""
    spec, parts, steps = worlds[mix], mix_interventions(worlds[mix]), []
    label = next(world.label for world in study.worlds if world.name == mix)
    for name, what in parts if len(parts) > 1 else ():
        others = frozenset(other for other, _ in parts if other != name)
        alone, less = f"{mix}.{name}", f"{mix}.less.{name}"
        added[alone] = spec._replace(without=spec.without | others)
        added[less] = spec._replace(without=spec.without | {name})
        steps.append(AttributionStep(f"{label}: {what}", ALONE, study.baseline, alone))
        steps.append(AttributionStep(f"{label}: {what}", LEFT_OUT, less, mix))
    return steps


def cumulative_steps(
    added: dict[str, WorldSpec],
    prefix: str,
    full: WorldSpec,
    groups: Sequence[tuple[str, frozenset[str]]],
    kind: str,
    last: str,
    first: str | None = None,
) -> list[AttributionStep]:
    """Steps that switch the groups on one after another, up to the world `full`, named `last`; new worlds are added.

    first: name of the world without any of the groups; None: it is one of the new worlds.
    """
    steps, before = [], first
    omitted = frozenset(name for _, names in groups for name in names)
    if before is None:
        before = f"{prefix}-0"
        added[before] = full._replace(without=full.without | omitted)
    for number, (label, names) in enumerate(groups, 1):
        omitted -= names
        after = last if number == len(groups) else f"{prefix}-{number}"
        if after != last:
            added[after] = full._replace(without=full.without | omitted)
        steps.append(AttributionStep(label, kind, before, after))
        before = after
    return steps


def shock_groups(study: Study, base: WorldSpec) -> list[tuple[str, frozenset[str]]]:
    """Label and shocks of the study's steps, as far as they are switched on; those that no step names come last.

    StudyError for a name that is no shock.
    """
    world = world_of(base)
    if study.attribution is None or world.shocks is None:
        return []
    shocks = world.shocks
    on = frozenset(name for name in SHOCKS if switched_on(shocks, name) and name not in base.without)
    groups = []
    for step in study.attribution.steps:
        for name in step.shocks:
            if name not in SHOCKS:
                raise StudyError(f"attribution.steps: no shock '{name}'{hint(name, SHOCKS)}")
        groups.append((step.label, frozenset(step.shocks) & on))
    named = frozenset(name for _, names in groups for name in names)
    return [(label, names) for label, names in [*groups, (OTHERS, on - named)] if names]


def mix_interventions(programme: WorldSpec) -> list[tuple[str, str]]:
    """Name and label of every intervention of a mix, in the order of its lines; StudyError without a mix."""
    world = world_of(programme)
    if world.mix is None or world.interventions is None:
        raise StudyError("attribution.programme should be a world with a mix")
    names = dict.fromkeys(line.intervention for line in world.mix.lines)
    catalogue = world.interventions
    return [(name, entry_of(catalogue, name).label) for name in names if name not in programme.without]


def attribution_table(
    steps: Sequence[AttributionStep], totals: Mapping[str, "pd.DataFrame"], draws: Draws
) -> "pd.DataFrame":
    """Effect of each step of the attribution, by `rung` (its number) and indicator, over runs of both worlds."""
    import pandas as pd

    shown = ["extensions", "months_short", "mean_backlog", "ccts_on_time"]
    parts = []
    for number, step in enumerate(steps):
        both = min(len(totals[step.before]), len(totals[step.after]))
        change = (totals[step.after][shown].iloc[:both] - totals[step.before][shown].iloc[:both]).to_numpy(np.float64)
        columns = dict(zip(Estimate._fields, mean_and_interval(change, draws.first(both)), strict=True))
        parts.append(
            pd.DataFrame({"rung": number, "label": step.label, "kind": step.kind, "indicator": shown, **columns})
        )
    if not parts:
        return pd.DataFrame(columns=["rung", "label", "kind", "indicator", *Estimate._fields])
    return pd.concat(parts, ignore_index=True)
