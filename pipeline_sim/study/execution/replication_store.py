"""Store of finished replications: written as they come, checked against their checksums, read again.

`setting=<digest>/world=<name>-<digest>/<first replication>.parquet`. A block's file always has the same name and is
replaced in one step, so however often, wherever and in whatever order replications are run, each is there once.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline_sim.records.files.replication_block import (
    BLOCK_SIZE,
    Block,
    DamagedBlockError,
    block_name,
    block_start,
    content_digest,
    encode_block,
    merge_blocks,
    read_block,
)
from pipeline_sim.records.files.storage import Storage
from pipeline_sim.study.replication.prepare import WorldSpec, world_of
from pipeline_sim.study.replication.run_setting import Setting, versions, world_spec_digest
from pipeline_sim.study.replication.summary import WorldReplications
from pipeline_sim.study.replication.summary_layout import Layout, from_rows, layout_of, units
from pipeline_sim.study.study_error import StudyError

FORMAT = 1
MANIFEST, STATE = "_manifest.json", "_state.json"  # names that readers of Parquet folders pass over
LEAST_SECONDS_BETWEEN_SAVES, PART_OF_TIME_FOR_SAVING = 5.0, 0.02
OnWarning = Callable[[str], None]


class WorldPartition(NamedTuple):
    """Folder of the replications of one world."""

    name: str  # of the world in the study
    folder: str
    layout: Layout
    about: Mapping[str, Any]  # what each of its blocks has to say


class ReplicationStore:
    """Store of the replications of some worlds in one setting."""

    def __init__(self, store: Storage, setting: Setting, worlds: Mapping[str, WorldSpec]) -> None:
        self.setting, self.folder = setting, f"setting={setting.digest}"
        self.storage = store.subfolder(self.folder)
        self.partitions = {name: partition_of(name, spec, setting) for name, spec in worlds.items()}
        self.block_digests: dict[str, dict[int, str]] = {name: {} for name in worlds}  # by world and replication
        self._sound: dict[tuple[str, bytes], Mapping[str, Any]] = {}  # headers, by file and its digest
        self._waiting: dict[tuple[str, int], Block] = {}
        self._saved, self._last_took = time.monotonic(), 0.0

    def scan(self, on_warning: OnWarning) -> None:
        """Check every file; one that is torn, edited or foreign is warned of and counts as missing."""
        present = self.storage.names()
        for world, partition in self.partitions.items():
            self.block_digests[world] = {}
            for name in (file for file in present if file.startswith(f"{partition.folder}/")):
                header = self._valid_header(partition, name, on_warning)
                self.block_digests[world] |= dict.fromkeys(header["replications"], header["content"]) if header else {}

    def _valid_header(self, partition: WorldPartition, name: str, on_warning: OnWarning) -> Mapping[str, Any] | None:
        try:
            wanted = {**partition.about, "first": first_of(name)}
            return self._checked(name, wanted, partition.layout.width)
        except DamagedBlockError as problem:
            on_warning(f"{self.storage.name}/{name} {problem}; its replications will be run again")
        except ValueError:
            on_warning(f"{self.storage.name}/{name} is no block of this store: move it, other programs would read it")
        return None

    def _checked(self, name: str, wanted: Mapping[str, Any], width: int) -> Mapping[str, Any]:
        """Header of a block that is sound; the same bytes of a file are checked once."""
        content = self.storage.read(name) or b""
        key = name, hashlib.sha256(content).digest()
        if key not in self._sound:
            self._sound[key] = read_block(content, wanted, width)[0]
        return self._sound[key]

    def replay(self, on_block: Callable[[str, Block], None] | None) -> None:
        """Pass every stored block to the observer."""
        if on_block is None:
            return
        for world in self.partitions:
            for first in sorted({block_start(number) for number in self.block_digests[world]}):
                block = self._read_or_none(world, first)
                if block is not None:
                    on_block(world, block)

    def missing(self, wanted: Mapping[str, int]) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Incomplete replications, with the worlds that lack them. `wanted`: how many of each world."""
        for number in range(max(wanted.values(), default=0)):
            worlds = (name for name, count in wanted.items() if number < count)
            lacking = tuple(name for name in worlds if number not in self.block_digests[name])
            if lacking:
                yield number, lacking

    def add(self, number: int, rows: Mapping[str, npt.NDArray[np.int64]]) -> None:
        """Add one replication; it is on disk after the next `save`."""
        for world, row in rows.items():
            key = world, block_start(number)
            block = self._waiting.get(key) or self._read_or_none(*key)
            self._waiting[key] = merge_blocks(block, Block((number,), row[None]))
            self.block_digests[world][number] = ""

    def _read_or_none(self, world: str, first: int) -> Block | None:
        """Block that is stored and sound."""
        partition = self.partitions[world]
        content = self.storage.read(f"{partition.folder}/{block_name(first)}")
        with suppress(DamagedBlockError):
            if content is not None:
                return read_block(content, {**partition.about, "first": first}, partition.layout.width)[1]
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
        return not all(self.block_digests[key[0]][number] for number in self._waiting[key].numbers)

    def _write(self, world: str, first: int, block: Block) -> None:
        partition = self.partitions[world]
        about = {**partition.about, "first": first, **self.setting.as_dict(), "units": units(), "versions": versions()}
        content = encode_block(block, partition.layout.cells, about)
        self.storage.write(f"{partition.folder}/{block_name(first)}", content)
        self.block_digests[world] |= dict.fromkeys(block.numbers, content_digest(block))

    def sample(self, world: str, count: int) -> WorldReplications:
        """First `count` replications of a world; StudyError if they are not all there."""
        partition = self.partitions[world]
        rows = np.zeros((count, partition.layout.width), np.int64)
        for first in range(0, count, BLOCK_SIZE):
            block = self._read_or_none(world, first)
            wanted = range(first, min(first + BLOCK_SIZE, count))
            if block is None or not set(wanted) <= set(block.numbers):
                folder = f"{self.storage.name}/{partition.folder}"
                raise StudyError(f"{folder} has lost replications: run the command once more")
            rows[first : wanted.stop] = block.values[: len(wanted)]
        return from_rows(rows, partition.layout.shapes)

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a small file beside the blocks."""
        self.storage.write(name, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())

    def manifest(self) -> dict[str, Any]:
        """Contents of the store, from its blocks: the file can be lost and rewritten."""
        return {
            "format": FORMAT,
            "setting": self.setting.as_dict(),
            "worlds": {
                partition.folder: {"replications": len(self.block_digests[name]), "blocks": self.blocks(name)}
                for name, partition in self.partitions.items()
            },
        }

    def blocks(self, world: str) -> dict[str, str]:
        """Digest of the counts of each block of a world, by file."""
        return {block_name(block_start(number)): digest for number, digest in sorted(self.block_digests[world].items())}


def partition_of(name: str, spec: WorldSpec, setting: Setting) -> WorldPartition:
    """Partition of a world's replications in a setting."""
    digest = world_spec_digest(spec)
    about = {"format": FORMAT, "setting": setting.digest, "world": name, "world_digest": digest}
    return WorldPartition(name, f"world={name}-{digest}", layout_of(world_of(spec)), about)


def is_full(block: Block) -> bool:
    """True if nothing will be added to a block."""
    return len(block.numbers) == BLOCK_SIZE


def first_of(name: str) -> int:
    """First replication of a block, from its file; ValueError if it is no block's name."""
    file = name.rsplit("/", 1)[1]
    first = int(file.removesuffix(".parquet"))
    if file != block_name(first) or first % BLOCK_SIZE:
        raise ValueError(f"{name} is no block")
    return first


def dataset_digest(store: ReplicationStore) -> str:
    """Digest of all replications of a store."""
    return digest_of_blocks({partition.folder: store.blocks(name) for name, partition in store.partitions.items()})


def digest_of_blocks(worlds: Mapping[str, Mapping[str, str]]) -> str:
    """Sixteen hex digits over all counts, by world and file: independent of how and where they were run."""
    content = json.dumps({world: blocks for world, blocks in worlds.items() if blocks}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]
