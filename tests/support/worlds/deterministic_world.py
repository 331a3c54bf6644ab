"""A world without chance, whose events can be worked out by hand.

F1 doctors alone, who start on the first day, learn at normal pace, are always supervised and are reviewed in time.
"""

from typing import Any

import numpy as np

from pipeline_sim.rules import rulebook as rb
from support.worlds.toy_rulebook import changed, for_all_people, ints, thresholds, toy_rulebook

CORE, GP = 1, 2  # programmes; 0 is foundation


def deterministic_world(years: int = 3, people: int = 1, offices: int = 1, **rooms: dict[str, Any]) -> rb.Rulebook:
    """A Rulebook in which `people` F1 doctors an office start on day 0; `rooms` as in `toy_rulebook`."""
    book = toy_rulebook(years, offices, 1)
    posts, life = book.posts, book.life
    first_cohort = np.zeros_like(posts.graduates)
    first_cohort[0, 0] = people
    still = changed(
        book,
        posts={
            "stock": posts.stock * 0,
            "graduates": first_cohort,
            "external": posts.external * 0,
            "returners": posts.returners * 0,
            "establishment": np.full_like(posts.establishment, 10_000),
        },
        recruitment={"after_f2": thresholds([[0, 0, 0, 0, 1]] * years), "after_core": thresholds([0, 0])},
        placements={"slots": np.full_like(book.placements.slots, 10_000)},
        competence={"pace": ints(for_all_people([1000] * 1024)), "post_pace": ints([1000] * 1024)},
        exams={"gate": np.full_like(book.exams.gate, -1)},
        panels={"incomplete": book.panels.incomplete * 0},
        life={
            "ltft": life.ltft * 0,
            "parental": life.parental * 0,
            "sick": life.sick * 0,
            "oop": life.oop * 0,
            "transfer": 0,
            "resign": life.resign * 0,
            "grace": life.grace * 0,
        },
    )
    return changed(still, **rooms)


def with_initial_stock(programme: int, people: int, book: rb.Rulebook) -> rb.Rulebook:
    """The world with doctors who begin the first grade of a programme on day 0, instead of F1 doctors."""
    stock = book.posts.stock * 0
    stock[programme, 0] = people
    return changed(book, posts={"stock": stock, "graduates": book.posts.graduates * 0})


def constant_opportunity(book: rb.Rulebook, per_mille: int) -> np.ndarray:
    """Prefix sums of an opportunity that is the same on every day, in thousandths."""
    shape = book.competence.opportunity_sum.shape
    return ints(np.broadcast_to(np.arange(shape[-1]) * per_mille, shape))
