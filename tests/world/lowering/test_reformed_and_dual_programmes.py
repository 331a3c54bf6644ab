"""Programmes of England that a reform shortened, and dual ones, each alone in a world without chance."""

import numpy as np
import pytest
from support.run_and_read import rows, rows_of, run_log
from support.worlds.deterministic_world import deterministic_world, with_initial_stock
from support.worlds.toy_rulebook import YEAR, changed, ints, thresholds

from pipeline_sim.engines import ENGINES
from pipeline_sim.rules.codes import Event
from pipeline_sim.rules.people import GROUPS_OF_PEOPLE
from pipeline_sim.rules.rulebook import Rulebook
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.lowering.lower_programmes import lower_programmes
from pipeline_sim.world.population.build_population import Population
from pipeline_sim.world.schema.world import Programme, World
from pipeline_sim.world.timeline.tables import Timeline

HIGHER = 3  # the programme of the toy world that is made like one of England
Inputs = tuple[World, Population, Timeline]


def open_in(world: World, beginning: str, year: int) -> Programme:
    """The one programme, in its old form or its new one, that doctors may enter in a year."""
    forms = (beginning, f"{beginning}-2010")
    (only,) = (each for each in world.programmes if each.id in forms and each.recruits_in(year))
    return only


def alone(world: World, programme: Programme, years: int) -> Rulebook:
    """A doctor who begins a programme of England on day 0, in a world without chance."""
    known, index = lower_programmes(world), world.programme_index(programme.id)
    book = with_initial_stock(HIGHER, 1, deterministic_world(years))
    rooms = {}
    for name in ("grades", "grade_days", "critical"):
        rooms[name] = getattr(book.programmes, name).copy()
        rooms[name][HIGHER] = getattr(known, name)[index]
    return changed(book, programmes=rooms)


def days_to_the_cct(book: Rulebook, engine: str) -> list[int]:
    """Days after which the doctor completed; none if that never came."""
    return [row.day for row in rows_of(rows(run_log(book, engine=engine)), Event.COMPLETED)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("entered", "years"), [(2018, 8), (2019, 8), (2020, 7), (2023, 7), (2026, 7)])
def test_who_enters_paediatrics_from_august_2020_on_needs_seven_years(
    england: Inputs, entered: int, years: int, engine: str
) -> None:
    programme = open_in(england[0], "paediatrics", entered)
    assert days_to_the_cct(alone(england[0], programme, 9), engine) == [years * YEAR]


def test_the_reform_moves_the_critical_point_to_the_end_of_core_paediatrics(england: Inputs) -> None:
    assert open_in(england[0], "paediatrics", 2023).critical == ("ST4",)
    assert open_in(england[0], "paediatrics", 2019).critical == ("ST3", "ST5")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("frca", "fficm"), [(1, 1), (1, 0), (0, 1), (0, 0)])
def test_a_dual_trainee_in_intensive_care_needs_both_exams(
    england: Inputs, frca: float, fficm: float, engine: str
) -> None:
    world = england[0]
    programme = open_in(world, "anaesthetics-intensive-care", 2022)
    book, known, index = alone(world, programme, 8), lower(*england).exams, world.programme_index(programme.id)
    asked = known.gate[index][known.on_entry[index] == 0]
    gates = [world.exams[part].gate for part in asked.tolist() if part >= 0]
    assert sorted(gates) == ["fficm", "final-frca"]
    passes = {"final-frca": frca, "fficm": fficm}
    rooms = {name: getattr(book.exams, name).copy() for name in ("gate", "parts", "gate_from", "gate_by")}
    rooms["gate"][HIGHER], rooms["parts"][HIGHER] = [0, 1, -1, -1], [1, 1, 0, 0]
    for name in ("gate_from", "gate_by"):
        rooms[name][HIGHER] = getattr(known, name)[index]
    chances = thresholds([*(passes[gate] for gate in gates), 1])
    rooms |= {
        "pass_first": np.repeat(chances[:, None], GROUPS_OF_PEOPLE, axis=1),
        "held": thresholds([0, 0, 0]),
        "after_days": ints([0, 0, 0]),
    }
    rooms |= {"attempt_step": chances * 0, "ability_step": chances * 0, "gap_step": chances * 0}
    found = days_to_the_cct(changed(book, exams=rooms), engine)
    assert found == ([5 * YEAR + YEAR // 2] if frca and fficm else [])


@pytest.mark.parametrize(("core_years", "entered"), [(2, 2021), (3, 2023)])
def test_core_and_dual_training_together_take_eight_and_a_half_years(
    england: Inputs, core_years: int, entered: int
) -> None:
    higher = open_in(england[0], "anaesthetics-intensive-care", entered)
    core = open_in(england[0], "core-anaesthetics", entered - core_years)
    assert core.years.value == core_years
    assert core.years.value + higher.years.value == 8.5


def test_both_rows_of_paediatrics_share_posts_offices_and_recruitment(england: Inputs) -> None:
    world, people, _ = england
    old, new = (world.programme_index(name) for name in ("paediatrics-2010", "paediatrics"))
    establishment = people.establishment
    assert establishment[-1, old].sum() > 0
    last, first = establishment[-1, new], establishment[0, old]
    assert last / last.sum() == pytest.approx(first / first.sum())
    both = establishment[:, [old, new]].sum(axis=(1, 2))
    assert np.abs(np.diff(both)).max() < 0.06 * both[0]
    assert world.recruitment.appointable.value["paediatrics-2010"] == world.recruitment.appointable.value["paediatrics"]
