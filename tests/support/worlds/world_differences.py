"""A world that was drawn, and that says in what it is not the plain toy world: what a failing test has shrunk to."""

from typing import Any

import numpy as np

from pipeline_sim.rules.rulebook import Rulebook
from support.worlds.toy_rulebook import toybook

SHORT = 12  # entries of a table that are written out


class DrawnWorld(Rulebook):
    """A Rulebook with a short description."""

    __slots__ = ()

    def __repr__(self) -> str:
        years, _, offices = self.posts.establishment.shape
        people = int(self.posts.establishment[0].max()) // 3
        plain = toybook(years, offices, people)
        told = [f"{room}.{field} = {brief(value)}" for room, field, value in differing(self, plain)]
        return "\n".join([f"toybook({years}, {offices}, {people}), but", *told])


def differing(book: Rulebook, plain: Rulebook) -> list[tuple[str, str, Any]]:
    """Room, field and value of all that two worlds do not share."""
    fields = ((room, field) for room in book._fields for field in getattr(book, room)._fields)
    found = [(room, field, *(getattr(getattr(one, room), field) for one in (book, plain))) for room, field in fields]
    return [(room, field, value) for room, field, value, other in found if not np.array_equal(value, other)]


def brief(value: Any) -> str:
    """A number, a table of one number, a short table, or what a long one spans."""
    table = np.asarray(value)
    if table.size == 0:
        return f"none of {list(table.shape)}"
    if (table == table.flat[0]).all():
        return str(table.flat[0])
    if table.size <= SHORT:
        return str(table.tolist())
    return f"{table.min()} to {table.max()} in {list(table.shape)}"
