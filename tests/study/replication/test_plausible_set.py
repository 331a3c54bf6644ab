"""Fitted figures are drawn together, a row of the plausible set at a time."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CONFIGS

from pipeline_sim.study.replication.assumption_counts import assumptions
from pipeline_sim.study.replication.parameter_draws import CalibrationPoint, ParameterDraw, with_parameters
from pipeline_sim.study.replication.plausible_set import (
    Open,
    interpolated,
    load_open_parameters,
    load_plausible,
    open_figures,
    plausible_digest,
    ranges,
    stated_position,
    values_at,
)
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import figures, replace_values
from pipeline_sim.world.world_error import shown_path

pytestmark = pytest.mark.unit
SPEC = WorldSpec(tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid")))
WORLD = world_of(SPEC)
PLAIN = world_of(WorldSpec((str(CONFIGS / "england.toml"),)))
OPENED = [
    Open(name="standard, core", figures=["competence.standard"], entries=["core"]),
    Open(name="spread", figures=["competence.pace_sd"]),
    Open(name="lists", figures=["shocks.surge.scale"]),
]
SET = """
[made]
command = "pipeline-sim calibrate"
rules = "0"
targets = "0"
runs = 3
ranges = {{ {ranges} }}

[[open]]
name = "standard, core"
figures = ["competence.standard"]
entries = ["core"]
[[open]]
name = "spread"
figures = ["competence.pace_sd"]
[[open]]
name = "lists"
figures = ["shocks.surge.scale"]
"""


def value(world: object, name: str) -> object:
    return {shown_path(path): figure.value for path, figure in figures(world)}[name]


def written(folder: Path, rows: str, **changed: str) -> str:
    digests = ranges(WORLD, OPENED) | changed
    text = SET.format(ranges=", ".join(f'"{name}" = "{digest}"' for name, digest in digests.items()))
    path = folder / f"set{len(list(folder.iterdir()))}.toml"
    path.write_text(f"rows = {rows}\n" + text)
    return str(path)


def test_positions_are_places_in_the_ranges_that_figures_state() -> None:
    world = WORLD
    for part, core, spread in ((0.0, 0.91 * 0.94, 0.05), (1.0, 0.91 * 1.06, 0.15), (0.5, 0.91, 0.10)):
        found = {
            shown_path(path): value
            for path, value in values_at(open_figures(world, OPENED), OPENED, (part, part, part)).items()
        }
        assert found["competence.standard"]["core"] == pytest.approx(core)
        assert found["competence.pace_sd"] == pytest.approx(spread)
        rest = {key: each for key, each in found["competence.standard"].items() if key != "core"}
        assert rest == {key: each for key, each in value(world, "competence.standard").items() if key != "core"}


def test_stated_positions_give_the_stated_world() -> None:
    """Figures of rows, such as pass rates, each stand elsewhere in their own range."""
    everything = load_open_parameters(str(CONFIGS / "england" / "open.toml")).open
    opened = [each for each in everything if "[" not in each.figures[0]]
    for path, found in values_at(open_figures(WORLD, opened), opened, stated_position(WORLD, opened)).items():
        was = value(WORLD, shown_path(path))
        for key, each in found.items() if isinstance(found, dict) else [("", found)]:
            assert each == pytest.approx(was[key] if key else was)


def test_rows_are_named_by_their_ids_and_move_together() -> None:
    opened = [Open(name="passes", figures=["exams[mrcp-1].pass_first", "exams[mrcs-a].pass_first"])]
    found = values_at(open_figures(WORLD, opened), opened, (0.25,))
    world = replace_values(WORLD, found)
    for index, part in enumerate(world.exams):
        was = WORLD.exams[index].pass_first
        low, high = was.bounds() or (was.value, was.value)
        moved = part.id in ("mrcp-1", "mrcs-a")
        assert part.pass_first.value == pytest.approx(low + 0.25 * (high - low) if moved else was.value)
    assert len(found) == 2


def test_a_row_of_the_set_is_not_drawn_on_its_own_but_its_neighbours_are(tmp_path: Path) -> None:
    name = "exams[mrcp-1].pass_first"
    opened = [Open(name="pass", figures=[name])]
    text = SET.split("[[open]]", maxsplit=1)[0].format(ranges=f'"{name}" = "{ranges(WORLD, opened)[name]}"')
    path = tmp_path / "set.toml"
    path.write_text(f'rows = [[0.5]]\n{text}\n[[open]]\nname = "pass"\nfigures = ["{name}"]\n')
    worlds = [with_parameters(WORLD, ParameterDraw(1, draw, (), str(path))) for draw in range(4)]
    place = [part.id for part in WORLD.exams].index("mrcp-1")
    low, high = WORLD.exams[place].pass_first.bounds() or (0.0, 0.0)
    for world in worlds:
        assert world.exams[place].pass_first.value == pytest.approx((low + high) / 2)
    assert len({world.exams[place + 1].pass_first.value for world in worlds}) == 4
    counted = assumptions([SPEC], sampled=True, plausible=str(path))
    assert counted["together"] == [f"exams[{place}].pass_first"]
    assert not set(counted["together"]) & set(counted["drawn"])


def test_a_world_without_shocks_leaves_their_parameters_out() -> None:
    found = {shown_path(path) for path in values_at(open_figures(PLAIN, OPENED), OPENED, (0.2, 0.2, 0.2))}
    assert found == {"competence.standard", "competence.pace_sd"}


def test_a_draw_believes_a_row_and_every_world_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, "[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]")
    for draw in range(12):
        belief = ParameterDraw(1, draw, ("life",), path)
        one, other = with_parameters(WORLD, belief), with_parameters(PLAIN, belief)
        assert value(one, "competence.standard") == value(other, "competence.standard")
        spread = value(one, "competence.pace_sd")
        assert spread in (pytest.approx(0.05), pytest.approx(0.15))
        assert value(one, "shocks.surge.scale") == pytest.approx(0.7 if spread < 0.1 else 1.3)
    drawn = {
        value(with_parameters(PLAIN, ParameterDraw(1, draw, (), path)), "competence.pace_sd") for draw in range(40)
    }
    assert len(drawn) == 2


def test_figures_of_the_set_are_not_drawn_on_their_own_and_others_are(tmp_path: Path) -> None:
    path = written(tmp_path, "[[0.4, 0.4, 0.5]]")
    worlds = [with_parameters(WORLD, ParameterDraw(1, draw, (), path)) for draw in range(4)]
    assert len({value(world, "competence.pace_sd") for world in worlds}) == 1
    assert len({value(world, "competence.post_pace_sd") for world in worlds}) == 4


def test_a_point_that_is_tried() -> None:
    opened = str(CONFIGS / "england" / "open.toml")
    count = len(load_open_parameters(opened).open)
    low, high = (with_parameters(WORLD, CalibrationPoint(opened, (part,) * count)) for part in (0.0, 1.0))
    assert value(low, "panels.major")["core"] == 25
    assert value(high, "panels.major")["core"] == 90
    assert value(low, "life.parental") == value(high, "life.parental")


def test_a_set_made_of_other_ranges_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "[[0.4, 0.4, 0.5]]", **{"competence.pace_sd": "00000000"})
    with pytest.raises(StudyError, match=r"was made of another range of competence\.pace_sd"):
        with_parameters(WORLD, ParameterDraw(1, 0, (), path))


def test_the_digest_is_of_what_is_believed(tmp_path: Path) -> None:
    one, other = (written(tmp_path, f"[[0.4, 0.4, {last}]]") for last in (0.5, 0.6))
    assert plausible_digest(None) is None
    assert plausible_digest(one) != plausible_digest(other)


@pytest.mark.parametrize(
    ("rows", "says"),
    [("[[0.4, 0.4]]", "has 2 numbers, should have 3"), ("[[0.4, 0.4, 1.5]]", "rows"), ("[]", "at least 1")],
)
def test_what_is_no_set_is_refused(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        load_plausible(written(tmp_path, rows))


@pytest.mark.parametrize(
    ("opened", "says"),
    [
        (Open(name="a", figures=["competence.spead"]), "a: England has no figure 'competence.spead'; nearest is"),
        (Open(name="a", figures=["competnce.pace_sd"]), "a: England has no figure 'competnce.pace_sd'; nearest is"),
        (Open(name="a", figures=["exams[mrcp1].pass_first"]), "nearest is 'exams[mrcp-1].pass_first'"),
        (Open(name="a", figures=["exams[mrcp-1].pass_frist"]), "nearest is 'exams[mrcp-1].pass_first'"),
        (Open(name="a", figures=["exams[0].pass_first"]), "has no figure 'exams[0].pass_first'"),
        (Open(name="a", figures=["competence.standard"], entries=["cor"]), "a: no entry 'cor'; nearest is 'core'"),
        (Open(name="a", figures=["life.absence_limit"]), "without a range cannot be open"),
    ],
)
def test_a_parameter_that_cannot_be_open(opened: Open, says: str) -> None:
    with pytest.raises(StudyError) as refused:
        values_at(open_figures(WORLD, [opened]), [opened], (0.5,))
    assert says in str(refused.value)


@given(st.floats(0, 1), st.floats(-10, 10), st.floats(0, 10))
def test_between_is_linear(part: float, low: float, width: float) -> None:
    found = interpolated({"a": (low,)}, {"a": (low + width,)}, part)
    assert found["a"][0] == pytest.approx(low + part * width)
