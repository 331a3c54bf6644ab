"""The register of assumptions: nothing left out, nothing idle, nothing out of date, and one line for what is wrong."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from pipeline_sim.study.replication.posterior_sample import load_sample
from pipeline_sim.world.reading.sources import figures
from pipeline_sim.world.register.assumption_register import REGISTER, Entry, Register, load_register
from pipeline_sim.world.register.recorded_influence import (
    ENTRY,
    FactorInfluence,
    InfluenceTable,
    drawn_by_entry,
    load_influence,
    ranges_digest,
    stated_ranges,
)
from pipeline_sim.world.register.register_check import (
    check_influence,
    check_patterns,
    check_register,
    check_sunsets,
    outdated_influences,
)
from pipeline_sim.world.register.register_rows import RegisterRow, is_uncertain, rows_of, shipped_worlds
from pipeline_sim.world.schema.world import World
from pipeline_sim.world.world_error import WorldError

FOLDER = ROOT / "configs" / "register"


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(FOLDER)


@pytest.fixture(scope="module")
def worlds(register: Register) -> list[World]:
    return shipped_worlds(register)


@pytest.fixture(scope="module")
def rows(register: Register, worlds: list[World]) -> list[RegisterRow]:
    return check_register(register, worlds)


def changed(folder: Path, old: str, new: str) -> Path:
    """The shipped register with one text replaced, in a folder of its own; its worlds are still found."""
    text = (FOLDER / REGISTER).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    text = text.replace(old, new, 1).replace('"../', f'"{(ROOT / "configs").as_posix()}/')
    (folder / REGISTER).write_text(text, encoding="utf-8")
    return folder


# ---- what is shipped -------------------------------------------------------------------------------------------------


def test_every_assumption_that_is_shipped_is_registered_and_none_is_out_of_date(
    register: Register, worlds: list[World], rows: list[RegisterRow]
) -> None:
    check_sunsets(register, date.today())
    check_influence(register, worlds[0], load_influence(FOLDER))
    assert len({row.parameter for row in rows}) == len(rows) > 400


def test_every_row_has_every_field(rows: list[RegisterRow]) -> None:
    may_be_empty = {"low", "high", "note"}  # a figure taken as known has no range
    for row in rows:
        empty = [name for name, value in row._asdict().items() if value == "" and name not in may_be_empty]
        assert not empty, f"{row.parameter} has no {', '.join(empty)}"


def test_grades_ranges_and_provenance_agree(rows: list[RegisterRow]) -> None:
    for row in rows:
        if row.grade == "A":
            assert (row.provenance, row.distribution) == ("observed", "fixed"), row.parameter
        if row.source == "assumption":
            assert row.provenance != "observed", row.parameter
        if row.distribution == "triangular":
            assert row.grade == "C", row.parameter
            assert row.low != "", row.parameter


def test_every_table_of_england_is_registered(rows: list[RegisterRow]) -> None:
    in_figures = {"programmes.csv", "exams.csv"}
    tables = {path.name for path in (ROOT / "configs" / "england").glob("*.csv")} - in_figures
    others = {path.name for path in (ROOT / "configs" / "dental").glob("*.csv")}
    assert tables <= {row.source for row in rows if row.parameter.startswith("files.")} <= tables | others
    for table in in_figures:
        assert any(row.parameter.startswith(table.removesuffix(".csv")) for row in rows)


@pytest.mark.parametrize(
    "study", sorted((ROOT / "experiments").glob("*/study.toml")), ids=lambda path: path.parent.name
)
def test_what_a_study_holds_is_what_the_register_says_is_held(study: Path, rows: list[RegisterRow]) -> None:
    settings = tomllib.loads(study.read_text(encoding="utf-8"))
    levers = "/supply/" in study.read_text(encoding="utf-8")
    if "posterior" not in settings:
        pytest.skip("no figures are drawn together")
    opened = load_sample(str(study.parent / settings["posterior"])).made.open
    together = {name for each in opened for name in each.figures}
    for row in rows:
        if row.distribution in ("held", "triangular", "even"):
            assert (row.parameter in together) == (row.distribution == "even"), row.parameter
        if row.distribution in ("held", "triangular") and (levers or not row.parameter.startswith("supply.")):
            held = settings["held"]
            is_held = any(row.parameter == each or row.parameter.startswith((f"{each}.", f"{each}[")) for each in held)
            assert is_held == (row.distribution == "held"), row.parameter


def test_the_entry_shown_in_the_guide_is_one_of_the_register() -> None:
    guide = (ROOT / "configs" / "README.md").read_text(encoding="utf-8")
    start = guide.index("    [entries.")
    shown = guide[start : guide.index("\n\n", start)].replace("    ", "")
    assert shown in (FOLDER / REGISTER).read_text(encoding="utf-8")


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", list(Entry.model_fields))
def test_a_missing_field_is_named_with_its_entry(tmp_path: Path, field: str) -> None:
    text = (FOLDER / REGISTER).read_text(encoding="utf-8")
    start = text.index("[entries.pay]")
    line = re.search(rf"^{field} = .*\n", text[start:], re.MULTILINE)
    assert line is not None
    (tmp_path / REGISTER).write_text(text[:start] + text[start:].replace(line[0], "", 1), encoding="utf-8")
    with pytest.raises(WorldError, match=rf"register\.toml: entries\.pay\.{field}: is missing$"):
        load_register(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('owner = "health economist"', 'owner = "health economits"', "'health economits' is not in [owners]; near"),
        ('distribution = "held"', 'distribution = "normal"', "entries.programmes.distribution: is 'normal'"),
        ("sunset = 2027-08-31", 'sunset = "next year"', "entries.programmes.sunset: is 'next year', should be a date"),
        ("rationale = ", "rationals = ", "entries.programmes.rationals: unknown key; nearest is 'rationale'"),
        ('covers = ["programmes"]', "covers = []", "entries.programmes.covers: is (), should have at least 1 entry"),
        ('covers = ["programmes"]', 'covers = ["*"]', "should begin with a table of a world such as life"),
        ('[owners]', '[owners]\n"nobody" = "answers for nothing at all"', "owners.nobody: answers for no entry"),
    ],
)  # fmt: skip
def test_a_wrong_register_is_refused_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(WorldError) as refused:
        load_register(changed(tmp_path, old, new))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"life.parental",', "", "life.parental: no entry covers it: add one"),
        ('"costs.completed"', '"costs.completed", "costs.pensions"', "'costs.pensions' covers nothing"),
        ('"costs.completed"', '"costs.completed", "costs.extension"', "costs.extension.month: is covered equally by"),
        ('["costs.completed"]\ndistribution = "triangular"', '["costs.completed"]\ndistribution = "fixed"',
         "is 'fixed', but costs.completed.consultant_year is of grade C and has a range"),
        ('covers = ["mix.budget"]\ndistribution = "fixed"', 'covers = ["mix.budget"]\ndistribution = "triangular"',
         "entries.budget.distribution: is 'triangular', but nothing of it has a range"),
        ('["costs.completed"]\ndistribution = "triangular"\nprovenance = "surrogate"',
         '["costs.completed"]\ndistribution = "triangular"\nprovenance = "observed"', "is of grade C: estimated, surr"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_worlds_is_refused(
    tmp_path: Path, worlds: list[World], old: str, new: str, says: str
) -> None:
    with pytest.raises(WorldError) as refused:
        check_register(load_register(changed(tmp_path, old, new)), worlds)
    assert says in str(refused.value)


def test_a_sunset_that_has_passed_is_named_with_who_is_to_look(register: Register) -> None:
    first = min(entry.sunset for entry in register.entries.values())
    check_sunsets(register, first)
    with pytest.raises(WorldError, match=rf"sunset: {first} has passed on .*: the [a-z ]+ looks at it again"):
        check_sunsets(register, first + timedelta(days=1))


def test_a_figure_new_to_a_world_is_refused_until_an_entry_covers_it(tmp_path: Path, worlds: list[World]) -> None:
    found = load_register(changed(tmp_path, 'covers = ["exam_rules", ', 'covers = ["exam_rules.gap_step", '))
    with pytest.raises(WorldError, match=r"exam_rules\.entry: no entry covers it"):
        rows_of(found, worlds[0])


# ---- what patterns mean ----------------------------------------------------------------------------------------------


def test_the_longest_pattern_wins_then_the_one_with_fewer_of_any(register: Register) -> None:
    assert register.name_of(("costs", "pay", "gross")) == "pay"
    assert register.name_of(("costs", "pay", "basic")) == "pay-scales"
    assert register.name_of(("interventions", "places", "coaching", "dose")) == "worth-of-places"
    assert register.name_of(("interventions", "places", "boot-camps", "days")) == "worth-of-places"
    assert register.name_of(("exams", 3, "pass_first")) == "exam-passes"
    assert register.name_of(("costing",)) is None


@given(st.lists(st.sampled_from(["life", "ltft", "value", "x"]), min_size=1, max_size=5))
def test_what_holds_a_path_holds_all_below_it(register: Register, parts: list[str]) -> None:
    name = register.name_of(tuple(parts))
    if name is not None:
        assert register.name_of((*parts, "below")) is not None


def test_a_wild_pattern_counts_as_used_even_where_a_longer_one_takes_all(
    register: Register, worlds: list[World]
) -> None:
    check_patterns(register, worlds)


# ---- what was measured -----------------------------------------------------------------------------------------------


def measured(register: Register, world: World) -> InfluenceTable:
    """As if every entry had been measured a moment ago."""
    values = stated_ranges([world])
    found = {
        (ENTRY, name, "gained"): FactorInfluence(ENTRY, 1.0, 0.5, 1, True, ranges_digest(values, members))
        for name, members in drawn_by_entry(register, world).items()
    }
    return InfluenceTable(("gained",), found)


def test_an_entry_nobody_has_measured_is_refused_and_one_measured_otherwise_is_stale(
    register: Register, worlds: list[World]
) -> None:
    recorded = measured(register, worlds[0])
    check_influence(register, worlds[0], recorded)
    assert outdated_influences(register, worlds[0], recorded) == []
    other = recorded.influences[ENTRY, "pay", "gained"]._replace(digest="00000000")
    assert outdated_influences(
        register, worlds[0], recorded._replace(influences={**recorded.influences, (ENTRY, "pay", "gained"): other})
    ) == ["pay"]
    fewer = {key: value for key, value in recorded.influences.items() if key[1] != "pay"}
    with pytest.raises(WorldError, match="pay: its influence has not been measured: run pipeline-sim sensitivity"):
        check_influence(register, worlds[0], recorded._replace(influences=fewer))
    with pytest.raises(WorldError, match="its influence has not been measured"):
        check_influence(register, worlds[0], None)


def test_held_and_fixed_figures_are_not_expected_to_be_measured(register: Register, worlds: list[World]) -> None:
    drawn = {name for members in drawn_by_entry(register, worlds[0]).values() for name in members}
    doubted = {path for path, figure in figures(worlds[0]) if is_uncertain(figure)}
    assert "competence.pace_mean" not in drawn
    assert len(drawn) < len(doubted)
