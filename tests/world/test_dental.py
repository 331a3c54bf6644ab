"""Another profession by configuration alone: dental core training runs in both engines, with the name of its review."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.run_and_read import Row, rows, rows_of, run_log
from support.worlds.refused_layers import refused

from pipeline_sim.base.calendar import Dates
from pipeline_sim.records.event_log import EventLog
from pipeline_sim.report.text.doctor_story import StoryWriter, doctor_rows
from pipeline_sim.rules.codes import Event, Stage
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.replication.prepare import PreparedWorld, WorldSpec, prepare, world_of
from pipeline_sim.world.population.foundation import graduates

ROOT = CONFIGS.parent
SPEC = WorldSpec(tuple(str(CONFIGS / f"{name}.toml") for name in ("dental", "dental/covid")))


@cache
def prepared() -> PreparedWorld:
    return prepare(SPEC)


@cache
def log_of(engine: str) -> EventLog:
    return run_log(prepared().rulebook, 2021, engine=engine)


@pytest.mark.parity
def test_both_engines_agree() -> None:
    assert log_of("reference").digest() == log_of("batch").digest()


@pytest.mark.law
def test_dentists_start_are_reviewed_and_go_on() -> None:
    log = rows(log_of("batch"))
    world = world_of(SPEC)

    def many(event: Event, programme: str) -> list[Row]:
        return [row for row in rows_of(log, event) if row.programme == world.programme_index(programme)]

    for name in ("dental-foundation", "dental-core-1", "dental-core-2", "dental-core-3", "dental-specialty"):
        assert len(many(Event.STARTED, name)) > 500, name
        assert len(many(Event.REVIEWED, name)) > 500, name
        assert len(many(Event.COMPLETED, name)) > 300, name
    second = {row.trainee for row in many(Event.STARTED, "dental-core-2") if row.day > 700}
    assert len(second & {row.trainee for row in many(Event.COMPLETED, "dental-core-1")}) > len(second) / 2
    certified = {row.programme for row in rows_of(log, Event.REVALIDATED)}  # only with the certificate at the end
    assert certified == {world.programme_index("dental-specialty")}


def test_a_foundation_of_one_year_begins_the_second_postgraduate_year() -> None:
    book = prepared().rulebook
    assert book.programmes.grades[book.posts.foundation] == 1
    assert book.programmes.entry_year.tolist() == [0, 1, 2, 3, 1]
    assert book.programmes.stage.tolist()[1:4] == [Stage.CORE] * 3
    assert graduates(np.array([10.0, 12.0]), 0.9, 1.0, 2, grades=1).tolist() == [10, 10, 12]


def test_its_review_has_its_own_name() -> None:
    log = log_of("batch")
    reviewed = rows_of(rows(log), Event.REVIEWED)[0].trainee
    story = StoryWriter(prepared().names, Dates(2014, 1).day_zero).lines(doctor_rows(log.columns(), reviewed))
    assert any("RCP: " in line for line in story)


def test_the_study_of_it_can_be_read() -> None:
    study = load_study(ROOT / "experiments" / "dental" / "study.toml")
    assert [world.name for world in study.worlds] == ["no_covid", "covid", "more_posts"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[placements.coverage]\nadd = { dentistry = 0.9 }",
            "placements.coverage.value.dentistry: 'dentistry' is nowhere",
        ),
        ("[placements.coverage]\nadd = 0.9", "coverage.add: no weaker layer has a value by name"),
        ("[placements.coverage]\nadd_low = { surgery = 0.9 }", "coverage.add_low: no weaker layer has a low by name"),
        ("[competence.pace_mean]\nadd = { surgery = 1.0 }", "pace_mean.add: no weaker layer has a value by name"),
        (
            "[placements.coverage]\nadd = { surgery = 0.9 }\nspread = 0.2",
            "coverage.spread: should not stand beside add",
        ),
        ("[life.parental]\nadd = { core = 2.0 }\nadd_high = { core = 2.0 }", "2.0 should be at most 1"),
        ('review = "R"', "review: "),
    ],
)
def test_names_that_cannot_be_added(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused(tmp_path, text)


def test_a_name_added_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text("[placements.coverage]\nadd = { surgery = 0.5 }\n")
    tiny = str(CONFIGS / "tiny.toml")
    before, after = (world_of(WorldSpec(layers)) for layers in ((tiny,), (tiny, str(tmp_path / "more.toml"))))
    assert after.placements.coverage.value == {**before.placements.coverage.value, "surgery": 0.5}
