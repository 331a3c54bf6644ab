"""Every number of a kept replication stands beside its own name, and comes back from where it was put."""

import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from support.worlds.tiny_study import question

from pipeline_sim.records.count_measures import measure_names
from pipeline_sim.records.files.replication_block import Block, content_digest, encode_block, merge_blocks, read_block
from pipeline_sim.records.measure_catalogue import MEASURE_CATALOGUE
from pipeline_sim.study.replication.mix_spending import LIST_COUNTS, bought_names, listed_groups, reported_months
from pipeline_sim.study.replication.prepare import world_of
from pipeline_sim.study.replication.summary import CELL_MEASURES, SUBGROUP_MEASURES, cells_of, subgroups_of
from pipeline_sim.study.replication.summary_layout import (
    CELL,
    MONEY,
    PENCE,
    UNITS,
    WAITING,
    from_rows,
    layout_of,
    units,
)
from pipeline_sim.world.interventions.spending import NATIONAL
from pipeline_sim.world.schema.names import names_of


def test_every_number_stands_beside_its_name(tmp_path: Path) -> None:
    world = world_of(question(tmp_path).worlds["money"])
    layout, names = layout_of(world), names_of(world)
    block = Block((3, 5), np.arange(2 * layout.width).reshape(2, -1))
    table = pq.read_table(io.BytesIO(encode_block(block, layout.cells, {}))).to_pandas()
    columns = ["replication", "by", "who", "office", "year", "measure"]
    texts = {name: table[name].astype(object).where(table[name].notna(), None) for name in columns}
    found = dict(zip(zip(*texts.values(), strict=True), table["value"], strict=True))
    assert len(found) == len(table)  # no two numbers have the same name
    sample, years = from_rows(block.values, layout.shapes), names.years[names.reported_from :]
    kinds, offices, bought = subgroups_of(names), [*names.office_names, NATIONAL], bought_names(world)
    for place, number in enumerate(block.numbers):
        for (year, measure), value in np.ndenumerate(sample.counts[place]):
            assert found[number, "all", "all", None, years[year], measure_names()[measure]] == value
        for (kind, year, measure), value in np.ndenumerate(sample.by_subgroup[place]):
            assert (
                found[number, kinds.by[kind], kinds.who[kind], None, years[year], SUBGROUP_MEASURES[measure]] == value
            )
        for (cell, office, year, measure), value in np.ndenumerate(sample.by_cell[place]):
            key = ": ".join(cells_of(names)[cell]), offices[office], years[year], CELL_MEASURES[measure]
            assert found[number, CELL, *key] == value
        for (line, year, office, pence), value in np.ndenumerate(sample.ledger[place]):
            assert found[number, MONEY, bought[line], offices[office], names.years[year], PENCE[pence]] == value
        for (line,), value in np.ndenumerate(sample.bought[place]):
            assert found[number, UNITS, bought[line], None, None, "bought_thousandths"] == value
        for (group, month, count), value in np.ndenumerate(sample.waiting[place]):
            when, who = list(reported_months(world).values())[month], listed_groups(world)[group]
            assert found[number, f"{WAITING} {when}", who, None, int(when[:4]), LIST_COUNTS[count]] == value


def test_a_block_comes_back_as_it_was(tmp_path: Path) -> None:
    layout = layout_of(world_of(question(tmp_path).worlds["none"]))
    block = Block((0, 2, 9), np.random.default_rng(1).integers(-(2**62), 2**62, (3, layout.width)))
    _, back = read_block(encode_block(block, layout.cells, {"world": "none"}), {"world": "none"}, layout.width)
    assert back.numbers == block.numbers
    assert np.array_equal(back.values, block.values)


def test_replications_are_in_order_whoever_came_first() -> None:
    def one(number: int) -> Block:
        return Block((number,), np.array([[number, 10 * number]]))

    forwards = merge_blocks(merge_blocks(merge_blocks(None, one(1)), one(2)), one(7))
    backwards = merge_blocks(merge_blocks(merge_blocks(None, one(7)), one(2)), one(1))
    assert forwards.numbers == backwards.numbers == (1, 2, 7)
    assert backwards.values.tolist() == [[1, 10], [2, 20], [7, 70]]
    assert content_digest(forwards) == content_digest(backwards)
    assert content_digest(Block((1, 2, 8), forwards.values)) != content_digest(forwards)


def test_every_stored_unit_is_that_of_the_catalogue(tmp_path: Path) -> None:
    """Only money and units bought, which are no measures of the log, have units of their own."""
    layout, stored = layout_of(world_of(question(tmp_path).worlds["money"])), units()
    own = {**dict.fromkeys(PENCE, "pence, of England"), "bought_thousandths": "thousandths"}
    own |= dict.fromkeys(LIST_COUNTS, "pathways, of England")
    assert set(layout.cells.measure.labels) <= set(stored)
    assert set(stored) == {*measure_names(), *own}
    assert {name: MEASURE_CATALOGUE[name].unit for name in measure_names()} | own == stored
