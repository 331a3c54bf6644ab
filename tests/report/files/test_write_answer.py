"""The folder of a comparison: which files, and the numbers of the answer in them."""

import re
from functools import cache
from pathlib import Path

import matplotlib.figure
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from openpyxl import load_workbook
from support.example_answers import full

from pipeline_sim.records.files.tables_file import read_table_metadata
from pipeline_sim.records.provenance.issued_items import place_bytes
from pipeline_sim.report.figures import pictures
from pipeline_sim.report.figures.frame import PRINT_SIZE, Picture, blank_figure, figure_style, stamp, with_caption
from pipeline_sim.report.figures.mixes import mixes
from pipeline_sim.report.files.workbook import LEFT_OUT
from pipeline_sim.report.files.write_answer import KINDS, write_answer
from pipeline_sim.report.style import save_bytes
from pipeline_sim.report.text.headline import further, headline
from pipeline_sim.report.tidy_tables import tidy_tables

WORDS = {"brief.html", "datapackage.json", "finding.txt", "report.html", "tables.xlsx"}


def labelled() -> Picture:
    """A figure whose small print fills its last line."""
    drawn = with_caption(blank_figure(3.0), "This one.", "all of it " * 42)
    return Picture("small_print", "Which?", "This one.", "Nothing.", drawn)


@cache
def small() -> Picture:
    """A figure that is drawn in no time."""
    return Picture("mixes", "Which?", "This one.", "A dot.", matplotlib.figure.Figure((1, 1)))


def test_the_folder_holds_tables_figures_report_and_words(tmp_path: Path) -> None:
    write_answer(tmp_path, full(), {"identity": "abc"}, [small()])
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    tables = {f"{each.name}.{kind}" for each in tidy_tables(full()) for kind in ("csv", "parquet")}
    assert found == tables | {f"figures/mixes.{kind}" for kind in KINDS} | WORDS


def test_every_file_but_the_time_of_its_making_is_the_same_twice(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_answer(folder, full(), {"identity": "abc"}, [small()])
    for path in folders[0].rglob("*.*"):
        assert path.read_bytes() == (folders[1] / path.relative_to(folders[0])).read_bytes(), path.name


def test_every_figure_and_table_bears_its_identifier_wherever_it_is_shown(tmp_path: Path) -> None:
    issued = write_answer(tmp_path, full(), {"identity": "abc", "result": "k7m3q4d"}, [small(), labelled()])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    book = load_workbook(tmp_path / "tables.xlsx")
    kinds = {kind: [(text, item) for text, item in issued.items.items() if item.kind == kind] for kind in "FTD"}
    assert [item.name for _, item in kinds["F"]] == ["mixes", "small_print"]
    assert [item.name for _, item in kinds["T"]] == re.findall('<table id="([^"]+)"', page)
    assert [item.name for _, item in kinds["D"]] == [each.name for each in tidy_tables(full())]
    for text, item in kinds["F"]:
        svg, png = ((tmp_path / place).read_bytes().decode(errors="replace") for place in item.places)
        assert svg.count(text) == 2  # to be seen, and in what the file says of itself
        assert text in png
        assert f'<span class="identifier">{text}</span></figcaption>' in page
    for text, item in kinds["T"]:
        assert f'<span class="identifier">{text}</span></caption>' in place_bytes(tmp_path, item.places[0]).decode()
    for text, item in kinds["D"]:
        assert read_table_metadata(tmp_path / item.places[1]).identifier == text
        assert item.name in LEFT_OUT or f"Identifier: {text}." in book[item.name]["A2"].value
    assert f"pipeline-sim verify {kinds['F'][0][0]}" in page
    sums = [digest for entry in issued.entries(tmp_path).values() for _, digest in entry["places"]]
    assert len(set(sums)) == len(sums)


def test_a_stamp_lies_over_no_other_text() -> None:
    for each in [*pictures(full()), labelled()]:
        stamp(each.figure, "F10-k7m3-q4dt")
        canvas = FigureCanvasAgg(each.figure)
        with figure_style():
            canvas.draw()
        texts = [text for text in each.figure.findobj(Text) if text.get_text().strip()]
        boxes = {text.get_text(): text.get_window_extent() for text in texts}
        mine = boxes.pop("F10-k7m3-q4dt")
        notes = each.figure.get_supxlabel()
        boxes.pop(notes, None)
        last = each.figure.text(0.005, 0.01, notes.rpartition("\n")[2], fontsize=PRINT_SIZE).get_window_extent()
        assert mine.x1 <= each.figure.bbox.x1
        assert not last.overlaps(mine)
        assert [text for text, box in boxes.items() if box.overlaps(mine)] == []


def test_the_words_are_the_question_and_the_headline(tmp_path: Path) -> None:
    write_answer(tmp_path, full(), {}, [])
    said = (tmp_path / "finding.txt").read_text(encoding="utf-8")
    assert said == f"{full().study.question}\n\n{' '.join(headline(full()))}\n\n" + "\n\n".join(further(full())) + "\n"


def test_differences_in_the_file_are_those_of_the_answer(tmp_path: Path) -> None:
    write_answer(tmp_path, full(), {}, [])
    table = pd.read_csv(tmp_path / "comparison.csv").set_index(["world", "indicator"])
    for world in full().programmes:
        found = table.loc[(world, "extensions"), "difference_mean"]
        assert found == pytest.approx(full().difference(world, "extensions").mean, rel=1e-5)
    prices = pd.read_csv(tmp_path / "prices.csv").set_index(["world", "indicator"])["amount_mean"]
    assert prices[("mix", "spent_gbp")] + prices[("mix", "unspent_gbp")] == pytest.approx(25_000_000)


def test_every_picture_says_what_it_shows() -> None:
    drawn = pictures(full())
    assert len({each.name for each in drawn}) == len(drawn) >= 4
    for each in drawn:
        assert each.question.endswith("?")
        assert len(each.alt_text) > len(each.finding) > 20


def test_the_same_figure_gives_the_same_bytes() -> None:
    one, other = (mixes(full()) for _ in range(2))
    assert one is not None
    assert other is not None
    for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        assert save_bytes(one.figure, kind).startswith(start)
        assert save_bytes(one.figure, kind) == save_bytes(other.figure, kind)


def test_the_page_on_results_names_every_table_and_figure() -> None:
    said = (Path(__file__).parents[3] / "results" / "README.md").read_text(encoding="utf-8")
    names = [*(each.name for each in tidy_tables(full())), *(each.name for each in pictures(full()))]
    assert [name for name in names if f"`{name}`" not in said] == []
