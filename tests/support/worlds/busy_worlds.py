"""Worlds in which much goes on and much is scarce, for planting bugs in."""

import numpy as np

from pipeline_sim.rules.rulebook import Rulebook
from support.worlds.toy_rulebook import changed, ints, share, toybook


def busy() -> Rulebook:
    """A world in which everything is scarce and much goes on."""
    book = toybook(5, 2, 6)
    pull = np.zeros_like(book.redeployment.pull)
    pull[60:100] = share(0.05)
    return changed(
        book,
        panels={"capacity": np.full_like(book.panels.capacity, 2), "incomplete": book.panels.incomplete * 8},
        placements={"slots": np.full_like(book.placements.slots, 5)},
        redeployment={"pull": pull},
        life={"parental": share(0.5), "transfer": share(0.5)},
        programmes={"standard": ints([1000] * 4), "allowance_days": ints([91] * 4)},
    )


def roomy() -> Rulebook:
    """The same with panels that hold everyone."""
    book = busy()
    return changed(book, panels={"capacity": np.full_like(book.panels.capacity, 10_000)})


def undecided() -> Rulebook:
    """Evidence is never complete at first, and much can happen until it is."""
    book = toybook(5, 1, 12)
    return changed(
        book,
        panels={"incomplete": np.full_like(book.panels.incomplete, share(1)), "resolve_days": 100},
        life={"parental": share(0.5), "parental_days": ints([100] * 8)},
    )
