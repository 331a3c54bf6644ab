"""The ledger: nothing is lost between a budget and its rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CONFIGS

from pipeline_sim.economics.budget import (
    LedgerError,
    budget_pence,
    check_ledger,
)


@pytest.mark.law
@given(rows=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))), wrong=st.integers(1, 100))
def test_a_ledger_is_refused_if_and_only_if_a_penny_is_missing(rows: list[tuple[int, int]], wrong: int) -> None:
    ledger = np.array(rows, dtype=np.int64).reshape(-1, 2)
    total = sum(spent + left for spent, left in rows)
    check_ledger(ledger, total)
    with pytest.raises(LedgerError, match=f"ledger has {total} pence"):
        check_ledger(ledger, total + wrong)


def test_no_mix_has_no_budget() -> None:
    assert budget_pence(None) == 0


def test_a_budget_in_pounds_is_a_budget_in_pence() -> None:
    from pipeline_sim.world.reading.layers import lists_to_tuples, read_toml
    from pipeline_sim.world.schema.mix import MixSection

    tree = read_toml(CONFIGS.parent / "tests/support/worlds/led_and_simulation.toml")["mix"]
    assert budget_pence(MixSection.model_validate(lists_to_tuples(tree))) == 2_500_000_000
