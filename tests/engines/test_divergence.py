"""From which day on two worlds may part."""

import copy

import numpy as np
import pytest
from support.worlds.changed_tables import CHANGES
from support.worlds.toy_rulebook import YEAR, changed, ints, toy_rulebook

from pipeline_sim.engines.batch.divergence import first_day_of_divergence
from pipeline_sim.rules.rulebook import Rulebook

DAYS = 4 * YEAR


def parts(what: str, entry: int) -> int:
    return first_day_of_divergence(toy_rulebook(), CHANGES[what](toy_rulebook(), entry))


def test_a_world_never_parts_from_its_copy() -> None:
    assert first_day_of_divergence(toy_rulebook(), copy.deepcopy(toy_rulebook())) == DAYS


@pytest.mark.parametrize(
    ("what", "entry", "day"),
    [
        ("opportunity", 500, 501),  # what day 500 offers is earned by the morning of day 501
        ("derogation", 500, 500),
        ("sittings", 400, 0),  # which sitting comes next is asked long before
        (
            "no places",
            30,
            756,
        ),  # a panel asks about sittings before the end of a grade that it decides
        ("capacity", 30, 210),
        ("slots", 30, 840),
        ("sickness", 30, 728),  # month 30 lies in the year that is planned on day 728
        ("graduates", 2, 728),
        ("choice", 2, 598),  # offers for year 2 are made from 130 days before it
        ("posts", 2, 598),
        ("external", 2, 598),
        ("priority", 5, 628),  # on the day of the offers of round 5
        ("after F2", 2, 364),
        ("seats", 30, 840),
        ("postponement", DAYS - 1, 0),  # due five years after it is set
    ],
)
def test_when_an_entry_is_first_looked_at(what: str, entry: int, day: int) -> None:
    assert parts(what, entry) == day


def test_what_has_no_time_axis_counts_from_the_first_day() -> None:
    assert first_day_of_divergence(toy_rulebook(), changed(toy_rulebook(), panels={"resolve_days": 20})) == 0
    assert (
        first_day_of_divergence(
            toy_rulebook(), changed(toy_rulebook(), calendar={"count_day": ints([9, 999, 1300, 1400])})
        )
        == 0
    )


def test_tables_of_another_shape_count_from_the_first_day() -> None:
    assert first_day_of_divergence(toy_rulebook(), toy_rulebook(offices=3)) == 0
    assert first_day_of_divergence(toy_rulebook(4), toy_rulebook(5)) == 0


def test_a_kind_of_seat_without_places_is_no_difference() -> None:
    book = CHANGES["seats"](toy_rulebook(), 20)
    none = CHANGES["seats"](book, 52)
    assert first_day_of_divergence(book, none) == DAYS
    assert first_day_of_divergence(toy_rulebook(), CHANGES["seats"](toy_rulebook(), 52)) == DAYS


def test_a_kind_of_seat_is_known_by_its_index() -> None:
    """The same places under another index have other luck."""
    first, second = CHANGES["seats"](toy_rulebook(), 20), CHANGES["seats"](CHANGES["seats"](toy_rulebook(), 52), 20)
    assert first_day_of_divergence(first, second) == 20 * 28


def test_a_postponement_of_no_days_is_none() -> None:
    book = changed(toy_rulebook(), revalidation={"postponed_from": 100, "postponed_to": 200})
    assert first_day_of_divergence(toy_rulebook(), book) == DAYS


def test_a_postponement_is_met_by_what_is_set_an_interval_before() -> None:
    def postponed(begins: int) -> Rulebook:
        window = {"postponed_from": begins, "postponed_to": begins + 9, "postponed_days": 5}
        return changed(toy_rulebook(), revalidation={"interval_days": 400, **window})

    assert first_day_of_divergence(postponed(700), postponed(900)) == 300
    never = changed(postponed(700), revalidation={"postponed_to": np.iinfo(np.int32).max})
    assert first_day_of_divergence(postponed(700), never) == 0
