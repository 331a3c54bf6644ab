"""Sections of the report: what is said beside the tables, where the reader would otherwise be misled."""

import pandas as pd
import pytest
from support.example_answers import Told, full, made

from pipeline_sim.report.page_model import runs_text
from pipeline_sim.report.sections import covid_harm, organisation, pairs, shares
from pipeline_sim.report.sections.method import reproduction_items
from pipeline_sim.report.sections.mix_ranking import composition_table, costs_table, section
from pipeline_sim.report.tidy_tables import tidy_tables
from pipeline_sim.study.comparison.study_file import draws_of
from pipeline_sim.study.estimates.intervals import Estimate


def test_a_share_whose_interval_includes_zero_is_marked() -> None:
    answer = full()
    assert not any(cell.mark for row in covid_harm.undone_table(answer).rows for cell in row.cells[:3])
    wide = answer.harm.assign(share_low=-0.1, share_high=0.4)
    rows = covid_harm.undone_table(answer._replace(harm=wide)).rows
    assert {cell.mark for cell in rows[0].cells[:2]} == {"no clear difference"}


def test_the_backlog_says_which_count_of_it_is_shown() -> None:
    assert "what is left at the end" in covid_harm.years_table(full(), "hidden_backlog").note
    assert "what is left at the end" not in covid_harm.years_table(full(), "extensions").note


def test_sums_and_last_years_stand_apart() -> None:
    assert "doctors in training" in organisation.differences_table(full()).note


def test_a_mix_that_pays_for_what_is_given_anyway_is_explained_at_its_price() -> None:
    assert "“Just pay” pays for extensions that are given anyway" in costs_table(full()).note


def test_the_best_is_told_with_its_probability_and_expected_loss() -> None:
    answer = made({"A": Told(Estimate(300.0, 200.0, 400.0)), "B": Told(Estimate(100.0, 50.0, 150.0))})
    found = pairs.section(answer)
    assert found.paragraphs[0].startswith("That “A” gains most is not settled by these draws (50 %, ")
    assert "For “A” it is 10 extensions." in found.paragraphs[1]
    row = found.tables[0].rows[0]
    assert (row.cells[0].text, row.cells[2].text, row.cells[3].text) == ("50 %", "B", "none")


def test_edited_files_are_named_beside_the_command() -> None:
    edited = ["configs/covid.toml differs from the file that ships: line 121 changed"]
    assert ("Files edited since they shipped", edited[0]) in reproduction_items({"edited": edited})
    assert reproduction_items({"command": "pipeline-sim compare"}) == [("Command", "pipeline-sim compare")]


def test_few_draws_are_said_to_be_few() -> None:
    answer = full()
    study = answer.study.model_copy(update={"parameters": "sampled", "repeat_every": 1})
    few, more = (answer._replace(study=study, replications=n, sampling=draws_of(study, n)) for n in (8, 10))
    assert "(4 draws of the uncertain parameters, which is few" in runs_text(few)
    assert "few" not in runs_text(more)


@pytest.mark.parametrize(("made_of", "fewer"), [(3, True), (8, False)])
def test_fewer_replications_of_the_attribution_are_named(made_of: int, fewer: bool) -> None:
    answer = full()
    assert answer.study.attribution is not None
    attribution = answer.study.attribution.model_copy(update={"replications": made_of})
    study = answer.study.model_copy(update={"attribution": attribution})
    said = " ".join(shares.section(answer._replace(study=study, replications=8)).paragraphs)
    assert ("Only the first 3 replications" in said) == fewer
    assert "with the largest effect is" not in said


def test_the_waiting_list_begins_with_its_first_modelled_month() -> None:
    frame: pd.DataFrame = next(each for each in tidy_tables(full()) if each.name == "waiting_list").frame
    assert frame["month"].min() >= "2020-03"
    assert "added and lost up to then" in frame["unit"].iloc[0]


def test_what_a_mix_is_made_of_stands_beside_what_it_gains_the_largest_part_first() -> None:
    answer = full()
    spending = answer.spending.copy()
    is_led = spending.index.get_level_values("intervention") == "locally-employed-doctors"
    spending.loc[is_led, "spent_gbp"] *= 3
    made_of = composition_table(answer._replace(spending=spending)).rows[0].cells[1].text
    assert made_of.startswith("Locally employed doctors who free trainees")
    assert made_of.endswith("75 %; Simulation and immersive technology 25 %")
    assert [table.name for table in section(answer).tables][:2] == ["ranking-composition", "ranking-gains"]
