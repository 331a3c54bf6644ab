"""Laws that every log of every world keeps, read row by row; and the checks that every run of ours makes."""

import numpy as np
from hypothesis import given
from support.log_laws import LIFE_LAWS, nobody_is_forgotten
from support.run_and_read import rows, run_log
from support.scarcity_laws import SCARCE_LAWS
from support.worlds.random_worlds import examples, worlds
from support.worlds.toy_rulebook import changed

from pipeline_sim.records.invariants import PostLimits, broken_invariants
from pipeline_sim.rules.rulebook import Rulebook


@examples(30)
@given(book=worlds())
def test_every_law_holds(book: Rulebook) -> None:
    log = run_log(book)
    read = rows(log)
    breaches = {law.__name__: law(book, read) for law in (*LIFE_LAWS, *SCARCE_LAWS)}
    assert not any(breaches.values()), {name: breach for name, breach in breaches.items() if breach}
    assert broken_invariants(log.columns(), PostLimits(book.calendar.year_of, book.posts.establishment)) == []


@examples(12)
@given(book=worlds())
def test_nobody_is_forgotten(book: Rulebook) -> None:
    """Where panels can hold everyone, every doctor at work is seen; ordinary lengths of leave and working time."""
    plain = changed(
        book,
        panels={
            "capacity": np.full_like(book.panels.capacity, 10_000),
            "lead_first": 28,
            "lead_spread": 56,
            "resolve_days": 21,
        },
        life={"wte_levels": np.array([50, 60, 80], np.int32), "sick_days": np.full(16, 30, np.int32)},
    )
    assert nobody_is_forgotten(plain, rows(run_log(plain))) == ""
