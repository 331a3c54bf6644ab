"""An intervention without effect, run through a whole study of England, gains nothing and nearly surely so."""

from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.report.files.html_page import page
from pipeline_sim.report.text.headline import headline
from pipeline_sim.study.comparison.answer import Answer
from pipeline_sim.study.comparison.run_study import check_study, run_study
from pipeline_sim.study.comparison.study_file import load_study

STUDY = CONFIGS.parent / "experiments" / "recovery_25m" / "study.toml"
# A day of coaching teaches what the day in post would have: places are given, doctors are away, nothing is gained.
LAYER = """
[interventions.places.coaching]
days = { value = 1, unit = "days per unit", source = "assumption", grade = "C", spread = 0 }
displaces = { value = DISPLACED, unit = "curriculum days per day", source = "assumption", grade = "C", spread = 0 }
educators = { value = 0, unit = "sessions per unit", source = "assumption", grade = "C", spread = 0 }
released = { value = 0, unit = "days of service per unit", source = "assumption", grade = "C", spread = 0 }
[interventions.places.coaching.dose]
value = [TAUGHT]
spread = 0
unit = "curriculum days per day"
source = "assumption"
grade = "C"
"""
MIX = """
[mix]
name = "placebo"
budget = { value = 10000000, unit = "GBP", source = "assumption", grade = "C", spread = 0 }
[[mix.lines]]
intervention = "coaching"
share = 1.0
split = "by_trainees"
start = 2022-04-01
months = 10
"""


def answer(folder: Path, taught: float, scale: float = 0.05) -> Answer:
    """The study with one mix, of a coaching that teaches so much a day, and displaces 0.3 days."""
    (folder / "placebo.toml").write_text(MIX)
    layer = folder / "layer.toml"
    layer.write_text(LAYER.replace("DISPLACED", "0.3").replace("TAUGHT", ", ".join([f"{taught}"] * 12)))
    study = load_study(STUDY)
    no_covid, base, spent = (next(each for each in study.worlds if each.name == name) for name in (
        "no_covid", "no_programme", "as_spent"
    ))  # fmt: skip
    mine = spent.model_copy(
        update={"name": "placebo", "label": "Placebo", "layers": [*spent.layers, str(layer)],
                "mix": str(folder / "placebo.toml")}
    )  # fmt: skip
    sizes = {"worlds": [no_covid, base, mine], "scale": scale, "replications": 45, "attribution": None}
    return run_study(check_study(study.model_copy(update=sizes), STUDY.parent, "batch", 2, None))


@pytest.mark.unit
@pytest.mark.full
@pytest.mark.parametrize("taught", [0.3, 0.32])
def test_what_teaches_no_more_than_it_displaces_gains_nothing(taught: float, tmp_path: Path) -> None:
    """Exactly nothing; or hardly anything, so that only chance and rounding move doctors over a line."""
    found = answer(tmp_path, taught)
    assert found.units_bought.loc["placebo", "units"].sum() > 1000
    for indicator in ("extensions", "months_short"):
        gain, harm = found.difference("placebo", indicator), found.difference("no_covid", indicator).negated()
        assert gain.low <= 0 <= gain.high, indicator
        assert gain.high - gain.low < 0.02 * harm.mean, indicator
    assert ("changes nothing for any doctor" in headline(found)[0]) == (taught == 0.3)
    assert headline(found)[0] in page(found, [], {})


@pytest.mark.unit
@pytest.mark.full
def test_what_teaches_more_than_it_displaces_gains_something(tmp_path: Path) -> None:
    """The same money, so that the test above could fail."""
    assert answer(tmp_path, 0.7, scale=0.1).avoided("placebo").low > 0
