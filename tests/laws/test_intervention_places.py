"""Laws of places on interventions, in both engines."""

import numpy as np
import pytest
from hypothesis import given
from support.fault_planting import plant
from support.intervention_place_laws import (
    adds_only_its_own_rows,
    finding_changes_nothing_that_was_known,
    gaps_close_by_no_more_than_the_time,
    gaps_found_once,
    no_place_gives_more_than_its_time,
    twice_the_places_are_no_fewer_given,
    with_exact_readings,
    with_kind,
)
from support.run_and_read import Row, rows, rows_of, run_log
from support.worlds.deterministic_world import constant_opportunity, deterministic_world
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed, ints, toy_rulebook

from pipeline_sim.engines.reference import intervention_places
from pipeline_sim.rules.codes import ANY_EXAM, CERTAIN, FURTHEST_BEHIND, Event, Purpose
from pipeline_sim.rules.intervention_places import reading_error
from pipeline_sim.rules.random_numbers import draw
from pipeline_sim.rules.rulebook import Rulebook

FEW = examples(12)
BOTH = pytest.mark.parametrize("engine", ["reference", "batch"])
ELECTIVE, KNOWLEDGE = 0, 3
WORLDS = worlds(most_years=3)


@BOTH
@FEW
@given(book=WORLDS)
def test_a_placebo_moves_no_row_but_its_own(engine: str, book: Rulebook) -> None:
    assert adds_only_its_own_rows(book, engine) == ""


@BOTH
@FEW
@given(book=WORLDS)
def test_finding_what_is_known_moves_no_row_but_its_own(engine: str, book: Rulebook) -> None:
    assert finding_changes_nothing_that_was_known(book, engine) == ""


@BOTH
@FEW
@given(book=WORLDS)
def test_twice_the_places_are_no_fewer_given(engine: str, book: Rulebook) -> None:
    assert twice_the_places_are_no_fewer_given(book, engine) == ""


@BOTH
@FEW
@given(book=WORLDS)
def test_a_gap_is_found_once(engine: str, book: Rulebook) -> None:
    fuller = with_kind(book, 3, finds=1)
    assert gaps_found_once(rows(run_log(fuller, engine=engine)), fuller.seats.finds) == ""


@BOTH
@FEW
@given(book=WORLDS)
def test_no_place_gives_more_than_its_time_allows(engine: str, book: Rulebook) -> None:
    fuller = with_kind(book, 3, dose=9600, time=750)
    assert no_place_gives_more_than_its_time(rows(run_log(fuller, engine=engine)), fuller.seats.time) == ""


@BOTH
def test_no_gap_closes_by_more_than_the_time(engine: str) -> None:
    assert gaps_close_by_no_more_than_the_time(behind(), engine, dose=9600, time=750) == ""


@BOTH
def test_days_away_cost_what_the_post_would_have_taught(engine: str) -> None:
    """Two days a month where it lacks most, and one day lost in post, over all domains: the gap is less by one."""
    home, away = with_kind(behind(), 0), with_kind(behind(), 40, dose=2000, displaced=1000)
    gaps = [
        next(row.amount for row in rows_of(rows(run_log(one, engine=engine)), Event.CENSUS)) for one in (home, away)
    ]
    months = len({row.day for row in seated(away, engine) if row.day < 364 and row.from_code == 1})
    assert gaps[0] - gaps[1] in (months - 1, months, months + 1)


@BOTH
def test_nobody_is_sent_who_would_learn_no_more_than_is_missed(engine: str) -> None:
    assert not seated(behind(dose=1000, displaced=1000), engine)
    assert seated(behind(dose=1001, displaced=1000), engine)


def sitting_world(**kind: int) -> Rulebook:
    """Doctors who must hold an exam, with places for those who have not."""
    return with_kind(toy_rulebook(3, 2, 6), 40, **{"domain": -1, "least_gap": 1 << 30, "gate": ANY_EXAM, **kind})


@BOTH
def test_support_makes_the_next_attempt_pass(engine: str) -> None:
    """With support worth certainty nobody supported fails the next attempt; without, some do."""
    log_rows = rows(run_log(sitting_world(raises=CERTAIN), engine=engine))
    plain = rows(run_log(sitting_world(), engine=engine))
    supported = {row.trainee: row.day for row in reversed(rows_of(log_rows, Event.SEATED))}
    assert supported
    results = [row for row in log_rows if row.event in (Event.EXAM_PASSED, Event.EXAM_FAILED)]
    following = {row.trainee: row for row in reversed(results) if row.day > supported.get(row.trainee, 1 << 30) + 60}
    assert {row.event for row in following.values()} == {Event.EXAM_PASSED}
    assert len(rows_of(log_rows, Event.EXAM_FAILED)) < len(rows_of(plain, Event.EXAM_FAILED))


@BOTH
def test_an_extra_sitting_brings_the_same_result_forward(engine: str) -> None:
    """The random numbers of an attempt do not depend on its day: who sits sooner has the result sooner."""
    sooner, plain = (rows(run_log(sitting_world(sits=sits), engine=engine)) for sits in (1, 0))
    first = [
        {(row.trainee, row.from_code): row for row in reversed(log_rows) if row.event == Event.EXAM_PASSED}
        for log_rows in (sooner, plain)
    ]
    both = first[0].keys() & first[1].keys()
    assert sum(first[0][key].day - first[1][key].day for key in both) < 0


def behind(error: int = 0, **kind: int) -> Rulebook:
    """Forty F1 doctors, all of them ever further behind, and most of all in knowledge; two places a month."""
    book = deterministic_world(
        2, 40, programmes={"standard": ints([1000] * 4), "weight": ints([[200, 200, 200, 400]] * 4)}
    )
    book = changed(
        book, competence={"opportunity_sum": ints(constant_opportunity(book, 700))}, seats={"reading_error": error}
    )
    return with_kind(book, 2, **kind)


def seated(book: Rulebook, engine: str) -> list[Row]:
    return rows_of(rows(run_log(book, engine=engine)), Event.SEATED)


@BOTH
def test_a_conversation_finds_the_largest_gap_to_a_thousandth(engine: str) -> None:
    """After 28 days at seven tenths of what is asked, a weight of 400: 28 x 0.3 x 0.4 days, whatever was read."""
    first = seated(behind(50_000, finds=1), engine)[:2]
    second_month = [row.amount for row in seated(behind(50_000, finds=1), engine) if row.day == 28]
    assert [row.to_code for row in first] == [1, 1]
    assert second_month == [3360, 3360]


@BOTH
def test_equal_gaps_read_as_they_are_fall_to_the_lower_numbers(engine: str) -> None:
    assert [row.trainee for row in seated(behind(0, finds=1), engine)] == sorted(
        row.trainee for row in seated(behind(0, finds=1), engine)
    )


@BOTH
def test_equal_gaps_misread_do_not(engine: str) -> None:
    numbers = [row.trainee for row in seated(behind(50_000, finds=1), engine)]
    assert numbers != sorted(numbers)


@BOTH
def test_the_first_places_go_by_the_reading(engine: str) -> None:
    """On the first day nobody is behind, so the two who are read as furthest behind are the most misread."""
    book = behind(50_000, finds=1)
    first = [row.trainee for row in seated(book, engine) if row.day == 0]
    everyone = {row.trainee for row in rows_of(rows(run_log(book, engine=engine)), Event.STARTED)}

    def misread_by(trainee: int) -> int:
        return max(reading_error(word, 50_000) for word in draw(1, 0, trainee, int(Purpose.READING), 0))

    assert sorted(first) == sorted(sorted(everyone, key=lambda who: (-misread_by(who), who))[:2])


@BOTH
def test_a_place_for_the_largest_gap_goes_to_the_domain_furthest_behind(engine: str) -> None:
    """Behind in knowledge alone, by 0.3 x 0.25 x 363 days at the census: twelve days there are felt, elsewhere not."""
    book = deterministic_world(2, 1, programmes={"standard": ints([1000] * 4)})
    offered = constant_opportunity(book, 1000).copy()
    offered[KNOWLEDGE] = constant_opportunity(book, 700)[KNOWLEDGE]
    book = changed(book, competence={"opportunity_sum": offered})
    carried = {}
    for domain in (ELECTIVE, KNOWLEDGE, FURTHEST_BEHIND):
        given = with_kind(book, 1, dose=1000, domain=domain)
        given.seats.seats[:, 0] = 0  # on the first day nobody is behind in anything
        told_rows = rows(run_log(given, engine=engine))
        carried[domain] = rows_of(told_rows, Event.CENSUS)[0].amount
    assert carried == {ELECTIVE: 27, KNOWLEDGE: 15, FURTHEST_BEHIND: 15}


@BOTH
def test_a_domain_that_the_programme_does_not_ask_for_is_never_the_one_furthest_behind(engine: str) -> None:
    """Far off in all domains, an office still sends a doctor to the only one that counts."""
    book = deterministic_world(2, 1, programmes={"weight": ints([[0, 0, 0, 1000]] * 4), "standard": ints([1000] * 4)})
    book = changed(
        book, competence={"opportunity_sum": constant_opportunity(book, 900)}, seats={"reading_error": 400_000}
    )
    behind_by = [
        rows_of(rows(run_log(with_kind(book, 1, dose=1000, domain=domain), engine=engine)), Event.CENSUS)[0].amount
        for domain in (KNOWLEDGE, FURTHEST_BEHIND, ELECTIVE)
    ]
    assert behind_by == [23, 23, 36]


@BOTH
def test_nobody_is_given_a_place_who_is_not_read_as_behind_by_enough(engine: str) -> None:
    def given(error: int, least_gap: int) -> int:
        return len(seated(behind(error, least_gap=least_gap, dose=1000), engine))

    assert given(0, 20_000) > given(0, 40_000) > given(0, 200_000) == 0
    assert given(300_000, 200_000) > 0
    assert given(300_000, 1_000_000) == 0


def test_the_laws_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each law breaks on a bug that it is there for."""
    book = toy_rulebook(3, 2, 6, programmes={"standard": ints([1000] * 4)})
    busy = with_kind(changed(book, seats={"reading_error": 20_000}), 2, dose=9000)
    desk = intervention_places.PlaceDesk
    with monkeypatch.context() as patch:
        plant(
            patch, intervention_places.PlaceDesk, "give_place", "doctor.found = 1", "doctor.found, doctor.wte = 1, 50"
        )
        assert finding_changes_nothing_that_was_known(busy, "reference") != ""
    with monkeypatch.context() as patch:
        plant(patch, desk, "give_place", "self.dose(doctor, kind)", "50")
        assert adds_only_its_own_rows(busy, "reference") != ""
    with monkeypatch.context() as patch:
        plant(patch, desk, "dose", "taught(self.book.dose.item(kind, year), self.book.time.item(kind))", "9600")
        given = with_kind(book, 3, dose=9600, time=750)
        assert no_place_gives_more_than_its_time(rows(run_log(given)), given.seats.time) != ""
        assert gaps_close_by_no_more_than_the_time(behind(), "reference", dose=9600, time=750) != ""
    with monkeypatch.context() as patch:
        plant(patch, desk, "give_kind", "[:seats]", "[: seats % 2 * seats]")
        odd = changed(busy, seats={"seats": np.full_like(busy.seats.seats, 3)})
        assert twice_the_places_are_no_fewer_given(odd, "reference") != ""
    with monkeypatch.context() as patch:
        plant(patch, desk, "is_eligible", "and doctor.found", "and False")
        found = with_kind(book, 3, finds=1)
        assert gaps_found_once(rows(run_log(found)), found.seats.finds) != ""


def test_without_the_bug_a_conversation_matters_where_gaps_are_misread() -> None:
    """The law that finding changes nothing where all is known would hold of an engine that never looked."""
    book = toy_rulebook(3, 2, 6, programmes={"standard": ints([1000] * 4)}, seats={"reading_error": 100_000})
    busy = with_kind(book, 2, dose=9000)
    assert finding_changes_nothing_that_was_known(busy, "reference") == ""
    assert adds_only_its_own_rows(busy, "reference", finds=1) != ""
    assert with_exact_readings(busy).seats.reading_error == 0
