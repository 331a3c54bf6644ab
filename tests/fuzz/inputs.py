"""Inputs by kind: a folder with something wrong in it, and the words of a command that meets it."""

import csv
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
from support import CONFIGS
from support.issued_results import write_result
from support.typed_command import run_command
from support.worlds.tiny_study import written

from fuzz.damage import ODD, as_json, damaged_bytes, damaged_json, damaged_text
from pipeline_sim.cli.app import COMMANDS, load_command
from pipeline_sim.records.files.embedded_checksum import PLACEHOLDER, embed_checksum
from pipeline_sim.records.files.manifest_seal import sealed_text
from pipeline_sim.records.files.replication_block import CHECKSUM_KEY, METADATA_KEY

Words = list[str]
QUICK = (
    "describe",
    "explain",
    "interventions",
    "mixes",
    "plan",
    "register",
    "status",
    "trace",
    "verify",
    "elicit",
    "evidence",
)
LAYERS = ("england.toml", "covid.toml", "interventions.toml", "costs.toml")
SECTIONS = sorted(
    path.relative_to(CONFIGS).as_posix() for path in (CONFIGS / "england").glob("*.toml") if path.stem != "open"
)
TABLES = sorted(
    f"{name}/{path.name}" for name in ("england", "evidence", "register") for path in (CONFIGS / name).glob("*.csv")
)
SMALL = ["--scale", "0.05"]


def arguments(folder: Path, chance: Random) -> Words:
    """Any words after the name of a command that computes little."""
    name = chance.choice((*QUICK, *QUICK, *COMMANDS))
    options = [option for each in load_command(name).params for option in each.opts if option.startswith("--")]
    known = [str(CONFIGS / "tiny.toml"), str(CONFIGS / "covid.toml"), ".", "as_spent", "as_spent@15m", "batch", *ODD]
    words = [chance.choice((*known, *options)) for _ in range(chance.randint(0, 5))]
    return [name, *words] if name in QUICK else [name, *words, "--no-such-option"]


def world(folder: Path, chance: Random) -> Words:
    """A world file, in a copy of the folder configs, of which lines or bytes were changed; sometimes it is run."""
    layers = ["tiny.toml"] if chance.random() < 0.3 else list(LAYERS)
    changed = chance.choice(layers if len(layers) == 1 else [*layers, *chance.sample(SECTIONS, 4)])
    words = in_copy(folder, changed, layers, chance)
    return ["trace", *words[1:], *SMALL] if layers == ["tiny.toml"] and chance.random() < 0.5 else words


def table(folder: Path, chance: Random) -> Words:
    """A CSV table, in a copy of the folder configs, in which cells, lines or bytes were changed."""
    return in_copy(folder, chance.choice(TABLES), list(LAYERS), chance)


def in_copy(folder: Path, name: str, layers: list[str], chance: Random) -> Words:
    """Words that list the assumptions of layers in a copy of the folder configs, in which one file was damaged."""
    shutil.copytree(CONFIGS, folder / "configs", copy_function=shutil.copyfile)
    changed = folder / "configs" / name
    damage_file(CONFIGS / name, changed, chance)
    return ["describe", *(f"configs/{layer}" for layer in layers)]


def is_silent(folder: Path, said: str) -> bool:
    """Whether a file of a copy of the folder configs means something else and no line named it."""
    for path in folder.glob("configs/**/*.*"):
        shipped = CONFIGS / path.relative_to(folder / "configs")
        named = f"note: {path.relative_to(folder)} differs" in said
        if not named and path.read_bytes() != shipped.read_bytes() and meaning(path) != meaning(shipped):
            return True
    return False


def meaning(path: Path) -> object:
    """What a file says: the tree of a TOML file, the rows of a CSV file."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    return [row for row in csv.reader(text.splitlines()) if row]


def mix(folder: Path, chance: Random) -> Words:
    """A mix in which something was changed."""
    source = chance.choice(sorted((CONFIGS / "mixes").glob("*.toml")))
    damage_file(source, folder / "mix.toml", chance)
    return ["mixes", "show", "mix.toml"]


def study(folder: Path, chance: Random) -> Words:
    """A study in which something was changed."""
    damage_file(written(folder) / "study.toml", folder / "study.toml", chance)
    return ["plan", "."]


def own(folder: Path, chance: Random) -> Words:
    """Records or judgements of the user in which something was changed."""
    if chance.random() < 0.5:
        damage_file(CONFIGS / "own" / "example_records.csv", folder / "records.csv", chance)
        return ["evidence", "add", "records.csv", "--role", "test", "--to", "added"]
    for name in ("example_panel.toml", "example_panel.csv"):
        shutil.copy(CONFIGS / "own" / name, folder / name)
    name = chance.choice(("example_panel.toml", "example_panel.csv"))
    damage_file(folder / name, folder / name, chance)
    return ["elicit", "example_panel.toml", "--out", "layer.toml"]


def result(folder: Path, chance: Random) -> Words:
    """A result whose manifest was changed, sealed anew or not, or whose files were."""
    identifiers = write_result(folder / "results" / "one", study=STUDY, worlds={"a": {"name": "A", "scale": 1.0}})
    path = folder / "results" / "one" / "manifest.json"
    content = json.loads(path.read_text())
    match chance.randrange(4):
        case 0:
            path.write_bytes(damaged_bytes(path.read_bytes(), chance))
        case 1:
            path.write_bytes(as_json(damaged_json(content, chance)))
        case _:
            changed = damaged_json(content, chance)
            path.write_text(sealed_text(changed) if isinstance(changed, dict) else json.dumps(changed))
    return (
        [
            *chance.choice((["explain"], ["verify"], ["explain", "--names"], ["explain", "--number", "3"])),
            chance.choice((*identifiers, "results/one")),
        ]
        if chance.random() < 0.8
        else ["trace", "results/one"]
    )


STUDY = {
    "question": "What if?", "baseline": "none", "seed": 1, "parameters": "sampled", "repeat_every": 1,
    "worlds": [{"name": "none", "label": "None"}],
}  # fmt: skip


def store(folder: Path, chance: Random) -> Words:
    """A store with a block, state or manifest that was changed, sealed anew or not."""
    place = folder / "store"
    shutil.copytree(kept_store(), place)
    path = chance.choice(sorted([*place.rglob("*.parquet"), *place.rglob("*.json")]))
    if path.suffix == ".json":
        value = damaged_json(json.loads(path.read_text()), chance)
        path.write_bytes(as_json(value) if chance.random() < 0.8 else damaged_bytes(path.read_bytes(), chance))
    elif chance.random() < 0.3:
        path.write_bytes(damaged_bytes(path.read_bytes(), chance))
    else:
        path.write_bytes(sealed_anew(path.read_bytes(), chance))
    return ["status", "store", *chance.choice(([], ["--json"]))]


def sealed_anew(content: bytes, chance: Random) -> bytes:
    """Block whose metadata or bytes were changed before it was sealed."""
    if chance.random() < 0.5:
        blank = content.replace(content[content.rfind(b"sha256:") + 7 :][:64], b"0" * 64)
        damaged = damaged_bytes(blank, chance)
        return embed_checksum(damaged) if damaged.count(PLACEHOLDER.encode()) == 1 else damaged
    file = pq.ParquetFile(io.BytesIO(content))
    metadata = damaged_json(json.loads(file.metadata.metadata[METADATA_KEY]), chance)
    buffer, rows = io.BytesIO(), file.read()
    with pq.ParquetWriter(buffer, rows.schema) as writer:
        writer.write_table(rows)
        writer.add_key_value_metadata({METADATA_KEY: as_json(metadata), CHECKSUM_KEY: PLACEHOLDER})
    return embed_checksum(buffer.getvalue())


_kept: list[Path] = []


def kept_store() -> Path:
    """Store of two replications of the tiny study, run once."""
    if not _kept:
        folder = written(Path(tempfile.mkdtemp(prefix="pipeline_sim.")))
        done = run_command(folder, "batch", ".", "--workers", "1", "--scale", "0.05", "--store", "store")
        assert done.returncode == 0, done.stderr
        _kept.append(folder / "store")
    return _kept[0]


def damage_file(source: Path, to: Path, chance: Random) -> Path:
    """Copy of a file with its text or, seldom, its bytes damaged."""
    if chance.random() < 0.8:
        to.write_text(damaged_text(source.read_text(), chance), errors="surrogateescape")
    elif chance.random() < 0.5:
        to.write_bytes(source.read_text().encode("cp1252", errors="replace"))
    else:
        to.write_bytes(damaged_bytes(source.read_bytes(), chance))
    return to


KINDS: dict[str, Callable[[Path, Random], Words]] = {
    each.__name__: each for each in (arguments, world, table, mix, study, own, result, store)
}
