"""A small population of four programmes at two offices, made of tables written here."""

from functools import cache
from pathlib import Path
from typing import Any

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.sources import with_figures
from pipeline_sim.world.schema.world import Office, Period, Programme, Stream, World
from support import CONFIGS


@cache
def england() -> World:
    """The world of configs/england.toml."""
    return load_world(CONFIGS / "england.toml")


def programme(name: str, stage: str, years: float, **more: Any) -> Programme:
    """A programme of England with another name, stage, length and entry."""
    model = england().programmes[0]
    length = model.years.model_copy(update={"value": years})
    rest = {"group": "all", "stream": None, "stream_after": None, "first_entry": None, "last_entry": None, **more}
    update = {"id": name, "stage": stage, "years": length, "grades": ("G1",) * int(years), **rest}
    return model.model_copy(update=update)


TABLES = {
    "posts.csv": "programmes,family,year,posts,low,high,fill,source,grade\n"
    "old-core new-core,Core,2010,100,,,1.0,x,A\nsurgery,Higher,2010,50,,,0.8,x,A\n",
    "foundation.csv": "year,doctors\n2010,400\n",
    "time_in_post.csv": "stage,factor,value\n"
    + "".join(f"{stage},extension,0\n{stage},on_time,0.999\n" for stage in ("foundation", "core", "higher"))
    + "foundation,out_of_phase,0.1\n",
    "competition.csv": "programme,ratio\nold-core,2\nnew-core,2\nsurgery,3\n",
    "office_shares.csv": "programmes,office,weight\nsurgery,north,1\nsurgery,south,3\n",
    "redistribution.csv": "programmes,office,posts_per_year,first_year,last_year\n"
    "surgery,South,-2,2019,2020\nsurgery,North,2,2019,2020\n",
    "evidence/regions.csv": "hee_local_office,trainee_share_mode_pct\nNorth,40\nSouth,60\n",
    "evidence/trainees_by_specialty.csv": "programme,grade,year,low,mode,high\n"
    "ALL doctors in training,all,2019,800,1000,1100\nFoundation,F,2019,400,400,400\n"
    "Core,core,2019,250,300,400\nHigher,higher,2019,90,200,300\n",
    "evidence/applicants_pipeline_by_year.csv": "year,measure,value\n2020,unique applicants R1,1000\n"
    "2021,unique applicants R1,1500\n2020,unique applicants R2,300\n2021,unique applicants R2,320\n",
    "evidence/assumptions_grade_C.csv": "parameter,low,mode,high\n2023 NHSE share of UK posts in England %,40,50,60\n",
}


LIFE = {
    "ltft": {"2018": 0.0}, "ltft_by_group": {"all": 0.1}, "ltft_by_stage": {}, "ltft_later": 1.0,
    "wte": {"60": 0.5, "80": 0.5},
    "parental": dict.fromkeys(("foundation", "core", "run-through", "higher", "gp"), 0.0),
    "parental_months": (12.0, 12.0), "resign_by_group": {"all": 0.0},
    "resign_by_stage": {}, "resign_by_programme": {}, "grace_by_stage": {"higher": 0.0}, "grace_days": (90.0, 90.0),
}  # fmt: skip
RECRUITMENT = {
    "after_foundation": {"2018": {"at_once": 0.5, "one_year": 0.2, "two_years": 0.1, "three_years": 0.1}},
    "after_core": (0.8, 0.1), "again": {"f2": 0.5, "st3": 0.5}, "posts_held": 1.0,
    "again_abroad": {"f2": 0.4, "st3": 0.4}, "uk_applicants": {"2020": 0.6}, "uk_accepted": {"2020": 0.8},
}  # fmt: skip


def with_life(**values: Any) -> World:
    """England with other figures of working life."""
    return with_figures(england(), {f"life.{name}": value for name, value in values.items()})


def small_world(folder: Path) -> World:
    """Two offices, foundation, a core programme followed by another in 2018, one higher programme of two years."""
    (folder / "evidence").mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    world = with_figures(with_life(**LIFE), {f"recruitment.{name}": value for name, value in RECRUITMENT.items()})
    programmes = (
        programme("foundation", "foundation", 2.0, stream_after="f2"),
        programme("old-core", "core", 3.0, stream="f2", stream_after="st3", last_entry=2017),
        programme("new-core", "core", 3.0, stream="f2", stream_after="st3", first_entry=2018),
        programme("surgery", "higher", 2.0, stream="st3"),
    )
    return with_parts(
        world,
        period=Period(first_year=2018, last_year=2021, warm_up_years=2),
        programmes=programmes,
        offices=tuple(Office(id=name.lower(), name=name, region="london") for name in ("North", "South")),
        streams=(Stream(id="f2", name="F2"), Stream(id="st3", name="ST3")),
        life=world.life.model_copy(update={"oop": ()}),
        files={},
        layers=(folder / "small.toml",),
    )


def with_parts(world: World, **parts: Any) -> World:
    """The world with some of its tables replaced."""
    return world.model_copy(update=parts)
