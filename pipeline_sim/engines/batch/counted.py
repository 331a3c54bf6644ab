"""What was counted in a training year, read off the tally, whose block is cleared for the next year but one.

Runs between days, so it may allocate.
"""

import numpy as np

from pipeline_sim.base.cells import Cells, int8_at, int64_at
from pipeline_sim.base.jit import allocating, kernel
from pipeline_sim.engines.batch.layout import OFFICES, TALLY, TALLY_CELLS, TALLY_LINES
from pipeline_sim.engines.batch.tally import LINE_BITS, MEASURE_ROOM, ORIGINS

KEYS = 6  # columns of records.log.Counts before the value
PATTERNS = 2
LINE_WORDS = 1 << LINE_BITS


@allocating
def counted(address: int, year: int) -> tuple[np.ndarray, np.ndarray]:
    """[6, N] the keys of Counts and [N] its values, a cell that is not 0 each, in the order of the tally."""
    m = int64_at(address)
    cells, lines = m[TALLY_CELLS], MEASURE_ROOM * m[TALLY_CELLS] >> LINE_BITS
    words, marks = int64_at(m[TALLY] + (year & 1) * lines * LINE_WORDS * 8), m[TALLY_LINES] + (year & 1) * lines
    full = filled(words, marks, lines)
    keys, values, count = np.empty((KEYS, full), np.int16), np.empty(full, np.int64), 0
    line, pair = next_marked(marks, 0, lines), 0
    while line < lines:
        int8_at(marks)[line] = 0
        for place in range(line * LINE_WORDS, (line + 1) * LINE_WORDS):
            if words[place] != 0:
                while place >= 2 * (pair + 1) * cells:
                    pair += 1
                keys[0, count], keys[5, count], values[count] = year, 2 * pair + (place & 1), words[place]
                write_keys(keys, count, (place >> 1) - pair * cells, m[OFFICES] + 1)
                words[place] = 0
                count += 1
        line = next_marked(marks, line + 1, lines)
    return keys, values


@kernel
def write_keys(keys: np.ndarray, count: int, cell: int, offices: int) -> None:
    """Programme, office, pattern and origin of a cell; -1 where a key does not apply."""
    where = cell // (PATTERNS * ORIGINS)
    keys[1, count], keys[2, count] = where // offices - 1, where % offices - 1
    keys[3, count], keys[4, count] = cell // ORIGINS % PATTERNS, cell % ORIGINS - 1


@kernel
def filled(words: Cells, marks: int, lines: int) -> int:
    """How many words are not 0."""
    count, line = 0, next_marked(marks, 0, lines)
    while line < lines:
        for place in range(line * LINE_WORDS, (line + 1) * LINE_WORDS):
            count += int(words[place] != 0)
        line = next_marked(marks, line + 1, lines)
    return count


@kernel
def next_marked(marks: int, line: int, lines: int) -> int:
    """The first line from one on whose byte, of those at an address, is not 0; eight bytes are passed over at once."""
    one, eight = int8_at(marks), int64_at(marks)
    while line < lines and one[line] == 0:
        line += 8 if line & 7 == 0 and line + 8 <= lines and eight[line >> 3] == 0 else 1
    return line
