"""The model report is what code and configuration say today, item by item of the checklist; the committed one too."""

import re
from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT

from pipeline_sim.cli.commands.describe import ENGLAND
from pipeline_sim.records.code_meanings import EVENTS, ORIGINS, PHASES, PURPOSES, STATES
from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.report.stress_des import implementation, read_source
from pipeline_sim.report.stress_des.document import model_report
from pipeline_sim.report.stress_des.subject import Subject, subject_of
from pipeline_sim.report.stress_des.table import Table
from pipeline_sim.rules.codes import Event, Origin, Phase, Purpose, State
from pipeline_sim.study.estimates.indicators import BY_YEAR, SPLIT
from pipeline_sim.world.reading.sources import figures, with_figures
from pipeline_sim.world.shocks.apply_shocks import SHOCKS

COMMITTED = ROOT / "docs" / "stress-des.md"
COMMAND = "pipeline-sim describe --format stress-des"
ITEMS = """
1.1 Purpose of the model
1.2 Model outputs
1.3 Experimentation aims
2.1 Base model overview diagram
2.2 Base model logic
2.3 Scenario logic
2.4 Algorithms
2.5 Components
2.5.1 Entities
2.5.2 Activities
2.5.3 Resources
2.5.4 Queues
2.5.5 Entry and exit points
3.1 Data sources
3.2 Pre-processing
3.3 Input parameters
3.4 Assumptions
4.1 Initialisation
4.2 Run length
4.3 Estimation approach
5.1 Software or programming language
5.2 Random sampling
5.3 Model execution
5.4 System specification
6.1 Computer model sharing statement
"""  # STRESS-DES 1.0: twenty items, 2.5 in five parts
COUNTS = sorted([*MEASURE_CATALOGUE, *SPLIT])


@cache
def england() -> Subject:
    study = ROOT / "experiments" / "recovery_25m" / "study.toml"
    return subject_of(tuple(ROOT / "configs" / each for each in ENGLAND), None, study)


@cache
def printed() -> str:
    return model_report(england(), COMMAND)


def drift(committed: str, now: str) -> str | None:
    """The first line that differs, and how to renew the page; none if they are equal."""
    both = zip_longest(committed.splitlines(), now.splitlines(), fillvalue="(no line)")
    for number, (old, new) in enumerate(both, start=1):
        if old != new:
            renew = f"to renew it: {COMMAND} > docs/stress-des.md"
            return f"docs/stress-des.md, line {number}:\n  committed: {old}\n  printed:   {new}\n{renew}"
    return None


@pytest.mark.baseline
def test_the_committed_report_is_what_the_program_prints() -> None:
    differs = drift(COMMITTED.read_text(encoding="utf-8"), printed())
    if differs:
        pytest.fail(differs, pytrace=False)


def test_a_line_that_drifted_is_named_with_the_command_that_renews_it() -> None:
    text = printed()
    said = drift(text.replace("| 4 | panel |", "| 4 | jury |"), text)
    line = text[: text.index("| 4 | panel |")].count("\n") + 1
    assert said is not None
    assert f"line {line}:" in said
    assert said.endswith("pipeline-sim describe --format stress-des > docs/stress-des.md")
    assert drift(text, text) is None
    assert "(no line)" in str(drift(text, text + "one more\n"))


def test_every_item_of_the_checklist_stands_there_once_and_says_something() -> None:
    found = re.findall(r"^###+ (\d[\d.]+ .+)\n\n(?=.)", printed(), re.MULTILINE)
    assert found == ITEMS.split("\n")[1:-1]
    assert re.findall(r"^## (\d)\.", printed(), re.MULTILINE) == list("123456")


def test_every_code_and_count_has_its_sentence() -> None:
    kinds = ((Event, EVENTS), (Phase, PHASES), (Purpose, PURPOSES), (State, STATES), (Origin, ORIGINS))
    assert [list(said) for _, said in kinds] == [list(kind) for kind, _ in kinds]
    assert list(MEASURE_CATALOGUE) == measure_names()
    assert len({each.description for each in MEASURE_CATALOGUE.values()}) > len(MEASURE_CATALOGUE) / 2


@pytest.mark.law
@settings(max_examples=25)
@given(numbers=st.lists(st.integers(1, 10**6), min_size=len(COUNTS), max_size=len(COUNTS)))
def test_formulas_as_written_are_those_as_done(numbers: list[int]) -> None:
    known = dict(zip(COUNTS, numbers, strict=True))
    counts = pd.DataFrame({name: [number] for name, number in known.items()})
    for each in BY_YEAR:
        written = eval(each.formula.text.replace(" x ", " * "), {}, known)
        assert each.formula.of(counts).item() == pytest.approx(written)


def test_every_figure_shock_intervention_and_world_is_in_it() -> None:
    subject, text = england(), printed()
    assert subject.study is not None
    assert subject.world.interventions is not None
    annex = text[text.index("## Annex") :]
    assert annex.count("\n| `") == len(list(figures(subject.world)))
    names = [*SHOCKS, *subject.worlds, *MEASURE_CATALOGUE]
    assert [name for name in names if f"`{name}`" not in text] == []
    assert [name for name in subject.world.interventions.entries if f"`{name}`: " not in text] == []
    assert subject.study.question in text


def test_a_changed_figure_changes_its_line_and_no_other() -> None:
    subject = england()
    moved = subject._replace(world=with_figures(subject.world, {"panels.resolve": 21.0}))
    before, after = (text.splitlines() for text in (printed(), model_report(moved, COMMAND)))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0].startswith("| `panels.resolve` | 21 |")


def test_a_world_without_shocks_money_and_study_says_so() -> None:
    text = model_report(subject_of((ROOT / "configs/tiny.toml",), None, None), "so")
    assert all(f"### {item}" in text for item in ITEMS.split("\n")[1:-1])
    assert "This world has none." in text
    assert "This world has no catalogue." in text
    assert "No study was named" in text
    assert "Printed by `so`" in text


def test_luck_is_drawn_where_the_table_says() -> None:
    assert [each for each in Purpose if not read_source.drawn_in(each)] == [Purpose.PATTERN]
    assert read_source.drawn_in(Purpose.EXAM) == ["engines/reference/exams"]


def test_nothing_that_was_read_is_missing_from_the_page() -> None:
    text = printed()
    assert "Undefined" not in text
    assert " None " not in text.replace("| None", "").replace("None is recorded", "")
    assert "\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.law
@given(cells=st.lists(st.text(), min_size=1, max_size=5))
def test_no_text_breaks_a_table(cells: list[str]) -> None:
    lines = str(Table(("head",) * len(cells), [tuple(cells)])).split("\n")
    assert len(lines) == 3
    assert {len(re.findall(r"(?<!\\)\|", line.replace("\\\\", ""))) for line in lines} == {len(cells) + 1}


@pytest.mark.parametrize("spoil", [lambda text: text[:-9], lambda text: "[]", lambda text: "{}"])
def test_a_file_that_bench_did_not_write_is_refused(
    spoil: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bench.json"
    file.write_text(spoil(implementation.BENCH.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(implementation, "BENCH", file)
    with pytest.raises(RecordsError, match=r"bench\.json: is not what `pipeline-sim bench --out` writes"):
        implementation.bench()
