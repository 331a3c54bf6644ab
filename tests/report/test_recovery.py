"""The figure and the files of a comparison."""

from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from by_hand import answered

from pipeline_sim.report.figures.recovery import line_of, recovery
from pipeline_sim.report.files import write_answer
from pipeline_sim.report.style import BASELINE, CONTEXT, LINES, save_bytes
from pipeline_sim.report.words import finding
from pipeline_sim.study.answer import Answer
from pipeline_sim.study.prepare import Assumed

pytestmark = pytest.mark.unit
CONFIGS = Path(__file__).parents[2] / "configs"
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid"))
MIX = str(CONFIGS / "mixes" / "led_and_simulation.toml")


@cache
def answer() -> Answer:
    return answered(Assumed(LAYERS), Assumed((*LAYERS, str(CONFIGS / "interventions.toml")), MIX))


def grey(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_title_is_the_finding() -> None:
    title = recovery(answer()).get_suptitle().replace("\n", " ")
    assert title == finding(answer())
    assert title.startswith("The mix: ")
    assert "fewer extensions (95 % interval" in title


def test_every_world_is_drawn_and_the_programme_less_the_baseline() -> None:
    levels, differences = recovery(answer()).axes[:2]
    assert [line.get_label() for line in levels.lines] == ["No COVID", "No programme", "The mix"]
    drawn = [line for line in differences.lines if line.get_label() == "The mix"]
    expected = answer().yearly_differences.xs(("mix", "hidden_backlog"), level=("world", "indicator"))["mean"]
    assert list(drawn[0].get_xdata()) == list(answer().years)
    assert np.allclose(drawn[0].get_ydata(), expected)
    assert len(drawn) == 1


def test_lines_can_be_told_apart_without_colour() -> None:
    lines = [BASELINE, CONTEXT, *LINES]
    assert len({(str(line.dashes), line.marker) for line in lines}) == len(lines)
    assert all(abs(grey(one.colour) - grey(other.colour)) > 8 for one, other in pairwise(lines))
    assert line_of(answer(), "none") == BASELINE
    assert line_of(answer(), "no_covid") == CONTEXT
    assert line_of(answer(), "mix") == LINES[0]


def test_the_same_figure_gives_the_same_bytes() -> None:
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        one, other = (save_bytes(recovery(answer()), kind) for _ in range(2))
        assert one.startswith(start)
        assert one == other


def test_a_result_folder_holds_tables_figure_and_counts(tmp_path: Path) -> None:
    write_answer(tmp_path, answer())
    assert {path.name for path in tmp_path.iterdir()} == {
        "comparison.csv", "by_year.csv", "who_gains.csv", "prices.csv", "finding.txt", "recovery.png", "recovery.svg",
    }  # fmt: skip
    table = pd.read_csv(tmp_path / "comparison.csv").set_index(["world", "indicator"])
    assert table.loc[("mix", "extensions"), "difference_mean"] == pytest.approx(
        answer().difference("mix", "extensions").mean, rel=1e-5
    )
    assert np.isnan(table.loc[("none", "extensions"), "difference_mean"])
    prices = pd.read_csv(tmp_path / "prices.csv", dtype=str).set_index("world").loc["mix"]
    assert Decimal(prices["spent_gbp"]) + Decimal(prices["unspent_gbp"]) == 25_000_000


def test_a_label_is_drawn_as_it_stands() -> None:
    study = answer().study
    odd = [world.model_copy(update={"label": "£ and $ and \\frac$ 日本"}) for world in study.worlds]
    drawn = recovery(answer()._replace(study=study.model_copy(update={"worlds": odd})))
    assert save_bytes(drawn, "svg").startswith(b"<?xml")
