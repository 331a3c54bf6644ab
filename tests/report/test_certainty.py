"""How sure we are: every worth of a month stands once."""

import pytest
from support.example_answers import full

from pipeline_sim.report.sections.certainty import WORTHS, worth_table

pytestmark = pytest.mark.unit


def test_every_worth_of_a_month_stands_once() -> None:
    heads = [row.head for row in worth_table(full()).rows]
    assert len(heads) == WORTHS
    assert len(heads) == len(set(heads))
