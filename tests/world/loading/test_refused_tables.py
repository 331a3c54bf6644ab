"""Wrong tables of a world: the error names the table, the row and the cell."""

from pathlib import Path

import pytest
from support import CONFIGS
from support.worlds.refused_layers import refused


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tables = 3", "tables: should give a file name"),
        ("[tables]\nprogrammes = 3", "tables: should give a file name"),
        ('[tables]\nprogrames = "x.csv"', "nearest is 'programmes'"),
        ('[tables]\nprogrammes = "x.csv"', "cannot be read"),
        ('[files]\nposts = "x.csv"', "files.posts: there is no file"),
    ],
)
def test_tables_that_are_not_there(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, text)


def refused_with(folder: Path, file: str, *lines: str, also: str = "") -> str:
    """The message for a table with some lines."""
    (folder / f"{file}.csv").write_text("\n".join(lines) + "\n")
    return refused(folder, f'[tables]\n{file} = "{file}.csv"\n{also}', named=f"{file}.csv")


NO_SPECIALTIES = """
[competence]
specialties = []
[people]
women_in_post = { value = {}, unit = "odds ratio", spread = 0, source = "assumption", grade = "C" }
[people.choices]
women = { value = {}, unit = "odds ratio", spread = 0, source = "assumption", grade = "C" }
"""


def programmes_refused(folder: Path, header: str, row: str) -> str:
    """The message for a table of one programme."""
    return refused_with(folder, "programmes", header, row, also=NO_SPECIALTIES)


HEAD = "id,name,stage,group,grades,{}pattern,stream_after,years,source,grade"
ROW = "foundation,F,foundation,foundation,F1 F2,{}{},after-foundation,2,evidence/programmes.csv,A"


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("id,grade_s", "x,y", "unknown column 'grade_s'; nearest is 'grade"),
        ("id,years", "x,two", "programmes.csv: programmes[0].years: is 'two', should be a number"),
        ("id,name", "x,y,z", "as many cells as the header"),
        ("id,name,stage", "x,X,foundaton", "programmes.csv"),
        (HEAD.format("critical,"), ROW.format("F3,", "four"), "F3 is none of its grades"),
        (HEAD.format("gates,"), ROW.format("psa:F1:F1:entri,", "four"), "exam:first:last, perhaps with :entry"),
        (
            HEAD.format("gates,"),
            ROW.format("als:F1:F2:entry,", "four"),
            "als is a course: only an exam can be held on entry",
        ),
        (HEAD.format("gates,"), ROW.format("psb:F1:F2,", "four"), "'psb' is nowhere in this world; nearest is 'psa'"),
        (HEAD.format(""), ROW.format("", "fuor"), "programmes[0].pattern: unknown word 'fuor'; nearest is 'four'"),
        (
            HEAD.format("").replace("stream_after", "stream"),
            "gp,GP,gp,general-practice,ST1,six,after-foundation,1,evidence/programmes.csv,A",
            "has 0 of stage foundation",
        ),
    ],
)
def test_wrong_programmes(tmp_path: Path, header: str, row: str, says: str) -> None:
    assert says in programmes_refused(tmp_path, header, row)


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
    assert f"exams.csv: {message}" in refused_with(tmp_path, "exams", header, *lines)


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
    row = f"a,course,A,1 5,0.5,0.4,0.6,6,5,7,{spread},assumption,C"
    assert f"exams.csv: exams[0].spread: {message}" in refused_with(tmp_path, "exams", header, row)


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
    text = f"[shocks.exams]\n{text.replace('CLOSED', closed)}"
    assert message in refused(tmp_path, text, CONFIGS / "covid.toml")
