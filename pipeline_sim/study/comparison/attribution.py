"""What each shock took and each intervention gave back: worlds that add them one after another, in the study's order.

A share depends on the order, for losses and gains do not simply add up; the order is the study's and is told with it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline_sim.study.comparison.study_file import Study
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.interventions.spending import entry_of
from pipeline_sim.world.shocks.apply_shocks import SHOCKS, switched_on
from pipeline_sim.world.world_error import hint

if TYPE_CHECKING:
    pass

SHOCK, INTERVENTION, OTHERS = "shock", "intervention", "Everything else"


class Rung(NamedTuple):
    """One more thing that happens."""

    label: str
    kind: str
    before: str  # names of the worlds without it and with it
    after: str


def ladder(study: Study, worlds: Mapping[str, Assumed]) -> tuple[dict[str, Assumed], list[Rung]]:
    """Worlds to be run besides the study's own, by name, and the rungs that lead from no shock to the programme."""
    if study.attribution is None:
        return {}, []
    added: dict[str, Assumed] = {}
    base, programme = study.baseline, study.attribution.programme
    steps = shock_steps(study, worlds[base])
    all_shocks = frozenset(name for _, names in steps for name in names)
    bought = bought_names(worlds[programme])
    rungs = _climb(added, "shocks", worlds[base], steps, SHOCK, all_shocks, base)
    gifts = [(label, frozenset([name])) for name, label in bought]
    everything = frozenset(name for name, _ in bought)
    rungs += _climb(added, "money", worlds[programme], gifts, INTERVENTION, everything, programme, first=base)
    return added, rungs


def _climb(
    added: dict[str, Assumed],
    stem: str,
    top: Assumed,
    steps: Sequence[tuple[str, frozenset[str]]],
    kind: str,
    left: frozenset[str],
    last: str,
    first: str | None = None,
) -> list[Rung]:
    rungs, before = [], first
    if before is None:
        before = f"{stem}-0"
        added[before] = top._replace(without=top.without | left)
    for place, (label, names) in enumerate(steps, 1):
        left -= names
        after = last if place == len(steps) else f"{stem}-{place}"
        if after != last:
            added[after] = top._replace(without=top.without | left)
        rungs.append(Rung(label, kind, before, after))
        before = after
    return rungs


def shock_steps(study: Study, base: Assumed) -> list[tuple[str, frozenset[str]]]:
    """The study's steps, as far as they are switched on, and what they leave out at the end."""
    world = world_of(base)
    if study.attribution is None or world.shocks is None:
        return []
    shocks = world.shocks
    on = {name for name in SHOCKS if switched_on(shocks, name) and name not in base.without}
    steps = []
    for step in study.attribution.steps:
        for name in step.shocks:
            if name not in SHOCKS:
                raise StudyError(f"attribution.steps: no shock '{name}'{hint(name, SHOCKS)}")
        steps.append((step.label, frozenset(step.shocks) & on))
    told = frozenset(name for _, names in steps for name in names)
    return [(label, names) for label, names in [*steps, (OTHERS, frozenset(on) - told)] if names]


def bought_names(programme: Assumed) -> list[tuple[str, str]]:
    """Name and label of every intervention of a mix, in the order of its lines."""
    world = world_of(programme)
    if world.mix is None or world.interventions is None:
        raise StudyError("attribution.programme should be a world with a mix")
    names = dict.fromkeys(line.intervention for line in world.mix.lines)
    catalogue = world.interventions
    return [(name, entry_of(catalogue, name).label) for name in names if name not in programme.without]
