"""Mixes from files and links: what is refused, what is made harmless, and what ceilings leave."""

import tomllib

import pytest
from support import CONFIGS

from pipeline_sim.app.mix_input import (
    bought_by,
    delayed,
    in_pounds,
    mix_toml,
    parse_mix,
    scaled_to,
    short_of,
    unspent_sentences,
)
from pipeline_sim.study.study_error import StudyError
from pipeline_sim.world.world_error import WorldError

LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("england", "costs", "covid", "interventions"))
AS_SPENT = (CONFIGS / "mixes" / "as_spent.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[mix", "not valid TOML: "),
        ("", "there is no table [mix]"),
        ("mix = 3", "there is no table [mix]"),
        ('extends = ["/etc/passwd"]\n' + AS_SPENT, "beside [mix] it has extends"),
        ('[files]\nx = "/etc/passwd"\n' + AS_SPENT, "beside [mix] it has files"),
        ("#" * 10_000_000, "10,000,000 letters, a mix should have at most"),
        (AS_SPENT.replace("share = 0.2\n", "share = 0.3\n"), "shares of lines sum to 1.1, not 1"),
        (AS_SPENT.replace("months = 10", "months = 0", 1), "mix.lines[1].months"),
        (AS_SPENT.replace('split = "by_trainees"', 'split = "by_magic"', 1), "mix.lines[0].split"),
    ],
)
def test_a_file_that_is_no_mix_is_refused_in_a_line(text: str, says: str) -> None:
    with pytest.raises(StudyError) as problem:
        parse_mix(text)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_source_that_is_not_the_projects_becomes_an_assumption() -> None:
    mix = parse_mix(AS_SPENT.replace("evidence/training_recovery_spend.csv", "../../../etc/passwd"))
    assert (mix.budget.source, mix.budget.grade) == ("assumption", "C")


def test_a_name_with_a_script_stays_text() -> None:
    mix = parse_mix(AS_SPENT, '<script>alert("x")</script>\n"\\' + "x" * 200)
    assert len(mix.name) == 80
    assert tomllib.loads(mix_toml(mix))["mix"]["name"] == mix.name


@pytest.mark.parametrize("path", sorted((CONFIGS / "mixes").glob("*.toml")), ids=lambda path: path.stem)
def test_what_is_exported_is_imported_and_buys_the_same(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    if "extends" in tomllib.loads(text):
        pytest.skip("stands on another mix")
    mix = parse_mix(text)
    assert parse_mix(mix_toml(mix)) == mix
    pounds = in_pounds(mix)
    assert parse_mix(mix_toml(pounds)) == pounds
    assert sum(line.gbp or 0 for line in pounds.lines) == mix.budget.value


def test_lines_follow_the_budget_when_they_are_scaled() -> None:
    mix = in_pounds(parse_mix(AS_SPENT))
    assert short_of(mix.model_copy(update={"lines": mix.lines[1:]})) == mix.lines[0].gbp
    scaled = scaled_to(mix, 40_000_001.0)
    assert short_of(scaled) == 0
    assert scaled.lines[0].gbp == pytest.approx(0.08 * 40_000_001, abs=1)


def test_money_beyond_a_ceiling_is_named_with_its_reason() -> None:
    world, bought = bought_by(LAYERS, mix_toml(scaled_to(in_pounds(parse_mix(AS_SPENT)), 60_000_000.0)))
    said = unspent_sentences(world, bought)
    left = sum(int((each.budget - each.spent).sum()) >= 100 for each in bought.lines)
    assert len(said) == left > 0
    assert all("cannot be spent, because " in sentence for sentence in said)
    assert any("its ceiling is 10 places per 100 doctors per year" in sentence for sentence in said)


def test_educators_are_the_reason_where_they_are() -> None:
    text = (CONFIGS / "mixes" / "protected_supervision.toml").read_text(encoding="utf-8")
    world, bought = bought_by(LAYERS, mix_toml(scaled_to(in_pounds(parse_mix(text)), 60_000_000.0)))
    assert any("educators have no more sessions" in sentence for sentence in unspent_sentences(world, bought))


def test_a_mix_for_nobody_is_refused_without_naming_a_path() -> None:
    mix = in_pounds(parse_mix(AS_SPENT.replace('groups = ["craft"]', 'groups = ["krafts"]', 1)))
    with pytest.raises(WorldError, match="krafts") as problem:
        bought_by(LAYERS, mix_toml(mix))
    assert "/tmp" not in str(problem.value)


def test_a_later_start_moves_every_line_and_the_end() -> None:
    mix = delayed(in_pounds(parse_mix(AS_SPENT)), 3)
    assert {str(line.start) for line in mix.lines} == {"2022-07-01"}
    assert (str(mix.first), str(mix.last)) == ("2022-07-01", "2023-07-01")
    bought_by(LAYERS, mix_toml(mix))
