"""Which draw of the uncertain figures a replication takes: most draws are run once, one in so many once more.

Chance is estimated from the draws that are run twice, and taken out of all. Replications come in blocks of `every`
draws, one of which has two replications side by side, so that any number of replications, and any later ones, are a
valid design. Which one it is moves on from block to block: consecutive draws are spread evenly over a posterior sample,
so that every fourth, say, would always lie in the same quarter of it.
"""

import numpy as np
import numpy.typing as npt


def draw_of(replication: int, every: int) -> int:
    """Draw of a replication; one of every so many draws is run twice, none if `every` is 0."""
    if not every:
        return replication
    block, place = divmod(replication, every + 1)
    twice = every - 1 - (block + block // every) % every
    return block * every + place - (place > twice)


def draws_of_replications(replications: int, every: int) -> npt.NDArray[np.intp]:
    """Draw [R] of each of the first so many replications, in ascending order without a gap."""
    return np.array([draw_of(number, every) for number in range(replications)], np.intp)


def replications_of_draws(draws: int, every: int) -> int:
    """Replications that so many draws have."""
    return int(np.searchsorted(draws_of_replications(2 * draws, every), draws))
