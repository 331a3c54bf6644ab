"""How a target is measured: from counts and rows written by hand, so that each number can be checked on paper."""

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from support import CONFIGS

from pipeline_sim.records.count_measures import MeasureAxes, measure_names
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.rules.codes import Event, Origin, Outcome, Phase, RoundKind, Stage, State
from pipeline_sim.rules.event_order import trainee_number
from pipeline_sim.study.fit.measure_targets import ReplicationOutput, check_names, evaluate_measure, run_for_targets
from pipeline_sim.study.fit.targets import About, AtEnd, Counts, Lists, Rows, Starts, Target
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.schema.names import names_of

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid"))
WORLD = world_of(WorldSpec(LAYERS))
NAMES = names_of(WORLD)
FOUNDATION, CORE, GP, SURGERY = range(4)
FRAME = MeasureAxes(
    WORLD.dates.year_start, 2017, 1, np.array([Stage.FOUNDATION, Stage.CORE, Stage.GP, Stage.HIGHER], np.int32)
)


def told(*cells: tuple[int, int, int, str, int], columns: Any = None) -> ReplicationOutput:
    """Cells of (year, programme, pattern, measure, value); half of the doctors are in the model."""
    counts = np.zeros((len(FRAME.year_start) - 1, 5, 2, len(measure_names())), np.int64)
    for year, programme, pattern, measure, value in cells:
        counts[year - 2017, programme, pattern, measure_names().index(measure)] += value
    return ReplicationOutput(WORLD, NAMES, FRAME, 0.5, counts, columns)


def counts(**model: object) -> Counts:
    return Counts.model_validate({"kind": "counts", **model})


def test_a_count_is_a_mean_a_year_of_all_england() -> None:
    found = told((2018, GP, 0, "accepted", 10), (2019, GP, 1, "accepted", 30), (2019, CORE, 0, "accepted", 7))
    one = counts(measures=["accepted"], years=[2018, 2019], about={"stages": ["gp"]})
    assert evaluate_measure(one, found) == (10 + 30) / 0.5 / 2
    assert evaluate_measure(counts(measures=["accepted"], years=[2019]), found) == 37 / 0.5


def test_a_share_is_not_put_up() -> None:
    found = told((2018, CORE, 0, "o1", 6), (2018, CORE, 0, "o3", 2), (2018, SURGERY, 0, "o3", 50))
    model = counts(measures=["o3"], of=["o1", "o3"], per=100.0, years=[2018], about={"programmes": ["core-surgical"]})
    assert evaluate_measure(model, found) == 25.0


def test_less_than_full_time_is_a_part_of_all() -> None:
    found = told((2018, GP, 0, "headcount", 30), (2018, GP, 1, "headcount", 10))
    model = counts(measures=["headcount"], of=["headcount"], per=100.0, years=[2018], part_time=True)
    assert evaluate_measure(model, found) == 25.0


def test_a_share_of_nothing_is_not_known() -> None:
    assert np.isnan(evaluate_measure(counts(measures=["o3"], of=["o1"], years=[2018]), told()))


def test_a_group_is_all_its_programmes() -> None:
    found = told((2018, CORE, 0, "resigned", 1), (2018, SURGERY, 0, "resigned", 2), (2018, GP, 0, "resigned", 4))
    assert evaluate_measure(counts(measures=["resigned"], years=[2018], about={"groups": ["surgery"]}), found) == 6.0


def test_a_year_beyond_the_run_is_refused() -> None:
    with pytest.raises(StudyError, match="2050 is no training year of Tiny: 2017 to 2022"):
        evaluate_measure(counts(measures=["o3"], years=[2050]), told())


class Diary:
    """Rows of a log."""

    def __init__(self) -> None:
        self.log = EventLog()

    def add(self, when: str, doctor: int, event: Event, was: int = 0, programme: int = GP, amount: int = 0) -> "Diary":
        day = WORLD.dates.day(date.fromisoformat(when))
        trainee = trainee_number(0, Origin.GRADUATE, doctor)
        self.log.write(day, Phase.START, trainee, event, was, 0, programme, 0, 0, 100, amount)
        return self


def test_doctors_are_counted_once_and_rows_each_time() -> None:
    diary = Diary().add("2020-04-01", 1, Event.REDEPLOYED).add("2020-05-01", 1, Event.REDEPLOYED)
    diary.add("2020-05-01", 2, Event.REDEPLOYED).add("2020-09-01", 3, Event.REDEPLOYED)
    diary.add("2020-05-01", 4, Event.REDEPLOYED, programme=SURGERY).add("2020-05-01", 5, Event.ROTATED)
    found = told((2019, GP, 0, "headcount", 8), columns=diary.log.columns())
    span = {"kind": "rows", "events": ["redeployed"], "first": "2020-03-16", "last": "2020-08-04"}
    model = Rows.model_validate_json(json.dumps(span | {"about": {"stages": ["gp"]}}))
    assert evaluate_measure(model, found) == 2 / 0.5
    assert evaluate_measure(model.model_copy(update={"doctors": False}), found) == 3 / 0.5
    assert evaluate_measure(model.model_copy(update={"of": ["headcount"], "per": 100.0}), found) == 25.0


def test_rows_of_a_round_or_of_a_state() -> None:
    diary = Diary().add("2019-04-01", 1, Event.UNPLACED, RoundKind.FIRST).add("2019-04-01", 2, Event.UNPLACED, 1)
    diary.add("2019-08-06", 3, Event.CENSUS, State.PARENTAL).add("2019-08-06", 4, Event.CENSUS, State.TRAINING)
    found = told(columns=diary.log.columns())
    span = {"kind": "rows", "first": "2018-08-01", "last": "2019-08-06"}
    for more in ({"events": ["unplaced"], "rounds": ["first"]}, {"events": ["census"], "states": ["parental"]}):
        model = Rows.model_validate_json(json.dumps(span | more))
        assert evaluate_measure(model, found) == 1 / 0.5


def test_part_of_doctors_who_are_women_from_abroad() -> None:
    diary = Diary()
    for doctor, attributes in enumerate((125, 2130, 2030, 1128, 2131)):
        diary.add("2018-08-01", doctor, Event.ENTERED, amount=attributes).add("2019-03-31", doctor, Event.COUNTED)
    diary.add("2019-03-31", 4, Event.COUNTED)
    rows = {"kind": "rows", "events": ["counted"], "first": "2019-03-01", "last": "2019-04-30", "per": 100.0}
    for who, part in (["women"], 80.0), (["international"], 60.0), (["women", "international"], 40.0), (["uk"], 20.0):
        assert (
            evaluate_measure(
                Rows.model_validate_json(json.dumps(rows | {"who": who})), told(columns=diary.log.columns())
            )
            == part
        )


def test_who_has_no_post_two_years_on() -> None:
    diary = Diary()
    for doctor, start in ((1, "2018-08-01"), (2, "2020-02-05"), (3, "2020-09-02"), (4, None)):
        diary.add("2018-08-01", doctor, Event.COMPLETED, Stage.FOUNDATION, FOUNDATION)
        if start:
            diary.add(start, doctor, Event.STARTED)
    model = Starts(kind="without_post", year=2018, days=700)
    assert evaluate_measure(model, told(columns=diary.log.columns())) == 50.0


def test_who_is_on_track_at_the_end_is_the_first_decision_on_each_doctor() -> None:
    log = EventLog()
    for doctor, when, grade, outcome in (
        (1, "2019-06-01", 1, Outcome.O6),
        (2, "2019-06-01", 1, Outcome.O3),
        (2, "2019-11-01", 1, Outcome.O6),
        (3, "2018-12-01", 1, Outcome.O2),
        (3, "2019-06-01", 1, Outcome.O6),
        (4, "2019-06-01", 0, Outcome.O3),
        (5, "2020-06-01", 1, Outcome.O10_2),
    ):
        day, trainee = WORLD.dates.day(date.fromisoformat(when)), trainee_number(0, Origin.GRADUATE, doctor)
        log.write(day, Phase.PANEL, trainee, Event.REVIEWED, 0, outcome, CORE, grade, 0, 100, 0)
    found = told(columns=log.columns())
    assert evaluate_measure(AtEnd(kind="at_end", years=[2018]), found) == pytest.approx(200 / 3)
    assert evaluate_measure(AtEnd(kind="at_end", years=[2019]), found) == 0
    surgery = About(programmes=["surgery"])
    assert np.isnan(evaluate_measure(AtEnd(kind="at_end", years=[2018], about=surgery), found))


def test_lists_are_as_the_series_says() -> None:
    april = {"kind": "lists", "series": "surgery-elective", "first": "2020-04-01", "last": "2020-04-30"}
    model = Lists.model_validate_json(json.dumps(april))
    assert evaluate_measure(model, told()) == pytest.approx(0.255, abs=0.002)
    fall = model.model_copy(update={"change": True, "per": 100.0})
    assert evaluate_measure(fall, told()) == pytest.approx(-74.5, abs=0.2)


def test_a_log_that_was_not_kept_is_not_guessed() -> None:
    with pytest.raises(StudyError, match="the log was not kept"):
        evaluate_measure(Starts(kind="without_post", year=2018, days=700), told())


def test_a_group_that_the_world_has_not() -> None:
    target = Target.model_construct(id="x", model=counts(measures=["o1"], years=[2018], about={"groups": ["surgry"]}))
    with pytest.raises(StudyError, match=r"x: model\.about\.groups: 'surgry' is not known; nearest is 'surgery'"):
        check_names(target, NAMES)


@pytest.mark.parametrize("engine", ["batch", "reference"])
def test_both_engines_are_measured_alike(engine: str) -> None:
    found = run_for_targets(WorldSpec(LAYERS, scale=0.5), engine, 3, 0, keep_log=True)
    assert found.columns is not None
    rows = int((found.columns["event"] == Event.REVIEWED).sum())
    outcomes = [measure_names().index(name) for name in measure_names() if name.startswith("o") and name[1:2].isdigit()]
    not_assessed = measure_names().index("not_assessed")
    assert int(found.counts[..., [*outcomes, not_assessed]].sum()) == rows
    if engine == "reference":
        other = run_for_targets(WorldSpec(LAYERS, scale=0.5), "batch", 3, 0, keep_log=False)
        assert (other.counts == found.counts).all()
