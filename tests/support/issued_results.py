"""Small results that issued identifiers, for tests of where an item comes from and whether it was changed."""

from pathlib import Path
from typing import Any

from pipeline_sim.records.files.result_files import write_manifest
from pipeline_sim.records.provenance.identifiers import FIGURE, TABLE, TABLE_FILE
from pipeline_sim.records.provenance.issued_items import Item, catalogue_items

RESULT = "k7m3q4d"
FILES = {
    "figures/mixes.svg": b"<svg>one dot</svg>\n",
    "mixes.csv": b"mix,gained\nmoney,3\nnothing,0\n",
    "mixes.parquet": bytes(range(200)),
    "report.html": b'<p>Gains</p><table id="gains"><tr><td>3</td></tr></table><table id="costs"></table>',
}
ITEMS = (
    Item(FIGURE, "mixes", "Which gains most?", ("figures/mixes.svg",)),
    Item(TABLE, "gains", "What each gains", ("report.html#gains",)),
    Item(TABLE_FILE, "mixes", "What each gains", ("mixes.csv", "mixes.parquet")),
)
MANIFEST = {
    "command": "pipeline-sim compare study.toml",
    "created": "2026-11-22T09:00:00+00:00",
    "inputs": {},
    "engine": "batch",
    "rules_digest": "a" * 16,
    "program_digest": "b" * 16,
    "git_revision": None,
    "python": "3.11.7",
    "platform": "Linux",
    "processor": "one",
    "cores": 2,
    "packages": {"numpy": "2.4.6"},
    "made_in": {"seconds": 12.5, "workers": 2, "reused": False},
}


def write_result(folder: Path, name: str = RESULT, files: dict[str, bytes] | None = None, **entries: Any) -> list[str]:
    """Write a result; returns its identifiers: the whole, a figure, a table of the page, a table as a file."""
    for place, content in (FILES | (files or {})).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    issued = catalogue_items(name, ITEMS)
    write_manifest(folder, {**MANIFEST, "result": name, "items": issued.entries(folder), **entries})
    return list(issued.items)
