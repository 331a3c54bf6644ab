"""A whole search in the tiny world: draws never shared between its stages, resumed after a stop, the same each time."""

from datetime import date
from pathlib import Path

import pytest
from matplotlib.text import Text
from support import ROOT
from support.worlds import tiny_study

from pipeline_sim.decide.decision_section import decision_of, stated_target
from pipeline_sim.decide.search.evaluate import Evaluator
from pipeline_sim.decide.search.find_best import REPORT, SEARCH, SELECT, Asked, Found, ask, find_best, stage_of
from pipeline_sim.decide.search.report_best import report_best, shown_of, with_lines
from pipeline_sim.decide.search.search_mixes import Sizes
from pipeline_sim.report.decision.best_figures import frontier_figure
from pipeline_sim.report.decision.best_report import budgets
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.study.replication.prepare import WorldSpec
from pipeline_sim.study.replication.run_setting import world_spec_digest
from pipeline_sim.study.study_error import StudyError

pytestmark = pytest.mark.unit
QUESTION = ROOT / "experiments" / "best_25m"
SIZES = Sizes(1.0, 2, 2, 5, 1, 3, 1, 2, 1, 16, 4)
SECTION = {
    "budget": 5_000_000.0, "indifference": 20.0, "interventions": ["simulation", "coaching", "protected-supervision"],
    "starts": [date(2021, 5, 1)], "last": date(2022, 4, 30), "orders": ["nearest_to_line"],
    "budgets": [2_000_000.0],
}  # fmt: skip


def asked(folder: Path, journal: str = "journal", seed: int = 3, **changes: object) -> Asked:
    study = tiny_study.study(folder, decision=SECTION | changes)
    return ask(study, decision_of(study, "tiny"), folder, folder / journal, 2, seed)


def found(question: Asked) -> Found:
    return find_best(question, SIZES, lambda name: lambda part: None)


def test_no_two_stages_have_a_draw_in_common_and_another_seed_has_other_draws(tmp_path: Path) -> None:
    one, other = asked(tmp_path), asked(tmp_path, seed=4)
    seeds = [stage_of(each, which, 0.1).seed for each in (one, other) for which in (SEARCH, SELECT, REPORT)]
    assert len(set(seeds)) == 6


@pytest.mark.parametrize(
    ("study", "section", "words"),
    [
        ({"parameters": "mode"}, {}, "the study has no draws: set parameters = 'sampled'"),
        ({}, {"risk": "worst_scenario"}, "worst_scenario needs [[scenarios]]"),
        ({}, {"objective": "happiness"}, "decision.objective"),
        (
            {},
            {"beside": ["mony"]},
            "decision.beside: mony is no mix of the study within the budget; nearest is 'money'",
        ),
        ({}, {"bugdet": 1.0}, "decision.bugdet: unknown key; nearest is 'budget'"),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(
    tmp_path: Path, study: dict[str, object], section: dict[str, object], words: str
) -> None:
    wrong = tiny_study.study(tmp_path, decision=SECTION | section, **study)
    with pytest.raises(StudyError) as refused:
        ask(wrong, decision_of(wrong, "tiny"), tmp_path, tmp_path, 1, 1)
    assert words in str(refused.value)


def test_the_target_of_a_study_is_for_its_objective_alone(tmp_path: Path) -> None:
    file, section = tmp_path / "study.toml", (QUESTION / "study.toml").read_text(encoding="utf-8")
    file.write_text(section.replace("indifference =", "target = 250.0\nindifference =").replace("../../", f"{ROOT}/"))
    assert stated_target(file, "extensions_avoided") == 250.0
    assert stated_target(file, "months_recovered") is None
    assert stated_target(QUESTION / "study.toml", "extensions_avoided") is None


@pytest.mark.slow
def test_a_search_that_is_stopped_goes_on_and_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(asked(tmp_path, "whole"))
    finish, done = Evaluator._finish, []

    def killed(self: Evaluator, *job: object) -> None:
        done.append(job)
        if len(done) > 7:
            raise StopIteration
        finish(self, *job)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluator, "_finish", killed)
    with pytest.raises((StopIteration, RuntimeError)):
        found(asked(tmp_path, "stopped"))
    kept = sorted((tmp_path / "stopped").rglob("*.npz"))
    assert 0 < len(kept) <= 7
    kept[0].write_bytes(kept[0].read_bytes()[:50])  # as a disk that was full leaves it
    counted: list[object] = []
    monkeypatch.setattr(Evaluator, "_finish", lambda self, *job: (counted.append(job), finish(self, *job))[1])
    again = found(asked(tmp_path, "stopped"))
    jobs = len(list((tmp_path / "whole").rglob("*.npz")))
    assert len(counted) == jobs - len(kept) + 1
    assert again.finalists == whole.finalists
    assert again.selection == whole.selection
    assert again.searched.frontier == whole.searched.frontier


@pytest.mark.slow
def test_a_report_is_of_fresh_draws_and_its_parts_agree_with_the_comparison(tmp_path: Path) -> None:
    question = asked(tmp_path)
    report = report_best(question, found(question), SIZES, lambda name: lambda part: None)
    winner, answer = report.shown[0].mix, report.answer
    assert answer.study.seed == stage_of(question, REPORT, 1.0).seed
    assert report.best_shipped in [each.mix for each in report.shown]
    whole = next(row for row in report.frontier if row.pounds == question.decision.budget)
    assert whole.mix.lines == winner.mix.lines
    assert whole.gain.mean == pytest.approx(answer.avoided(winner.name).mean)
    for each in report.shown[1:]:
        gap = answer.avoided(winner.name).mean - answer.avoided(each.mix.name).mean
        assert each.gap.mean == pytest.approx(gap)
    assert len(report.fairness) == 2
    found_ones = [each.mix.name for each in report.shown if each.mix.candidate is not None]
    assert found_ones == [f"found_{rank + 1}" for rank in range(len(found_ones))]


def caption(picture: Picture | None) -> str:
    """All that is written in a figure, in one line."""
    assert picture is not None
    return " ".join(" ".join(text.get_text() for text in picture.figure.findobj(Text)).split())


@pytest.mark.slow
def test_mixes_are_compared_at_the_full_size_and_what_stands_beside_at_that_of_the_search(tmp_path: Path) -> None:
    usual = asked(tmp_path)
    large = usual._replace(reported=usual.study.model_copy(update={"scale": 2.0, "replications": 3}))
    chosen = found(usual)
    one, other = (report_best(each, chosen, SIZES, lambda name: lambda part: None) for each in (usual, large))
    assert (other.answer.study.scale, other.answer.replications) == (2.0, 3)
    assert (other.frontier, other.fairness) == (one.frontier, one.fairness)
    assert other.shown[0].gain.mean == pytest.approx(other.answer.avoided(other.shown[0].mix.name).mean)
    assert other.shown[0].gain != one.shown[0].gain
    assert any("so they differ by chance" in text for text in budgets(other).paragraphs)
    assert not any("so they differ by chance" in text for text in budgets(one).paragraphs)
    notes = [caption(frontier_figure(each)) for each in (one, other)]
    assert ["From 4 replications at the size of England" in note for note in notes] == [False, True]


@pytest.mark.slow
def test_a_mix_of_the_study_stands_beside_the_best_whatever_its_rank(tmp_path: Path) -> None:
    question = asked(tmp_path, beside=["money"])
    searched = found(question)
    others = [at for at, one in enumerate(searched.finalists) if one.name != "money"]
    chosen = searched.selection
    kept = {
        "means": tuple(chosen.means[at] for at in others),
        "replications": tuple(chosen.replications[at] for at in others),
    }
    alone = chosen._replace(best=0, not_beaten=(0,), **kept)
    finalists = tuple(searched.finalists[at] for at in others)
    shown, _ = shown_of(question, searched._replace(finalists=finalists, selection=alone))
    assert [one.name for one in shown][-1] == "money"


def test_a_mix_made_in_memory_is_the_world_of_its_file(tmp_path: Path) -> None:
    question = asked(tmp_path)
    mix = question.shipped[0].mix
    layers = question.places[0].layers
    own, file = WorldSpec(layers, made=mix), WorldSpec(layers, str(tmp_path / "money.toml"))
    assert world_spec_digest(own) == world_spec_digest(file)
    part = with_lines(mix, ["simulation"])
    assert part.budget.value == pytest.approx(mix.budget.value / 2)
    assert world_spec_digest(WorldSpec(layers, made=part)) != world_spec_digest(file)
