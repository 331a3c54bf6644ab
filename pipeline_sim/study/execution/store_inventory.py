"""Inventory of a store, read without a study and without locking: every block is checked against its checksum."""

import json
import re
from typing import Any, NamedTuple

from pipeline_sim.records.files.replication_block import DamagedBlockError, read_block
from pipeline_sim.records.files.storage import Storage
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.replication_store import MANIFEST, STATE, digest_of_blocks, first_of
from pipeline_sim.study.replication.run_setting import FIELDS as SETTING
from pipeline_sim.study.replication.run_setting import model_digest

BLOCK = re.compile(
    r"(?:setting=(?P<setting>s[0-9a-f]{12})/)?world=(?P<world>.+)-(?P<digest>[0-9a-f]{12})/[^/]+\.parquet"
)
JSON = dict[str, Any]
KINDS: dict[str, Any] = {"seed": int, "scale": int | float, "repeat_every": int, "held": list}  # others are texts
MOST = 1e15  # of a number of a state, which may be none or infinite in JSON
STATE_KINDS: dict[str, Any] = {
    "state": str, "done": int, "wanted": int, "time": str, "replications_per_second": int | float | None,
    "seconds_left": int | float | None, "process": int, "host": str,
}  # fmt: skip


class Contents(NamedTuple):
    """Contents of one setting."""

    setting: str
    fields: JSON  # of the setting
    worlds: dict[str, dict[str, tuple[str, int]]]  # folder of the world: file: digest of its counts, replications
    state: JSON  # of the last run that wrote here

    @property
    def digest(self) -> str:
        """Digest of all counts."""
        return digest_of_blocks(
            {world: {file: digest for file, (digest, _) in blocks.items()} for world, blocks in self.worlds.items()}
        )


class Inventory(NamedTuple):
    """Contents of a store."""

    settings: tuple[Contents, ...]
    problems: tuple[str, ...]  # a line for each file that is damaged or does not belong there


def inventory(storage: Storage) -> Inventory:
    """Inventory of a store, or of the folder of one setting; RecordsError if it is neither."""
    contents: dict[str, Contents] = {}
    problems: list[str] = []
    for name in storage.names():
        if not (name.endswith(".parquet") and name.startswith(("setting=", "world="))):
            continue
        try:
            _add_block(contents, storage, name, BLOCK.fullmatch(name))
        except (DamagedBlockError, ValueError) as problem:
            description = problem if isinstance(problem, DamagedBlockError) else "is no block of this store: move it"
            problems.append(f"{storage.name}/{name} {description}")
    if not contents and not problems:
        raise RecordsError(f"{storage.name} holds no finished replications: name a folder that batch or compare filled")
    return Inventory(tuple(contents.values()), tuple(problems))


def _add_block(contents: dict[str, Contents], storage: Storage, name: str, match: re.Match[str] | None) -> None:
    if match is None:
        raise ValueError(name)
    about = {"world": match["world"], "world_digest": match["digest"], "first": first_of(name)}
    about |= {"setting": match["setting"]} if match["setting"] else {}
    header, _ = read_block(storage.read(name) or b"", about)
    folder = f"setting={header['setting']}/" if match["setting"] else ""
    if header["setting"] not in contents:
        setting = {key: header[key] for key in SETTING if isinstance(header.get(key), KINDS.get(key, str))}
        if len(setting) < len(SETTING):
            lacking = next(key for key in SETTING if key not in setting)
            raise DamagedBlockError(f"was written by another version, with no or another {lacking}: move it")
        state = read_state(storage, f"{folder}{STATE}")
        contents[header["setting"]] = Contents(header["setting"], setting, {}, state)
    worlds = contents[header["setting"]].worlds
    file = name.rsplit("/", 1)[1]
    worlds.setdefault(name.removeprefix(folder).split("/")[0], {})[file] = (
        header["content"],
        len(header["replications"]),
    )


def read_json(storage: Storage, name: str) -> JSON:
    """Content of a small file beside the blocks; empty if it is lost or damaged: all that matters is in the blocks."""
    try:
        content = json.loads(storage.read(name) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def read_state(storage: Storage, name: str) -> JSON:
    """State that a run reports; empty if it is incomplete or has values of other kinds."""
    state = read_json(storage, name)
    known = all(key in state and isinstance(state[key], kind) for key, kind in STATE_KINDS.items())
    known = known and all(abs(value) < MOST for value in state.values() if isinstance(value, int | float))
    return state if known and (state["seconds_left"] is not None or not state["replications_per_second"]) else {}


def incompatible_settings(store: Storage) -> list[str]:
    """Warnings, a line each, of settings whose replications other sources of the model have made."""
    lines = []
    for name in store.names():
        if name.endswith(f"/{MANIFEST}"):
            setting = read_json(store, name).get("setting")
            other = setting.get("model_digest") if isinstance(setting, dict) else None
            if other not in (None, model_digest()):
                made = f"made by other rules or sources of the model ({other}, here {model_digest()})"
                lines.append(f"{store.name}/{name.split('/')[0]} was {made}: it is kept apart and not used")
    return lines
