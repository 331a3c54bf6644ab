"""How sure we are: every worth of a month stands once."""

import pandas as pd
import pytest
from support.example_answers import full

from pipeline_sim.report.sections.certainty import WORTHS, section, variance_sentences, worth_table

pytestmark = pytest.mark.unit


def test_every_worth_of_a_month_stands_once() -> None:
    heads = [row.head for row in worth_table(full()).rows]
    assert len(heads) == WORTHS
    assert len(heads) == len(set(heads))


def test_choices_that_tie_are_all_named() -> None:
    answer = full()
    base, one, other = answer.study.baseline, "mix", "second"
    curve = pd.DataFrame({base: [1.0, 0.2], one: [0.0, 0.4], other: [0.0, 0.4]}, index=[0.0, 9000.0])
    worlds = (*answer.study.worlds, answer.study.worlds[0].model_copy(update={"name": other, "label": "Second"}))
    study = answer.study.model_copy(update={"worlds": worlds})
    said = " ".join(section(answer._replace(study=study, acceptability_curve=curve)).paragraphs)
    assert "at that value “The mix” and “Second” tie as best most often, each in 40 %." in said


@pytest.mark.parametrize(("chance", "says"), [(9.0, "do not cause more"), (1.0, "cause more")])
def test_the_spread_of_a_single_mix_is_said_in_words(chance: float, says: str) -> None:
    parts = {"parameters_sd": 5.0, "luck_sd": chance, "parameters_share": 0.8, "share_low": 0.2, "share_high": 0.9}
    [said] = variance_sentences(full()._replace(variance_components=pd.DataFrame(parts, index=["mix"])))
    assert said.startswith(
        f"Uncertain parameters {says} of the spread of single replications than chance with the only"
    )
