"""The command warmup: a verdict for every series, a folder if asked, one line for what is wrong."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline_sim.cli import app
from pipeline_sim.cli.commands.warmup import verdict
from pipeline_sim.report.figures.warmup_series import finding
from pipeline_sim.study.diagnostics.mser_warmup import WarmUpSeries

TINY = str(Path(__file__).parents[2] / "configs" / "tiny.toml")
SHORT = ["--years", "8", "--replications", "1", "--scale", "0.5"]


def test_a_row_a_series_and_a_folder(tmp_path: Path) -> None:
    found = CliRunner().invoke(app.app, ["warmup", TINY, *SHORT, "--out", str(tmp_path / "made")])
    assert found.exit_code == 0, found.output
    assert "Extensions a month" in found.output
    assert {file.name for file in (tmp_path / "made").iterdir()} == {
        "manifest.json", "ro-crate-metadata.json", "warmup.csv", "warmup.png", "warmup.svg",
    }  # fmt: skip
    assert len((tmp_path / "made" / "warmup.csv").read_text().splitlines()) == 11


@pytest.mark.parametrize(("option", "value"), [("--years", "21"), ("--years", "3"), ("--scale", "0"), ("--seed", "-1")])
def test_what_is_out_of_range_is_refused(option: str, value: str) -> None:
    assert CliRunner().invoke(app.app, ["warmup", TINY, option, value]).exit_code == 2


@pytest.mark.parametrize(
    ("years", "settles", "said"),
    [
        (4.0, True, "long enough"),
        (7.5, True, "3.5 years too short"),
        (9.0, False, "does not settle in half of the run"),
    ],
)
def test_verdicts(years: float, settles: bool, said: str) -> None:
    each = WarmUpSeries("x", np.zeros(12), 12, years, settles)
    assert verdict(each, 4) == said
    assert finding([each], 4).endswith("all 1 series" if said == "long enough" else "0 of 1 series")
