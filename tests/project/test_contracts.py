"""Each import contract of pyproject.toml is broken by an import planted against it, and by a file that no layer names.

All of them are planted in one copy of the package, which is checked once: every contract must report its own.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERED = {contract["name"]: contract["containers"][0] for contract in CONTRACTS if contract["type"] == "layers"}

PLANTED = """
layers of the package: study.study_error -> cli.terminal.console
layers of the command line: cli.terminal.options -> cli.commands.plan
layers of the app: app.question -> app.job_queue
streamlit is imported by the page and the screens of the app alone: app.server -> streamlit
layers of base: base.calendar -> base.philox
layers of the compiler: base.compiler.pointers -> base.compiler.jit
layers of rules: rules.competence -> rules.arcp
layers of records: records.columns -> records.event_log
layers of files of records: records.files.lock -> records.files.storage
layers of provenance: records.provenance.identifiers -> records.provenance.lookup
layers of the engines: engines.interface -> engines.reference.simulation
layers of the batch engine: engines.batch.memory.agenda -> engines.batch.output.tally
layers of event routines: engines.batch.event_routines.learning -> engines.batch.event_routines.exams
layers of batch memory: engines.batch.memory.layout -> engines.batch.memory.access
layers of batch output: engines.batch.output.tally -> engines.batch.output.emit
layers of the reference engine: engines.reference.doctor -> engines.reference.shared_state
layers of the world: world.schema.costs -> world.reading.layers
layers of lowering: world.lowering.lower_posts -> world.lowering.lower_working_life
layers of the study: study.execution.threads -> study.estimates.flows
layers of comparison: study.comparison.answer -> study.comparison.run_study
layers of execution: study.execution.threads -> study.execution.processes
layers of replication: study.replication.summary -> study.replication.prepare
layers of decisions: decide.decision_section -> decide.objective
layers of the report: report.text.number_format -> report.style
layers of the benchmark: bench.cold_start -> bench.measure
layers of the reduced pipeline: bench.reduced.work_arrays -> bench.reduced.numba_books
the two engines know nothing of each other: engines.reference.panel -> engines.batch.event_routines.panel
commands know nothing of each other: cli.commands.trace -> cli.commands.explain
the benchmark is imported by its own command alone: cli.commands.run -> bench.resident_memory
the reduced pipeline knows nothing of the model: bench.reduced.plain_model -> rules.arcp
numba and llvmlite are imported by base.compiler alone: engines.batch.arena -> numba
pyarrow is imported by records alone: study.execution.processes -> pyarrow
filelock is imported by records alone: study.execution.threads -> filelock
simpy is imported by the reference engine and its peer in the benchmark alone: engines.batch.day_loop -> simpy
salabim is imported by its peer in the benchmark alone: bench.measure -> salabim
matplotlib, jinja2 and xlsxwriter are imported by report alone: cli.commands.compare -> matplotlib
pydantic is imported by what reads files of users alone: engines.batch.flatten -> pydantic
typer is imported by the command line alone: report.terminal.run_table -> typer
rich is imported by what writes to the terminal alone: study.comparison.progress -> rich
pandas is imported above the engines and the world, and by records: world.shocks.wards -> pandas
statistics libraries are imported by study and decide alone: report.sections.certainty -> scipy
dask is imported by its executor alone: study.execution.worker_pool -> dask
"""
PLANTS = dict(line.split(": ") for line in PLANTED.strip().splitlines())
CYCLE = "folders and modules side by side form no cycle"  # shown by the contract as `.sourced_value -> .world`
CYCLIC = "world.schema.sourced_value -> world.schema.world"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What import-linter says of each broken contract, once everything is planted."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(ROOT / "pipeline_sim", copy / "pipeline_sim", ignore=shutil.ignore_patterns("__pycache__"))
    for importer, imported in map(edge, (*PLANTS.values(), CYCLIC)):
        with copy.joinpath(*importer.split(".")).with_suffix(".py").open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    for container in LAYERED.values():
        copy.joinpath(*container.split("."), "attic.py").touch()
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    run = subprocess.run(command, cwd=copy, env={"COLUMNS": "400"}, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    headed = re.split(r"^(.+)\n-{3,}\n", run.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)[1:]
    return {name: " ".join(text.split()) for name, text in zip(headed[::2], headed[1::2], strict=True)}


def edge(plant: str) -> tuple[str, str]:
    """Importer and imported, by their full names."""
    importer, imported = plant.split(" -> ")
    return f"pipeline_sim.{importer}", f"pipeline_sim.{imported}" if "." in imported else imported


def test_every_contract_has_its_plant() -> None:
    assert {*PLANTS, CYCLE} == {contract["name"] for contract in CONTRACTS}


@pytest.mark.parametrize("contract", PLANTS)
def test_an_import_against_a_contract_is_reported(reports: dict[str, str], contract: str) -> None:
    importer, imported = edge(PLANTS[contract])
    assert f"{importer} -> {imported} (l." in reports[contract]


def test_a_cycle_of_neighbours_is_reported(reports: dict[str, str]) -> None:
    assert "No cycles are allowed in pipeline_sim.world.schema." in reports[CYCLE]


@pytest.mark.parametrize("contract", LAYERED)
def test_a_file_that_no_layer_names_is_reported(reports: dict[str, str], contract: str) -> None:
    assert f"- {LAYERED[contract]}.attic" in reports[contract]
