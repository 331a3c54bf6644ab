"""A result folder as catalogues and archives read it: RO-Crate, Frictionless Data Package, scripts in R and Python."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import frictionless
import pytest
from rocrate.rocrate import ROCrate
from support import ROOT
from support.example_answers import full

from pipeline_sim.records.files.result_files import read_manifest, write_manifest
from pipeline_sim.records.provenance.research_crate import CRATE
from pipeline_sim.records.provenance.result_folder import check_replaceable, result_folder
from pipeline_sim.report.files.write_answer import write_answer
from pipeline_sim.report.tidy_tables import tidy_tables

FACTS = {
    "engine": "batch", "rules_digest": "0", "result": "k7m3q4d", "created": "2026-11-30T12:00:00+00:00",
    "command": "pipeline-sim compare recovery_25m", "packages": {"pipeline-sim": "0.4.0"},
    "inputs": {"configs/england.toml": "0" * 64}, "study": {"question": "What does it buy back?"},
}  # fmt: skip
PROFILES = ("ro-crate-1.1", "process-run-crate-0.5")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Result folder of a comparison, with one figure that is none."""
    folder = tmp_path_factory.mktemp("results") / "result"
    with result_folder(folder) as draft:
        issued = write_answer(draft, full(), FACTS, [])
        write_manifest(draft, {**FACTS, "items": issued.entries(draft)})
    return folder


def entities(folder: Path) -> dict[str, dict[str, Any]]:
    graph = json.loads((folder / CRATE).read_text(encoding="utf-8"))["@graph"]
    assert len({each["@id"] for each in graph}) == len(graph)
    return {each["@id"]: each for each in graph}


def test_the_crate_names_every_file_and_every_reference_is_there(result: Path) -> None:
    known = entities(result)
    parts = {part["@id"] for part in known["./"]["hasPart"]}
    assert parts == {path.relative_to(result).as_posix() for path in result.rglob("*.*")} - {CRATE}
    for each in known.values():
        for value in each.values():
            for reference in value if isinstance(value, list) else [value]:
                if isinstance(reference, dict) and not reference["@id"].startswith(
                    ("https://w3id.org/ro/crate", "http:")
                ):
                    assert reference["@id"] in known
    digests = read_manifest(result)["files"]
    assert {name: known[name]["sha256"] for name in digests} == digests
    assert known["comparison.csv"]["identifier"].startswith("D1-")
    assert known["#run"]["description"] == FACTS["command"]


def test_the_crate_is_read_by_its_own_library(result: Path) -> None:
    crate = ROCrate(str(result))
    assert str(crate.root_dataset["datePublished"]).startswith("2026-11-30")
    assert {each.id for each in crate.data_entities} == {part.id for part in crate.root_dataset["hasPart"]}
    assert crate.get("#run")["instrument"]["version"] == "0.4.0"


def test_the_crate_is_no_part_of_the_result(result: Path) -> None:
    check_replaceable(result)
    assert CRATE not in read_manifest(result)["files"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("rocrate-validator") is None, reason="needs pipx install roc-validator")
@pytest.mark.parametrize("profile", PROFILES)
def test_the_crate_is_valid_by_the_validator(result: Path, profile: str) -> None:
    """The validator, in an environment of its own (it needs an older `rich`), reads contexts from the network."""
    command = ["rocrate-validator", "-y", "validate", "-p", profile, "-l", "required", str(result)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "URLError" in done.stdout:
        pytest.skip("the contexts of RO-Crate cannot be reached")
    assert done.returncode == 0, done.stdout


def test_the_data_package_is_valid_by_its_own_library(result: Path) -> None:
    report = frictionless.validate(str(result / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == len(list(result.glob("*.csv")))


@pytest.mark.parametrize(
    "program", ["Rscript docs/examples/two_figures.R", f"{sys.executable} docs/examples/two_figures.py"]
)
def test_two_figures_are_made_again_from_the_tables(result: Path, program: str, tmp_path: Path) -> None:
    if shutil.which(program.split(maxsplit=1)[0]) is None:
        pytest.skip("R is not installed: apt-get install r-base-core")
    done = subprocess.run([*program.split(), result, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all((tmp_path / name).read_text().startswith("<?xml") for name in ("gains.svg", "years.svg"))
    with (tmp_path / "gains.csv").open(encoding="utf-8") as file:
        gains = {row["world"]: float(row["difference_mean"]) for row in csv.DictReader(file)}
    comparison = next(each.frame for each in tidy_tables(full()) if each.name == "comparison")
    rows = comparison[(comparison["indicator"] == "extensions") & comparison["world"].isin(full().ranked())]
    wanted = dict(zip(rows["world"], rows["difference_mean"], strict=True))
    assert gains == pytest.approx(wanted, rel=1e-5)
