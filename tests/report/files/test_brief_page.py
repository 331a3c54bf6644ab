"""The brief holds the answer, the leading choices, the record and its limits, with date, version and contact."""

import matplotlib.figure
from support.example_answers import full

from pipeline_sim import __version__
from pipeline_sim.report.figures.frame import Picture
from pipeline_sim.report.files.brief_page import brief, choices_table
from pipeline_sim.report.page_model import chance_cell, cost_cell
from pipeline_sim.report.sections.method import record_sentence
from pipeline_sim.report.text.headline import bands_sentence, chance_of, headline
from pipeline_sim.study.comparison.answer import GAIN, PAYS

DRAWN = [
    (Picture(name, "Which?", "This.", "A dot.", matplotlib.figure.Figure((1, 1))), b"") for name in ("mixes", "flow")
]


def test_the_brief_says_all_that_a_minister_needs() -> None:
    text = brief(full(), DRAWN, {"created": "2026-11-29T20:00:00"})
    assert all(sentence in text for sentence in (*headline(full()), record_sentence(), bands_sentence()))
    for part in (f"pipeline_sim {__version__}, 2026-11-29", "Contact:", "every effect is an assumption", "report.html"):
        assert part in text
    assert text.count("<img") == 1
    assert "<script" not in text


def test_the_choices_are_the_mixes_that_gain_most() -> None:
    rows = choices_table(full()).rows
    assert [row.head for row in rows] == ["The mix", "Just pay"]
    assert rows[0].cells[-1].mark == "not settled by these draws"
    price = full().prices["mix"]
    assert rows[0].cells[3] == cost_cell(price.net_budget_gbp) != cost_cell(price.net_system_gbp)
    assert rows[0].cells[4:] == tuple(chance_cell(chance_of(full(), "mix", event)) for event in (GAIN, PAYS))
    assert rows[0].cells[4] != rows[0].cells[5]


def test_the_record_is_that_of_the_page_on_validation() -> None:
    assert record_sentence().startswith("Of the published figures that it was compared with, the model meets ")
    assert "(held out for testing)" in record_sentence()
