"""A world in which nothing happens by chance, so that what happens can be worked out by hand.

Only F1 doctors who start on the first day, everyone of normal pace, always supervised, on track and decided in time.
"""

from typing import Any

import numpy as np

from pipeline_sim.rules import rulebook as rb
from support.worlds.toy_rulebook import changed, ints, thresholds, toybook

F1, CORE, GP = 0, 1, 2


def quiet(years: int = 3, people: int = 1, offices: int = 1, **rooms: dict[str, Any]) -> rb.Rulebook:
    """`people` F1 doctors an office start on day 0; `rooms` replaces fields as in `toybook`."""
    book = toybook(years, offices, 1)
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
        competence={"pace": ints([1000] * 1024), "post_pace": ints([1000] * 1024)},
        exams={"gate": np.full_like(book.exams.gate, -1)},
        panels={"incomplete": book.panels.incomplete * 0},
        life={
            "ltft": life.ltft * 0,
            "parental": 0,
            "sick": life.sick * 0,
            "oop": life.oop * 0,
            "transfer": 0,
            "resign": life.resign * 0,
            "grace": life.grace * 0,
        },
    )
    return changed(still, **rooms)


def stock_of(programme: int, people: int, book: rb.Rulebook) -> rb.Rulebook:
    """The same world with doctors who begin the first grade of a programme on day 0, instead of F1 doctors."""
    stock = book.posts.stock * 0
    stock[programme, 0] = people
    return changed(book, posts={"stock": stock, "graduates": book.posts.graduates * 0})


def constant(book: rb.Rulebook, per_mille: int) -> np.ndarray:
    """Prefix sums of an opportunity that is the same on every day."""
    shape = book.competence.opportunity_sum.shape
    return ints(np.broadcast_to(np.arange(shape[-1]) * per_mille, shape))
