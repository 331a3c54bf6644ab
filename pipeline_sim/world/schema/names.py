"""Names of programmes, offices, groups and so on, in the order of the Rulebook's integers."""

from typing import NamedTuple

from pipeline_sim.world.schema.world import World

SMALL_WORDS = ("and", "of", "the")


class Names(NamedTuple):
    """Names of a world by index."""

    programmes: tuple[str, ...]  # ids
    programme_names: tuple[str, ...]
    programme_groups: tuple[int, ...]  # index of the group
    programme_stages: tuple[str, ...]
    grades: tuple[tuple[str, ...], ...]  # by programme
    offices: tuple[str, ...]
    office_names: tuple[str, ...]
    office_regions: tuple[str, ...]  # NHS regions
    groups: tuple[str, ...]
    group_names: tuple[str, ...]
    streams: tuple[str, ...]
    exams: tuple[str, ...]
    place_kinds: tuple[str, ...]
    years: tuple[int, ...]  # calendar year in which each training year begins, warm-up first
    reported_from: int  # index of the first reported year
    review: str = "ARCP"  # what a yearly review is called


def names_of(world: World, place_kinds: tuple[str, ...] = ()) -> Names:
    """Names of a world, and of the kinds of place of its timeline."""
    group_ids = tuple(group.id for group in world.groups)
    return Names(
        programmes=tuple(each.id for each in world.programmes),
        programme_names=tuple(each.name for each in world.programmes),
        programme_groups=tuple(group_ids.index(each.group) for each in world.programmes),
        programme_stages=tuple(each.stage for each in world.programmes),
        grades=tuple(each.grades for each in world.programmes),
        offices=tuple(office.id for office in world.offices),
        office_names=tuple(office.name for office in world.offices),
        office_regions=tuple(region_name(office.region) for office in world.offices),
        groups=group_ids,
        group_names=tuple(group.name for group in world.groups),
        streams=tuple(stream.id for stream in world.streams),
        exams=tuple(exam.id for exam in world.exams),
        place_kinds=place_kinds,
        years=world.dates.training_years,
        reported_from=world.reported_from,
        review=world.review,
    )


def region_name(region: str) -> str:
    """Display name of an NHS region: north_east_and_yorkshire is North East and Yorkshire."""
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in region.split("_"))


def year_label(year: int) -> str:
    """Label of a training or financial year: 2020 is 2020/21."""
    return f"{year}/{(year + 1) % 100:02d}"
