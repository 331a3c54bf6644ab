"""Results that the worlds of a replication share, because what they are made of is the same object."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
MOST_REMEMBERED = 8


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """Function of which the latest results are kept, for inputs that are the same objects; nobody may write to them."""
    known: dict[tuple[int, ...], tuple[T, object]] = {}

    @wraps(make)
    def get(*inputs: P.args, **options: P.kwargs) -> T:
        key = (*map(id, inputs), *map(id, options.values()))
        found = known.get(key)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[key] = make(*inputs, **options), (inputs, options)
        return found[0]

    return get


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
