"""Levers of supply: more posts are never fewer starts, nothing moves before its year, and both engines agree."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support import CONFIGS
from support.run_and_read import Row, rows, rows_of, run_log

from pipeline_sim.engines.batch.divergence import first_day_of_divergence, first_offer, last_day
from pipeline_sim.rules.codes import Event, State
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.study.replication.paired_worlds import rulebooks
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.world.population.build_population import build_population

RANGE = 'spread = 0.1, source = "assumption", grade = "C"'
TINY = str(CONFIGS / "tiny.toml")
ENGLAND = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid", "supply/to_2036"))
SHIPPED = sorted(path for path in (CONFIGS / "supply").glob("*.toml") if path.stem != "to_2036")


def layer(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "lever.toml").write_text(text)
    return TINY, str(folder / "lever.toml")


def more(kind: str, amount: float, unit: str, programme: str = "general-practice", offices: str = "") -> str:
    figure = f'{{ value = {{ 2020 = {amount} }}, unit = "{unit}", {RANGE} }}'
    where = f'programmes = ["{programme}"]\n{offices}'
    return f'[supply.levers.more]\nlabel = "More"\n{where}\n{kind} = {figure}\n'


def with_and_without(layers: tuple[str, ...]) -> tuple[Rulebook, Rulebook]:
    plain, moved = rulebooks([WorldSpec((TINY,)), WorldSpec(layers)])
    return plain, moved


def starts(log: list[Row]) -> int:
    return len(rows_of(log, Event.STARTED))


@pytest.mark.parametrize(
    ("kind", "amount", "unit"),
    [("entrants", 2000, "entrants per year"), ("growth", 0.2, "share per year"), ("posts", 3000, "posts")],
)
def test_more_posts_are_more_starts_and_none_before_the_first_offer(
    tmp_path: Path, kind: str, amount: float, unit: str
) -> None:
    plain, moved = with_and_without(layer(tmp_path, more(kind, amount, unit)))
    begins = first_offer(moved, 2020 - 2017, last_day(moved))
    assert first_day_of_divergence(plain, moved) >= begins > 0
    before, after = (rows(run_log(book, engine="batch")) for book in (plain, moved))
    assert [row for row in before if row.day < begins] == [row for row in after if row.day < begins]
    assert starts(after) > starts(before)
    assert (np.diff([book.posts.establishment.sum(axis=(1, 2)) for book in (plain, moved)], axis=0) >= 0).all()


def test_posts_at_one_office_are_posts_there_alone(tmp_path: Path) -> None:
    plain, moved = with_and_without(
        layer(tmp_path, more("posts", 500, "posts", "general-surgery", 'offices = ["london"]'))
    )
    added = (moved.posts.establishment - plain.posts.establishment).sum(axis=(0, 1))
    assert added[0] > 0
    assert added[1] == 0


def test_entrants_in_plan_rise_by_the_lever(tmp_path: Path) -> None:
    layers = layer(tmp_path, more("entrants", 100, "entrants per year"))
    before, after = (build_population(world_of(WorldSpec(each))).entrants for each in ((TINY,), layers))
    by_year = (after - before).sum(axis=1)  # 2017 to 2022
    assert by_year == pytest.approx([0, 0, 0, 100, 100, 100])


def test_a_pause_three_times_as_often_from_its_year_in_both_engines(tmp_path: Path) -> None:
    out = f'[supply.out_of_programme]\noopp = {{ value = {{ 2020 = 60.0 }}, unit = "multiplier", {RANGE} }}\n'
    plain, moved = with_and_without(layer(tmp_path, out))
    begins = int(moved.calendar.year_start[2020 - 2017])
    assert first_day_of_divergence(plain, moved) == begins
    logs = [rows(run_log(moved, engine=engine)) for engine in ("reference", "batch")]
    assert logs[0] == logs[1]

    def pauses(log: list[Row]) -> list[int]:
        return [row.day for row in rows_of(log, Event.AWAY) if row.to_code == State.OOPP]

    before, after = pauses(rows(run_log(plain, engine="batch"))), pauses(logs[1])
    assert [day for day in before if day < begins] == [day for day in after if day < begins]
    assert len(after) > len(before)


@cache
def shipped() -> dict[str, Rulebook]:
    specs = [WorldSpec(ENGLAND, scale=0.02), *(WorldSpec((*ENGLAND, str(path)), scale=0.02) for path in SHIPPED)]
    return dict(zip(("plain", *(path.stem for path in SHIPPED)), rulebooks(specs), strict=True))


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_every_lever_that_ships_moves_something_and_not_before_2025(name: str) -> None:
    plain, moved = shipped()["plain"], shipped()[name]
    assert last_day(plain) > first_day_of_divergence(plain, moved) >= first_offer(moved, 2025 - 2014, last_day(moved))


def test_a_run_to_2036_ends_nowhere_early() -> None:
    """Changeovers, sittings, rounds, panels, slots and posts go on to the last year, and so do the tables of time."""
    book = shipped()["plain"]
    start, years = book.calendar.year_start, len(book.calendar.year_start) - 1
    assert years == 23
    assert (book.calendar.next_changeover[:, start[-2]] <= start[-1]).all()
    assert (book.exams.next_sitting[:, start[-2]] < start[-1]).all()
    assert set(book.recruitment.rounds[:, 3].tolist()) == set(range(years))
    assert (book.panels.capacity[-52:].sum(axis=0) > 0).all()
    assert (book.placements.slots[-12:].sum(axis=(0, 2)) > 0).all()
    assert (book.posts.establishment[-1].sum(axis=0) > 0).all()
    learned = np.diff(book.competence.opportunity_sum[..., [int(start[-2]), int(start[-1])]])
    assert (learned > 300_000).all()  # of a year's 364 normal days


def test_years_of_a_longer_run_come_out_as_in_the_shorter() -> None:
    short = rulebooks([WorldSpec(ENGLAND[:2], scale=0.02)])[0]
    begins = int(short.calendar.year_start[-2])  # in its last year sittings that come after it count for panels
    one, other = (rows(run_log(book, engine="batch")) for book in (short, shipped()["plain"]))
    assert [row for row in one if row.day < begins] == [row for row in other if row.day < begins]
