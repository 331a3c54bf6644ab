"""Budget of a mix and the check of its ledger: spent + unspent = budget, to the penny."""

from collections.abc import Sequence

from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, SpendRow
from pipeline_sim.world.schema.mix import MixSection


class LedgerError(Exception):
    """Error of a ledger that does not add up to its budget."""


def budget_pence(mix: MixSection | None) -> int:
    """Budget of a mix in pence; 0 without a mix."""
    return 0 if mix is None else round(mix.budget.value * PENCE_PER_GBP)


def spent_pence(rows: Sequence[SpendRow]) -> int:
    """Total spent in pence."""
    return sum(row.spent_pence for row in rows)


def unspent_pence(rows: Sequence[SpendRow]) -> int:
    """Total left unspent in pence."""
    return sum(row.unspent_pence for row in rows)


def check_ledger(rows: Sequence[SpendRow], budget: int) -> None:
    """Check that a ledger sums to the budget in pence; raises LedgerError."""
    total = spent_pence(rows) + unspent_pence(rows)
    if total != budget:
        raise LedgerError(f"ledger has {total} pence, budget {budget}")
