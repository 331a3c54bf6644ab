"""What was fitted is drawn together, a row of the posterior sample at a time, and all else beside it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from support import CONFIGS

from pipeline_sim.study.replication.assumption_counts import assumptions
from pipeline_sim.study.replication.parameter_draws import (
    BLOCK,
    ParameterDraw,
    SampleRow,
    uncertain_parameters,
    with_parameters,
)
from pipeline_sim.study.replication.posterior_sample import (
    Made,
    Open,
    PosteriorSample,
    check_held,
    interpolated,
    load_sample,
    open_figures,
    range_digests,
    row_of,
    sample_digest,
    save_sample,
    values_at,
)
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.reading.sources import figures, replace_values
from pipeline_sim.world.world_error import shown_path

SPEC = WorldSpec(tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid")))
WORLD = world_of(SPEC)
PLAIN = world_of(WorldSpec((str(CONFIGS / "england.toml"),)))
OPENED = [
    Open(name="standard, core", figures=["competence.standard"], entries=["core"]),
    Open(name="spread", figures=["competence.pace_sd"]),
    Open(name="lists", figures=["shocks.surge.scale"]),
]
ALONE = ("life.parental", "exams[mrcp-1].pass_first")


def value(world: object, name: str) -> object:
    return {shown_path(path): figure.value for path, figure in figures(world)}[name]


def written(folder: Path, *rows: tuple[float, ...], weights: object = None, **changed: str) -> str:
    """A sample of three open parameters and two figures, which are in the middle unless rows say otherwise."""
    ranges = range_digests(open_figures(WORLD, OPENED)) | changed
    made = Made(command="c", rules="0", ranges=ranges, targets="0", fitted={}, runs=3, held=["programmes"], open=OPENED)
    positions = np.array([[*row, *[0.5] * (5 - len(row))] for row in rows])
    shares = np.full(len(rows), 1 / len(rows)) if weights is None else np.array(weights)
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    save_sample(path, PosteriorSample(made, ALONE, ("u",) * 5, positions, shares))
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


def test_a_world_without_shocks_leaves_their_parameters_out() -> None:
    found = {shown_path(path) for path in values_at(open_figures(PLAIN, OPENED), OPENED, (0.2, 0.2, 0.2))}
    assert found == {"competence.standard", "competence.pace_sd"}


def test_a_draw_takes_a_row_and_every_world_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, (0.0, 0.0, 0.0, 0.1, 0.2), (1.0, 1.0, 1.0, 0.9, 0.8))
    for draw in range(12):
        drawn = ParameterDraw(1, draw, ("programmes",), path)
        one, other = with_parameters(WORLD, drawn), with_parameters(PLAIN, drawn)
        assert value(one, "competence.standard") == value(other, "competence.standard")
        assert value(one, "life.parental") == value(other, "life.parental")
        spread = value(one, "competence.pace_sd")
        assert spread in (pytest.approx(0.05), pytest.approx(0.15))
        assert value(one, "shocks.surge.scale") == pytest.approx(0.7 if spread < 0.1 else 1.3)
    assert (
        len({repr(value(with_parameters(PLAIN, ParameterDraw(1, n, (), path)), "life.parental")) for n in (0, 1)}) == 2
    )


def test_rows_are_taken_by_their_weights_however_many_draws_there_are() -> None:
    weights = np.random.default_rng(2).dirichlet(np.ones(50))
    sample = PosteriorSample(None, (), (), np.zeros((50, 0)), weights)  # type: ignore[arg-type]
    for draws in (16, 32, 256):
        taken = np.bincount([row_of(sample, 7, number) for number in range(draws)], minlength=50)
        assert (np.abs(taken - draws * weights) < 2).all()
    assert [row_of(sample, 7, n) for n in range(8)] != [row_of(sample, 8, n) for n in range(8)]


def test_an_unlikely_row_is_not_drawn(tmp_path: Path) -> None:
    path = written(tmp_path, (0.2, 0.2, 0.2), (0.4, 0.4, 0.4), weights=(0.0, 1.0))
    assert {row_of(load_sample(path), seed, n) for seed in range(20) for n in range(8)} == {1}


def test_figures_beside_a_row_are_a_latin_hypercube_and_independent(tmp_path: Path) -> None:
    path = written(tmp_path, (0.4, 0.4, 0.5))
    beside = uncertain_parameters(WORLD, ("programmes", *ALONE))[:60]
    draws = [ParameterDraw(1, draw, (), path) for draw in range(2 * BLOCK)]
    parts = np.array([[draw.part(each) for each in beside] for draw in draws])
    for block in (parts[:BLOCK], parts[BLOCK:]):
        assert (np.sort((block * BLOCK).astype(int), axis=0) == np.arange(BLOCK)[:, None]).all()
    correlations = np.corrcoef(parts.T)[np.triu_indices(60, 1)]
    assert stats.kstest(correlations * np.sqrt(2 * BLOCK), "norm").statistic < 0.05
    alone = ParameterDraw(1, 3)
    assert alone.part(beside[0]) == pytest.approx(ParameterDraw(1, 3).part(beside[0]))
    counted = assumptions([SPEC], sampled=True, posterior=path)
    assert {"life.parental", "competence.pace_sd"} <= set(counted["together"])
    assert not set(counted["together"]) & set(counted["drawn"])


def test_a_row_that_is_tried_leaves_all_else_as_stated(tmp_path: Path) -> None:
    path = written(tmp_path, (0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 1.0, 1.0))
    low, high = (with_parameters(WORLD, SampleRow(path, row)) for row in (0, 1))
    assert (value(low, "competence.pace_sd"), value(high, "competence.pace_sd")) == (0.05, 0.15)
    assert value(low, "life.parental") != value(high, "life.parental")
    assert value(low, "competence.post_pace_sd") == value(WORLD, "competence.post_pace_sd")


def test_a_sample_made_of_other_ranges_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, (0.4, 0.4, 0.5), **{"competence.pace_sd": "00000000"})
    with pytest.raises(StudyError, match=r"was made of another range of competence\.pace_sd"):
        with_parameters(WORLD, ParameterDraw(1, 0, (), path))


def test_a_study_holds_what_the_calibration_held(tmp_path: Path) -> None:
    path = written(tmp_path, (0.4, 0.4, 0.5))
    check_held(path, ("programmes", "supply"))
    with pytest.raises(StudyError, match=r"made with life\.parental drawn: take it out of held"):
        check_held(path, ("programmes", "life"))
    with pytest.raises(StudyError, match="made with programmes as stated: held should name it"):
        check_held(path, ())


def test_the_digest_is_of_rows_and_weights(tmp_path: Path) -> None:
    rows = ((0.4, 0.4, 0.5), (0.4, 0.4, 0.6))
    one, other, third = (written(tmp_path, *rows, weights=each) for each in ((0.5, 0.5), (0.4, 0.6), (0.5, 0.5)))
    assert sample_digest(None) is None
    assert sample_digest(one) != sample_digest(other)
    assert sample_digest(one) == sample_digest(third)


@pytest.mark.parametrize(
    ("rows", "weights", "says"),
    [([(0.4, 0.4, 1.5)], None, "between 0 and 1"), ([(0.4, 0.4, 0.5)], (0.5,), "sum to 1")],
)
def test_what_is_no_sample_is_refused(
    tmp_path: Path, rows: list[tuple[float, ...]], weights: object, says: str
) -> None:
    with pytest.raises(StudyError, match=says):
        load_sample(written(tmp_path, *rows, weights=weights))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("no")
    with pytest.raises(StudyError, match="not Parquet"):
        load_sample(str(tmp_path / "x.parquet"))


def test_a_panel_cannot_shape_what_is_moved_with_others() -> None:
    """An open figure is moved evenly over its range: a panel's percentiles would be dropped in silence."""
    spread = WORLD.competence.pace_sd
    shaped = spread.model_copy(update={"quantiles": (spread.low, spread.value, spread.high)})
    world = WORLD.model_copy(update={"competence": WORLD.competence.model_copy(update={"pace_sd": shaped})})
    with pytest.raises(StudyError, match="takes no quantiles"):
        open_figures(world, OPENED)


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
