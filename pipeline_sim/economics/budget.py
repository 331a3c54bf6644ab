"""The ledger of a mix as a table, and the law that nothing of it is lost: spent + unspent = budget, to the penny."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline_sim.world.interventions.spending import PENCE_PER_GBP, SpendRow
from pipeline_sim.world.schema.mix import MixSection

if TYPE_CHECKING:
    pass


class LedgerError(Exception):
    """A ledger that does not add up to its budget."""


def budget_pence(mix: MixSection | None) -> int:
    """The budget of a mix; 0 without one."""
    return 0 if mix is None else round(mix.budget.value * PENCE_PER_GBP)


def spent_pence(rows: Sequence[SpendRow]) -> int:
    """All that was spent."""
    return sum(row.spent_pence for row in rows)


def unspent_pence(rows: Sequence[SpendRow]) -> int:
    """All that ceilings left."""
    return sum(row.unspent_pence for row in rows)


def check_ledger(rows: Sequence[SpendRow], budget: int) -> None:
    """Refuses a ledger whose rows do not sum to the budget in pence."""
    total = spent_pence(rows) + unspent_pence(rows)
    if total != budget:
        raise LedgerError(f"ledger has {total} pence, budget {budget}")
