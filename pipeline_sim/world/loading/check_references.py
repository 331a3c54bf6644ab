"""Checks of references: groups, offices, streams, exams and stages named anywhere in a world must exist."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pipeline_sim.rules.codes import MAX_PARTS
from pipeline_sim.world.loading.check_plausibility import check_plausibility
from pipeline_sim.world.loading.mix_references import NameReference, ids, mix_references
from pipeline_sim.world.reading.layers import MergedLayers
from pipeline_sim.world.schema.people_section import DEFAULT, ELSEWHERE, ENTRANTS, KINDS, PLACES, ChoiceOdds, ExamOdds
from pipeline_sim.world.schema.shocks import Surge
from pipeline_sim.world.schema.training import CCT_STAGES, DOMAINS, MONTHS_OUT, ORIGINS, STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, world_error


class KeyedTable(NamedTuple):
    """Table whose keys are names; `whole` if every known name must be a key."""

    path: KeyPath
    keys: Iterable[str]
    known: tuple[str, ...]
    whole: bool


def check_references(world: World, merged: MergedLayers) -> None:
    """Check of all names; raises WorldError for one unknown, left out of a table or used twice."""
    check_unique(world, merged)
    check_parts(world, merged)
    check_out_of_programme(world, merged)
    for mention in (*name_references(world), *shock_references(world)):
        if mention.name not in mention.known:
            text = f"'{mention.name}' is nowhere in this world"
            raise world_error(merged.file(mention.path), mention.path, text, mention.known, mention.name)
    check_specialties(world, merged)
    for table in (*keyed_tables(world), *shock_tables(world)):
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


def name_references(world: World) -> Iterator[NameReference]:
    """References outside the shocks."""
    groups, streams = ids(world.groups), ids(world.streams)
    exams = tuple(dict.fromkeys(part.gate for part in world.exams))
    for index, office in enumerate(world.offices):
        yield NameReference(("offices", index, "region"), office.region, world.regions)
    for index, programme in enumerate(world.programmes):
        here = ("programmes", index)
        yield NameReference((*here, "group"), programme.group, groups)
        for key in ("stream", "stream_after"):
            if getattr(programme, key) is not None:
                yield NameReference((*here, key), getattr(programme, key), streams)
        for gate in programme.gates:
            yield NameReference((*here, "gates"), gate.exam, exams)
    for index, round_ in enumerate(world.recruitment.rounds):
        for stream in round_.streams:
            yield NameReference(("recruitment", "rounds", index, "streams"), stream, streams)
    for index, ward in enumerate(world.competence.own_wards):
        own = ("competence", "own_wards", index, "programmes")
        yield from (NameReference(own, name, ids(world.programmes)) for name in ward.programmes)
    for index, specialty in enumerate(world.competence.specialties):
        place = ("competence", "specialties", index)
        yield NameReference((*place, "group"), specialty.group, groups)
        members = (*place, "programmes")
        yield from (NameReference(members, name, ids(world.programmes)) for name in specialty.programmes)
    for index, kind in enumerate(world.life.oop):
        yield from (NameReference(("life", "oop", index, "stages"), stage, STAGES) for stage in kind.stages)
    recruiting = tuple(each.id for each in world.programmes if each.stream is not None)
    for name, lever in world.supply.levers.items() if world.supply is not None else ():
        path = ("supply", "levers", name)
        for key, known in (("programmes", recruiting), ("besides", recruiting), ("offices", ids(world.offices))):
            yield from (NameReference((*path, key), each, known) for each in getattr(lever, key))
    yield from mix_references(world, groups, exams)


def keyed_tables(world: World) -> Iterator[KeyedTable]:
    """Tables by name outside the shocks."""
    groups, streams = ids(world.groups), ids(world.streams)
    programmes = ids(world.programmes)

    def by(path: str, known: tuple[str, ...], whole: bool = True) -> KeyedTable:
        steps = tuple(path.split("."))
        figure: Any = world
        for step in steps:
            figure = getattr(figure, step)
        return KeyedTable((*steps, "value"), figure.value, known, whole)

    yield by("recruitment.office_pull", ids(world.offices))
    yield by("recruitment.appointable", (*programmes, "default"), whole=False)
    yield from (by(f"recruitment.{name}", streams) for name in ("again", "again_abroad"))
    if world.recruitment.priority is not None:
        yield by("recruitment.priority.share", ORIGINS)
    yield from people_tables(world)
    yield from (by(f"placements.{name}", groups) for name in ("coverage", "unsupervised"))
    yield by("competence.weights", groups)
    yield by("competence.standard", STAGES)
    yield by("competence.ward", DOMAINS)
    for index, ward in enumerate(world.competence.own_wards):
        yield KeyedTable(("competence", "own_wards", index, "teaches", "value"), ward.teaches.value, DOMAINS, True)
    yield from (by(f"panels.{name}", STAGES) for name in ("incomplete", "minor", "major"))
    yield from (by(f"extensions.{name}", STAGES) for name in ("allowance", "exam_only"))
    yield from (by(f"life.{name}", groups) for name in ("ltft_by_group", "resign_by_group"))
    yield from (by(f"life.{name}", STAGES, whole=False) for name in ("ltft_by_stage", "resign_by_stage"))
    yield by("life.parental", STAGES)
    for index, kind in enumerate(world.life.oop):
        own = kind.by_group.value if kind.by_group is not None else {}
        yield KeyedTable(("life", "oop", index, "by_group", "value"), own, groups, False)
    yield by("life.grace_by_stage", CCT_STAGES)
    yield by("life.resign_by_programme", programmes, whole=False)
    for year, row in world.recruitment.after_foundation.value.items():
        yield KeyedTable(("recruitment", "after_foundation", "value", year), row, MONTHS_OUT, True)


def people_tables(world: World) -> Iterator[KeyedTable]:
    """Tables by name of attributes of doctors and the odds of groups."""
    people, groups = world.people, ids(world.groups)
    for name in ("in_post", "trainees"):
        table = getattr(people, name).value
        yield KeyedTable(("people", name, "value"), table, (*groups, DEFAULT), False)
        yield KeyedTable(("people", name, "value"), table, tuple(table) if DEFAULT in table else groups, True)
    yield KeyedTable(("people", "entrants", "value"), people.entrants.value, ENTRANTS, True)
    for name in ("in_post", "trainees", "entrants"):
        rows = getattr(people, name).value
        yield from (KeyedTable(("people", name, "value", who), row, ELSEWHERE, True) for who, row in rows.items())
    yield KeyedTable(("people", "women", "value"), people.women.value, PLACES, True)
    yield KeyedTable(("people", "selection", "value"), people.selection.value, ELSEWHERE, True)
    yield KeyedTable(("people", "women_in_post", "value"), people.women_in_post.value, groups, False)
    for who in ChoiceOdds.model_fields:
        yield KeyedTable(("people", "choices", who, "value"), getattr(people.choices, who).value, groups, False)
    for who in ExamOdds.model_fields:
        table = getattr(people.exams, who).value
        yield KeyedTable(("people", "exams", who, "value"), table, (*KINDS, *ids(world.exams)), False)


def shock_tables(world: World) -> Iterator[KeyedTable]:
    """Tables by name in the shocks."""
    if world.shocks is None:
        return
    groups, shocks = ids(world.groups), world.shocks
    yield KeyedTable(("shocks", "surge", "groups"), shocks.surge.groups, groups, False)
    for name, loss in shocks.surge.groups.items():
        yield KeyedTable(("shocks", "surge", "groups", name, "series"), loss.series, DOMAINS, False)
    yield from specialty_tables(world, shocks.surge)
    yield KeyedTable(("shocks", "redeployment", "share", "value"), shocks.redeployment.share.value, groups, False)
    yield KeyedTable(("shocks", "redeployment", "driver"), shocks.redeployment.driver, groups, False)
    for name, wave in shocks.redeployment.waves.items():
        own = wave.own.value if wave.own is not None else {}
        yield KeyedTable(("shocks", "redeployment", "waves", name, "own", "value"), own, groups, False)
    yield KeyedTable(("shocks", "derogation", "reforms"), shocks.derogation.reforms, groups, False)
    yield KeyedTable(("shocks", "evidence", "lost", "value"), shocks.evidence.lost.value, groups, False)
    yield KeyedTable(("shocks", "backlog", "list", "parts", "value"), shocks.backlog.list.parts.value, groups, False)
    yield KeyedTable(("shocks", "winter", "part", "value"), shocks.winter.part.value, groups, False)
    yield KeyedTable(("shocks", "exams", "parts"), shocks.exams.parts, ids(world.exams), False)
    sector = shocks.independent_sector
    yield KeyedTable(("shocks", "independent_sector", "parts"), sector.parts, groups, False)
    for name, parts in sector.parts.items():
        path = ("shocks", "independent_sector", "parts", name, "value")
        yield KeyedTable(path, parts.value, tuple(sector.series), False)


def specialty_tables(world: World, surge: Surge) -> Iterator[KeyedTable]:
    """Tables by name in the losses of specialties: a domain must be one in which the group loses."""
    assert world.shocks is not None
    here = ("shocks", "surge", "specialties")
    groups = {each.id: each.group for each in world.competence.specialties}
    yield KeyedTable(here, surge.specialties, tuple(groups), False)
    for name, loss in surge.specialties.items():
        group = surge.groups.get(groups.get(name, ""))
        domains = tuple(group.series) if group is not None else DOMAINS
        if loss.ratio is not None:
            yield KeyedTable((*here, name, "ratio", "value"), loss.ratio.value, domains, False)
        yield KeyedTable((*here, name, "also"), loss.also, tuple(world.shocks.series), False)
        for series, part in loss.also.items():
            yield KeyedTable((*here, name, "also", series, "value"), part.value, domains, False)


def shock_references(world: World) -> Iterator[NameReference]:
    """References to waves, series and groups in the shocks."""
    if world.shocks is None:
        return
    shocks, waves = world.shocks, tuple(world.shocks.waves)
    for name, copy in shocks.more_waves.items():
        yield NameReference(("shocks", "more_waves", name, "copies"), copy.copies, waves)
    yield NameReference(("shocks", "shutdown", "wave"), shocks.shutdown.wave, waves)
    for name, loss in shocks.surge.groups.items():
        for domain, series in loss.series.items():
            yield NameReference(("shocks", "surge", "groups", name, "series", domain), series, tuple(shocks.series))
    for part in shocks.exams.kept:
        yield NameReference(("shocks", "exams", "kept"), part, ids(world.exams))
    for exam in shocks.derogation.kept:
        yield NameReference(("shocks", "derogation", "kept"), exam, tuple(part.gate for part in world.exams))
    for group in shocks.backlog.list.servers:
        yield NameReference(("shocks", "backlog", "list", "servers"), group, ids(world.groups))
