"""Estimates without a run: what they are checked by, where there is none, and that a slider moves them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from app.test_screens import PAGE, STUDY, texts
from support import CONFIGS

pytest.importorskip("streamlit", reason="the app needs Streamlit: bash install.sh --all")
from streamlit.testing.v1 import AppTest

from pipeline_sim.app.estimate import PART, PROBE, Estimator, estimator, probe_digest, spent_on, why_not
from pipeline_sim.app.mix_input import in_pounds, parse_mix
from pipeline_sim.app.question import Question, baseline_of, link_text, mix_layers
from pipeline_sim.app.scenario_layer import Scenario
from pipeline_sim.app.screens import mix_screen
from pipeline_sim.app.server import SETTINGS
from pipeline_sim.study.comparison.study_file import load_study, world_spec
from pipeline_sim.world.loading.load_world import load_world

TEXT = (CONFIGS / "mixes" / "supervision_exams_release.toml").read_text(encoding="utf-8")
MIX = in_pounds(parse_mix(TEXT, "Supervision"))


def test_what_ships_predicts_mixes_that_it_has_not_seen() -> None:
    """Q² by its definition; most unseen means lie within the error; the gain of another mix does not."""
    fit = estimator()
    seen = [gain for _, gain in fit.unseen]
    missed = [gain - fit.gain(spent) for spent, gain in fit.unseen]
    around = [gain - sum(seen) / len(seen) for gain in seen]
    assert fit.q2 == pytest.approx(1 - sum(each**2 for each in missed) / sum(each**2 for each in around))
    assert fit.q2 >= 0.9
    within = [abs(gain - fit.gain(spent)) <= fit.error(fit.gain(spent)) * (1 + 1e-9) for spent, gain in fit.unseen]
    assert PART <= sum(within) / len(within) < 1
    spent = [each for each, _ in fit.unseen]
    assert fit._replace(unseen=list(zip(spent, [*seen[1:], seen[0]], strict=True))).q2 < 0.5


def test_money_that_cannot_be_spent_gains_nothing() -> None:
    world = load_world(*(CONFIGS / f"{name}.toml" for name in ("england", "costs", "covid", "interventions")))
    line = MIX.lines[2]  # exam support
    rich = [MIX.model_copy(update={"lines": (line.model_copy(update={"gbp": gbp}),)}) for gbp in (3e8, 6e8)]
    one, other = spent_on(world, rich)
    assert one == other
    assert list(one) == ["exam-support nearest_to_line"]
    assert 0 < estimator().gain(one) < estimator().gain({"exam-support nearest_to_line": 2 * one[next(iter(one))]})
    assert [why_not(world, each) for each in (MIX, rich[0])] == ["", ""]
    for change in (
        {"offices": ("london",)},
        {"groups": ("surgery",)},
        {"first": ("core",)},
        {"start": date(2022, 8, 1)},
    ):
        assert why_not(world, MIX.model_copy(update={"lines": (line.model_copy(update=change),)}))


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Function that shows the screen of mixes with a question, an estimate and what the program was found to be."""

    def show(question: Question, fit: Estimator, probe: str | None) -> AppTest:
        monkeypatch.setenv(SETTINGS, json.dumps([str(STUDY), str(tmp_path), str(CONFIGS), ""]))
        monkeypatch.setattr(mix_screen, "estimator", lambda: fit)
        if probe is not None:
            (tmp_path / PROBE).write_text(probe, encoding="utf-8")
        app = AppTest.from_file(PAGE, default_timeout=300)
        app.query_params["question"] = link_text(question)
        return app.run()

    return show


def pictures(app: AppTest) -> list[str]:
    """Alternative texts of the pictures of estimates."""
    parts = [each.proto.body for each in app.get("html")]
    return [part.split('alt="')[1].split('"')[0] for part in parts if "Estimate without a run" in part]


def test_a_slider_moves_the_picture(shown: Callable[..., AppTest]) -> None:
    app = shown(Question((MIX,)), estimator(), estimator().probe)
    (before,) = pictures(app)
    assert before.endswith("at £25m.")
    app.slider[0].set_value(40.0).run()
    (after,) = pictures(app)
    assert after.endswith("at £40m.")
    number = [int(text.split("about ")[1].split(" ")[0]) for text in (before, after)]
    assert 100 < number[0] < number[1]


@pytest.mark.parametrize(
    ("scenario", "change", "probe", "says"),
    [
        (Scenario(waves=0.8), {}, estimator().probe, "made for the scenario as recorded alone"),
        (Scenario(), {}, "another", "made for other figures, or by another version"),
        (Scenario(), {}, None, "just starting"),
        (Scenario(), {"top": 1.0}, estimator().probe, "too poorly: Q² -"),
    ],
)
def test_there_is_none_where_it_was_not_made_for_the_question(
    shown: Callable[..., AppTest], scenario: Scenario, change: dict[str, float], probe: str | None, says: str
) -> None:
    app = shown(Question((MIX,), scenario), estimator()._replace(**change), probe)
    assert pictures(app) == []
    assert says in texts(app)


@pytest.mark.full
def test_the_estimate_that_ships_is_of_this_program() -> None:
    """Else python -m tools.render_estimates makes it anew; until then the app shows none, and says so."""
    study = load_study(STUDY)
    baseline = world_spec(study, baseline_of(study), STUDY.parent)
    assert probe_digest(study, baseline, mix_layers(study, STUDY.parent, CONFIGS)) == estimator().probe
