"""Kernel compiled by Numba's own compiler and linker: the same rows and counts, so that a new Numba strands nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.run_and_read import run_log
from support.worlds.busy_worlds import scarce_world
from support.worlds.toy_rulebook import toy_rulebook

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]
IN_CHILD = """
import sys
from pipeline_sim.base.compiler.jit import cache_folder
from pipeline_sim.engines import compile_engine
from support.run_and_read import run_log
from support.worlds.busy_worlds import scarce_world
from support.worlds.toy_rulebook import toy_rulebook
compile_engine()
for book in (scarce_world(), toy_rulebook(4, 2, 5)):
    print(run_log(book, 3, engine="batch").digest())
print(cache_folder().name, "pipeline_sim.base.compiler.linking" in sys.modules)
"""


def test_plain_numba_writes_the_rows_of_the_reference_engine() -> None:
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent), *filter(None, sys.path)])
    environment = {**os.environ, "PIPELINE_SIM_PLAIN_NUMBA": "1", "PYTHONPATH": paths}
    command = [sys.executable, "-c", IN_CHILD]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
    *digests, folder, linked = child.stdout.split()
    assert digests == [run_log(book, 3).digest() for book in (scarce_world(), toy_rulebook(4, 2, 5))]
    assert folder.endswith("-plain")
    assert linked == "False"
