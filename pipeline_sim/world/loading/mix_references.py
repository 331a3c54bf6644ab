"""References to names in the catalogue of interventions and in a mix."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from pipeline_sim.world.schema.interventions import ANY_EXAM, labels_of
from pipeline_sim.world.schema.training import STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath


class NameReference(NamedTuple):
    """Reference to a name: its key path and the known names."""

    path: KeyPath
    name: str
    known: Collection[str]  # a mapping has labels, in which a similar name may be found


def ids(rows: Iterable[Any]) -> tuple[str, ...]:
    """Ids of rows."""
    return tuple(row.id for row in rows)


def mix_references(world: World, groups: tuple[str, ...], exams: tuple[str, ...]) -> Iterator[NameReference]:
    """References in interventions and the mix."""
    catalogue = world.interventions
    if catalogue is None:
        return
    listed = {name: group_label(world, name) for name in (*groups, *catalogue.targets)}
    served = (*ids(world.programmes), *STAGES, *listed)
    for name in world.mix.served_first if world.mix else ():
        yield NameReference(("mix", "served_first"), name, served)
    members = {"groups": groups, "programmes": ids(world.programmes), "stages": STAGES}
    for name, target in catalogue.targets.items():
        for key, known in members.items():
            place = ("interventions", "targets", name, key)
            yield from (NameReference(place, each, known) for each in getattr(target, key))
    for kind in ("weather", "places", "payments"):
        for name, entry in getattr(catalogue, kind).items():
            yield from (NameReference(("interventions", kind, name, "groups"), group, listed) for group in entry.groups)
    for name, entry in catalogue.places.items():
        if entry.gate not in (None, ANY_EXAM):
            yield NameReference(("interventions", "places", name, "gate"), entry.gate, exams)
    for index, line in enumerate(world.mix.lines if world.mix else ()):
        here = ("mix", "lines", index)
        yield NameReference((*here, "intervention"), line.intervention, labels_of(catalogue))
        named: dict[str, Collection[str]] = {"groups": listed, "offices": ids(world.offices), "regions": world.regions}
        named["first"] = served
        for key, words in named.items():
            yield from (NameReference((*here, key), name, words) for name in getattr(line, key))


def group_label(world: World, group: str) -> str:
    """Names of the programmes of a group, in which a specialty that is no group is found."""
    return " ".join([group, *(f"{each.id} {each.name}" for each in world.programmes if each.group == group)])
