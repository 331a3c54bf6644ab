"""More ways of being wrong: files that a user would think are used, figures out of all bounds, mixes out of time."""

import csv
from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.refused_layers import TINY, layer, refused

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.lowering.build_timeline import check_names
from pipeline_sim.world.population.build_population import build_population
from pipeline_sim.world.world_error import WorldError, hint

COVID, CATALOGUE = CONFIGS / "covid.toml", CONFIGS / "interventions.toml"
BUDGET = '{ value = %s, unit = "GBP", spread = 0, source = "assumption", grade = "C" }'
LINE = '{ intervention = "simulation", share = 1.0, split = "by_trainees", start = %s, months = %s }'


def mix_refused(folder: Path, budget: str = "100", start: str = "2021-05-01", months: str = "12") -> str:
    (folder / "mix.toml").write_text(
        f'[mix]\nname = "m"\nbudget = {BUDGET % budget}\nlines = [{LINE % (start, months)}]\n'
    )
    with pytest.raises(WorldError) as caught:
        load_world(TINY, COVID, CATALOGUE, mix=folder / "mix.toml")
    return str(caught.value)


def test_a_mark_in_front_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(f'extends = ["{TINY.as_posix()}"]\r\nname = "Mine"\r\n'.encode("utf-8-sig"))
    assert load_world(path).name == "Mine"


def test_the_key_that_the_program_sets_itself_is_unknown_in_a_file(tmp_path: Path) -> None:
    assert "layers: unknown key; nearest is 'extends'" in refused(tmp_path, 'layers = ["covid.toml"]')


def test_a_table_of_posts_that_is_named_is_used(tmp_path: Path) -> None:
    with (CONFIGS / "england" / "posts.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "posts": str(float(row["posts"]) / 2), "grade": "C"} for row in csv.DictReader(file)]
    names = [name for name in rows[0] if name not in ("low", "high")]  # the ranges are those of the figures that ship
    with (tmp_path / "half.csv").open("w", encoding="utf-8", newline="") as file:
        own = csv.DictWriter(file, names, extrasaction="ignore")
        own.writeheader()
        own.writerows(rows)
    usual = build_population(load_world(TINY)).establishment
    halved = build_population(load_world(layer(tmp_path, '[files]\nposts = "half.csv"'))).establishment
    assert halved.sum() < 0.95 * usual.sum()  # families are put back into published ranges


def test_a_table_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    assert "unknown word 'post'; nearest is 'posts'" in refused(tmp_path, '[files]\npost = "x.csv"')


def test_evidence_beside_the_strongest_layer_wins(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "regions.csv").write_text("x\n")
    assert load_world(layer(tmp_path, "")).evidence("evidence/regions.csv").parent.parent == tmp_path
    assert load_world(TINY).evidence("evidence/regions.csv").parent.parent == CONFIGS


def test_a_damaged_table_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    text = (CONFIGS / "evidence" / "regions.csv").read_text(encoding="utf-8")
    (tmp_path / "evidence" / "regions.csv").write_text(text.replace("trainee_share_mode_pct", "share"))
    with pytest.raises(WorldError, match=r"regions\.csv: no column 'trainee_share_mode_pct'"):
        build_population(load_world(layer(tmp_path, "")))


def test_a_figure_beyond_all_bounds(tmp_path: Path) -> None:
    figure = '{ value = 1e300, unit = "working days", source = "evidence/arcp_rules.csv", grade = "A" }'
    assert "should be at most" in refused(tmp_path, f"[life]\nabsence_limit = {figure}")


@pytest.mark.parametrize("value", ["3", '"3"', "[3]"])
def test_a_bare_number_is_shown_a_figure(tmp_path: Path, value: str) -> None:
    message = refused(tmp_path, f"[life]\nabsence_limit = {value}")
    assert "should be a figure such as { value = 3, unit" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("programmes = {}", "programmes: should be a list"),
        ("offices = []", "offices: should have at least 1 entry, has 0"),
        ('offices = [{ id = "THE NORTH", name = "x", region = "london" }]', "small letters and digits"),
        ("name = 3", "name: is 3, should be a text"),
        ("life = 3", "life: is 3, should be a table"),
    ],
)
def test_complaints_use_no_words_of_a_programmer(tmp_path: Path, text: str, says: str) -> None:
    message = refused(tmp_path, text)
    assert says in message
    assert not any(word in message for word in ("tuple", "dictionary", "instance", "pattern", "validation", "string"))


def test_a_mix_file_that_holds_no_mix_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mix.toml").write_text("")
    with pytest.raises(WorldError, match=r"mix\.toml: mix: is missing"):
        load_world(TINY, mix=tmp_path / "mix.toml")


@pytest.mark.parametrize(
    ("budget", "start", "months", "says"),
    [
        ("1e30", "2021-05-01", "12", "mix.budget: 1e+30 should be at most"),
        ("100", "2021-05-01", "1000000", "mix.lines[0].months: is 1000000"),
        ("100", "2022-12-01", "12", "mix.lines[0]: simulation would come until 2024-02-01"),
    ],
)
def test_a_mix_out_of_bounds_names_its_file_and_line(
    tmp_path: Path, budget: str, start: str, months: str, says: str
) -> None:
    message = mix_refused(tmp_path, budget, start, months)
    assert says in message
    assert "mix.toml" in message


def test_a_shock_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(WorldError, match=r"'plague'; known are supervision, redeployment, .*revalidation$"):
        check_names(load_world(TINY, COVID), frozenset({"plague"}))
    with pytest.raises(WorldError, match=r"'surge'; Tiny has none$"):
        check_names(load_world(TINY), frozenset({"surge"}))


def test_nothing_near_and_too_many_to_list_gives_no_hint() -> None:
    assert hint("zzzz", [f"name-{number}" for number in range(40)]) == ""
    assert hint("zzzz", []) == ""
    assert hint("", ["one", "two"]) == "; known are one, two"


def own_ward(programmes: str, domains: str) -> str:
    """One kind of own ward, as an inline table."""
    bounds = ", ".join(f"{key} = {{ {domains} }}" for key in ("value", "low", "high"))
    figure = f'{{ {bounds}, unit = "share", source = "assumption", grade = "C" }}'
    return f"{{ programmes = [{programmes}], teaches = {figure} }}"


@pytest.mark.parametrize(
    ("programmes", "domains", "said"),
    [
        ('"genral-surgery"', "", "programmes: 'genral-surgery' is nowhere in this world; nearest is 'gen"),
        ('"general-surgery", "general-surgery"', "", "'general-surgery' should stand in one of them only"),
        ('"general-surgery"', "elective = 1", "teaches.value: says nothing of 'emergency'"),
        ('"general-surgery"', "electiv = 1", "teaches.value.electiv: 'electiv' is nowhere in this world; nearest is"),
    ],
)
def test_own_wards_of_nobody(tmp_path: Path, programmes: str, domains: str, said: str) -> None:
    whole = domains or "elective = 0.5, emergency = 1, outpatient = 0, knowledge = 0.5"
    message = refused(tmp_path, f"[competence]\nown_wards = [{own_ward(programmes, whole)}]")
    assert "bad.toml: competence.own_wards[0]." in message
    assert said in message


def own_specialty(name: str, group: str, programmes: str) -> str:
    """A specialty, as an inline table."""
    return f'{{ id = "{name}", group = "{group}", programmes = [{programmes}] }}'


GENERAL = own_specialty("general-surgery", "surgery", '"general-surgery"')


@pytest.mark.parametrize(
    ("specialties", "said"),
    [
        (own_specialty("x", "surgary", ""), "specialties[0].group: 'surgary' is nowhere in this world; nearest is"),
        (own_specialty("x", "surgery", '"genral"'), "specialties[0].programmes: 'genral' is nowhere in this world"),
        (own_specialty("x", "medicine", '"general-surgery"'), "is of group 'surgery', should be of 'medicine'"),
        (
            GENERAL + ", " + own_specialty("x", "surgery", '"general-surgery"'),
            "specialties[1].programmes: 'general-surgery' is in another specialty already",
        ),
    ],
)
def test_specialties_of_nobody(tmp_path: Path, specialties: str, said: str) -> None:
    message = refused(tmp_path, f"[competence]\nspecialties = [{specialties}]")
    assert "bad.toml: competence.specialties" in message
    assert said in message


def kind_of_absence(kind: str, stage: str, group: str = "surgery") -> str:
    """A kind of time out of programme, as an inline table."""
    rest = 'source = "assumption", grade = "C"'
    share = f'unit = "share", low = 0.0, high = 0.1, {rest}'
    own = f'by_group = {{ value = {{ {group} = 0.05 }}, unit = "share", spread = 0.5, {rest} }}'
    months = f'months = {{ value = [{", ".join(["12"] * 8)}], unit = "months", spread = 0.2, {rest} }}'
    return f'{{ kind = "{kind}", stages = ["{stage}"], prevalence = {{ value = 0.01, {share} }}, {own}, {months} }}'


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (kind_of_absence("oopx", "higher"), "life.oop[0].kind: "),
        (
            kind_of_absence("oopc", "hihger"),
            "life.oop[0].stages: 'hihger' is nowhere in this world; nearest is 'higher'",
        ),
        (kind_of_absence("oopc", "core", "surgary"), "by_group.value.surgary: 'surgary' is nowhere in this world"),
        (", ".join([kind_of_absence("oopc", "gp")] * 2), "life.oop[1].stages: 'oopc' stands there twice for 'gp'"),
    ],
)
def test_time_out_of_programme_of_nobody(tmp_path: Path, kinds: str, said: str) -> None:
    message = refused(tmp_path, f"[life]\noop = [{kinds}]")
    assert "bad.toml: " in message
    assert said in message


def test_parental_leave_of_a_stage_is_left_out(tmp_path: Path) -> None:
    figure = 'unit = "per woman and year", spread = 0.5, source = "assumption", grade = "C"'
    message = refused(tmp_path, f"[life]\nparental = {{ value = {{ hgher = 0.1 }}, {figure} }}")
    assert "life.parental.value.hgher: 'hgher' is nowhere in this world; nearest is 'higher'" in message
