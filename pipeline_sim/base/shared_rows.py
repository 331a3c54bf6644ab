"""Tables of rows over time of which many are equal: an equal row is kept once, and by several tables at once."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.mixins import NDArrayOperatorsMixin

Rows = npt.NDArray[Any]  # [N, T]
Keys = npt.NDArray[np.int64]
NO_CHANGE = -1


class SharedRows(NDArrayOperatorsMixin):
    """Table [..., T]: blocks of rows, and which of all rows stands where [...]. Blocks are never written to.

    Where it is used as an array it is read as the whole one, which is then made.
    """

    def __init__(self, blocks: Sequence[Rows], at: Keys) -> None:
        firsts = np.cumsum([0, *map(len, blocks)])
        used = np.bincount(np.searchsorted(firsts, at.ravel(), "right") - 1, minlength=len(blocks)) > 0
        gone = np.cumsum(np.where(used, 0, np.diff(firsts)))  # rows of blocks without any use, up to each block
        self.blocks = tuple(block for block, still in zip(blocks, used, strict=True) if still)
        self.at = at - gone[np.searchsorted(firsts, at, "right") - 1]
        self.firsts = np.cumsum([0, *map(len, self.blocks)])

    @classmethod
    def of(cls, table: "Rows | SharedRows") -> "SharedRows":
        """Table as shared rows; those of an array are taken as they are."""
        if isinstance(table, SharedRows):
            return table
        rows = np.ascontiguousarray(table).reshape(-1, table.shape[-1])
        return cls([rows], np.arange(len(rows)).reshape(table.shape[:-1]))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole array."""
        return (*self.at.shape, self.blocks[0].shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes of all blocks."""
        return sum(block.nbytes for block in self.blocks)

    @cached_property
    def rows(self) -> list[Rows]:
        """Each row [T]."""
        return [row for block in self.blocks for row in block]

    @property
    def ends(self) -> Rows:
        """Last entry of each row [...]."""
        return np.concatenate([block[:, -1] for block in self.blocks])[self.at]

    @property
    def addresses(self) -> Keys:
        """Addresses [...] of the rows, which are the same where rows are."""
        starts = [block.ctypes.data + np.arange(len(block)) * block.strides[0] for block in self.blocks]
        return np.asarray(np.concatenate(starts)[self.at], dtype=np.int64)

    def taken(self, rows: Keys) -> Rows:
        """Copy of some rows, fastest in ascending order: neighbours of one block are copied together."""
        result = np.empty((len(rows), self.blocks[0].shape[1]), self.blocks[0].dtype)
        blocks = np.searchsorted(self.firsts, rows, "right") - 1
        for here in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(blocks)) + 1) if len(rows) else ():
            own, part = blocks[here[0]], slice(here[0], here[-1] + 1)
            np.take(self.blocks[own], rows[part] - self.firsts[own], axis=0, out=result[part], mode="clip")
        return result

    def changed(self, keys: Keys, change: Callable[[Rows, Keys], None]) -> "SharedRows":
        """Table with rows changed in place, given their keys [...]; NO_CHANGE stays. Equal rows of one key stay one."""
        width = int(keys.max(initial=0)) + 1
        moved = keys != NO_CHANGE
        pairs, which = np.unique(self.at[moved] * width + keys[moved], return_inverse=True)
        rows, at = self.taken(pairs // width), self.at.copy()
        change(rows, pairs % width)
        at[moved] = self.firsts[-1] + which.ravel()
        return SharedRows((*self.blocks, rows), at)

    def mapped(self, change: Callable[[Rows], Rows]) -> "SharedRows":
        """Table with every block changed to a new one."""
        return SharedRows([change(block) for block in self.blocks], self.at)

    def first_difference(self, other: "SharedRows") -> int | None:
        """First entry along the rows at which two tables of one shape differ; None if they are equal."""
        apart = self.addresses != other.addresses
        total = int(other.firsts[-1])
        first: int | None = None
        for pair in np.unique(self.at[apart] * total + other.at[apart]).tolist():
            differ = self.rows[pair // total][:first] != other.rows[pair % total][:first]
            if differ.any():
                first = int(differ.argmax())
        return first

    def item(self, *place: int) -> Any:
        """One entry."""
        return self.rows[self.at.item(*place[:-1])].item(place[-1])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Rows:
        whole = np.concatenate(self.blocks)[self.at]
        return whole if dtype is None else whole.astype(dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*(np.asarray(i) if isinstance(i, SharedRows) else i for i in inputs), **options)

    def __getitem__(self, key: Any) -> Any:
        return np.asarray(self)[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)
