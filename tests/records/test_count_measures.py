"""Counts say what the rows say, once each, under the right key."""

import numpy as np
import pytest

from pipeline_sim.records.count_measures import MeasureAxes, counts_of_log, measure_names, measures_of_log
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.rules.codes import Event, Origin, Outcome, Phase, RoundKind, Stage, State
from pipeline_sim.rules.event_order import trainee_number

FRAME = MeasureAxes(
    np.array([0, 364, 728, 1092], np.int32), 2016, 1, np.array([Stage.FOUNDATION, Stage.CORE, Stage.HIGHER], np.int32)
)
DOCTOR = trainee_number(0, Origin.GRADUATE, 7)


class Diary:
    """Writes rows with what matters and leaves the rest plain."""

    def __init__(self) -> None:
        self.log = EventLog()

    def add(self, day: int, event: Event, was: int = 0, now: int = 0, amount: int = 0, **rest: int) -> "Diary":
        row = {"trainee": DOCTOR, "programme": 2, "grade": 0, "office": 3, "wte": 100} | rest
        self.log.write(
            day, Phase.REVIEW, row["trainee"], event, was, now, row["programme"], row["grade"], row["office"],
            row["wte"], amount,
        )  # fmt: skip
        return self

    def counted(self) -> dict[str, int]:
        table = measures_of_log(self.log.columns(), FRAME)
        return table.groupby("measure")["value"].sum().to_dict()


@pytest.mark.parametrize(
    ("event", "was", "now", "amount", "expected"),
    [
        (Event.REVIEWED, 0, Outcome.O1, 0, {"o1": 1}),
        (Event.REVIEWED, 0, Outcome.O10_1, 9, {"o10_1": 1, "late_reviews": 1, "review_days_late": 9}),
        (
            Event.EXTENDED, Outcome.O3, 0, 91,
            {"extensions": 1, "extension_days": 91, "extensions_3": 1, "extension_days_3": 91},
        ),
        (
            Event.EXTENDED, Outcome.O10_2, 0, 182,
            {"extensions": 1, "extension_days": 182, "extensions_10_2": 1, "extension_days_10_2": 182},
        ),
        (Event.SHORTENED, Outcome.O3, 0, 60, {"extension_days": -60, "extension_days_3": -60}),
        (Event.SHORTENED, Outcome.O10_2, 0, 60, {"extension_days": -60, "extension_days_10_2": -60}),
        (Event.COMPLETED, Stage.HIGHER, State.GRACE, 2000, {"ccts": 1, "time_to_cct_days": 2000}),
        (Event.COMPLETED, Stage.CORE, State.POOL, 728, {"core_completions": 1}),
        (Event.COMPLETED, Stage.FOUNDATION, State.LEFT, 728, {"foundation_completions": 1}),
        (Event.CENSUS, State.TRAINING, 0, 12, {"gap_carried_days": 12, "carrying_gap": 1}),
        (Event.COUNTED, State.TRAINING, 0, 0, {"headcount": 1, "wte": 100}),
        (Event.CENSUS, State.GRACE, 0, 0, {}),
        (Event.REDEPLOYED, 0, 0, 6, {"redeployed": 1, "redeployed_weeks": 6}),
        (Event.AWAY, State.TRAINING, State.PARENTAL, 300, {"away_parental": 1}),
        (Event.RETURNED, State.PARENTAL, 1, 300, {"returners": 1, "returners_supported": 1}),
        (Event.RETURNED, State.SICK, 0, 90, {}),
        (Event.RETURNED, State.REDEPLOYED, 0, 200, {}),
        (Event.REVALIDATED, 0, 1, 0, {"revalidations_deferred": 1}),
        (Event.REVALIDATED, 0, 0, 4, {"revalidations": 1, "revalidations_late": 1}),
        (Event.ADVERTISED, RoundKind.SECOND, 0, 5, {"advertised": 5, "advertised_second": 5}),
        (Event.ACCEPTED, RoundKind.FIRST, 2, 0, {"accepted": 1, "accepted_first": 1}),
        (Event.ROUND_CLOSED, RoundKind.FIRST, 9, 40, {"offers_made": 40}),
        (Event.REOFFERED, RoundKind.FIRST, 9, 7, {"offers_again": 7}),
        (Event.STARTED, -1, Stage.HIGHER, 2, {"started": 1, "started_stock": 1, "supernumerary_starts": 1}),
        (Event.SEATED, 0, 0, 2500, {"seats": 1, "seat_thousandths": 2500}),
        (Event.SEATED, 0, 1, 2500, {"seats": 1}),
        (Event.ROTATED, 1, 0, 0, {}),
    ],
)  # fmt: skip
def test_what_an_event_counts_for(event: Event, was: int, now: int, amount: int, expected: dict[str, int]) -> None:
    assert Diary().add(400, event, was, now, amount).counted() == expected


def test_a_row_stands_under_its_year_programme_office_stage_pattern_and_origin() -> None:
    diary = Diary().add(364, Event.EXTENDED, Outcome.O3, 0, 91, wte=60)
    row = measures_of_log(diary.log.columns(), FRAME, replication=4).set_index("measure").loc["extension_days"]
    assert row.to_dict() == {
        "replication": 4, "year": 2017, "programme": 2, "office": 3, "stage": Stage.HIGHER, "pattern": 1,
        "origin": Origin.GRADUATE, "value": 91,
    }  # fmt: skip


def test_an_office_has_no_origin_and_no_pattern() -> None:
    diary = Diary().add(400, Event.ADVERTISED, RoundKind.FIRST, 0, 5, trainee=3, wte=0)
    table = measures_of_log(diary.log.columns(), FRAME)
    assert set(table["origin"]) == {-1}
    assert set(table["pattern"]) == {0}


def test_the_warm_up_is_counted_and_not_reported() -> None:
    diary = Diary().add(363, Event.RELEASED).add(364, Event.RELEASED)
    assert diary.counted() == {"released": 1}
    assert counts_of_log(diary.log.columns(), FRAME).year.tolist() == [0, 1]


def test_the_day_after_the_last_is_no_year() -> None:
    assert Diary().add(1092, Event.RELEASED).counted() == {}


@pytest.mark.parametrize(("days", "expected"), [(0, 1), (330, 1), (331, 0)])
def test_who_starts_within_a_year_of_foundation(days: int, expected: int) -> None:
    diary = Diary().add(400, Event.COMPLETED, Stage.FOUNDATION, State.POOL, 728, programme=0)
    diary.add(400 + days, Event.STARTED, 0, Stage.CORE, programme=1)
    assert diary.counted().get("foundation_started_within_year", 0) == expected


def test_another_doctors_start_is_not_mine() -> None:
    diary = Diary().add(400, Event.COMPLETED, Stage.FOUNDATION, State.POOL, 728, programme=0)
    diary.add(401, Event.STARTED, 0, Stage.CORE, trainee=DOCTOR + 1)
    assert "foundation_started_within_year" not in diary.counted()


def test_many_rows_add_up_whatever_the_key() -> None:
    luck, diary = np.random.default_rng(2), Diary()
    amounts = luck.integers(1, 300, 500)
    for amount in amounts.tolist():
        rest = {"programme": int(luck.integers(-1, 3)), "office": int(luck.integers(-1, 11))}
        rest |= {"wte": int(luck.choice([60, 100])), "trainee": trainee_number(0, int(luck.integers(4)), 1)}
        diary.add(int(luck.integers(364, 1092)), Event.EXTENDED, Outcome.O10_2, 0, amount, **rest)
    table = measures_of_log(diary.log.columns(), FRAME)
    days = table[table["measure"] == "extension_days_10_2"]
    assert days["value"].sum() == amounts.sum()
    assert not days.duplicated(["year", "programme", "office", "pattern", "origin"]).any()
    assert (days["stage"] == np.append(FRAME.stage, -1)[days["programme"]]).all()


def test_names_are_known_and_differ() -> None:
    names = measure_names()
    assert len(names) == len(set(names))
    assert {"headcount", "extensions", "gap_carried_days", "ccts", "o10_2", "seats"} <= set(names)


def test_every_measure_has_its_unit() -> None:
    unusual = {
        "wte": "hundredths of a whole-time doctor",
        "gap_carried_days": "curriculum days",
        "review_days_late": "days",
        "time_to_cct_days": "days",
        "redeployed_weeks": "weeks",
        "seat_thousandths": "thousandths of a curriculum day",
        **{f"extension_days{kind}": "whole-time days" for kind in ("", "_3", "_10_2")},
    }
    assert {name: MEASURE_CATALOGUE[name].unit for name in unusual} == unusual
    counts = {MEASURE_CATALOGUE[name].unit for name in measure_names() if name not in unusual}
    assert not any("day" in unit or "week" in unit or "thousandth" in unit for unit in counts)
