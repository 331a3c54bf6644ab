"""Wrong levers of supply end in one line that names the file, the key and what would be right."""

from pathlib import Path

import numpy as np
import pytest
from support.worlds.refused_layers import TINY, refused

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.population.build_population import Population, build_population
from pipeline_sim.world.world_error import WorldError

LISTS = ("programmes", "besides", "offices")
RANGE = 'spread = 0.1, source = "assumption", grade = "C"'
POSTS = f'posts = {{ value = {{ 2020 = 10 }}, unit = "posts", {RANGE} }}'


def lever(*lines: str) -> str:
    return "\n".join(["[supply.levers.gp]", 'label = "GP"', *lines])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lever(), "supply.levers.gp: should have one of entrants, growth and posts"),
        (lever(POSTS, POSTS.replace("posts =", "entrants =").replace('"posts"', '"entrants per year"')), "one of"),
        (lever(POSTS, 'programmes = ["general-practise"]'), "levers.gp.programmes: 'general-practise' is nowhere"),
        (lever(POSTS, 'besides = ["foundation"]'), "levers.gp.besides: 'foundation' is nowhere"),
        (
            lever(POSTS, 'offices = ["londn"]'),
            "levers.gp.offices: 'londn' is nowhere in this world; nearest is 'london'",
        ),
        (lever(POSTS.replace("2020", "soon")), "levers.gp.posts.value.soon: 'soon' should be a year"),
        (
            lever(POSTS.replace("2020", "2040")),
            "gp.posts.value: begins in 2040, after the last year of the world, 2022",
        ),
        (lever(POSTS.replace('"posts"', '"doctors"')), "unit is 'doctors', should be 'posts'"),
        (lever(POSTS.replace("10", "1e9")), "should be at most 20000"),
        (lever(POSTS, f'cost = {{ value = -1, unit = "GBP per post and year", {RANGE} }}'), "should be at least 0"),
        *((lever(POSTS, f"{key} = []"), f"supply.levers.gp.{key}: should have at least 1 entry") for key in LISTS),
        (lever(POSTS, 'programmes = ["gp", "gp"]'), "supply.levers.gp.programmes: 'gp' stands there twice"),
        (lever(POSTS.replace("10", "0")), "supply.levers.gp: moves nothing: posts should not be 0 in all years"),
        (lever(POSTS, "rate = 1"), "supply.levers.gp.rate: unknown key"),
        (f'[supply.out_of_programme]\noopx = {{ value = {{ 2020 = 2 }}, unit = "multiplier", {RANGE} }}', "oopx"),
        (
            f'[supply.out_of_programme]\noopp = {{ value = {{ 2020 = -2 }}, unit = "multiplier", {RANGE} }}',
            "at least 0",
        ),
        (f'[supply.out_of_programme]\noopp = {{ value = {{ 1800 = 2 }}, unit = "multiplier", {RANGE} }}', "be a year"),
        ("[supply]\nposts = 3", "supply.posts: unknown key"),
    ],
)
def test_a_wrong_lever(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("amount", "where", "message"),
    [
        (-9000, "general-practice", "supply.levers: take more posts of general-practice than there are in 2020"),
        (10, "gone", "supply.levers.gp: none of its programmes recruits in 2020"),
    ],
)
def test_posts_that_are_not_there(tmp_path: Path, amount: int, where: str, message: str) -> None:
    figure = f'entrants = {{ value = {{ 2020 = {amount} }}, unit = "entrants per year", {RANGE} }}'
    (tmp_path / "bad.toml").write_text(lever(figure, 'programmes = ["general-practice"]'))
    world = load_world(TINY, tmp_path / "bad.toml")
    if where == "gone":
        closed = [
            each.model_copy(update={"last_entry": 2019} if each.stage == "gp" else {}) for each in world.programmes
        ]
        world = world.model_copy(update={"programmes": tuple(closed)})
    with pytest.raises(WorldError) as caught:
        build_population(world)
    assert str(caught.value) == f"{tmp_path / 'bad.toml'}: {message}"


@pytest.mark.parametrize(("moves", "amount"), [("posts", -9000), ("entrants", -3000)])
def test_more_posts_taken_than_an_office_has(tmp_path: Path, moves: str, amount: int) -> None:
    unit = "posts" if moves == "posts" else "entrants per year"
    figure = f'{moves} = {{ value = {{ 2020 = {amount} }}, unit = "{unit}", {RANGE} }}'
    (tmp_path / "bad.toml").write_text(lever(figure, 'programmes = ["general-practice"]', 'offices = ["london"]'))
    with pytest.raises(WorldError, match="levers: take more posts of general-practice in london than there are in 20"):
        build_population(load_world(TINY, tmp_path / "bad.toml"))


def test_offices_without_posts_of_a_programme(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[files]\noffice_shares = "shares.csv"\n'
        + lever(POSTS, 'programmes = ["general-surgery"]', 'offices = ["london"]')
    )
    offices = [office.name for office in load_world(TINY).offices]
    posts = {name: int(name != "London") for name in offices}
    rows = [f"{{}},{name},{posts[name]},0,{posts[name]},assumption,C" for name in offices]

    def population(programme: str) -> Population:
        heading = "programmes,office,posts_2023,posts_2024,weight,source,grade"
        (tmp_path / "shares.csv").write_text("\n".join([heading, *(row.format(programme) for row in rows)]))
        return build_population(load_world(TINY, tmp_path / "own.toml"))

    assert np.isfinite(population("core-surgical").establishment).all()
    with pytest.raises(WorldError, match=r"levers\.gp: none of its offices has posts of general-surgery"):
        population("general-surgery")
