"""Cache for functions of file names, in which a relative name means another file in another working folder."""

import os
from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Generic, TypeVar, TypeVarTuple

Names = TypeVarTuple("Names")
Found = TypeVar("Found")


class FolderCache(Generic[*Names, Found]):
    """Function that remembers its latest results, those of each working folder by themselves."""

    def __init__(self, function: Callable[[*Names], Found], maxsize: int) -> None:
        update_wrapper(self, function)
        self._known = lru_cache(maxsize)(lambda _folder, *names: function(*names))
        self.cache_clear = self._known.cache_clear

    def __call__(self, *names: *Names) -> Found:
        return self._known(os.getcwd(), *names)


def folder_cache(maxsize: int) -> Callable[[Callable[[*Names], Found]], FolderCache[*Names, Found]]:
    """As `functools.lru_cache`, for a function of names of files."""
    return lambda function: FolderCache(function, maxsize)
