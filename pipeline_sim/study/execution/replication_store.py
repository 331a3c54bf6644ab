"""Finished replications: put where they are kept as they come, held against their checksum, read again.

`setting=<digest>/world=<name>-<digest>/<first replication>.parquet`. A block's file always has the same name and is
replaced in one step, so however often, wherever and in whatever order replications are run, each is there once.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.files.replication_block import (
    SIZE,
    Block,
    DamagedBlockError,
    Values,
    about_block,
    block_name,
    block_start,
    content_digest,
    merged,
    packed,
    unpacked,
)
from pipeline_sim.records.files.storage import Place
from pipeline_sim.study.replication.prepare import Assumed, world_of
from pipeline_sim.study.replication.run_setting import Setting, stated_digest, versions
from pipeline_sim.study.replication.summary import Sample
from pipeline_sim.study.replication.summary_layout import Layout, layout_of, sample_from, units
from pipeline_sim.study.study_error import StudyError

FORMAT = 1
MANIFEST, STATE = "_manifest.json", "_state.json"  # names that readers of Parquet folders pass over
LEAST_SECONDS_BETWEEN_SAVES, PART_OF_TIME_FOR_SAVING = 5.0, 0.02
Complain = Callable[[str], None]


class Shelf(NamedTuple):
    """Where the replications of one world are."""

    name: str  # of the world in the study
    folder: str
    layout: Layout
    about: Mapping[str, Any]  # what each of its blocks has to say


class Finished:
    """The replications of some worlds in one setting."""

    def __init__(self, store: Place, setting: Setting, worlds: Mapping[str, Assumed]) -> None:
        self.setting, self.folder = setting, f"setting={setting.digest}"
        self.place = store.below(self.folder)
        self.shelves = {name: shelf_of(name, assumed, setting) for name, assumed in worlds.items()}
        self.have: dict[str, dict[int, str]] = {name: {} for name in worlds}  # world: replication: digest of its block
        self._waiting: dict[tuple[str, int], Block] = {}
        self._saved, self._last_took = time.monotonic(), 0.0

    def look(self, complain: Complain) -> None:
        """Check all there is; what is torn, edited or foreign is named and counts as missing."""
        present = self.place.names()
        for world, shelf in self.shelves.items():
            self.have[world] = {}
            for name in (each for each in present if each.startswith(f"{shelf.folder}/")):
                said = self._sound(shelf, name, complain)
                self.have[world] |= dict.fromkeys(said["replications"], said["content"]) if said else {}

    def _sound(self, shelf: Shelf, name: str, complain: Complain) -> Mapping[str, Any] | None:
        try:
            wanted = {**shelf.about, "first": first_of(name)}
            return about_block(self.place.read(name) or b"", wanted)
        except DamagedBlockError as problem:
            complain(f"{self.place.name}/{name} {problem}; what it should hold is computed again")
        except ValueError:
            complain(f"{self.place.name}/{name} is no block of this store: move it, other programs would read it")
        return None

    def show(self, seen: Callable[[str, Block], None] | None) -> None:
        """Hand over all blocks that are kept."""
        if seen is None:
            return
        for world in self.shelves:
            for first in sorted({block_start(number) for number in self.have[world]}):
                block = self._former(world, first)
                if block is not None:
                    seen(world, block)

    def _read(self, shelf: Shelf, first: int) -> Block | None:
        content = self.place.read(f"{shelf.folder}/{block_name(first)}")
        return None if content is None else unpacked(content, shelf.layout.width, {**shelf.about, "first": first})

    def missing(self, wanted: Mapping[str, int]) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Each replication that is not complete, with the worlds that lack it. `wanted`: how many of each world."""
        for number in range(max(wanted.values(), default=0)):
            lack = tuple(name for name, count in wanted.items() if number < count and number not in self.have[name])
            if lack:
                yield number, lack

    def take(self, number: int, rows: Mapping[str, npt.NDArray[np.int64]]) -> None:
        """One more replication; it is on disk after the next `save`."""
        for world, row in rows.items():
            key = world, block_start(number)
            kept = self._waiting.get(key) or self._former(*key)
            self._waiting[key] = merged(kept, Block((number,), row[None]))
            self.have[world][number] = ""

    def _former(self, world: str, first: int) -> Block | None:
        """A block that is there and sound."""
        try:
            return self._read(self.shelves[world], first)
        except DamagedBlockError:
            return None

    def save(self, force: bool = False) -> bool:
        """Write blocks that are full, and now and then all that wait; False if there was nothing to do."""
        pause = max(LEAST_SECONDS_BETWEEN_SAVES, self._last_took / PART_OF_TIME_FOR_SAVING)
        due = force or time.monotonic() - self._saved > pause
        ready = [key for key, block in self._waiting.items() if self._is_new(key) and (due or is_full(block))]
        began = time.monotonic()
        for world, first in ready:
            self._write(world, first, self._waiting[world, first])
            if is_full(self._waiting[world, first]):
                del self._waiting[world, first]
        if due:
            self._saved, self._last_took = time.monotonic(), time.monotonic() - began
        return bool(ready)

    def _is_new(self, key: tuple[str, int]) -> bool:
        """True if something of a waiting block is not on disk."""
        return not all(self.have[key[0]][number] for number in self._waiting[key].numbers)

    def _write(self, world: str, first: int, block: Block) -> None:
        shelf = self.shelves[world]
        about = {**shelf.about, "first": first, **self.setting.told(), "units": units(), "versions": versions()}
        self.place.write(f"{shelf.folder}/{block_name(first)}", packed(block, shelf.layout.cells, about))
        self.have[world] |= dict.fromkeys(block.numbers, content_digest(block))

    def sample(self, world: str, count: int) -> Sample:
        """The first replications of a world; StudyError if they are not all there."""
        shelf = self.shelves[world]
        return sample_from(self._rows(world, count), shelf.layout.shapes)

    def _rows(self, world: str, count: int) -> Values:
        shelf = self.shelves[world]
        rows = np.zeros((count, shelf.layout.width), np.int64)
        for first in range(0, count, SIZE):
            block = self._former(world, first)
            wanted = range(first, min(first + SIZE, count))
            if block is None or not set(wanted) <= set(block.numbers):
                raise StudyError(f"{self.place.name}/{shelf.folder} has lost replications: run the command once more")
            rows[first : wanted.stop] = block.values[: len(wanted)]
        return rows

    def tell(self, name: str, content: Mapping[str, Any]) -> None:
        """Put a small file beside the blocks."""
        self.place.write(name, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())

    def manifest(self) -> dict[str, Any]:
        """All that is kept, as its blocks say it: it can be lost and made again."""
        return {
            "format": FORMAT,
            "setting": self.setting.told(),
            "worlds": {
                shelf.folder: {"replications": len(self.have[name]), "blocks": self.blocks(name)}
                for name, shelf in self.shelves.items()
            },
        }

    def blocks(self, world: str) -> dict[str, str]:
        """Digest of the counts of each block of a world, by file."""
        return {block_name(block_start(number)): digest for number, digest in sorted(self.have[world].items())}


def shelf_of(name: str, assumed: Assumed, setting: Setting) -> Shelf:
    """Where a world's replications are kept in a setting."""
    digest = stated_digest(assumed)
    about = {"format": FORMAT, "setting": setting.digest, "world": name, "world_digest": digest}
    return Shelf(name, f"world={name}-{digest}", layout_of(world_of(assumed)), about)


def is_full(block: Block) -> bool:
    """True if nothing will be added to a block."""
    return len(block.numbers) == SIZE


def first_of(name: str) -> int:
    """First replication of a block, from its file; ValueError if it is no block's name."""
    file = name.rsplit("/", 1)[1]
    first = int(file.removesuffix(".parquet"))
    if file != block_name(first) or first % SIZE:
        raise ValueError(f"{name} is no block")
    return first


def dataset_digest(kept: Finished) -> str:
    """That of all replications of a comparison."""
    return digest_of_blocks({shelf.folder: kept.blocks(name) for name, shelf in kept.shelves.items()})


def digest_of_blocks(worlds: Mapping[str, Mapping[str, str]]) -> str:
    """Sixteen hex digits over all counts: the same however, wherever and by whom they were run. By world and file."""
    told = json.dumps({world: blocks for world, blocks in worlds.items() if blocks}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
