"""Writes codemeta.json from CITATION.cff and pyproject.toml: python -m tools.render_codemeta."""

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml

from pipeline_sim.records.files.result_files import write_text

PAGE = Path("codemeta.json")


def codemeta(citation: dict[str, Any], project: dict[str, Any]) -> dict[str, Any]:
    """CodeMeta 3.0 description of the program; a DOI, once CITATION.cff has one, is its identifier."""
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": citation["abstract"],
        "version": citation["version"],
        "dateModified": str(citation["date-released"]),
        "license": f"https://spdx.org/licenses/{citation['license']}",
        "author": [{"@type": "Organization", "name": author["name"]} for author in citation["authors"]],
        "keywords": citation["keywords"],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "developmentStatus": "active",
        **({"identifier": f"https://doi.org/{citation['doi']}"} if "doi" in citation else {}),
    }


def main() -> None:
    """Write the file."""
    citation = yaml.safe_load(Path("CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    write_text(PAGE, json.dumps(codemeta(citation, project), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
