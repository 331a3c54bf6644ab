"""Which draws are run twice: any number of replications is a valid design, and more can be added."""

from itertools import groupby

import numpy as np
import pytest

from pipeline_sim.study.replication.posterior_sample import van_der_corput
from pipeline_sim.study.replication.repeated_draws import draw_of, draws_of_replications


def test_one_draw_in_so_many_has_two_replications_side_by_side() -> None:
    assert draws_of_replications(11, 4).tolist() == [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8]
    assert draws_of_replications(6, 1).tolist() == [0, 0, 1, 1, 2, 2]
    assert draws_of_replications(4, 0).tolist() == [0, 1, 2, 3]
    assert not len(draws_of_replications(0, 4))


@pytest.mark.parametrize("every", [0, 1, 2, 3, 4, 7])
def test_more_replications_leave_those_before_as_they_are(every: int) -> None:
    whole = draws_of_replications(200, every)
    assert all((draws_of_replications(count, every) == whole[:count]).all() for count in range(0, 200, 7))
    assert set(np.diff(whole).tolist()) <= {0, 1}
    assert max(len(list(each)) for _, each in groupby(whole.tolist())) <= 2
    if every:
        assert all(draw_of((every + 1) * block, every) == every * block for block in range(20))


@pytest.mark.parametrize("every", [2, 4, 8])
def test_repeated_draws_are_spread_over_the_posterior_sample(every: int) -> None:
    """Were it always the last of a block, all would lie in the same part of the van der Corput sequence."""
    draws = draws_of_replications((every + 1) * 4 * every, every)
    twice = np.flatnonzero(np.bincount(draws) == 2)
    places = np.array([van_der_corput(int(draw)) for draw in twice])
    assert np.bincount((places * every).astype(int), minlength=every).tolist() == [4] * every
