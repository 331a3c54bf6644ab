"""Results of a function that are kept for inputs that are the same objects: worlds and tables are not compared."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

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
