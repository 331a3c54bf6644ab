"""A policy analyst's own question in one command: lists, own mixes, budgets, scenarios; what is wrong is one line."""

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from support import CONFIGS
from support.typed_command import run_command
from support.worlds.tiny_study import written

from pipeline_sim.study.comparison.own_question import OwnQuestion, with_question
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.loading.load_world import load_world

STUDY = CONFIGS.parent / "experiments" / "recovery_25m" / "study.toml"
NO_MIX, AS_SPENT = CONFIGS.parent / "experiments" / "scenarios", CONFIGS / "mixes" / "as_spent.toml"
LAYERS = [CONFIGS / f"{name}.toml" for name in ("england", "costs", "covid", "interventions")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("interventions led", "error: no intervention 'led'; nearest is 'locally-employed-doctors'"),
        ("interventions courses", "nearest are 'boot-camps', 'exam-support', 'als-courses'"),
        ("mixes list as_spent", "mixes list takes no name: mixes show as_spent"),
        ("mixes show", "mixes show should name a mix"),
        ("mixes show as_spend", "mixes show as_spend: no mix of that name, and no file; nearest is 'as_spent'"),
        ("mixes list --budget 15m", "mixes list takes no --budget: mixes show NAME@15m"),
        ("mixes show as_spent --budget 15m", "mixes show takes one name and no --budget: mixes show NAME@15m"),
        ("mixes show as_spent simulation=1m", "mixes show takes one name and no lines: mixes new FILE LINE"),
        ("mixes new own.toml", "no line is given"),
        ("mixes new own.txt simulation=1m", "should end in .toml"),
        ("mixes new own.toml simulation", "'simulation' should be an intervention and its money"),
        ("mixes new own.toml led=3m", "error: no intervention 'led'; nearest is 'locally-employed-doctors'"),
        ("mixes new own.toml gastroenterology=3m", "say for whom a line is, as boot-camps=3m@gastroenterology"),
        ("mixes new own.toml simulation=3m@norht", "no group, office, region or programme 'norht'; nearest is"),
        ("mixes new own.toml simulation=3m@public-health", "simulation is not for 'public-health'"),
        ("mixes new own.toml simulation=-3m", "simulation is '-3m', should be an amount above 0"),
        ("mixes new own.toml simulation=lots", "simulation is 'lots', should be an amount above 0 such as 15m"),
        ("mixes new own.toml simulation=3m --budget 4m", "lines sum to £3,000,000.00, £1,000,000.00 short of"),
        (
            "mixes new own.toml simulation=60% coaching=30% --budget 4m",
            "shares of lines sum to 90 %, should sum to 100 %",
        ),
        ("mixes new own.toml simulation=33.333333333333333% --budget 4m", "simulation: share is '33.333333333333333%'"),
        ("mixes new own.toml simulation=150% --budget 4m", "should be above 0 and at most 100, such as 40%"),
        (
            "mixes new own.toml simulation=3m@",
            "'simulation=3m@' names nobody after @, should be such as simulation=3m@",
        ),
        ("mixes new own.toml simulation=3m@north+", "'simulation=3m@north+' names nobody after +, should be such"),
        ("mixes new own.toml simulation=15,00,000", "simulation is '15,00,000', should be an amount above 0 such as"),
        ("mixes new own.toml simulation=1_0m", "simulation is '1_0m', should be an amount above 0 such as"),
        ("mixes new own.toml simulation=\u0661\u0660m", "should be an amount above 0 such as 15m"),
        ("mixes new own.toml simulation=0,500m", "simulation is '0,500m', should be an amount above 0 such as"),
        ("mixes new own.toml simulation=0.001", "simulation is '0.001', should be whole pennies: the least is 0.01"),
        ("mixes new own.toml simulation=60%", "shares need --budget"),
        ("mixes sell own.toml", "'sell'"),
        ("compare --mix as_spend", "--mix as_spend: no mix of that name, and no file; nearest is 'as_spent'"),
        ("compare --mix nowhere.toml", "--mix nowhere.toml: there is no such file"),
        (
            "compare --mix as_spent --mix as-spent",
            "--mix as-spent: there is a mix as_spent before it: give each one once",
        ),
        ("compare --mix as_spent@15m --mix as_spent@15,000k", "--mix as_spent@15,000k: there is a mix as_spent_15m"),
        (
            "compare --mix as_spent@15m --budget 20m",
            "--mix as_spent@15m has a budget already: give it without --budget",
        ),
        ("compare --mix as_spent@lots", "budget is 'lots', should be an amount above 0 such as 15m"),
        (f"compare {NO_MIX} --budget 15m", "--budget 15m: there is no mix to give it to in "),
        (f"compare {NO_MIX} --parts", "--parts: there is no mix to take parts of in "),
        (
            "compare --mix all_simulation --parts",
            "--parts: no mix has more than one intervention, so there are no parts",
        ),
        (f"run {LAYERS[0]} --mix as_spend", "--mix as_spend: no mix of that name, and no file; nearest is 'as_spent'"),
        (f"compare --scenario {AS_SPENT}", f"--scenario {AS_SPENT} is a mix, no scenario: should be --mix"),
        (f"compare --scenario {CONFIGS}/supply/gp_6000.toml", "gp_6000 changes the years of the run, should leave"),
        ("compare --scenario winter", "no scenario of that name, and no file; nearest is 'bad_winter'"),
        ("compare --mix as_spent --budget 0", "budget is '0', should be above 0"),
        ("compare --mix as_spent --budget -4m", "budget is '-4m', should be an amount above 0"),
        ("compare --mix all_simulation --budget 900m", "budget is £900m, beyond all ceilings: no more than £"),
    ],
)
def test_what_cannot_be_is_one_line(words: str, says: str, tmp_path: Path) -> None:
    said = run_command(tmp_path, *words.split())
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert says in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_there_is_is_listed(tmp_path: Path) -> None:
    every = run_command(tmp_path, "interventions").stdout
    assert every.splitlines()[0] == "intervention,what it is,unit,GBP a unit,ceiling,for,what it does,grade"
    assert "locally-employed-doctors" in every
    mine = run_command(tmp_path, "interventions", "gastroenterology").stdout
    assert "procedural-boot-camps" in mine
    assert "atls-courses" not in mine
    one = run_command(tmp_path, "interventions", "simulation").stdout
    assert "unit: day, sold as a place of about 5 days" in one
    assert "evidence (grade A): National endoscopy course" in one
    assert "as_spent," in run_command(tmp_path, "mixes").stdout
    assert "protected-supervision" in run_command(tmp_path, "mixes", "show", "supervision-exams-release").stdout


def test_an_own_mix_is_graded_as_an_own_one(tmp_path: Path) -> None:
    words = ("boot-camps=5m@north", "exam-support=1,000k@gastroenterology", "simulation=9m", "--budget", "15m")
    assert run_command(tmp_path, "mixes", "new", "own.toml", *words).returncode == 0
    mix = load_world(*LAYERS, mix=tmp_path / "own.toml").mix
    assert mix is not None
    assert (mix.budget.value, mix.budget.grade, mix.budget.source) == (15e6, "C", "assumption")
    assert mix.weights == (5e6, 1e6, 9e6)
    assert set(mix.lines[0].regions) == {"north_west", "north_east_and_yorkshire"}
    assert (mix.lines[1].groups, mix.lines[1].first) == (("medicine",), ("gastroenterology",))
    assert "own.toml is there already" in run_command(tmp_path, "mixes", "new", "own.toml", "coaching=1m").stderr


def test_a_copy_keeps_neither_grade_nor_name_of_the_original(tmp_path: Path) -> None:
    text = (CONFIGS / "mixes" / "as_spent.toml").read_text()
    (tmp_path / "dear.toml").write_text(text.replace("25000000", "15000000"))
    said = run_command(tmp_path, "mixes", "show", "dear.toml").stderr
    assert "is £15,000,000 with grade A, but evidence/training_recovery_spend.csv has no such figure" in said
    (tmp_path / "mine.toml").write_text(text.replace("share = 0.2\n", "share = 0.21\n").replace("0.24", "0.23"))
    said = run_command(tmp_path, "compare", "--mix", "mine.toml").stderr
    assert "is “as spent (assumed split)”, that of as_spent.toml, but the mix is another" in said


def test_another_budget_is_an_own_decision_shared_out_as_before() -> None:
    usual, less = (load_world(*LAYERS, mix=f"{CONFIGS}/mixes/as_spent.toml{end}").mix for end in ("", "@15m"))
    assert usual is not None
    assert less is not None
    assert (less.budget.value, less.budget.grade) == (15e6, "C")
    assert less.lines == usual.lines


def test_a_budget_stands_behind_the_name_of_a_mix(tmp_path: Path) -> None:
    for name in ("as-spent@15m", f"{AS_SPENT}@15m"):
        shown = pd.read_csv(io.StringIO(run_command(tmp_path, "mixes", "show", name).stdout), thousands=",")
        assert shown["GBP"].sum() == pytest.approx(15e6)
        asked = with_question(load_study(STUDY), STUDY, OwnQuestion((name,)), CONFIGS)
        same = with_question(load_study(STUDY), STUDY, OwnQuestion(("as_spent",), "15m"), CONFIGS)
        assert asked == same
    several = OwnQuestion(("as_spent", "as_spent@15m", "as_spent@1.5m"))
    names = [world.name for world in with_question(load_study(STUDY), STUDY, several, CONFIGS).worlds if world.mix]
    assert names[::2] == ["as_spent", "as_spent_15m", "as_spent_1_5m"]


def test_shares_are_exact(tmp_path: Path) -> None:
    words = ("simulation=33.3333333333%", "coaching=33.3333333333%", "boot-camps=33.3333333334%", "--budget", "30m")
    assert run_command(tmp_path, "mixes", "new", "own.toml", *words).returncode == 0
    assert "share = 0.333333333333\n" in (tmp_path / "own.toml").read_text()
    short = run_command(tmp_path, "mixes", "new", "b.toml", *words[:2], "boot-camps=33.3333333333%", *words[3:])
    assert "shares of lines sum to 99.9999999999 %, should sum to 100 %" in short.stderr


def test_a_question_compares_each_mix_with_and_without_covid() -> None:
    asked = OwnQuestion(("as_spent", "even-split"), "40m", ("bad_winter",))
    study = with_question(load_study(STUDY), STUDY, asked, CONFIGS)
    assert [world.label for world in study.worlds] == [
        "No COVID", "COVID, no programme", "As spent, £40m", "As spent, £40m, had there been no COVID",
        "Even split, £40m", "Even split, £40m, had there been no COVID",
    ]  # fmt: skip
    assert study.question.startswith("What does “As spent, £40m” or “Even split, £40m” buy back")
    assert not any("covid" in layer for layer in study.worlds[3].layers)
    assert study.worlds[2].mix == "../../configs/mixes/as_spent.toml@40m"
    assert [scenario.name for scenario in study.scenarios] == ["bad_winter"]


def test_every_mix_of_a_folder_is_compared_and_a_folder_without_one_is_refused(tmp_path: Path) -> None:
    for name in ("as_spent", "even_split"):
        text = (CONFIGS / "mixes" / f"{name}.toml").read_text(encoding="utf-8")
        own = re.sub(r"^name = .*$", f'name = "own {name}"', text, count=1, flags=re.MULTILINE)
        (tmp_path / f"found_{name}.toml").write_text(own, encoding="utf-8")
    study = with_question(load_study(STUDY), STUDY, OwnQuestion((str(tmp_path), "all_simulation")), CONFIGS)
    mixes = [world.name for world in study.worlds if world.mix is not None and not world.name.endswith("_no_covid")]
    assert mixes == ["found_as_spent", "found_even_split", "all_simulation"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(StudyError, match="is a folder without mixes"):
        with_question(load_study(STUDY), STUDY, OwnQuestion((str(tmp_path / "empty"),)), CONFIGS)


def test_a_question_is_answered_and_can_be_asked_again(tmp_path: Path) -> None:
    words = ("compare", ".", "--mix", "money", "--budget", "400k", "--workers", "1")
    assert run_command(written(tmp_path), *words, "--out", "out").returncode == 0
    harm = pd.read_csv(tmp_path / "out" / "harm.csv").set_index(["world", "training_year", "indicator"])
    row = harm.loc[("money", "all", "extensions")]
    assert row["beyond_mean"] == pytest.approx(row["gain_mean"] - row["ordinary_mean"])
    spent = pd.read_csv(tmp_path / "out" / "prices.csv").set_index("indicator")["amount_mean"]
    assert spent["spent_gbp"] + spent["unspent_gbp"] == pytest.approx(400_000)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "--mix money --budget 400k" in manifest["command"]
    assert any(name.endswith("money.toml") for name in manifest["inputs"])


def test_a_run_with_a_mix_says_what_it_buys_and_gains(tmp_path: Path) -> None:
    words = ("run", str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml"), "--mix", "as-spent@15m", "--out", "out")
    said = run_command(tmp_path, *words, "--scale", "0.3", "--replications", "2")
    assert said.returncode == 0, said.stderr
    assert "Months of training recovered" in said.stdout
    gains = pd.read_csv(tmp_path / "out" / "gains.csv")
    assert list(gains["indicator"]) == ["extensions", "months_short", "ccts_on_time"]
    spent = pd.read_csv(tmp_path / "out" / "spending.csv")
    assert spent["spent_gbp"].sum() + spent["unspent_gbp"].sum() == pytest.approx(15_000_000)
    assert run_command(tmp_path, "trace", "out").returncode == 0
