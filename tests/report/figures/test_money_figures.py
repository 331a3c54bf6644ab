"""Pictures of what was lost and given back, and of what it costs."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from support import CONFIGS
from support.hand_counted_answers import answered

from pipeline_sim.report.figures.acceptability import acceptability, lead_ranges, leading_choices
from pipeline_sim.report.figures.cost_effectiveness_plane import (
    cost_effectiveness_plane,
    frontier,
    in_millions,
    plane_points,
)
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.figures.waterfall import panels, waterfall
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.text.figure_clauses import clause_with_interval
from pipeline_sim.report.text.number_format import rounded
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.study_file import Attribution, Step
from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.random_effects import effects
from pipeline_sim.study.replication.prepare import WorldSpec

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
FREE = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "covid"))
BUYS = str(CONFIGS / "interventions.toml")
MIX = str(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml")
SHOCKS = [("Lists lost", 900.0, 700.0, 1100.0), ("Exams", 300.0, -50.0, 650.0), ("Rules", -200.0, -350.0, -50.0)]
GIFTS = [("Simulation", -400.0, -500.0, -300.0), ("Courses", -20.0, -60.0, 20.0), ("Wellbeing", 0.0, 0.0, 0.0)]


@cache
def answer(replications: int = 5) -> Answer:
    return answered(WorldSpec(LAYERS), WorldSpec((*LAYERS, BUYS), MIX), replications)


@cache
def unpriced() -> Answer:
    return answered(WorldSpec(FREE), WorldSpec((*FREE, BUYS), MIX))


def without_programmes(found: Answer) -> Answer:
    return found._replace(programmes=(), prices={}, acceptability_curve=pd.DataFrame())


def attributed(
    found: Answer, shocks: list[tuple[str, float, float, float]], gifts: list[tuple[str, float, float, float]]
) -> Answer:
    rows = [(label, kind, *bounds) for kind, parts in (("shock", shocks), ("intervention", gifts))
            for label, *bounds in parts]  # fmt: skip
    table = pd.DataFrame(rows, columns=["label", "kind", *Estimate._fields[:3]]).assign(error=1.0)
    table.insert(0, "rung", range(len(table)))
    more = [table.assign(indicator=name) for name in ("extensions", "months_short")]
    asked = Attribution(programme="mix", replications=3, steps=[Step(label="All", shocks=["surge"])])
    study = found.study.model_copy(update={"attribution": asked})
    return found._replace(study=study, attribution=pd.concat(more))


def shown(drawn: Picture | None) -> Picture:
    """A figure whose title is what it finds."""
    assert drawn is not None
    assert drawn.figure.get_suptitle().replace("\n", " ") == drawn.finding
    return drawn


def test_every_shock_begins_where_the_one_before_it_ends() -> None:
    taken, given = panels(attributed(answer(), SHOCKS, GIFTS))
    assert [step.start for step in taken.steps] == [0, 900, 1200]
    assert [step.start for step in given.steps] == [0, 400]
    assert taken.total.adds.mean == 1000
    assert given.total.adds.mean == 420


def test_the_waterfall_says_what_took_most_and_what_was_given_back() -> None:
    drawn = shown(waterfall(attributed(answer(), SHOCKS, GIFTS)))
    assert drawn.finding.startswith(
        "“Lists lost” cost 900 (95 % interval 700 to 1,100) of 1,000 months of training lost"
    )
    assert "“The mix” avoids 420 months of training lost" in drawn.finding
    for _, *bounds in SHOCKS:
        assert clause_with_interval(Estimate(*bounds), name="") in drawn.alt_text
    assert clause_with_interval(Estimate(*GIFTS[0][1:]).negated(), name="") in drawn.alt_text
    assert "Without any effect: " in drawn.figure.get_supxlabel().replace("\n", " ")
    assert "first 3 replications" in drawn.figure.get_supxlabel().replace("\n", " ")


def test_a_shock_whose_interval_reaches_higher_is_told() -> None:
    drawn = shown(waterfall(attributed(answer(), [*SHOCKS[:1], ("Exams", 300.0, -400.0, 1000.0)], GIFTS)))
    assert "but 1 other may have cost more" in drawn.finding


def test_a_step_whose_interval_includes_zero_is_hatched() -> None:
    drawn = shown(waterfall(attributed(answer(), SHOCKS, GIFTS)))
    hatched = [[bool(bar.get_hatch()) for bar in axes.patches] for axes in drawn.figure.axes]
    assert hatched == [[False, True, False, True], [False, True, True]]


def test_the_programme_as_a_whole_has_the_interval_of_its_worlds() -> None:
    found = answer()
    draws = (found.runs["mix"] - found.runs["none"])["months_short"].to_numpy()[:3]
    whole = panels(attributed(found, SHOCKS, [("All", float(draws.mean()), -1.0, 1.0)]))[1].total.adds
    assert whole.high - whole.mean == pytest.approx(2 * 4.302653 / 2 * draws.std(ddof=1) / np.sqrt(3), rel=1e-5)


def test_a_waterfall_of_one_replication_or_of_shocks_alone() -> None:
    bare = [(label, mean, np.nan, np.nan) for label, mean, *_ in SHOCKS]
    drawn = shown(waterfall(attributed(answer(1), bare, [])))
    assert "no single one has a clear effect" in drawn.finding
    assert len(drawn.figure.axes) == 1
    assert rounded(900) in drawn.alt_text


def test_no_waterfall_without_an_attribution() -> None:
    assert waterfall(answer()) is None


def with_another(found: Answer, months: float, millions: float) -> Answer:
    """The same with a second programme that recovers more months and costs more."""
    draws = found.runs["mix"]
    other = draws.assign(months_short=draws["months_short"] - months, net_budget_gbp=draws["net_budget_gbp"] + millions)
    worlds = [*found.study.worlds, found.study.worlds[-1].model_copy(update={"name": "other", "label": "Another"})]
    study = found.study.model_copy(update={"worlds": worlds})
    return found._replace(study=study, runs={**found.runs, "other": other}, programmes=("mix", "other"))


def test_the_plane_says_months_and_net_cost() -> None:
    found = answer()
    drawn = shown(cost_effectiveness_plane(found))
    cost = found.prices["mix"].net_budget_gbp
    assert cost is not None
    millions = in_millions(Estimate(*(value / 1e6 for value in cost)))
    assert drawn.finding.endswith(f"for {millions} net")
    assert clause_with_interval(found.difference("mix", "months_short").negated(), "") in drawn.alt_text
    assert millions in drawn.alt_text


def test_a_point_a_draw() -> None:
    found = answer()
    drawn = shown(cost_effectiveness_plane(found))
    points = next(line for line in drawn.figure.axes[0].lines if line.get_marker() == ".")
    gaps = found.runs["none"]["months_short"] - found.runs["mix"]["months_short"]
    assert np.allclose(points.get_xdata(), effects(gaps.to_numpy(float), found.sampling).drawn)
    assert np.allclose(
        points.get_ydata(), effects(found.runs["mix"]["net_budget_gbp"].to_numpy(float), found.sampling).drawn / 1e6
    )


def test_only_those_that_none_beats_are_in_front() -> None:
    better, worse, dearer = (with_another(answer(), *by) for by in ((10, -1e6), (-10, 1e6), (10, 1e6)))
    assert frontier(plane_points(better)) == {"other"}
    assert frontier(plane_points(worse)) == {"mix"}
    assert frontier(plane_points(dearer)) == {"mix", "other"}


def test_programmes_are_counted_by_price() -> None:
    found = with_another(answer(), 1e6, 0)
    drawn = shown(cost_effectiveness_plane(found))
    assert drawn.finding.startswith("“Another” avoids 1,")
    prices = [place.cost.mean * 1e6 / place.gained.mean for place in plane_points(found)]
    number = sum(price < 10_000 for price in prices)
    assert f"{number or 'none'} of 2 programmes show" in drawn.finding


def shares(*rows: tuple[float, float, float]) -> pd.DataFrame:
    prices = pd.Index([1000.0 * place for place in range(len(rows))], name="gbp_a_month")
    return pd.DataFrame(rows, index=prices, columns=pd.Index(["none", "mix", "other"], name="world"))


def as_curve(table: pd.DataFrame) -> pd.DataFrame:
    """A curve with such probabilities, as an answer holds it."""
    long = table.stack().rename("probability").to_frame()
    return long.assign(probability_low=0.0, probability_high=1.0, expected_loss_gbp=1e6, on_frontier=False)


def told_by(table: pd.DataFrame) -> Picture:
    return shown(acceptability(with_another(answer(), 0, 0)._replace(acceptability_curve=as_curve(table))))


def test_who_is_worth_most_below_and_above_a_price() -> None:
    table = shares((0.9, 0.1, 0.0), (0.6, 0.3, 0.1), (0.2, 0.45, 0.35), (0.1, 0.8, 0.1))
    assert [(run.choices, run.low, run.high) for run in lead_ranges(table)] == [
        (("none",), 0, 1000),
        (("mix",), 2000, 3000),
    ]
    drawn = told_by(table)
    assert drawn.finding == (
        "If a month of training is valued at £1,000 or less, spending nothing is best more probably than not (60 % "
        "to 90 %); if £2,000 or more, “The mix” is best more probably than any other choice (45 % to 80 %)"
    )
    assert "“Another”: 0 % at £0, 10 % at £3,000, most 35 %." in drawn.alt_text
    assert leading_choices(table) == ["none", "mix"]
    assert sum(text.get_text().startswith("grey") for text in drawn.figure.axes[1].texts) == 1


def test_one_choice_that_leads_at_every_price() -> None:
    drawn = told_by(shares((0.2, 0.7, 0.1), (0.0, 1.0, 0.0)))
    assert drawn.finding.startswith(
        "Whether a month of training is valued at £0 or £1,000, “The mix” is best more probably than not"
    )


def test_choices_that_are_tied_are_said_to_be_tied() -> None:
    drawn = told_by(shares((0.4, 0.4, 0.2), (0.0, 1.0, 0.0)))
    assert "valued at £0, spending nothing and “The mix” are tied (40 % each)" in drawn.finding


def test_a_lead_that_often_changes() -> None:
    drawn = told_by(shares(*[(0.6, 0.4, 0.0), (0.4, 0.6, 0.0)] * 3))
    assert drawn.finding.endswith("; between them the lead changes")


def test_one_replication_is_said_to_be_one() -> None:
    plane, drawn = shown(cost_effectiveness_plane(answer(1))), shown(acceptability(answer(1)))
    assert "too few for an interval" in plane.finding
    assert save_bytes(plane.figure, "svg").startswith(b"<?xml")
    assert "Probabilities from 1 draw, 1 replication" in drawn.figure.get_supxlabel().replace("\n", " ")
    assert save_bytes(drawn.figure, "svg").startswith(b"<?xml")


@pytest.mark.parametrize("figure", [cost_effectiveness_plane, acceptability])
def test_no_figure_of_money_without_prices_or_programmes(figure: Callable[[Answer], Picture | None]) -> None:
    assert figure(unpriced()) is None
    assert figure(without_programmes(answer())) is None


@pytest.mark.parametrize("figure", [waterfall, cost_effectiveness_plane, acceptability])
def test_the_same_figure_twice(figure: Callable[[Answer], Picture | None]) -> None:
    found = attributed(answer(), SHOCKS, GIFTS)
    first, second = (save_bytes(shown(figure(found)).figure, "svg") for _ in range(2))
    assert first.startswith(b"<?xml")
    assert first == second
