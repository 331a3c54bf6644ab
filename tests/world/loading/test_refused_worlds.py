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


OFFICE = 'id = "london", name = "London"'
GUESS = 'spread = 0.3, source = "assumption", grade = "C" }'
PULL = 'unit = "relative to posts", ' + GUESS
SHARE = 'unit = "share", ' + GUESS


def limit(**changed: str | None) -> str:
    """A layer with one figure of grade A, some of its words changed or, if None, left out."""
    usual = {"value": "20", "unit": '"working days"', "source": '"evidence/arcp_rules.csv"', "grade": '"A"'}
    words = ", ".join(f"{key} = {word}" for key, word in {**usual, **changed}.items() if word is not None)
    return f"[life]\nabsence_limit = {{ {words} }}"


def guess(**changed: str | None) -> str:
    """The same figure as an assumption of grade C."""
    return limit(**{"source": '"assumption"', "grade": '"C"', **changed})


LAYERS = {
    "unknown key": ("[panels]\nlead_frist = 3", "panels.lead_frist", "nearest is 'lead_first'"),
    "unknown key in a figure": (limit(hight="3"), "life.absence_limit.hight", "nearest is 'high'"),
    "unknown key in a list": (
        f'offices = [{{ {OFFICE}, region = "london", regoin = "x" }}]', "offices[0].regoin", "nearest is 'region'"
    ),
    "unknown section": ("[competance]\nsurplus = 1", "nearest is 'competence'"),
    "no source": (limit(source=None), "life.absence_limit.source: is missing"),
    "no grade": (limit(grade=None), "life.absence_limit.grade: is missing"),
    "bare number": ("[life]\nabsence_limit = 20", "life.absence_limit"),
    "wrong unit": (limit(unit='"weeks"'), "'weeks'", "should be 'working days'"),
    "grade C without a range": (guess(), "low and high"),
    "value outside its range": (guess(low="21", high="30"), "in this order"),
    "assumption as a finding": (guess(grade='"A"'), "should be grade C"),
    "unknown grade": (limit(grade='"D"'), "life.absence_limit.grade"),
    "undeclared source": (
        'sources.gmc-2042 = { title = "x" }\n' + limit(source='"gmc-2024"'),
        "'gmc-2024' is not declared", "nearest is 'gmc-2042'",
    ),
    "evidence that is not there": (
        limit(source='"evidence/arcp_rule.csv"'),
        "there is no file 'evidence/arcp_rule.csv'", "nearest is 'arcp_rules.csv'",
    ),
    "unused source": ('sources.gmc = { title = "GMC" }', "sources.gmc: no figure uses this source"),
    "negative whole": (limit(value="-1"), "should be at least 0"),
    "negative part": (limit(value="-0.01"), "should be at least 0"),
    "negative low end": (guess(value="2", low="-3", high="4"), "-3.0 should be at least 0"),
    "not a number": (limit(value="nan"), "finite"),
    "infinite": (limit(value="inf"), "finite"),
    "office in no region": (
        f'offices = [{{ {OFFICE}, region = "lodnon" }}]',
        "offices[0].region: 'lodnon' is nowhere in this world", "nearest is 'london'",
    ),
    "office that is nowhere": (
        f"[recruitment]\noffice_pull = {{ value = {{ london = 1.5, north-wets = 0.95 }}, {PULL}",
        "recruitment.office_pull.value.north-wets: 'north-wets' is nowhere", "nearest is 'north-west'",
    ),
    "office left out": (
        f"[recruitment]\noffice_pull = {{ value = {{ london = 1.5 }}, {PULL}", "says nothing of 'north-west'"
    ),
    "two offices of one name": (
        f'offices = [{{ {OFFICE}, region = "london" }}, {{ {OFFICE}, region = "london" }}]',
        "'london' stands there twice",
    ),
    "period backwards": ("[period]\nlast_year = 2001", "last_year should not be before first_year"),
    "year that is none": (f"[life]\nltft = {{ value = {{ last = 0.1 }}, {SHARE}", "'last' should be a year"),
    "stage left out": (
        f"[life]\ngrace_by_stage = {{ value = {{ gp = 0.1 }}, {SHARE}", "says nothing of 'run-through'"
    ),
    "too few lengths": (
        f'[life]\nparental_months = {{ value = [9, 12], unit = "months", {GUESS}', "should have 8 entries, has 2"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_cannot_be(tmp_path: Path, name: str) -> None:
    text, *says = LAYERS[name]
    message = refused(tmp_path, text)
    assert [part for part in says if part not in message] == []


BAD_FILES = {
    "day that does not exist": (b"day = 2021-02-30\n", "not valid TOML"),
    "broken TOML": (b"[period\nfirst_year = 2018\n", r"bad\.toml: not valid TOML: .*line 1"),
    "layer that is not there": (b'extends = ["gone.toml"]', r"gone\.toml: cannot be read"),
    "layer of itself": (b'extends = ["bad.toml"]', r"bad\.toml -> bad\.toml"),
    "no text": (b"\xff\xfe\x00name", "not a UTF-8 text file"),
    "empty": (b"", r"bad\.toml: name: is missing"),
    "extends a number": (b"extends = 3", r"bad\.toml: extends: .* should be a list of file names"),
    "extends a text": (b'extends = "england.toml"', r"bad\.toml: extends: .* should be a list of file names"),
    "extends a list of numbers": (b"extends = [3]", r"bad\.toml: extends: .* should be a list of file names"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be(tmp_path: Path, name: str) -> None:
    content, says = BAD_FILES[name]
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(WorldError, match=says):
        load_world(path)


def test_cycle_names_its_chain(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('extends = ["two.toml"]')
    (tmp_path / "two.toml").write_text('extends = ["three.toml"]')
    (tmp_path / "three.toml").write_text('extends = ["two.toml"]')
    with pytest.raises(WorldError, match=r"two\.toml -> three\.toml -> two\.toml"):
        load_world(tmp_path / "one.toml")


def test_date_out_of_range(tmp_path: Path) -> None:
    line = '{ intervention = "simulation", share = 1.0, split = "by_trainees", start = 2035-01-01, months = 12 }'
    budget = '{ value = 100, unit = "GBP", spread = 0, source = "assumption", grade = "C" }'
    layers = f'extends = ["{TINY.as_posix()}", "{(CONFIGS / "interventions.toml").as_posix()}"]\n'
    path = tmp_path / "late.toml"
    path.write_text(f'{layers}[mix]\nname = "late"\nbudget = {budget}\nlines = [{line}]\n')
    with pytest.raises(WorldError, match=r"late\.toml: mix\.lines\[0\]\.start: is 2035-01-01: out of range"):
        load_world(path)


def test_month_that_is_none(tmp_path: Path) -> None:
    layers = f'extends = ["{TINY.as_posix()}", "{(CONFIGS / "covid.toml").as_posix()}"]'
    rest = 'unit = "share of doctors", spread = 0.1, source = "assumption", grade = "C"'
    path = tmp_path / "bad.toml"
    path.write_text(f'{layers}\n[shocks.shielding]\nshare = {{ value = {{ "2020/21" = 0.1 }}, {rest} }}\n')
    with pytest.raises(WorldError, match=r"bad\.toml: shocks\.shielding.*'2020/21' should be a month, such as 2020-04"):
        load_world(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_world(tmp_path / "nowhere.toml")


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        load_world(tmp_path)


def test_no_file() -> None:
    with pytest.raises(WorldError, match="no world file given"):
        load_world()


def test_weights_that_make_no_whole(tmp_path: Path) -> None:
    tables = CONFIGS / "england" / "training.toml"
    text = tables.read_text().replace("other = [0.05, 0.15, 0.50, 0.30]", "other = [0.05, 0.15, 0.50, 0.40]")
    start = text.index("[competence.weights]")
    assert "four shares that sum to 1" in refused(tmp_path, text[start : text.index("[competence.ward]")])


@pytest.mark.parametrize("scale", [0.0, -1.0, 16.5, float("nan")])
def test_scale_out_of_range(scale: float) -> None:
    world = load_world(TINY)
    with pytest.raises(WorldError, match="scale"):
        lower(world, build_population(world), uneventful_timeline(world), scale)


def test_nothing_is_near() -> None:
    assert nearest("zzzz", ["alpha", "beta"]) is None


def test_key_paths_read_like_toml() -> None:
    assert shown_path(("exams", 2, "pass_first")) == "exams[2].pass_first"
