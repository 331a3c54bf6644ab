"""Tables of rows over time of which many are equal: an equal row is kept once, and by several tables at once."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from numpy.lib.mixins import NDArrayOperatorsMixin

Rows = npt.NDArray[Any]  # [N, T]
Keys = npt.NDArray[np.int64]
Change = Callable[[Rows, Keys], None]  # of rows in place, each by its key alone
NO_CHANGE = -1
AT_ONCE = 512  # rows that are made together, so that they are still in the processor's cache when they are looked at


class RowsToChange:
    """Rows of a table with a change on some days that is made only where they are looked at, and then not kept."""

    span: slice  # of all days that are changed, here or in what the table is made of

    def __init__(self, table: "SharedRows", rows: Keys, keys: Keys, change: "ChangeOnDays", days: slice) -> None:
        self.table, self.rows, self.keys, self.change, self.days = table, rows, keys, change, days
        spans = [days, *(block.span for block in table.blocks if isinstance(block, RowsToChange))]
        self.span = slice(min(span.start for span in spans), max(span.stop for span in spans))

    def __len__(self) -> int:
        return len(self.rows)

    def taken(self, some: Any, days: slice | None = None) -> Rows:
        """Some of the rows, changed, or some days of them."""
        result = self.table.taken(self.rows[some], days)
        begin, end = (0, len(self.table.like)) if days is None else (days.start, days.stop)
        first, last = max(begin, self.days.start), min(end, self.days.stop)
        if first < last:
            self.change(result[:, first - begin : last - begin], self.keys[some], slice(first, last))
        return result


Block = Rows | RowsToChange
ChangeOnDays = Callable[[Rows, Keys, slice], None]  # of some days of rows in place: these days alone are given


def whole(block: Block) -> Rows:
    """All rows of a block."""
    return block.taken(slice(None)) if isinstance(block, RowsToChange) else block


class SharedRows(NDArrayOperatorsMixin):
    """Table [..., T]: blocks of rows, and which of all rows stands where [...]. Blocks are never written to.

    Where it is used as an array it is read as the whole one, which is then made.
    """

    def __init__(self, blocks: Sequence[Block], at: Keys) -> None:
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
        return (*self.at.shape, self.like.shape[0])

    @property
    def like(self) -> Rows:
        """Some row [T], by which width and type of all are known."""
        first = self.blocks[0]
        return first.table.like if isinstance(first, RowsToChange) else first[0]

    @property
    def nbytes(self) -> int:
        """Bytes of all blocks that are kept."""
        return sum(block.nbytes for block in self.blocks if not isinstance(block, RowsToChange))

    @cached_property
    def rows(self) -> list[Rows]:
        """Each row [T]."""
        return [row for block in self.blocks for row in whole(block)]

    @cached_property
    def ends(self) -> Rows:
        """Last entry of each row [...]."""
        return np.concatenate([whole(block)[:, -1] for block in self.blocks])[self.at]

    @property
    def addresses(self) -> Keys:
        """Addresses [...] of the rows, which are the same where rows are; AttributeError where rows are not kept."""
        kept = cast("tuple[Rows, ...]", self.blocks)
        starts = [block.ctypes.data + np.arange(len(block)) * block.strides[0] for block in kept]
        return np.asarray(np.concatenate(starts)[self.at], dtype=np.int64)

    def runs(self, rows: Keys) -> Iterator[tuple[slice, Block, Keys]]:
        """Neighbours of one block among some rows, longest in ascending order: which, their block and places in it."""
        blocks = np.searchsorted(self.firsts, rows, "right") - 1
        cuts = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist(), len(rows)] if len(rows) else []
        for first, last in pairwise(cuts):
            yield slice(first, last), self.blocks[blocks[first]], rows[first:last] - self.firsts[blocks[first]]

    def taken(self, rows: Keys, days: slice | None = None) -> Rows:
        """Copy of some rows, or of some days of them, fastest in ascending order."""
        width = len(self.like) if days is None else days.stop - days.start
        result = np.empty((len(rows), width), self.like.dtype)
        for part, own, places in self.runs(rows):
            if isinstance(own, RowsToChange):
                result[part] = own.taken(places, days)
            elif days is None:
                np.take(own, places, axis=0, out=result[part], mode="clip")
            else:
                result[part] = own[places, days]
        return result

    def changed(self, keys: Keys, change: Change) -> "SharedRows":
        """Table with rows changed, given their keys [...]; NO_CHANGE stays. Equal rows of one key stay one."""
        return self._with(keys, lambda rows, own, _: change(rows, own), slice(0, len(self.like)), keep=True)

    def changed_on(self, days: slice, keys: Keys, change: ChangeOnDays) -> "SharedRows":
        """As `changed`, on some days alone, but rows are made wherever they are looked at, and then not kept."""
        return self._with(keys, change, days, keep=False)

    def _with(self, keys: Keys, change: ChangeOnDays, days: slice, keep: bool) -> "SharedRows":
        width = int(keys.max(initial=0)) + 1
        moved = keys != NO_CHANGE
        pairs, which = np.unique(self.at[moved] * width + keys[moved], return_inverse=True)
        rows, at = RowsToChange(self, pairs // width, pairs % width, change, days), self.at.copy()
        at[moved] = self.firsts[-1] + which.ravel()
        return SharedRows((*self.blocks, whole(rows) if keep else rows), at)

    def mapped(self, change: Callable[[Block], Rows]) -> "SharedRows":
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
        table = np.concatenate([whole(block) for block in self.blocks])[self.at]
        return table if dtype is None else table.astype(dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*(np.asarray(i) if isinstance(i, SharedRows) else i for i in inputs), **options)

    def __getitem__(self, key: Any) -> Any:
        return np.asarray(self)[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)
