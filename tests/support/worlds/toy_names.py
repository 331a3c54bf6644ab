"""Names of the toy world, for its rows in words."""

from datetime import date

from pipeline_sim.world.schema.names import Names

FIRST_DAY = date(2018, 8, 1)
TOY_NAMES = Names(
    programmes=("foundation", "core", "general-practice", "higher"),
    programme_names=("Foundation Programme", "Core Training", "General Practice", "Higher Training"),
    programme_groups=(0, 1, 2, 3),
    programme_stages=("foundation", "core", "gp", "higher"),
    grades=(("F1", "F2"), ("CT1", "CT2"), ("ST1", "ST2", "ST3"), ("ST3", "ST4", "ST5")),
    offices=("london", "wessex", "north-west"),
    office_names=("London", "Wessex", "North West"),
    office_regions=("london", "south_east", "north_west"),
    groups=("foundation", "core", "general-practice", "higher"),
    group_names=("Foundation", "Core", "General practice", "Higher"),
    streams=("after-foundation", "after-core"),
    exams=("exam-1", "exam-2", "course"),
    place_kinds=("simulation", "boot-camp", "cadavers"),
    years=(2018, 2019, 2020, 2021, 2022),
    reported_from=0,
)
