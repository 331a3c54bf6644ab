"""Names that must mean something: groups, offices, streams, exams, stages and years named anywhere in a world."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pipeline_sim.world.loading.check_plausibility import check_sense
from pipeline_sim.world.reading.layers import Merged
from pipeline_sim.world.schema.training import CCT_STAGES, DOMAINS, MONTHS_OUT, STAGES
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import KeyPath, world_error


class Mention(NamedTuple):
    """A name, where it stands and what it may be."""

    path: KeyPath
    name: str
    known: tuple[str, ...]


class Keyed(NamedTuple):
    """A table whose keys are names; `whole` if every known name must be there."""

    path: KeyPath
    keys: Iterable[str]
    known: tuple[str, ...]
    whole: bool


def check_references(world: World, merged: Merged) -> None:
    """Refuses a name that is nowhere, a table by name that leaves one out, and two things of one name."""
    check_unique(world, merged)
    for mention in (*mentions(world), *shock_mentions(world)):
        if mention.name not in mention.known:
            text = f"'{mention.name}' is nowhere in this world"
            raise world_error(merged.file(mention.path), mention.path, text, mention.known, mention.name)
    for table in (*tables(world), *shock_tables(world)):
        check_table(table, merged)
    check_sense(world, merged)


def check_table(table: Keyed, merged: Merged) -> None:
    """Refuses an unknown key and, where all are wanted, one left out."""
    for key in table.keys:
        if key not in table.known:
            text = f"'{key}' is nowhere in this world"
            raise world_error(merged.file(table.path), (*table.path, key), text, table.known, key)
    left_out = [name for name in table.known if name not in table.keys]
    if table.whole and left_out:
        raise world_error(merged.file(table.path), table.path, f"says nothing of '{left_out[0]}'")


def check_unique(world: World, merged: Merged) -> None:
    """Refuses two rows of one id."""
    for key in ("offices", "groups", "streams", "programmes", "exams"):
        seen: set[str] = set()
        for place, each in enumerate(getattr(world, key)):
            if each.id in seen:
                raise world_error(merged.file((key,)), (key, place, "id"), f"'{each.id}' stands there twice")
            seen.add(each.id)


def ids(rows: Iterable[Any]) -> tuple[str, ...]:
    """Names of rows."""
    return tuple(row.id for row in rows)


def mentions(world: World) -> Iterator[Mention]:
    """Every single name."""
    groups, streams, exams = ids(world.groups), ids(world.streams), ids(world.exams)
    for place, office in enumerate(world.offices):
        yield Mention(("offices", place, "region"), office.region, world.regions)
    for place, programme in enumerate(world.programmes):
        here = ("programmes", place)
        yield Mention((*here, "group"), programme.group, groups)
        for key in ("stream", "stream_after"):
            if getattr(programme, key) is not None:
                yield Mention((*here, key), getattr(programme, key), streams)
        for gate in programme.gates:
            yield Mention((*here, "gates"), gate.exam, exams)
    for place, each in enumerate(world.recruitment.rounds):
        for stream in each.streams:
            yield Mention(("recruitment", "rounds", place, "streams"), stream, streams)
    for place, kind in enumerate(world.life.oop):
        for stage in kind.stages:
            yield Mention(("life", "oop", place, "stages"), stage, STAGES)
    yield from bought(world, groups, exams)


def bought(world: World, groups: tuple[str, ...], exams: tuple[str, ...]) -> Iterator[Mention]:
    """Names in interventions and the mix."""
    catalogue = world.interventions
    if catalogue is None:
        return
    listed = (*groups, *catalogue.targets)
    for name, target in catalogue.targets.items():
        yield from (Mention(("interventions", "targets", name, "groups"), group, groups) for group in target.groups)
    for kind in ("weather", "places", "payments"):
        for name, entry in getattr(catalogue, kind).items():
            yield from (Mention(("interventions", kind, name, "groups"), group, listed) for group in entry.groups)
    for name, seat in catalogue.places.items():
        if seat.gate is not None:
            yield Mention(("interventions", "places", name, "gate"), seat.gate, exams)
    for place, line in enumerate(world.mix.lines if world.mix else ()):
        here = ("mix", "lines", place)
        yield Mention((*here, "intervention"), line.intervention, tuple(catalogue.entries))
        named = {"groups": listed, "offices": ids(world.offices), "regions": world.regions}
        for key, known in named.items():
            yield from (Mention((*here, key), name, known) for name in getattr(line, key))


def tables(world: World) -> Iterator[Keyed]:
    """Every table by name."""
    groups, streams = ids(world.groups), ids(world.streams)
    programmes = ids(world.programmes)

    def by(path: str, known: tuple[str, ...], whole: bool = True) -> Keyed:
        steps = tuple(path.split("."))
        figure: Any = world
        for step in steps:
            figure = getattr(figure, step)
        return Keyed((*steps, "value"), figure.value, known, whole)

    yield by("recruitment.office_pull", ids(world.offices))
    yield by("recruitment.appointable", (*programmes, "default"), whole=False)
    yield by("recruitment.again", streams)
    yield from (by(f"placements.{name}", groups) for name in ("coverage", "unsupervised"))
    yield by("competence.weights", groups)
    yield by("competence.standard", STAGES)
    yield by("competence.ward", DOMAINS)
    yield from (by(f"panels.{name}", STAGES) for name in ("incomplete", "minor", "major"))
    yield from (by(f"extensions.{name}", STAGES) for name in ("allowance", "exam_only"))
    yield from (by(f"life.{name}", groups) for name in ("ltft_by_group", "resign_by_group"))
    yield from (by(f"life.{name}", STAGES, whole=False) for name in ("ltft_by_stage", "resign_by_stage"))
    yield by("life.grace_by_stage", CCT_STAGES)
    yield by("life.resign_by_programme", programmes, whole=False)
    for year, row in world.recruitment.after_foundation.value.items():
        yield Keyed(("recruitment", "after_foundation", "value", year), row, MONTHS_OUT, True)


def shock_tables(world: World) -> Iterator[Keyed]:
    """Tables by name among the shocks."""
    if world.shocks is None:
        return
    groups, shocks = ids(world.groups), world.shocks
    yield Keyed(("shocks", "surge", "groups"), shocks.surge.groups, groups, False)
    for name, loss in shocks.surge.groups.items():
        yield Keyed(("shocks", "surge", "groups", name, "series"), loss.series, DOMAINS, False)
    yield Keyed(("shocks", "redeployment", "share", "value"), shocks.redeployment.share.value, groups, False)
    yield Keyed(("shocks", "redeployment", "driver"), shocks.redeployment.driver, groups, False)
    for name, wave in shocks.redeployment.waves.items():
        own = wave.own.value if wave.own is not None else {}
        yield Keyed(("shocks", "redeployment", "waves", name, "own", "value"), own, groups, False)
    yield Keyed(("shocks", "winter", "part", "value"), shocks.winter.part.value, groups, False)
    sector = shocks.independent_sector
    yield Keyed(("shocks", "independent_sector", "parts"), sector.parts, groups, False)
    for name, parts in sector.parts.items():
        path = ("shocks", "independent_sector", "parts", name, "value")
        yield Keyed(path, parts.value, tuple(sector.series), False)


def shock_mentions(world: World) -> Iterator[Mention]:
    """Waves, series and groups named among the shocks."""
    if world.shocks is None:
        return
    shocks, waves = world.shocks, tuple(world.shocks.waves)
    for name, copy in shocks.more_waves.items():
        yield Mention(("shocks", "more_waves", name, "copies"), copy.copies, waves)
    yield Mention(("shocks", "shutdown", "wave"), shocks.shutdown.wave, waves)
    for name, loss in shocks.surge.groups.items():
        for domain, series in loss.series.items():
            yield Mention(("shocks", "surge", "groups", name, "series", domain), series, tuple(shocks.series))
    for group in shocks.backlog.list.servers:
        yield Mention(("shocks", "backlog", "list", "servers"), group, ids(world.groups))
