"""What worlds of a replication share cannot be seen: each has the Rulebook that it has when prepared alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CONFIGS
from support.worlds.timelines import ledger

from pipeline_sim.study.replication.paired_worlds import PreparedWorlds, prepare_worlds
from pipeline_sim.study.replication.parameter_draws import ParameterDraw, with_parameters
from pipeline_sim.study.replication.prepare import WorldSpec, prepare, rulebook_digest, world_of, worlds_of

pytestmark = pytest.mark.law
LINE = """
[[mix.lines]]
intervention = "{name}"
share = {share}
split = "{split}"
start = 2020-{month:02}-01
months = {months}
"""
HEAD = """
[mix]
name = "drawn"
budget = { value = 400_000.0, unit = "GBP", source = "assumption", grade = "C", spread = 0 }
"""
LAYERS = tuple(str(CONFIGS / f"{name}.toml") for name in ("tiny", "costs", "covid", "interventions"))
CATALOGUE = world_of(WorldSpec(LAYERS)).interventions
assert CATALOGUE is not None
NAMES = tuple(CATALOGUE.entries)
SERVED = tuple(  # of those, whoever is in the tiny world
    name
    for name, entry in CATALOGUE.entries.items()
    if {"foundation", "general-practice", "surgery"}.intersection(CATALOGUE.group_names(entry.groups))
)
SHOCKS = ("surge", "backlog", "winter", "redeployment", "absence", "supervision", "exams", "evidence", "derogation")
some_lines = st.lists(
    st.tuples(
        st.sampled_from(SERVED), st.sampled_from(("by_trainees", "by_need")), st.integers(1, 12), st.integers(1, 18)
    ),
    min_size=1,
    max_size=5,
)
some_left_out = st.frozensets(st.sampled_from((*SHOCKS, *NAMES)), max_size=4)
some_worlds = st.lists(st.tuples(st.integers(0, 1), some_left_out), min_size=1, max_size=4)


def written_mix(file: Path, lines: list[tuple[str, str, int, int]]) -> str:
    """File of a mix whose lines share its budget evenly."""
    parts = [
        LINE.format(name=name, share=1 / len(lines), split=split, month=month, months=months)
        for name, split, month, months in lines
    ]
    file.write_text(HEAD + "".join(parts))
    return str(file)


def digests(prepared: PreparedWorlds) -> list[str]:
    """Digest of the Rulebook of every world."""
    books = [rulebook_digest(book) for book in prepared.rulebooks]
    return [books[index] for index in prepared.rulebook_index]


@settings(max_examples=10, deadline=None)
@given(st.tuples(some_lines, some_lines), some_worlds, st.sets(st.integers(0, 99), min_size=2, max_size=2))
def test_worlds_prepared_together_on_threads_are_those_prepared_alone(
    tmp_path_factory: pytest.TempPathFactory,
    mixes: tuple[list[tuple[str, str, int, int]], ...],
    worlds: list[tuple[int, frozenset[str]]],
    draws: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("mixes")
    files = [written_mix(folder / f"{index}.toml", lines) for index, lines in enumerate(mixes)]
    plain = [WorldSpec(LAYERS[:2]), WorldSpec(LAYERS[:3]), WorldSpec(LAYERS, files[0])]
    plain += [WorldSpec(LAYERS, files[mix], without) for mix, without in worlds]
    studies = [tuple(spec._replace(parameters=ParameterDraw(1, draw)) for spec in plain) for draw in draws]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(prepare_worlds, studies))
    for specs, prepared in zip(studies, together, strict=True):
        assert digests(prepared) == [rulebook_digest(prepare(spec).rulebook) for spec in specs]
        for spec, spending in zip(specs, prepared.spending, strict=True):
            (alone,) = prepare_worlds((spec,)).spending
            if spending is not None and alone is not None:
                assert spending.ledger.sum() == sum(
                    row.spent_pence + row.unspent_pence for row in ledger(world_of(spec))
                )
                assert all(np.array_equal(*both) for both in zip(spending, alone, strict=True))


def test_sections_drawn_together_are_those_drawn_alone() -> None:
    specs = [WorldSpec(LAYERS[:count], parameters=ParameterDraw(3, 5)) for count in (2, 3, 4)]
    found = worlds_of(specs)
    for spec, world in zip(specs, found, strict=True):
        assert world == with_parameters(world_of(spec._replace(parameters=None)), ParameterDraw(3, 5))
    assert found[0].life is found[1].life is found[2].life
    assert found[0].life != world_of(specs[0]._replace(parameters=None)).life
    assert found[1].shocks is found[2].shocks


def test_worlds_that_waive_other_exams_share_no_exams(tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text("[shocks.derogation]\nkept = []\n")
    england = tuple(str(CONFIGS / name) for name in ("england.toml", "covid.toml"))
    specs = [WorldSpec(england, scale=0.01), WorldSpec((*england, str(tmp_path / "all.toml")), scale=0.01)]
    prepared = prepare_worlds(specs)
    assert prepared.rulebook_index == (0, 1)
    stated, waived = (book.exams.waivable for book in prepared.rulebooks)
    assert 0 < waived.sum() - stated.sum() <= 4
