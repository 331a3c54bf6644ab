"""Every way a world can be wrong ends in one line that names the file, the key and what would be right."""

from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.refused_layers import refused
from support.worlds.timelines import uneventful_timeline

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.lower import lower
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.world_error import WorldError, nearest, shown_path

TINY = CONFIGS / "tiny.toml"


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    message = refused(tmp_path, "[panels]\nlead_frist = 3")
    assert "panels.lead_frist" in message
    assert "nearest is 'lead_first'" in message


def test_unknown_key_inside_a_figure(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "evidence/arcp_rules.csv", grade = "A", hight = 3 }'
    message = refused(tmp_path, f"[life]\nabsence_limit = {figure}")
    assert "life.absence_limit.hight" in message
    assert "nearest is 'high'" in message


def test_unknown_key_in_a_list(tmp_path: Path) -> None:
    message = refused(tmp_path, 'offices = [{ id = "london", name = "London", region = "london", regoin = "x" }]')
    assert "offices[0].regoin" in message
    assert "nearest is 'region'" in message


def test_unknown_section(tmp_path: Path) -> None:
    assert "nearest is 'competence'" in refused(tmp_path, "[competance]\nsurplus = 1")


def test_missing_source(tmp_path: Path) -> None:
    message = refused(tmp_path, '[life]\nabsence_limit = { value = 20, unit = "working days", grade = "A" }')
    assert "life.absence_limit.source: is missing" in message


def test_ungraded_number(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "evidence/arcp_rules.csv" }'
    assert "life.absence_limit.grade: is missing" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_bare_number(tmp_path: Path) -> None:
    assert "life.absence_limit" in refused(tmp_path, "[life]\nabsence_limit = 20")


def test_wrong_unit_says_the_right_one(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "weeks", source = "evidence/arcp_rules.csv", grade = "A" }'
    message = refused(tmp_path, f"[life]\nabsence_limit = {figure}")
    assert "'weeks'" in message
    assert "should be 'working days'" in message


def test_grade_c_needs_a_range(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "assumption", grade = "C" }'
    assert "low and high" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_value_outside_its_range(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", low = 21, high = 30, source = "assumption", grade = "C" }'
    assert "in this order" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_assumption_cannot_be_a_finding(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "assumption", grade = "A" }'
    assert "should be grade C" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_unknown_grade(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "evidence/arcp_rules.csv", grade = "D" }'
    assert "life.absence_limit.grade" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_undeclared_source(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "gmc-2024", grade = "A" }'
    message = refused(tmp_path, f'sources.gmc-2042 = {{ title = "x" }}\n[life]\nabsence_limit = {figure}')
    assert "'gmc-2024' is not declared" in message
    assert "nearest is 'gmc-2042'" in message


def test_evidence_that_is_not_there(tmp_path: Path) -> None:
    figure = '{ value = 20, unit = "working days", source = "evidence/arcp_rule.csv", grade = "A" }'
    message = refused(tmp_path, f"[life]\nabsence_limit = {figure}")
    assert "there is no file 'evidence/arcp_rule.csv'" in message
    assert "nearest is 'arcp_rules.csv'" in message


def test_unused_source(tmp_path: Path) -> None:
    assert "sources.gmc: no figure uses this source" in refused(tmp_path, 'sources.gmc = { title = "GMC" }')


@pytest.mark.parametrize("value", ["-1", "-0.01"])
def test_negative_amounts(tmp_path: Path, value: str) -> None:
    figure = f'{{ value = {value}, unit = "working days", source = "evidence/arcp_rules.csv", grade = "A" }}'
    assert "should be at least 0" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_negative_low_end(tmp_path: Path) -> None:
    figure = '{ value = 2, low = -3, high = 4, unit = "working days", source = "assumption", grade = "C" }'
    assert "-3.0 should be at least 0" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_numbers_that_are_none(tmp_path: Path, value: str) -> None:
    figure = f'{{ value = {value}, unit = "working days", source = "evidence/arcp_rules.csv", grade = "A" }}'
    assert "finite" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


def test_office_in_no_region(tmp_path: Path) -> None:
    message = refused(tmp_path, 'offices = [{ id = "london", name = "London", region = "lodnon" }]')
    assert "offices[0].region: 'lodnon' is nowhere in this world" in message
    assert "nearest is 'london'" in message


def test_office_that_is_nowhere(tmp_path: Path) -> None:
    rest = 'unit = "relative to posts", spread = 0.3, source = "assumption", grade = "C"'
    figure = f"{{ value = {{ london = 1.5, north-wets = 0.95 }}, {rest} }}"
    message = refused(tmp_path, f"[recruitment]\noffice_pull = {figure}")
    assert "recruitment.office_pull.value.north-wets: 'north-wets' is nowhere" in message
    assert "nearest is 'north-west'" in message


def test_office_left_out(tmp_path: Path) -> None:
    rest = 'unit = "relative to posts", spread = 0.3, source = "assumption", grade = "C"'
    assert "says nothing of 'north-west'" in refused(
        tmp_path, f"[recruitment]\noffice_pull = {{ value = {{ london = 1.5 }}, {rest} }}"
    )


def test_two_offices_of_one_name(tmp_path: Path) -> None:
    office = '{ id = "london", name = "London", region = "london" }'
    assert "'london' stands there twice" in refused(tmp_path, f"offices = [{office}, {office}]")


def test_cycle_names_its_chain(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('extends = ["two.toml"]')
    (tmp_path / "two.toml").write_text('extends = ["three.toml"]')
    (tmp_path / "three.toml").write_text('extends = ["two.toml"]')
    with pytest.raises(WorldError, match=r"two\.toml -> three\.toml -> two\.toml"):
        load_world(tmp_path / "one.toml")


def test_layer_of_itself(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('extends = ["one.toml"]')
    with pytest.raises(WorldError, match=r"one\.toml -> one\.toml"):
        load_world(tmp_path / "one.toml")


def test_date_out_of_range(tmp_path: Path) -> None:
    line = '{ intervention = "simulation", share = 1.0, split = "by_trainees", start = 2035-01-01, months = 12 }'
    budget = '{ value = 100, unit = "GBP", spread = 0, source = "assumption", grade = "C" }'
    layers = f'extends = ["{TINY.as_posix()}", "{(CONFIGS / "interventions.toml").as_posix()}"]\n'
    path = tmp_path / "late.toml"
    path.write_text(f'{layers}[mix]\nname = "late"\nbudget = {budget}\nlines = [{line}]\n')
    with pytest.raises(WorldError, match=r"late\.toml: mix\.lines\[0\]\.start: is 2035-01-01: out of range"):
        load_world(path)


def test_day_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("day = 2021-02-30\n")
    with pytest.raises(WorldError, match="not valid TOML"):
        load_world(path)


def test_period_backwards(tmp_path: Path) -> None:
    assert "last_year should not be before first_year" in refused(tmp_path, "[period]\nlast_year = 2001")


def test_year_that_is_none(tmp_path: Path) -> None:
    figure = '{ value = { last = 0.1 }, unit = "share", spread = 0.1, source = "assumption", grade = "C" }'
    assert "'last' should be a year" in refused(tmp_path, f"[life]\nltft = {figure}")


def test_month_that_is_none(tmp_path: Path) -> None:
    layers = f'extends = ["{TINY.as_posix()}", "{(CONFIGS / "covid.toml").as_posix()}"]'
    rest = 'unit = "share of doctors", spread = 0.1, source = "assumption", grade = "C"'
    path = tmp_path / "bad.toml"
    path.write_text(f'{layers}\n[shocks.shielding]\nshare = {{ value = {{ "2020/21" = 0.1 }}, {rest} }}\n')
    with pytest.raises(WorldError, match=r"bad\.toml: shocks\.shielding.*'2020/21' should be a month, such as 2020-04"):
        load_world(path)


def test_stage_with_a_cct_left_out(tmp_path: Path) -> None:
    figure = '{ value = { gp = 0.1 }, unit = "share", spread = 0.1, source = "assumption", grade = "C" }'
    assert "says nothing of 'run-through'" in refused(tmp_path, f"[life]\ngrace_by_stage = {figure}")


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[period\nfirst_year = 2018\n")
    with pytest.raises(WorldError, match=r"bad\.toml: not valid TOML: .*line 1"):
        load_world(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_world(tmp_path / "nowhere.toml")


def test_missing_layer(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('extends = ["gone.toml"]')
    with pytest.raises(WorldError, match=r"gone\.toml: cannot be read"):
        load_world(path)


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        load_world(tmp_path)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(WorldError, match="not a UTF-8 text file"):
        load_world(path)


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("")
    with pytest.raises(WorldError, match=r"bad\.toml: name: is missing"):
        load_world(path)


def test_no_file() -> None:
    with pytest.raises(WorldError, match="no world file given"):
        load_world()


@pytest.mark.parametrize("text", ["extends = 3", 'extends = "england.toml"', "extends = [3]"])
def test_extends_that_is_no_list_of_names(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(WorldError, match=r"bad\.toml: extends: .* should be a list of file names"):
        load_world(path)


def test_weights_that_make_no_whole(tmp_path: Path) -> None:
    tables = CONFIGS / "england" / "training.toml"
    text = tables.read_text().replace("other = [0.05, 0.15, 0.50, 0.30]", "other = [0.05, 0.15, 0.50, 0.40]")
    start = text.index("[competence.weights]")
    assert "four shares that sum to 1" in refused(tmp_path, text[start : text.index("[competence.ward]")])


def test_too_few_lengths(tmp_path: Path) -> None:
    figure = '{ value = [9, 12], unit = "months", spread = 0.1, source = "assumption", grade = "C" }'
    assert "should have 8 entries, has 2" in refused(tmp_path, f"[life]\nparental_months = {figure}")


@pytest.mark.parametrize("scale", [0.0, -1.0, 16.5, float("nan")])
def test_scale_out_of_range(scale: float) -> None:
    world = load_world(TINY)
    with pytest.raises(WorldError, match="scale"):
        lower(world, build_population(world), uneventful_timeline(world), scale)


def test_nothing_is_near() -> None:
    assert nearest("zzzz", ["alpha", "beta"]) is None


def test_key_paths_read_like_toml() -> None:
    assert shown_path(("exams", 2, "pass_first")) == "exams[2].pass_first"
