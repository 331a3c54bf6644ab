"""How to cite the project, under which licence, and in which version: said the same everywhere."""

import json
import re
import tomllib
from datetime import date

import yaml
from support import ROOT

import pipeline_sim
from tools.render_codemeta import codemeta

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
KNOWN = {  # keys of the Citation File Format 1.2.0
    "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords",
    "license", "license-url", "message", "preferred-citation", "references", "repository", "repository-artifact",
    "repository-code", "title", "type", "url", "version",
}  # fmt: skip


def test_the_citation_has_what_the_format_asks_for_and_nothing_else() -> None:
    assert {"authors", "cff-version", "message", "title"} <= CITATION.keys() <= KNOWN
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] in ("software", "dataset")
    assert isinstance(CITATION["date-released"], date)
    assert all(each.keys() & {"name", "family-names", "given-names", "alias"} for each in CITATION["authors"])
    assert len(CITATION["keywords"]) == len(set(CITATION["keywords"])) > 0


def test_there_is_one_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+)$", changes, re.MULTILINE)
    assert CITATION["version"] == BUILD["version"] == pipeline_sim.__version__
    assert BUILD["version"] in versions[:2]  # changes that are not released yet may stand above it


def test_there_is_one_licence() -> None:
    assert CITATION["license"] == BUILD["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    assert {each["name"] for each in CITATION["authors"]} == {"The pipeline_sim authors"}
    assert "The pipeline_sim authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_codemeta_says_what_the_citation_and_the_build_say() -> None:
    kept = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert kept == codemeta(CITATION, BUILD)  # renewed by python -m tools.render_codemeta
    assert codemeta({**CITATION, "doi": "10.5281/zenodo.1"}, BUILD)["identifier"] == "https://doi.org/10.5281/zenodo.1"
