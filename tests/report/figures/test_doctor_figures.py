"""Pictures of one doctor's road, of gains by specialty and office, and of the flow through the stages."""

import datetime
import re

import numpy as np
import pytest
from support import CONFIGS
from support.hand_counted_answers import answered

from pipeline_sim.records.event_log import Columns
from pipeline_sim.report.figures import pictures
from pipeline_sim.report.figures.doctor_timeline import doctor_timeline, duration_text, finding
from pipeline_sim.report.figures.doctor_timeline_data import timeline_of
from pipeline_sim.report.figures.frame import Picture, avoided_rate
from pipeline_sim.report.figures.heatmap import cells_of, heatmap
from pipeline_sim.report.figures.stage_flow import stage_flow, stages_of
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.text.doctor_story import Row
from pipeline_sim.rules.codes import Event, Outcome, Stage, State
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.example_doctor import ExampleDoctor
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.replication.prepare import WorldSpec

pytestmark = pytest.mark.filterwarnings("error")
DOCTOR = 1 << 20
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
PLAIN = WorldSpec(LAYERS, scale=0.1)
MIXED = WorldSpec(
    (*LAYERS, str(CONFIGS / "interventions.toml")),
    str(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml"),
    scale=0.1,
)
FIRST_DAY = datetime.date(2018, 8, 1)
COVID = (datetime.date(2020, 3, 16) - FIRST_DAY).days


@pytest.fixture(scope="module")
def answer() -> Answer:
    return answered(PLAIN, MIXED)


def columns(*rows: tuple[int, Event, int, int, int, int]) -> Columns:
    """Rows of day, event, from, to, grade and amount."""
    table = [Row(day, 0, DOCTOR, event, was, now, 0, grade, 0, 100, much) for day, event, was, now, grade, much in rows]
    return {name: np.array([getattr(row, name) for row in table], np.int32) for name in Row._fields}


def roads(answer: Answer, other: str = "mix") -> ExampleDoctor:
    """Six months of extension, and none with the programme."""
    begin = [
        (0, Event.STARTED, -1, int(Stage.HIGHER), 0, 0),
        (COVID, Event.REDEPLOYED, int(State.TRAINING), int(State.REDEPLOYED), 0, 10),
        (COVID + 70, Event.RETURNED, int(State.REDEPLOYED), 0, 0, 70),
        (COVID + 200, Event.AWAY, int(State.TRAINING), int(State.SICK), 0, 30),
    ]
    base = columns(
        *begin,
        (COVID + 300, Event.REVIEWED, 0, int(Outcome.O10_2), 0, 0),
        (COVID + 300, Event.EXTENDED, int(Outcome.O10_2), 0, 0, 182),
        (COVID + 482, Event.COMPLETED, int(Stage.HIGHER), int(State.COMPLETED), 0, 900),
    )
    better = columns(
        *begin,
        (COVID + 250, Event.SEATED, 0, 0, 0, 5000),
        (COVID + 300, Event.REVIEWED, 0, int(Outcome.O6), 0, 0),
        (COVID + 300, Event.COMPLETED, int(Stage.HIGHER), int(State.COMPLETED), 0, 718),
    )
    names = answer.names._replace(place_kinds=("boot-camps",))
    return ExampleDoctor(DOCTOR, "The rule.", 3, 0, 0.1, names, FIRST_DAY, {"none": base, other: better})


def same_twice(one: Picture, two: Picture) -> bool:
    """The same bytes as SVG."""
    return save_bytes(one.figure, "svg") == save_bytes(two.figure, "svg")


def drawn(found: Picture | None) -> Picture:
    """A picture that says numbers in its title and in its text."""
    assert found is not None
    assert re.search(r"\d", found.finding)
    assert re.search(r"\d", found.alt_text)
    return found


def test_a_road_is_told_in_plain_words(answer: Answer) -> None:
    found = drawn(doctor_timeline(answer, roads(answer)))
    assert "6 months of extension without the programme, none with it; CCT 6 months earlier" in found.finding
    assert "boot camps" in found.alt_text
    assert "10.2 competences delayed by COVID" in found.figure.get_supxlabel()


def test_a_road_is_drawn_the_same_twice(answer: Answer) -> None:
    assert same_twice(drawn(doctor_timeline(answer, roads(answer))), drawn(doctor_timeline(answer, roads(answer))))


def test_a_world_without_covid_is_not_called_a_programme(answer: Answer) -> None:
    shown = roads(answer, "no_covid")
    both = [timeline_of(shown, world, answer.label(world)) for world in shown.rows]
    assert "in “No programme”, none in “No COVID”" in finding(answer, shown, both)


def test_without_roads_there_is_no_road(answer: Answer) -> None:
    assert doctor_timeline(answer, None) is None
    assert "road" not in [each.name for each in pictures(answer)]
    assert "road" in [each.name for each in pictures(answer, roads(answer))]


def test_a_road_holds_spells_grades_and_reviews(answer: Answer) -> None:
    base = timeline_of(roads(answer), "none", "No programme")
    assert [(span.start, span.end) for span in base.wards] == [(COVID, COVID + 70)]
    assert [(span.start, span.end) for span in base.leave] == [(COVID + 200, COVID + 230)]
    assert [(span.start, span.end) for span in base.extensions] == [(COVID + 300, COVID + 482)]
    assert base.certified == COVID + 482
    assert base.posts[0].what == answer.names.grades[0][0]


@pytest.mark.parametrize(("days", "says"), [(7, "1 week"), (35, "5 weeks"), (91, "3 months"), (182, "6 months")])
def test_days_are_told_as_months(days: int, says: str) -> None:
    assert duration_text(days) == says


def test_no_cell_with_few_doctors_is_shown(answer: Answer) -> None:
    cells = cells_of(answer, "mix")
    assert any(cell.is_shown for cell in cells.values())
    assert not any(cell.is_shown for cell in cells.values() if cell.doctors < 50)


def test_a_heat_map_says_what_stands_out() -> None:
    answer = answered(PLAIN, MIXED, 6, 2)
    found = drawn(heatmap(answer))
    assert "would show one by chance" in found.finding
    assert same_twice(found, drawn(heatmap(answer)))


def test_one_draw_is_too_few_for_a_heat_map_to_tell() -> None:
    assert "one replication is too few to show" in drawn(heatmap(answered(PLAIN, MIXED, 1))).finding


def test_without_a_programme_there_is_no_heat_map(answer: Answer) -> None:
    assert heatmap(answer._replace(programmes=())) is None


def test_a_rate_turns_the_interval_round() -> None:
    assert avoided_rate(100, Estimate(-5.0, -8.0, -2.0, 1.0), 200.0) == (2.5, 1.0, 4.0, 0.5)
    assert np.isnan(avoided_rate(100, Estimate(0.0, 0.0, 0.0), 0.0)).all()


def with_flows(answer: Answer, grown: float = 50.0) -> Answer:
    """A thousand start each stage."""
    values = {"started": 1000.0, "finished": 800.0, "resigned": 100.0, "released": 50.0, "more_in_post": grown}
    means = [values[str(what)] for _, what in answer.flows.index]
    return answer._replace(flows=answer.flows.assign(mean=means, low=means, high=means))


@pytest.mark.parametrize("grown", [50.0, -300.0, 0.0])
def test_a_flow_is_told_and_drawn_the_same_twice(answer: Answer, grown: float) -> None:
    found = with_flows(answer, grown)
    picture = drawn(stage_flow(found))
    assert "1,000 doctors start foundation and 800 finish it" in picture.finding
    assert "750 times a doctor leaves" in picture.finding
    assert same_twice(picture, drawn(stage_flow(found)))


def test_a_stage_that_shrinks_lets_go_more_than_come(answer: Answer) -> None:
    stage = stages_of(with_flows(answer, -300.0))["core"]
    assert [what for what, _ in stage.leaves] == ["resigned", "released"]
    assert stage.height == 1000.0


def test_one_draw_has_a_flow_without_an_interval() -> None:
    assert "one replication, no interval" in drawn(stage_flow(with_flows(answered(PLAIN, MIXED, 1)))).finding


def test_where_nobody_starts_nothing_flows(answer: Answer) -> None:
    assert stage_flow(answer) is None
