"""Forged and flipped blocks, each read as a command reads it: none may be taken for what it is not.

`PYTHONPATH=.:tests python -m reliability.forged_blocks --tries 5000` prints how many of each kind were refused. A block
that is read has to have the counts of the one it was made from: a seal is no signature, but who seals anew without
the digest of the counts, or with other counts, columns or replications, is found out.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
from fuzz.damage import damaged_bytes
from fuzz.inputs import kept_store, sealed_anew

from pipeline_sim.records.files.replication_block import Block, DamagedBlockError, read_block


def flipped(content: bytes, chance: Random) -> bytes:
    """One bit flipped."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


KINDS = {"one bit flipped": flipped, "bytes damaged": damaged_bytes, "forged and sealed anew": sealed_anew}


def tried(content: bytes, changed: bytes, whole: Block) -> str:
    """What became of a changed block: `same` counts, `refused`, or what is wrong."""
    try:
        _, block = read_block(changed, {}, whole.values.shape[1])
    except DamagedBlockError:
        return "refused"
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"[:200]
    if block.numbers != whole.numbers or not np.array_equal(block.values, whole.values):
        return "read with other counts"
    return "same" if changed == content else "same counts, other labels or notes"


def main(words: Sequence[str]) -> int:
    """Try; status 1 if a block was read that should not be, or failed in another way."""
    parser = argparse.ArgumentParser(prog="python -m reliability.forged_blocks", description=__doc__)
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    chance, found = Random(options.seed), Counter[tuple[str, str]]()
    contents = [path.read_bytes() for path in sorted(kept_store().rglob("*.parquet"))]
    blocks = [read_block(content, {})[1] for content in contents]
    for number in range(options.tries):
        place, kind = chance.randrange(len(blocks)), list(KINDS)[number % len(KINDS)]
        what = tried(contents[place], KINDS[kind](contents[place], chance), blocks[place])
        found[kind, what] += 1
    for (kind, what), count in sorted(found.items()):
        print(f"{kind}: {what}: {count}")
    good = ("refused", "same", "same counts, other labels or notes")
    return int(any(what not in good for _, what in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
