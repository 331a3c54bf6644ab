"""Ways of applying: which stream of applicants a programme is mainly drawn from."""

import numpy as np

from pipeline_sim.base.jit import rule


@rule
def stream_into(choice: np.ndarray, programme: int) -> int:
    """Stream with the largest chance of choosing a programme; `choice` holds cumulative thresholds [S, P]."""
    best, found = 0, 0
    for stream in range(choice.shape[0]):
        below = choice[stream, programme - 1] if programme > 0 else 0
        width = choice[stream, programme] - below
        if width > best:
            best, found = width, stream
    return found
