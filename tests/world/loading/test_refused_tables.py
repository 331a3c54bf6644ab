"""Wrong tables of a world: the error names the table, the row and the cell."""

from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.refused_layers import refused

from pipeline_sim.world.loading.load_world import load_world
from pipeline_sim.world.world_error import WorldError

TINY = CONFIGS / "tiny.toml"


@pytest.mark.parametrize(("key", "text"), [("tables", "tables = 3"), ("tables", "[tables]\nprogrammes = 3")])
def test_tables_that_are_no_names(tmp_path: Path, key: str, text: str) -> None:
    assert f"{key}: should give a file name" in refused(tmp_path, text)


def test_table_that_is_unknown(tmp_path: Path) -> None:
    assert "nearest is 'programmes'" in refused(tmp_path, '[tables]\nprogrames = "x.csv"')


def test_table_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path, '[tables]\nprogrammes = "x.csv"')


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert "files.posts: there is no file" in refused(tmp_path, '[files]\nposts = "x.csv"')


def csv_refused(folder: Path, header: str, row: str) -> str:
    """The message for a table of programmes."""
    (folder / "programmes.csv").write_text(f"{header}\n{row}\n")
    text = f'extends = ["{TINY.as_posix()}"]\n[tables]\nprogrammes = "programmes.csv"\n[competence]\nspecialties = []\n'
    (folder / "bad.toml").write_text(text)
    with pytest.raises(WorldError) as caught:
        load_world(folder / "bad.toml")
    return str(caught.value)


def test_unknown_column(tmp_path: Path) -> None:
    assert "unknown column 'grade_s'; nearest is 'grade" in csv_refused(tmp_path, "id,grade_s", "x,y")


def test_cell_that_is_no_number(tmp_path: Path) -> None:
    message = csv_refused(tmp_path, "id,years", "x,two")
    assert "programmes.csv: programmes[0].years: is 'two', should be a number" in message


def test_row_too_long(tmp_path: Path) -> None:
    assert "as many cells as the header" in csv_refused(tmp_path, "id,name", "x,y,z")


def test_error_in_a_table_names_the_table(tmp_path: Path) -> None:
    message = csv_refused(tmp_path, "id,name,stage", "x,X,foundaton")
    assert "programmes.csv" in message


def test_grade_that_is_not_of_the_programme(tmp_path: Path) -> None:
    header = "id,name,stage,group,grades,critical,pattern,stream_after,years,source,grade"
    row = "foundation,F,foundation,foundation,F1 F2,F3,four,after-foundation,2,evidence/programmes.csv,A"
    assert "F3 is none of its grades" in csv_refused(tmp_path, header, row)


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("psa:F1:F1:entri", "exam:first:last, perhaps with :entry"),
        ("als:F1:F2:entry", "als is a course: only an exam can be held on entry"),
    ],
)
def test_gates_that_are_held_on_entry(tmp_path: Path, gate: str, message: str) -> None:
    header = "id,name,stage,group,grades,gates,pattern,stream_after,years,source,grade"
    row = f"foundation,F,foundation,foundation,F1 F2,{gate},four,after-foundation,2,evidence/programmes.csv,A"
    assert message in csv_refused(tmp_path, header, row)


def test_unknown_exam(tmp_path: Path) -> None:
    header = "id,name,stage,group,grades,gates,pattern,stream_after,years,source,grade"
    row = "foundation,F,foundation,foundation,F1 F2,psb:F1:F2,four,after-foundation,2,evidence/programmes.csv,A"
    assert "'psb' is nowhere in this world; nearest is 'psa'" in csv_refused(tmp_path, header, row)


def test_unknown_word_lists_the_known(tmp_path: Path) -> None:
    header = "id,name,stage,group,grades,pattern,stream_after,years,source,grade"
    row = "foundation,F,foundation,foundation,F1 F2,fuor,after-foundation,2,evidence/programmes.csv,A"
    assert "programmes[0].pattern: unknown word 'fuor'; nearest is 'four'" in csv_refused(tmp_path, header, row)


def test_world_without_foundation(tmp_path: Path) -> None:
    header = "id,name,stage,group,grades,pattern,stream,years,source,grade"
    row = "gp,GP,gp,general-practice,ST1,six,after-foundation,1,evidence/programmes.csv,A"
    assert "has 0 of stage foundation" in csv_refused(tmp_path, header, row)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,x,written;b,,written;c,x,written", "exams[2].exam: 'x' should stand right below the other parts of it"),
        (";".join(f"{part},x,written" for part in "abcde"), "exams[4].exam: 'x' has more than 4 parts"),
        ("a,,exam", "exams[0].kind: unknown word 'exam'"),
    ],
)
def test_parts_of_an_exam(tmp_path: Path, rows: str, message: str) -> None:
    lines = [f"{row},X,1 5,0.5,6,evidence/exam_parts.csv,A" for row in rows.split(";")]
    header = "id,exam,kind,name,months,pass_first,max_attempts,source,grade"
    assert f"exams.csv: {message}" in exams_refused(tmp_path, header, *lines)


def exams_refused(tmp_path: Path, *lines: str) -> str:
    """Message, of one line, that refuses a table of exams."""
    (tmp_path / "exams.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "bad.toml").write_text(f'extends = ["{TINY.as_posix()}"]\n[tables]\nexams = "exams.csv"\n')
    with pytest.raises(WorldError) as caught:
        load_world(tmp_path / "bad.toml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("spread", "message"),
    [
        ("-1,-2,0", "-1.0 should be at least 0"),
        ("soon,,", "is 'soon', should be a number"),
        ("6,,", "a grade C figure should have low and high"),
        ("6,7,9", "low, value and high should be in this order"),
    ],
)
def test_spread_of_a_first_sitting(tmp_path: Path, spread: str, message: str) -> None:
    header = "id,kind,name,months,pass_first,pass_first_low,pass_first_high,max_attempts,max_attempts_low,"
    header += "max_attempts_high,spread,spread_low,spread_high,source,grade"
    refused = exams_refused(tmp_path, header, f"a,course,A,1 5,0.5,0.4,0.6,6,5,7,{spread},assumption,C")
    assert f"exams.csv: exams[0].spread: {message}" in refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('kept = ["mrcs-c"]', "shocks.exams.kept: 'mrcs-c' is nowhere in this world; nearest is 'mrcs-"),
        ("parts.mrcs-c = CLOSED", "shocks.exams.parts.mrcs-c: 'mrcs-c' is nowhere in this world; nearest is 'mrcs-"),
        ("parts.mrcs-b.closed_to = 2020-03-01", "2020-03-01 should not be before 2020-03-16"),
        ("closed_to = 2020-09-01", "shocks.exams.closed_to: unknown key"),
    ],
)
def test_closed_sittings(tmp_path: Path, text: str, message: str) -> None:
    share = '{ value = 1.0, unit = "share", source = "evidence/exam_parts.csv", grade = "A" }'
    closed = f"{{ closed_from = 2020-03-16, closed_to = 2020-09-01, partial_to = 2020-09-01, open_share = {share} }}"
    path = tmp_path / "bad.toml"
    layers = f'extends = ["{TINY.as_posix()}", "{(CONFIGS / "covid.toml").as_posix()}"]'
    path.write_text(f"{layers}\n[shocks.exams]\n{text.replace('CLOSED', closed)}\n")
    with pytest.raises(WorldError) as caught:
        load_world(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
