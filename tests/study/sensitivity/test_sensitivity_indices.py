"""How strongly assumptions move an answer: closed forms for the measures, laws for the points, and what is refused."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds.tiny_study import question, study

from pipeline_sim.study.replication.parameter_draws import RangePoint, with_parameters
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.sensitivity.analyse_sensitivity import (
    ENTRY,
    FIGURE,
    Analysis,
    SensitivityPlan,
    analyse,
    checked_method,
    with_worlds,
)
from pipeline_sim.study.sensitivity.design_runs import Job, PointResults, run_design
from pipeline_sim.study.sensitivity.factors import (
    LUCK,
    REPLICATES,
    Factors,
    by_entry,
    design,
    design_points,
    one_by_one,
    only_entries,
)
from pipeline_sim.study.sensitivity.sensitivity_indices import (
    GAINED,
    LEAD,
    NET,
    TAKEN,
    Influence,
    Outcome,
    Run,
    by_gain,
    chance_effect,
    influences,
    outcomes,
    strongest,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.register.assumption_register import load_register
from pipeline_sim.world.world_error import WorldError, shown_path

REGISTER = load_register(Path(__file__).parents[3] / "configs" / "register")
THREE = Factors(("a", "b", "c"), ("a", "b", "c"))
PAIR = Factors(("a", "b", "c"), ("one", "one", "two"))
SOMETHING = Outcome(GAINED, "money", "gained by Money")
LUCKY = np.tile([0.0, 0.1, 0.2, 0.3], (8, 1))  # an outcome under four kinds of luck, at the start of eight paths
HELD = ["programmes", "placements", "recruitment.posts_held", "competence", "panels.minor", "panels.major"]


def measured(factors: Factors, values: object, method: str = "morris", paths: int = 8) -> dict[str, Influence]:
    """What a function of the parts comes out as."""
    parts = design(factors, checked_method(method), paths, 3)
    run = Run(values(parts), LUCKY)  # type: ignore[operator]
    rows = influences(factors, checked_method(method), parts, {SOMETHING: run}, 3)
    return {row.factor: row for row in rows}


# ---- the measures ----------------------------------------------------------------------------------------------------


def test_morris_of_a_straight_line_is_its_slope() -> None:
    found = measured(THREE, lambda parts: 5 * parts[:, 0] - 2 * parts[:, 1] + 1 * parts[:, 3])
    assert [found[name].size for name in ("a", "b", "c")] == pytest.approx([5, 2, 0])
    assert [found[name].mean for name in ("a", "b", "c")] == pytest.approx([5, -2, 0])
    assert [found[name].other for name in ("a", "b", "c")] == pytest.approx([0, 0, 0], abs=1e-9)
    assert [found[name].rank for name in ("a", "b", "c", LUCK)] == [1, 2, 3, 0]
    assert [found[name].beyond_luck for name in ("a", "b", "c")] == [True, True, False]


@pytest.mark.full
def test_the_most_that_luck_does_is_passed_by_luck_in_one_analysis_of_twenty() -> None:
    paths, factors, noise = 6, 40, np.random.default_rng(5)
    usual, most = chance_effect(noise.normal(0, 30, (4000, REPLICATES)), factors)
    assert usual == pytest.approx(30 * math.sqrt(2) / (2 / 3) * math.sqrt(2 / math.pi), rel=0.03)
    _, most = chance_effect(np.tile(np.array([-1, -1, 1, 1]) * 30 * math.sqrt(3) / 2, (paths, 1)), factors)
    steps = np.abs(noise.normal(0, 30 * math.sqrt(2) / (2 / 3), (4000, factors, paths)))
    passed = (steps.mean(axis=2).max(axis=1) > most).mean()
    assert 0.03 < passed < 0.07


def test_sobol_of_a_straight_line_is_the_share_of_its_square() -> None:
    found = measured(THREE, lambda parts: 3 * parts[:, 0] + 4 * parts[:, 1], "sobol", 1024)
    assert [found[name].size for name in ("a", "b", "c")] == pytest.approx([9 / 25, 16 / 25, 0], abs=0.02)
    assert [found[name].other for name in ("a", "b")] == pytest.approx([9 / 25, 16 / 25], abs=0.02)


def test_factors_that_act_together_are_seen_as_uneven() -> None:
    found = measured(THREE, lambda parts: 6 * parts[:, 0] * parts[:, 1], paths=40)
    assert found["a"].other > 1
    assert 0 < found["a"].size < 6


def test_figures_of_an_entry_move_together_and_have_no_sign() -> None:
    found = measured(PAIR, lambda parts: parts[:, 0] + parts[:, 1])
    assert set(found) == {"one", "two", LUCK}
    assert math.isnan(found["one"].mean)
    assert 0 < found["one"].size <= 2
    assert found["two"].size == 0


def test_an_outcome_that_nothing_moves_has_no_influence_on_it() -> None:
    for method in ("morris", "sobol"):
        found = measured(THREE, lambda parts: np.full(len(parts), 7.0), method)
        assert {row.size for row in found.values()} == {0.0}
        assert not any(row.beyond_luck for row in found.values())


@settings(deadline=None)  # the first call imports SALib
@given(slopes=st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=3, max_size=3))
def test_ranks_are_those_of_the_slopes(slopes: list[float]) -> None:
    found = measured(THREE, lambda parts: parts[:, :3] @ np.array(slopes))
    ranked = sorted((row for row in found.values() if row.rank), key=lambda row: row.rank)
    sizes = [abs(slopes["abc".index(row.factor)]) for row in ranked]
    assert all(first >= second - 1e-6 for first, second in pairwise(sizes))


def test_the_strongest_beside_luck_are_taken_apart_as_far_as_there_is_room() -> None:
    rows = list(measured(PAIR, lambda parts: parts[:, 0] + 3 * parts[:, 2] + parts[:, 3]).values())
    assert strongest(rows, PAIR, 9) == ["two", "one"]
    assert strongest(rows, PAIR, 1) == ["two"]
    assert strongest(rows, PAIR, 0) == []
    assert one_by_one(PAIR, ["one"]).names == ("a", "b", LUCK)


# ---- outcomes --------------------------------------------------------------------------------------------------------


def test_outcomes_are_what_a_decision_hangs_on(tmp_path: Path) -> None:
    worlds, programmes = ["none", "no_covid", "money", "nothing"], ["money", "nothing"]
    found = PointResults(np.array([[10.0, 4.0, 7.0, 10.0]]), np.array([[np.nan, np.nan, 2e6, 1e6]]))
    assert by_gain(worlds, programmes[::-1], found) == programmes
    shown = {
        each.kind + " " + each.world: values[0]
        for each, values in outcomes(study(tmp_path), worlds, programmes, found).items()
    }
    assert shown == {
        f"{GAINED} money": 3.0, f"{GAINED} nothing": 0.0, f"{LEAD} money nothing": 3.0, f"{TAKEN} no_covid": 6.0,
        f"{NET} money": 2.0,
    }  # fmt: skip


def test_without_prices_no_net_cost_is_told(tmp_path: Path) -> None:
    found = PointResults(np.array([[10.0, 7.0]]), np.full((1, 2), np.nan))
    assert [each.kind for each in outcomes(study(tmp_path), ["none", "money"], ["money"], found)] == [GAINED]


# ---- points ----------------------------------------------------------------------------------------------------------


def test_a_chosen_part_goes_from_low_to_high_and_leaves_the_rest_as_stated(tmp_path: Path) -> None:
    world = world_of(question(tmp_path).worlds["money"])
    named = {shown_path(path): figure for path, figure in figures(world)}
    for part, end in ((0.0, 0), (1.0, 1)):
        moved = with_parameters(world, RangePoint(("panels.lead_first", "competence.ward"), (part, part)))
        for path, figure in figures(moved):
            stated = named[shown_path(path)]
            if shown_path(path) in ("panels.lead_first", "competence.ward"):
                assert figure.value == stated.bounds()[end]  # type: ignore[index]
            else:
                assert figure is stated or figure.value == stated.value


def test_luck_is_the_same_at_every_point_but_those_that_move_it() -> None:
    found = design_points(THREE, design(THREE, "morris", 4, 1))
    assert {point.luck for point in found} <= set(range(REPLICATES))
    changes = sum(one.luck != other.luck for one, other in pairwise(found))
    assert changes <= 4 + 3  # once in each of four paths, and from path to path


@pytest.mark.slow
def test_prices_move_money_and_no_doctor_and_an_analysis_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked = question(tmp_path, attribution=None, held=HELD)
    moves = SensitivityPlan("morris", 2, 1, 2, ("price-of-an-extension", "recovery-of-lists"), 1)
    told: list[str] = []
    analysis = Analysis(asked, moves, told.append, lambda level: lambda part: None, tmp_path / "kept")
    stages = analyse(analysis, REGISTER)
    assert told[0] == "2 entries, random numbers: 14 points"
    by = {(row.factor, row.outcome.kind): row.size for row in stages[0].rows}
    assert by["price-of-an-extension", TAKEN] == 0
    assert by["recovery-of-lists", TAKEN] > 0
    assert by[LUCK, TAKEN] > 0
    assert [stage.level for stage in stages] in ([ENTRY], [ENTRY, FIGURE])
    kept = sorted((tmp_path / "kept").glob("*.npz"))
    kept[0].write_bytes(b"cut short")
    again = analyse(analysis._replace(plan=asked._replace(workers=2)), REGISTER)
    for before, after in zip(stages, again, strict=True):
        assert before.rows == after.rows or np.array_equal(before.results.headline, after.results.headline)


@pytest.mark.slow
def test_a_point_of_all_modes_is_the_world_as_stated(tmp_path: Path) -> None:
    asked = question(tmp_path, attribution=None, parameters="mode", replications=1, repeat_every=0)
    nobody = Factors((), ())
    stated = run_design(Job(asked.study, asked.worlds, 1, 1), design_points(nobody, np.zeros((1, 1))), None)
    assert stated.headline[0][0] >= 0
    assert np.isnan(stated.net_gbp[0][0])
    assert not np.isnan(stated.net_gbp[0][list(asked.worlds).index("money")])


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_what_cannot_be_measured_is_refused(tmp_path: Path) -> None:
    asked = question(tmp_path)
    with pytest.raises(StudyError, match="no method saltelli; known are morris, sobol"):
        checked_method("saltelli")
    with pytest.raises(StudyError, match="trajectories is 10, should be a power of 2 such as 64 for sobol"):
        design(THREE, "sobol", 10, 1)
    with pytest.raises(StudyError, match="tiny has no world mony; nearest is 'money'"):
        with_worlds(study(tmp_path), ["mony"])
    with pytest.raises(StudyError, match="worlds should name at least one beside the baseline"):
        with_worlds(study(tmp_path), ["none"])
    factors = by_entry(asked.worlds, HELD, REGISTER)
    with pytest.raises(WorldError, match="there is no entry 'price'; nearest is 'prices'"):
        only_entries(factors, ["price"], REGISTER)
    with pytest.raises(StudyError, match="no figure of the entry pay-scales is uncertain in these worlds"):
        only_entries(factors, ["pay-scales"], REGISTER)
    everything = [
        "programmes",
        "exams",
        "exam_rules",
        "recruitment",
        "placements",
        "competence",
        "panels",
        "extensions",
    ]
    everything += ["people", "life", "revalidation", "shocks", "interventions", "mix", "costs"]
    with pytest.raises(StudyError, match="no figure of these worlds is uncertain"):
        by_entry(asked.worlds, everything, REGISTER)
