"""Worlds in which much happens and much is scarce, to plant faults in."""

import numpy as np

from pipeline_sim.rules.rulebook import Rulebook
from support.worlds.changed_tables import no_places
from support.worlds.toy_rulebook import changed, ints, threshold, thresholds, toy_rulebook


def scarce_world() -> Rulebook:
    """A world in which everything is scarce and much happens."""
    book = toy_rulebook(5, 2, 6)
    pull = np.zeros_like(book.redeployment.pull)
    pull[60:100] = threshold(0.05)
    return changed(
        book,
        panels={"capacity": np.full_like(book.panels.capacity, 2), "incomplete": book.panels.incomplete * 8},
        placements={"slots": np.full_like(book.placements.slots, 5)},
        redeployment={"pull": pull},
        life={"parental": thresholds([0.5] * 5), "transfer": threshold(0.5)},
        programmes={"standard": ints([1000] * 4), "allowance_days": ints([91] * 4)},
    )


def scarce_world_with_ample_panels() -> Rulebook:
    """The scarce world with panels that have room for everyone."""
    book = scarce_world()
    return changed(book, panels={"capacity": np.full_like(book.panels.capacity, 10_000)})


def late_evidence_world() -> Rulebook:
    """A world in which evidence is never complete at first, and much can happen until it is."""
    book = toy_rulebook(5, 1, 12)
    return changed(
        book,
        panels={"incomplete": np.full_like(book.panels.incomplete, threshold(1)), "resolve_days": 100},
        life={"parental": thresholds([0.5] * 5), "parental_days": ints([100] * 8)},
    )


def exams_lost() -> Rulebook:
    """Most fail an exam, no sitting is held from the second year on, and gates are derogated from day 427 on."""
    book = toy_rulebook(5, 2, 40)
    derogation = np.zeros_like(book.panels.derogation)
    derogation[427:] = 3
    few = changed(book, exams={"pass_first": book.exams.pass_first // 4}, panels={"derogation": derogation})
    return no_places(few, 12)
