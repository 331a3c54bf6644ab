"""A result as a research object: ro-crate-metadata.json, by RO-Crate 1.1 and the profile of runs of processes 0.5.

All of it is taken from the manifest, so it is no part of the result and stands outside its seal.
"""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline_sim.records.files.result_files import MANIFEST, read_manifest, write_text

CRATE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENCE = "https://spdx.org/licenses/MIT"
RUN, PROGRAM = "#run", "#pipeline-sim"
FORMATS = {".parquet": "application/vnd.apache.parquet", ".md": "text/markdown", ".toml": "application/toml"}
Entity = dict[str, Any]


def write_crate(folder: Path) -> None:
    """Write the metadata of a result whose manifest is written."""
    text = json.dumps(crate_of(read_manifest(folder)), indent=1, ensure_ascii=False)
    write_text(folder / CRATE, text + "\n")


def crate_of(manifest: Mapping[str, Any]) -> Entity:
    """Metadata of a result: its files, the run that made them, from what, and with which program."""
    files = [file_of(name, manifest) for name in (*manifest["files"], MANIFEST)]
    inputs = [input_of(name, digest) for name, digest in manifest.get("inputs", {}).items()]
    graph = [descriptor(), root_of(manifest, files), *files, *inputs, *run_of(manifest, files, inputs), *licence()]
    return {"@context": [f"{VERSION}/context", "https://w3id.org/ro/terms/workflow-run/context"], "@graph": graph}


def descriptor() -> Entity:
    """Entity of the metadata itself."""
    return {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": VERSION}}


def root_of(manifest: Mapping[str, Any], files: list[Entity]) -> Entity:
    """Entity of the result folder."""
    question = (manifest.get("study") or {}).get("question")
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Result {manifest.get('result', '')} of pipeline-sim".replace("  ", " "),
        "description": question or f"What `{manifest.get('command', 'pipeline-sim')}` writes.",
        "datePublished": manifest.get("created", "1970-01-01"),
        "license": {"@id": LICENCE},
        "conformsTo": {"@id": PROFILE},
        "hasPart": references(files),
        "mentions": {"@id": RUN},
    }


def file_of(name: str, manifest: Mapping[str, Any]) -> Entity:
    """Entity of a file, with the identifier and title of the item that it belongs to."""
    path, issued = Path(name), manifest.get("items", {})
    kind = FORMATS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    entity: Entity = {"@id": name, "@type": "File", "name": path.name, "encodingFormat": kind}
    for identifier, item in issued.items():
        if name in dict(item["places"]):
            entity |= {"name": item["title"] or path.name, "identifier": identifier}
    digest = manifest["files"].get(name)
    return entity | ({"sha256": digest} if digest else {"description": "What decides the result, and its digests"})


def input_of(name: str, digest: str) -> Entity:
    """Entity of a file that was read, which is no part of the folder."""
    return {"@id": f"#input/{name}", "@type": "CreativeWork", "name": name, "sha256": digest}


def run_of(manifest: Mapping[str, Any], files: list[Entity], inputs: list[Entity]) -> list[Entity]:
    """Entities of the run that made the files, and of the program."""
    version = manifest.get("packages", {}).get("pipeline-sim", "")
    program = {"@id": PROGRAM, "@type": "SoftwareApplication", "name": "pipeline-sim", "version": version}
    run = {
        "@id": RUN,
        "@type": "CreateAction",
        "name": "Run of pipeline-sim",
        "description": manifest.get("command", ""),
        "instrument": {"@id": PROGRAM},
        "object": references(inputs),
        "result": references(files),
        "endTime": manifest.get("created", ""),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    return [run, program, {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}]


def licence() -> list[Entity]:
    """Entity of the licence."""
    return [{"@id": LICENCE, "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT"}]


def references(entities: list[Entity]) -> list[Entity]:
    """References to entities."""
    return [{"@id": entity["@id"]} for entity in entities]
