"""A question that cannot be answered is refused before anything runs."""

from pathlib import Path

import pytest
from support import CONFIGS

from pipeline_sim.study.comparison.run_study import check_comparable, check_study
from pipeline_sim.study.comparison.study_file import load_study
from pipeline_sim.study.replication.parameter_draws import check_lead_times
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, world_of
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "covid", "interventions"))
MIX = """
[mix]
name = "late"
budget = { value = 100000, unit = "GBP", spread = 0, source = "assumption", grade = "C" }
lines = [{ intervention = "simulation", share = 1.0, split = "by_trainees", start = 2022-05-01, months = 12 }]
"""
STUDY = """
name = "one"
question = "What if?"
baseline = "plain"
scale = 0.1
replications = 2
seed = 1
[[worlds]]
name = "plain"
label = "Plain"
layers = ["{configs}/tiny.toml"]
[[worlds]]
name = "other"
label = "Other"
layers = ["other.toml"]
"""


def other(folder: Path, text: str) -> WorldSpec:
    """The tiny world with something else."""
    path = folder / "other.toml"
    path.write_text(f'extends = ["{(CONFIGS / "tiny.toml").as_posix()}"]\n{text}\n')
    return WorldSpec((str(path),))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[period]\nlast_year = 2020", "years"),
        ("[period]\nwarm_up_years = 2", "years"),
        ("size = 0.01", "size"),
        ('offices = [{ id = "north-west", name = "North West", region = "north_west" }, '
         '{ id = "london", name = "London", region = "london" }]', "offices"),
    ],
)  # fmt: skip
def test_worlds_that_are_not_alike_cannot_be_paired(tmp_path: Path, text: str, what: str) -> None:
    worlds = {"plain": WorldSpec(LAYERS[:1]), "other": other(tmp_path, text)}
    with pytest.raises(StudyError, match=f"other cannot be compared with plain: it has other {what}"):
        check_comparable(worlds, "plain")


def test_worlds_of_other_rules_can_be_paired(tmp_path: Path) -> None:
    check_comparable(
        {"plain": WorldSpec(LAYERS[:1]), "other": other(tmp_path, "[panels]\nfoundation_has_outcome_2 = true")}, "plain"
    )


def test_an_unknown_shock_is_refused_before_anything_runs() -> None:
    worlds = {"plain": WorldSpec(LAYERS), "other": WorldSpec(LAYERS, without=frozenset({"plague"}))}
    with pytest.raises(WorldError, match="no shock or intervention 'plague'"):
        check_comparable(worlds, "plain")


def test_a_name_under_held_that_begins_no_figure_is_refused(tmp_path: Path) -> None:
    other(tmp_path, "")
    text = STUDY.format(configs=CONFIGS)
    for held, says in (("recruitment.posts_hled", "recruitment.posts_held"), ("placments", "placements")):
        (tmp_path / "study.toml").write_text(f'held = ["supply", "placements", "exams", "{held}"]\n{text}')
        with pytest.raises(StudyError, match=rf"study\.toml: held: no figure '{held}'; nearest is '{says}'"):
            check_study(load_study(tmp_path / "study.toml"), tmp_path)


def test_an_answer_asks_first(tmp_path: Path) -> None:
    other(tmp_path, "[period]\nlast_year = 2020")
    (tmp_path / "study.toml").write_text(STUDY.format(configs=CONFIGS))
    study = load_study(tmp_path / "study.toml")
    with pytest.raises(StudyError, match="it has other years"):
        check_study(study, tmp_path, engine="none that is there")


def test_a_mix_that_doubt_could_carry_beyond_the_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mix.toml").write_text(MIX)
    world = world_of(WorldSpec(LAYERS, str(tmp_path / "mix.toml")))
    with pytest.raises(StudyError, match="late: simulation could come until 2023-09-01, but the run ends"):
        check_lead_times("late", world)
    (tmp_path / "early.toml").write_text(MIX.replace("2022-05", "2022-04"))
    check_lead_times("early", world_of(WorldSpec(LAYERS, str(tmp_path / "early.toml"))))
    check_lead_times("none", world_of(WorldSpec(LAYERS)))


def test_a_world_of_nobody_is_refused() -> None:
    with pytest.raises(StudyError, match=r"scale 1e-06 is too small: Tiny would have no post and no doctor"):
        prepare(WorldSpec(LAYERS, scale=1e-6))


@pytest.mark.parametrize("year", [2017, 2023, 2050])
def test_a_year_of_spending_outside_the_worlds_is_refused(tmp_path: Path, year: int) -> None:
    (tmp_path / "study.toml").write_text(
        STUDY.format(configs=CONFIGS.as_posix()).replace("seed = 1", f"seed = 1\nyear = {year}")
    )
    other(tmp_path, "")
    with pytest.raises(
        StudyError, match=rf"study\.toml: year is {year}, should be a training year of the worlds, 2018 to 2022"
    ):
        check_study(load_study(tmp_path / "study.toml"), tmp_path)


def test_a_study_that_says_lucks_is_told_what_to_say(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(
        STUDY.format(configs=CONFIGS.as_posix()).replace("seed = 1", "seed = 1\nlucks = 2")
    )
    with pytest.raises(
        StudyError, match=r"lucks: is repeat_every now: 0 if .* one replication each, 1 if two, 4 if one in"
    ):
        load_study(tmp_path / "study.toml")
