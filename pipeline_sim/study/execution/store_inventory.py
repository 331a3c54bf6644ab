"""What a store holds, read without a study and without keeping anybody out: every block held against its checksum."""

import json
import re
from typing import Any, NamedTuple

from pipeline_sim.records.files.replication_block import DamagedBlockError, about_block
from pipeline_sim.records.files.storage import Place
from pipeline_sim.records.records_error import RecordsError
from pipeline_sim.study.execution.replication_store import MANIFEST, STATE, digest_of_blocks, first_of
from pipeline_sim.study.replication.run_setting import TOLD as SETTING
from pipeline_sim.study.replication.run_setting import model_digest

BLOCK = re.compile(
    r"(?:setting=(?P<setting>s[0-9a-f]{12})/)?world=(?P<world>.+)-(?P<digest>[0-9a-f]{12})/[^/]+\.parquet"
)
JSON = dict[str, Any]
TOLD = {"state", "done", "wanted", "time", "replications_per_second", "seconds_left", "process", "host"}


class Contents(NamedTuple):
    """What is kept of one setting."""

    setting: str
    told: JSON  # the setting as its blocks tell it; empty where none is sound
    worlds: dict[str, dict[str, tuple[str, int]]]  # folder of the world: file: digest of its counts, replications
    state: JSON  # of the last run that wrote here

    @property
    def digest(self) -> str:
        """Of all counts."""
        return digest_of_blocks(
            {world: {file: digest for file, (digest, _) in blocks.items()} for world, blocks in self.worlds.items()}
        )


class Inventory(NamedTuple):
    """What a store holds."""

    settings: tuple[Contents, ...]
    wrong: tuple[str, ...]  # a line for each file that is damaged or does not belong there


def inventory(place: Place) -> Inventory:
    """Read a store, or the folder of one setting; RecordsError if it is neither."""
    found: dict[str, Contents] = {}
    wrong: list[str] = []
    for name in place.names():
        if not (name.endswith(".parquet") and name.startswith(("setting=", "world="))):
            continue
        told = BLOCK.fullmatch(name)
        try:
            _note(found, place, name, told)
        except (DamagedBlockError, ValueError) as problem:
            said = problem if isinstance(problem, DamagedBlockError) else "is no block of this store: move it"
            wrong.append(f"{place.name}/{name} {said}")
    if not found and not wrong:
        raise RecordsError(f"{place.name} holds no finished replications: name a folder that batch or compare filled")
    return Inventory(tuple(found.values()), tuple(wrong))


def _note(found: dict[str, Contents], place: Place, name: str, told: re.Match[str] | None) -> None:
    if told is None:
        raise ValueError(name)
    about = {"world": told["world"], "world_digest": told["digest"], "first": first_of(name)}
    about |= {"setting": told["setting"]} if told["setting"] else {}
    said = about_block(place.read(name) or b"", about)
    folder = f"setting={said['setting']}/" if told["setting"] else ""
    if said["setting"] not in found:
        setting = {key: said[key] for key in SETTING}
        found[said["setting"]] = Contents(said["setting"], setting, {}, read_state(place, f"{folder}{STATE}"))
    worlds = found[said["setting"]].worlds
    file = name.rsplit("/", 1)[1]
    worlds.setdefault(name.removeprefix(folder).split("/")[0], {})[file] = said["content"], len(said["replications"])


def read_json(place: Place, name: str) -> JSON:
    """A small file beside the blocks; nothing if it is lost or damaged, for all that counts stands in the blocks."""
    try:
        content = json.loads(place.read(name) or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def read_state(place: Place, name: str) -> JSON:
    """What a run says of itself; nothing if it is not whole."""
    state = read_json(place, name)
    return state if state.keys() >= TOLD else {}


def made_otherwise(store: Place) -> list[str]:
    """A line for each setting whose replications other sources of the model have made."""
    lines = []
    for name in store.names():
        if name.endswith(f"/{MANIFEST}"):
            other = read_json(store, name).get("setting", {})
            if other.get("model_digest") not in (None, model_digest()):
                made = f"made by other rules or sources of the model ({other['model_digest']}, here {model_digest()})"
                lines.append(f"{store.name}/{name.split('/')[0]} was {made}: it is kept apart and not used")
    return lines
