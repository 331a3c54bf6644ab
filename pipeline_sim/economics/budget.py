"""Budget of a mix and the check of its ledger: spent + unspent = budget, to the penny."""

from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, Pence
from pipeline_sim.world.schema.mix import MixSection


class LedgerError(Exception):
    """Error of a ledger that does not add up to its budget."""


def budget_pence(mix: MixSection | None) -> int:
    """Budget of a mix in pence; 0 without a mix."""
    return 0 if mix is None else round(mix.budget.value * PENCE_PER_GBP)


def check_ledger(table: Pence, budget: int) -> None:
    """Check that a ledger [..., 2], spent and unspent, sums to the budget in pence; raises LedgerError."""
    total = int(table.sum())
    if total != budget:
        raise LedgerError(f"ledger has {total} pence, budget {budget}")
