"""How sure we are: every worth of a month stands once."""

import pandas as pd
import pytest
from support.example_answers import full

from pipeline_sim.report.sections.certainty import WORTHS, section, variance_sentences, worth_table


def test_every_worth_of_a_month_stands_once() -> None:
    heads = [row.head for row in worth_table(full()).rows]
    assert len(heads) == WORTHS
    assert len(heads) == len(set(heads))


def test_bands_of_probability_are_said_once() -> None:
    said = " ".join(section(full()).paragraphs)
    assert said.count("“very likely” is 90 to 100 %, “likely” is 66 to 90 %") == 1
    assert "not settled by these draws" in said


def test_a_month_is_not_counted_twice_unsaid() -> None:
    assert "beyond what the training budget saves" in " ".join(section(full()).paragraphs)


@pytest.mark.parametrize(("chance", "says"), [(9.0, "do not cause more"), (1.0, "cause more")])
def test_the_spread_of_a_single_mix_is_said_in_words(chance: float, says: str) -> None:
    parts = {"parameters_sd": 5.0, "chance_sd": chance, "parameters_share": 0.8, "share_low": 0.2, "share_high": 0.9}
    [said] = variance_sentences(full()._replace(variance_components=pd.DataFrame(parts, index=["mix"])))
    assert said.startswith(
        f"Uncertain parameters {says} of the spread of single replications than chance with the only"
    )
