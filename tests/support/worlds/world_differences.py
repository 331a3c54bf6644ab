"""Worlds drawn at random, described by how they differ from the toy world: what a failing example has shrunk to."""

from typing import Any

import numpy as np

from pipeline_sim.rules.rulebook import Rulebook
from support.worlds.toy_rulebook import toy_rulebook

SHORT = 12  # entries of a table that are written out


class DrawnWorld(Rulebook):
    """A Rulebook whose description lists its differences from the toy world."""

    __slots__ = ()

    def __repr__(self) -> str:
        years, _, offices = self.posts.establishment.shape
        people = int(self.posts.establishment[0].max()) // 3
        plain = toy_rulebook(years, offices, people)
        lines = [f"{room}.{field} = {brief_text(value)}" for room, field, value in different_fields(self, plain)]
        return "\n".join([f"toy_rulebook({years}, {offices}, {people}), but", *lines])


def different_fields(book: Rulebook, plain: Rulebook) -> list[tuple[str, str, Any]]:
    """Room, field and value of every table that differs between two worlds."""
    fields = ((room, field) for room in book._fields for field in getattr(book, room)._fields)
    found = [(room, field, *(getattr(getattr(one, room), field) for one in (book, plain))) for room, field in fields]
    return [(room, field, value) for room, field, value, other in found if not np.array_equal(value, other)]


def brief_text(value: Any) -> str:
    """A table in short: its one number, its numbers if few, or its range and shape."""
    table = np.asarray(value)
    if table.size == 0:
        return f"none of {list(table.shape)}"
    if (table == table.flat[0]).all():
        return str(table.flat[0])
    if table.size <= SHORT:
        return str(table.tolist())
    return f"{table.min()} to {table.max()} in {list(table.shape)}"
