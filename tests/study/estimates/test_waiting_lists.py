"""The month of which the waiting list is told is one in which a mix moves it, not a world of other shocks."""

import pandas as pd

from pipeline_sim.study.estimates.intervals import Estimate
from pipeline_sim.study.estimates.waiting_lists import COLUMNS, EVERYONE, change_of, widest_month

CHANGES = {"none": (0, 0, 0), "mix": (0, -5, 2), "other_shocks": (900, 0, 0), "idle": (0, 0, 0)}


def waiting() -> pd.DataFrame:
    keys = [(world, EVERYONE, f"2023-0{at + 1}") for world in CHANGES for at in range(3)]
    means = [float(each) for months in CHANGES.values() for each in months]
    index = pd.MultiIndex.from_tuples(keys, names=["world", "group", "month"])
    return pd.DataFrame(dict.fromkeys(COLUMNS, means), index=index)


def test_the_month_is_that_in_which_a_mix_differs_most() -> None:
    assert widest_month(waiting(), ("mix", "idle")) == "2023-02"
    assert widest_month(waiting(), ("idle",)) == "2023-03"


def test_a_change_is_that_of_a_world_and_month() -> None:
    assert change_of(waiting(), "mix", "2023-02") == Estimate(-5.0, -5.0, -5.0, -5.0)
