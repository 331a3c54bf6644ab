"""What an office knows of a doctor's gap when it hands out places."""

from pipeline_sim.base.jit import rule
from pipeline_sim.rules.luck import one_of


@rule
def reading_error(word: int, most: int) -> int:
    """How far off an office reads a doctor, in thousandths of a day; all from -most to most are equally likely."""
    return one_of(word, 2 * most + 1) - most


@rule
def read_balance(balance: int, word: int, most: int, found: int) -> int:
    """Balance of a domain as the office reads it; exact once a conversation has found the gap."""
    return balance if found else balance - reading_error(word, most)
