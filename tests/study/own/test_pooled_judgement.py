"""Judgements of experts: fits, pool, the layer they become and what is drawn from it; whatever is wrong is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from support import CONFIGS
from support.typed_command import run_command

from pipeline_sim.study.own.expert_panel import Asked, Judgement
from pipeline_sim.study.own.pooled_judgement import fit_judgement, pool
from pipeline_sim.study.replication.parameter_draws import ParameterDraw, RangePoint, triangular, with_parameters
from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import shown_path

LAYERS = tuple(CONFIGS / f"{name}.toml" for name in ("tiny", "costs", "covid", "interventions"))
WORLD = load_world(*LAYERS)
RAISES, DOSE = "interventions.places.exam-support.raises", "interventions.places.boot-camps.dose"
FIGURES = {shown_path(path): figure for path, figure in figures(WORLD)}
PANEL = """panel = "Deans"
date = 2026-11-20
judgements = "p.csv"
[experts]
A = {{ who = "dean"{} }}
B = {{ who = "dean"{} }}
"""
HEADING = "expert,figure,unit,lowest,p25,p50,p75,highest"
GOOD = f"""A,{RAISES},chance,0,0.05,0.1,0.2,0.5
B,{RAISES},chance,0.1,0.2,0.3,0.35,0.6
A,{DOSE},times stated,0.2,0.6,0.8,1,2"""


def elicited(folder: Path, rows: str = GOOD, weights: tuple[str, str] = ("", "")) -> Any:
    """The command run on a panel of two experts."""
    (folder / "p.toml").write_text(PANEL.format(*weights))
    (folder / "p.csv").write_text(f"{HEADING}\n{rows}\n")
    return run_command(folder, "elicit", "p.toml", *(word for layer in LAYERS for word in ("--world", str(layer))))


def drawn(world: World, name: str, part: float) -> Any:
    found = with_parameters(world, RangePoint((name,), (part,)))
    return next(figure.value for path, figure in figures(found) if shown_path(path) == name)


def judged(expert: str, low: float, high: float, quantile: Any) -> Judgement:
    return Judgement(expert, low, high, tuple((part, float(quantile(part))) for part in (0.1, 0.25, 0.5, 0.75)))


@settings(max_examples=10, deadline=None)
@given(st.floats(0.8, 8), st.floats(0.8, 8), st.floats(-5, 5), st.floats(0.1, 50))
def test_a_fit_gives_back_what_it_was_made_of(a: float, b: float, low: float, width: float) -> None:
    fitted = fit_judgement(judged("A", low, low + width, stats.beta(a, b, low, width).ppf))
    assert fitted.off < 0.005
    parts = [fitted.below(low + width * place) for place in np.linspace(0, 1, 30)]
    assert (parts[0], parts[-1]) == (0, 1)
    assert parts == sorted(parts)


@settings(max_examples=6, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.2, 0.8))
def test_a_pool_is_the_weighted_mean_of_its_experts(mode: float, weight: float) -> None:
    both = (judged("A", 0, 1, lambda part: triangular(part, 0, mode, 1)), judged("B", 2, 4, stats.uniform(2, 2).ppf))
    pooled = pool(Asked(("x",), FIGURES[RAISES], both), (weight, 1 - weight))
    assert pooled.below(1.5) == pytest.approx(weight)
    assert list(pooled.values) == sorted(pooled.values)
    assert [pooled.below(pooled.at(part)) for part in (0.1, 0.37, 0.9)] == pytest.approx([0.1, 0.37, 0.9], abs=1e-6)


def test_a_fit_that_comes_near_nothing_says_so() -> None:
    jagged = Judgement("A", 0, 40, ((0.25, 10.0), (0.5, 20.0), (0.75, 20.5)))
    assert fit_judgement(jagged).off > 0.05


def test_the_pooled_quantiles_come_back_from_draws(tmp_path: Path) -> None:
    assert elicited(tmp_path, weights=(", weight = 0.25", ", weight = 0.75")).returncode == 0
    world = load_world(*LAYERS, tmp_path / "p_layer.toml")
    one = fit_judgement(Judgement("A", 0, 0.5, ((0.25, 0.05), (0.5, 0.1), (0.75, 0.2))))
    other = fit_judgement(Judgement("B", 0.1, 0.6, ((0.25, 0.2), (0.5, 0.3), (0.75, 0.35))))
    for part in (0.01, 0.05, 0.25, 0.5, 0.77, 0.99):
        value = drawn(world, RAISES, part)
        assert 0.25 * one.below(value) + 0.75 * other.below(value) == pytest.approx(part, abs=1e-5)
    row = next(figure for path, figure in figures(world) if shown_path(path) == DOSE)
    assert drawn(world, DOSE, 0.5) == pytest.approx([min(0.8 * each, 1) for each in FIGURES[DOSE].value], abs=0.01)
    assert row.grade == "C"
    assert max(drawn(world, DOSE, 0.999)) <= max(FIGURES[DOSE].bounds()[1])
    figure = [each for each in figures(world) if shown_path(each[0]) == RAISES]
    draws = [
        dict(figures(with_parameters(world, ParameterDraw(3, number))))[figure[0][0]].value for number in range(100)
    ]
    shares = [0.25 * one.below(value) + 0.75 * other.below(value) for value in draws]
    assert stats.kstest(shares, "uniform").pvalue > 0.01


def test_an_expert_who_gives_our_own_range_changes_nothing(tmp_path: Path) -> None:
    ours = FIGURES[RAISES]
    low, high = ours.bounds()
    quartiles = ",".join(f"{triangular(part, low, ours.value, high):.12g}" for part in (0.25, 0.5, 0.75))
    rows = "\n".join(f"{expert},{RAISES},chance,{low},{quartiles},{high}" for expert in "AB")
    assert "triangle" in elicited(tmp_path, rows).stdout
    world = load_world(*LAYERS, tmp_path / "p_layer.toml")
    for part in np.linspace(0, 1, 38):
        assert drawn(world, RAISES, part) == pytest.approx(drawn(WORLD, RAISES, part), abs=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0.05,0.1,0.2,", "0.05,0.2,0.1,", "p.csv: line 2: p75: is '0.1', should be above 0.2, its p50"),
        ("0.05,0.1,0.2,", "0.05,0.05,0.2,", "p.csv: line 2: p50: is '0.05', should be above 0.05, its p25"),
        ("0.35,0.6", "0.35,1.4", "p.toml: interventions.places.exam-support.raises: 1.4 should be at most 1"),
        (
            "exam-support",
            "exam-suport",
            "is no uncertain figure of Tiny; nearest is 'interventions.places.exam-support.raises'",
        ),
        ("\nB,", "\nC,", "p.csv: line 3: expert: 'C' is not in p.toml; known are A, B"),
        ("\nB,", "\nA,", "p.csv: line 3: A interventions.places.exam-support.raises stands there twice, as in line 2"),
        ("chance", "per cent", "p.csv: line 2: unit: is 'per cent', should be 'chance'"),
        (
            "0,0.05,0.1,0.2,0.5",
            "0,,,,0.5",
            "p.csv: line 2: should have a percentile, such as p50, beside lowest and highest",
        ),
        ("0,0.05,0.1,0.2,0.5", ",0.05,0.1,0.2,0.5", "p.csv: line 2: lowest: is '', should be a number"),
        (GOOD, f"A,{RAISES},chance,,,,,", "p.csv: no row has numbers, should have lowest, highest and a percentile"),
    ],
)
def test_what_is_wrong_is_refused_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    said = elicited(tmp_path, GOOD.replace(old, new))
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (2, "", 1)
    assert says in said.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.csv", "p.toml"]


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ((", weight = 0.5", ", weight = 0.6"), "p.toml: experts: weights sum to 1.1, should sum to 1"),
        ((", weight = 1.0", ""), "p.toml: experts: 1 of 2 have a weight, not all or none"),
        ((", wieght = 0.5", ""), "p.toml: experts.A.wieght: unknown key; nearest is 'weight'"),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, weights: tuple[str, str], says: str) -> None:
    said = elicited(tmp_path, weights=weights)
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert says in said.stderr
