"""Whatever a label is, pages and figures are well-formed and no cell is a formula."""

import csv
import re
import tempfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.example_answers import full, renamed

from pipeline_sim.records.files.harmless_text import CONTROL, FORMULA, harmless, harmless_cell
from pipeline_sim.report.figures.mixes import mixes
from pipeline_sim.report.files.write_answer import write_answer

LETTERS = st.one_of(
    st.characters(codec="utf-8"), st.sampled_from("\0\x1b\x85\u202e\uffff\ufffe<>&\"'=+-@$_^%{}\t\r\n\\")
)
LABELS = st.text(LETTERS, min_size=1, max_size=60)
TAGS = re.compile(r"</?[a-z]\w*")


def written(label: str, folder: Path) -> list[str]:
    """Write an answer with a label; the tags of its pages."""
    answer = renamed(full(), mix=label)
    write_answer(folder, answer, {"identity": "abc"}, [picture for picture in [mixes(answer)] if picture])
    return TAGS.findall("".join((folder / name).read_text() for name in ("report.html", "brief.html")))


@cache
def usual_tags() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return written("Plain", Path(folder))


@pytest.mark.slow
@settings(max_examples=5, deadline=None, phases=[Phase.generate])  # an answer is too long to shrink its label
@given(LABELS)
def test_whatever_the_label_files_are_well_formed(label: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        assert written(label, folder) == usual_tags()
        for path in folder.rglob("*.*"):
            if path.suffix in (".html", ".svg", ".csv", ".txt", ".json"):
                assert not CONTROL.search(path.read_bytes().decode()), path.name
            if path.suffix == ".svg":
                ElementTree.parse(path)
            if path.suffix == ".csv":
                assert not [cell for cell in cells(path) if cell.startswith(FORMULA) and not is_number(cell)]


def cells(path: Path) -> list[str]:
    with path.open(newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@settings(max_examples=500)
@given(st.text(LETTERS | st.characters()))
def test_harmless_text_has_neither_commands_nor_formulas(text: str) -> None:
    assert not CONTROL.search(harmless(text))
    assert not str(harmless_cell(text)).startswith(FORMULA)
    assert harmless(harmless(text)) == harmless(text)
    harmless(text).encode()
