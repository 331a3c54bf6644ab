"""Checks of references: groups, offices, streams, exams and stages named anywhere in a world must exist."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from pipeline_sim.rules.codes import MAX_PARTS
from pipeline_sim.world.loading.check_plausibility import check_plausibility
from pipeline_sim.world.reading.layers import MergedLayers
from pipeline_sim.world.schema.interventions import ANY_EXAM, labels_of
from pipeline_sim.world.schema.people_section import DEFAULT, ELSEWHERE, ENTRANTS, KINDS, PLACES
from pipeline_sim.world.schema.shocks import ShocksSection
from pipeline_sim.world.schema.sourced_value import Names, Sourced
from pipeline_sim.world.schema.training import CCT_STAGES, DOMAINS, MONTHS_OUT, ORIGINS, STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, world_error

Known = Mapping[str, Collection[str]]  # names by kind; a mapping has labels, in which a similar name may be found


class NameReference(NamedTuple):
    """Reference to a name: its key path and the known names."""

    path: KeyPath
    name: str
    known: Collection[str]


class KeyedTable(NamedTuple):
    """Table whose keys are names; `whole` if every known name must be a key."""

    path: KeyPath
    keys: Iterable[str]
    known: Collection[str]
    whole: bool


def check_references(world: World, merged: MergedLayers) -> None:
    """Check of all names; raises WorldError for one unknown, left out of a table or used twice."""
    check_unique(world, merged)
    check_parts(world, merged)
    check_out_of_programme(world, merged)
    known, found = known_names(world), list[NameReference | KeyedTable]()
    for path, value, names in marked_fields(world):
        if path[0] != "mix" or world.interventions is not None:  # a mix without a catalogue has its own message
            found += mentions(path, value, names, known[names.known])
    for mention in (each for each in found if isinstance(each, NameReference)):
        if mention.name not in mention.known:
            text = f"'{mention.name}' is nowhere in this world"
            raise world_error(merged.file(mention.path), mention.path, text, mention.known, mention.name)
    check_specialties(world, merged)
    for table in (each for each in (*found, *nested_tables(world)) if isinstance(each, KeyedTable)):
        check_table(table, merged)
    check_plausibility(world, merged)


def check_table(table: KeyedTable, merged: MergedLayers) -> None:
    """Check of the keys of a table; raises WorldError for one unknown or left out."""
    for key in table.keys:
        if key not in table.known:
            text = f"'{key}' is nowhere in this world"
            raise world_error(merged.file(table.path), (*table.path, key), text, table.known, key)
    left_out = [name for name in table.known if name not in table.keys]
    if table.whole and left_out:
        raise world_error(merged.file(table.path), table.path, f"says nothing of '{left_out[0]}'")


def check_unique(world: World, merged: MergedLayers) -> None:
    """Check that ids are unique; raises WorldError."""
    for key in ("offices", "groups", "streams", "programmes", "exams"):
        names = ids(getattr(world, key))
        for index, name in enumerate(names):
            if name in names[:index]:
                raise world_error(merged.file((key,)), (key, index, "id"), f"'{name}' stands there twice")


def check_parts(world: World, merged: MergedLayers) -> None:
    """Check that the parts of an exam stand below each other and are not too many; raises WorldError."""
    gates = [part.gate for part in world.exams]
    for index, gate in enumerate(gates):
        if gate in gates[:index] and gates[index - 1] != gate:
            text = f"'{gate}' should stand right below the other parts of it"
            raise world_error(merged.file(("exams",)), ("exams", index, "exam"), text)
        if gates[: index + 1].count(gate) > MAX_PARTS:
            text = f"'{gate}' has more than {MAX_PARTS} parts"
            raise world_error(merged.file(("exams",)), ("exams", index, "exam"), text)
        if gates.count(gate) == 1 and gate != world.exams[index].id:
            others = sorted({other for other in gates if other != gate})
            text = f"'{gate}' has no other part; an exam of one part should have none here"
            raise world_error(merged.file(("exams",)), ("exams", index, "exam"), text, others, gate)
        above = [known for known in dict.fromkeys(gates[:index]) if known != gate]
        for needed in world.exams[index].needs:
            if needed not in above:
                text = f"'{needed}' should be an exam that stands above, as it is held before"
                raise world_error(merged.file(("exams",)), ("exams", index, "needs"), text, above, needed)


def check_specialties(world: World, merged: MergedLayers) -> None:
    """Check that a programme is in one specialty, and in that of its group; raises WorldError."""
    groups = {each.id: each.group for each in world.programmes}
    known, names = set[str](), ids(world.competence.specialties)
    for index, specialty in enumerate(world.competence.specialties):
        if specialty.id in names[:index]:
            here = ("competence", "specialties", index, "id")
            raise world_error(merged.file(here), here, f"'{specialty.id}' stands there twice")
        path = ("competence", "specialties", index, "programmes")
        for name in specialty.programmes:
            if name in known:
                raise world_error(merged.file(path), path, f"'{name}' is in another specialty already")
            if groups.get(name, specialty.group) != specialty.group:
                text = f"'{name}' is of group '{groups[name]}', should be of '{specialty.group}'"
                raise world_error(merged.file(path), path, text)
            known.add(name)


def check_out_of_programme(world: World, merged: MergedLayers) -> None:
    """Check that each kind of time out of programme stands once for a stage; raises WorldError."""
    known: set[tuple[str, str]] = set()
    for index, each in enumerate(world.life.oop):
        for stage in each.stages:
            if (each.kind, stage) in known:
                path = ("life", "oop", index, "stages")
                raise world_error(merged.file(path), path, f"'{each.kind}' stands there twice for '{stage}'")
            known.add((each.kind, stage))


def ids(rows: Iterable[Any]) -> tuple[str, ...]:
    """Ids of rows."""
    return tuple(row.id for row in rows)


def known_names(world: World) -> Known:
    """Names that a field may give, by the kind with which it is marked."""
    groups, programmes, parts = ids(world.groups), ids(world.programmes), ids(world.exams)
    exams = tuple(dict.fromkeys(part.gate for part in world.exams))
    catalogue, shocks = world.interventions, world.shocks
    listed = {name: group_label(world, name) for name in (*groups, *(catalogue.targets if catalogue else ()))}
    return {
        "groups": groups,
        "groups or targets": listed,
        "groups or specialties": tuple(dict.fromkeys((*groups, *ids(world.competence.specialties)))),
        "programmes": programmes,
        "programmes or default": (*programmes, DEFAULT),
        "recruiting programmes": tuple(each.id for each in world.programmes if each.stream is not None),
        "served": (*programmes, *STAGES, *listed),
        "specialties": ids(world.competence.specialties),
        "stages": STAGES,
        "CCT stages": CCT_STAGES,
        "streams": ids(world.streams),
        "offices": ids(world.offices),
        "regions": world.regions,
        "exams": exams,
        "exams or any": (*exams, ANY_EXAM),
        "parts of exams": parts,
        "kinds or parts": (*KINDS, *parts),
        "domains": DOMAINS,
        "origins": ORIGINS,
        "months out": MONTHS_OUT,
        "places": PLACES,
        "elsewhere": ELSEWHERE,
        "entrants": ENTRANTS,
        "interventions": labels_of(catalogue) if catalogue else (),
        "waves": tuple(shocks.waves) if shocks else (),
        "series": tuple(shocks.series) if shocks else (),
    }


def marked_fields(part: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any, Names]]:
    """Fields of a table that are marked with the names that they give."""
    if isinstance(part, BaseModel) and not isinstance(part, Sourced):
        for name, field in type(part).model_fields.items():
            value, here = getattr(part, name), (*path, name)
            yield from ((here, value, mark) for mark in field.metadata if isinstance(mark, Names) and value is not None)
            yield from marked_fields(value, here)
    elif isinstance(part, Mapping | tuple):
        for key, value in part.items() if isinstance(part, Mapping) else enumerate(part):
            yield from marked_fields(value, (*path, key))


def mentions(path: KeyPath, value: Any, names: Names, known: Collection[str]) -> Iterator[NameReference | KeyedTable]:
    """References of a marked field, or the table whose keys are names."""
    if isinstance(value, Sourced):
        path, value = (*path, "value"), value.value
    if isinstance(value, str):
        yield NameReference(path, value, known)
    elif isinstance(value, tuple):
        yield from (NameReference(path, name, known) for name in value)
    elif names.at == "values":
        yield from (NameReference((*path, key), name, known) for key, name in value.items())
    elif names.at == "rows":
        yield from (KeyedTable((*path, key), row, known, names.whole) for key, row in value.items())
    else:
        yield KeyedTable(path, value, known, names.whole)


def nested_tables(world: World) -> Iterator[KeyedTable]:
    """Tables whose known keys depend on another part of the world."""
    groups = ids(world.groups)
    for name in ("in_post", "trainees"):
        table = getattr(world.people, name).value
        yield KeyedTable(("people", name, "value"), table, (*groups, DEFAULT), False)
        yield KeyedTable(("people", name, "value"), table, tuple(table) if DEFAULT in table else groups, True)
    if world.shocks is not None:
        yield from specialty_tables(world, world.shocks)
        sector = world.shocks.independent_sector
        for name, parts in sector.parts.items():
            path = ("shocks", "independent_sector", "parts", name, "value")
            yield KeyedTable(path, parts.value, tuple(sector.series), False)


def specialty_tables(world: World, shocks: ShocksSection) -> Iterator[KeyedTable]:
    """Tables by name in the losses of specialties: a domain must be one in which the group loses."""
    groups = {each.id: each.group for each in world.competence.specialties}
    for name, loss in shocks.surge.specialties.items():
        here = ("shocks", "surge", "specialties", name)
        group = shocks.surge.groups.get(groups.get(name, ""))
        domains = tuple(group.series) if group is not None else DOMAINS
        if loss.ratio is not None:
            yield KeyedTable((*here, "ratio", "value"), loss.ratio.value, domains, False)
        for series, part in loss.also.items():
            yield KeyedTable((*here, "also", series, "value"), part.value, domains, False)


def group_label(world: World, group: str) -> str:
    """Names of the programmes of a group, in which a specialty that is no group is found."""
    return " ".join([group, *(f"{each.id} {each.name}" for each in world.programmes if each.group == group)])
