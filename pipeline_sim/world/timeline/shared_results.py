"""Results that the worlds of a replication share, because what they are made of is the same object."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class SharedResults:
    """Results by name and by the identity of their inputs; nothing that is kept may be written to afterwards."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[Any, tuple[object, ...]]] = {}

    def get(self, make: Callable[[], T], name: str, *inputs: object) -> T:
        """Result of `make`, which is called once for inputs that are the same objects."""
        key = (name, *map(id, inputs))
        if key not in self._known:
            self._known[key] = make(), inputs  # inputs are kept, so that no other object can have their identity
        result: T = self._known[key][0]
        return result
