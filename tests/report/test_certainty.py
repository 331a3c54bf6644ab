"""How sure we are: every worth of a month stands once, and the command is one that can be typed."""

import shlex
from pathlib import Path

import pytest
from support.example_answers import full

from pipeline_sim.cli.commands.compare import CompareRequest, command_of
from pipeline_sim.report.sections.certainty import WORTHS, worth

pytestmark = pytest.mark.unit


def test_every_worth_of_a_month_stands_once() -> None:
    heads = [row.head for row in worth(full()).rows]
    assert len(heads) == WORTHS
    assert len(heads) == len(set(heads))


def test_the_command_repeats_what_was_run() -> None:
    study = full().study.model_copy(update={"scale": 0.125, "replications": 7, "seed": 3, "precision": 40.0})
    request = CompareRequest(study, Path("my studies/one/study.toml"), "batch", 2, None, None)
    assert shlex.join(command_of(request)) == (
        "pipeline-sim compare 'my studies/one' --scale 0.125 --replications 7 --seed 3 "
        f"--parameters {study.parameters} --precision 40.0 --engine batch"
    )
