"""Learning is reckoned in four domains at once, which is exact as long as no product is too large."""

import numpy as np
import pytest
from toybook import changed, toybook

from pipeline_sim.engines import ENGINES
from pipeline_sim.engines.batch.flat import check_exact
from pipeline_sim.records.errors import RecordsError
from pipeline_sim.records.log import EventLog

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("field", ["opportunity_sum", "taken_sum"])
def test_a_world_in_which_too_much_can_be_learnt_is_refused(field: str) -> None:
    book = toybook(2)
    sums = np.asarray(getattr(book.competence, field)).copy()
    sums[..., -1] = (1 << 31) - 1
    with pytest.raises(RecordsError, match="less opportunity or pace"):
        ENGINES["batch"](changed(book, competence={field: sums}), 1, 0, EventLog())


def test_a_world_of_any_length_with_normal_opportunity_is_not() -> None:
    book = toybook(2)
    sums = np.asarray(book.competence.opportunity_sum).copy()
    sums[..., -1] = 40 * 366 * 1500  # forty years at one and a half times the normal opportunity
    check_exact(changed(book, competence={"opportunity_sum": sums}))
