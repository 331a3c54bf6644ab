"""Parity as a question: which seeds agree, on how many rows, and where two engines part."""

import pytest
from support.worlds.toy_rulebook import toy_rulebook

from pipeline_sim.records.event_log import EventLog, columns_digest
from pipeline_sim.records.log_difference import DifferenceKind
from pipeline_sim.study.diagnostics import engine_parity as room
from pipeline_sim.study.diagnostics.engine_parity import ROWS_BEFORE, Disagreement, compare_engines, log_of, parity

BOOK = toy_rulebook(2, 1, 1)
ROW = (5, 3, 1 << 23, 13, 1, 3, 2, 0, 1, 100, 30)


def engine(rows: int, wrong: int = -1, wrong_seed: int = -1):  # type: ignore[no-untyped-def]
    """Writes so many rows, one a day; one of them with another amount, for every seed or for one."""

    def run(rulebook: object, seed: int, replication: int, log: EventLog, progress: object = None) -> None:
        for day in range(rows):
            amount = 7 if day == wrong and wrong_seed in (-1, seed) else 30
            log.write(day, *ROW[1:-1], amount)
        if callable(progress):
            progress(rows, rows)

    return run


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The engines, to be replaced."""
    told: dict[str, object] = {}
    monkeypatch.setattr(room, "ENGINES", told)
    return told


def test_equal_rows_are_counted_and_summed(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20))
    found = parity(BOOK, range(3, 6))
    assert found.disagreement is None
    assert found.engines == ("one", "other")
    assert [(each.seed, each.rows) for each in found.agreed] == [(3, 20), (4, 20), (5, 20)]
    assert found.rows == 60
    assert {each.digest for each in found.agreed} == {columns_digest(log_of("one", BOOK, 3))}
    assert len(found.digest) == 64


def test_the_sum_of_all_depends_on_every_seed(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20))
    sums = {parity(BOOK, range(count)).digest for count in range(4)}
    assert len(sums) == 4


def test_it_stops_at_the_first_seed_that_differs(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20, wrong=15, wrong_seed=4))
    found = parity(BOOK, range(3, 6))
    assert [each.seed for each in found.agreed] == [3]
    assert found.disagreement is not None
    assert (found.disagreement.seed, found.disagreement.engines) == (4, ("one", "other"))
    assert found.disagreement.difference == (15, DifferenceKind.CHANGED, ("amount",), (20, 20))


def test_ten_rows_before_and_the_row_of_either(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20, wrong=15))
    found = compare_engines(BOOK, 1)
    assert isinstance(found, Disagreement)
    assert found.before["day"].tolist() == list(range(15 - ROWS_BEFORE, 15))
    assert [there["amount"].tolist() for there in found.there] == [[30], [7]]


@pytest.mark.parametrize(
    ("rows", "kind"), [((20, 19), DifferenceKind.ONLY_IN_ONE), ((0, 1), DifferenceKind.ONLY_IN_OTHER)]
)
def test_a_log_that_ends_sooner(engines: dict[str, object], rows: tuple[int, int], kind: DifferenceKind) -> None:
    engines.update(one=engine(rows[0]), other=engine(rows[1]))
    found = compare_engines(BOOK, 1)
    assert isinstance(found, Disagreement)
    assert (found.difference.row, found.difference.kind) == (min(rows), kind)
    assert sorted(len(there["day"]) for there in found.there) == [0, 1]


def test_every_further_engine_is_held_against_the_first(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20), third=engine(20, wrong=0))
    found = compare_engines(BOOK, 1)
    assert isinstance(found, Disagreement)
    assert found.engines == ("one", "third")
    assert len(found.before["day"]) == 0


def test_progress_goes_from_nothing_to_all(engines: dict[str, object]) -> None:
    engines.update(one=engine(20), other=engine(20))
    parts: list[float] = []
    parity(BOOK, range(4), parts.append)
    assert parts == [0.25, 0.5, 0.75, 1.0]


def test_one_engine_alone_agrees_with_itself(engines: dict[str, object]) -> None:
    engines.update(one=engine(3))
    assert parity(BOOK, [1]).disagreement is None
